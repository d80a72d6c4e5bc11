# Case: @TITLE@
"""Choose an option by situation, explore with a known share, and write the log: python choose.py new

TABLE holds the estimate for each situation and option; learn it again from log.csv as outcomes come in.
"""

import csv
import random
import sys
from pathlib import Path

EXPLORE = 0.05
TABLE = {"new": {"today": 0.30, "other": 0.50}, "known": {"today": 0.30, "other": 0.20}}
LOG = Path(__file__).resolve().parent / "log.csv"


def propensities(situation):
    """The chance of each option; the best estimate gets what exploring leaves. Raises KeyError for a new situation."""
    options = TABLE[situation]
    best = max(options, key=options.get)
    floor = EXPLORE / len(options)
    return {option: floor + (1 - EXPLORE) * (option == best) for option in options}


def choose(situation, generator):
    """(option, its propensity)."""
    chances = propensities(situation)
    option = generator.choices(list(chances), list(chances.values()))[0]
    return option, chances[option]


def main(situation):
    option, chance = choose(situation, random.Random())
    new = not LOG.exists()
    with LOG.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        if new:
            writer.writerow(["segment", "action", "propensity", "outcome"])
        writer.writerow([situation, option, chance, ""])
    sys.stdout.write(f"{option} (chance {chance:.3f})\n")


if __name__ == "__main__":
    main(sys.argv[1])
