# Case: @TITLE@
"""Choose an option by situation, explore with a known share, and write the log: python choose.py new

TABLE holds the estimate for each situation and option; learn it again from log.csv as outcomes come in, each joined to
its choice by decision_id.
"""

import csv
import datetime
import random
import sys
import uuid
from pathlib import Path

# TODO: your share of random choices, your situations and options with what is known of each, a name for this version.
POLICY = "first"
EXPLORE = 0.05
TABLE = {"new": {"today": 0.30, "other": 0.50}, "known": {"today": 0.30, "other": 0.20}}
COLUMNS = ["decision_id", "time", "policy_version", "segment", "action", "propensity", "outcome"]
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
            writer.writerow(COLUMNS)
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        writer.writerow([uuid.uuid4().hex, now, POLICY, situation, option, chance, ""])
    sys.stdout.write(f"{option} (chance {chance:.3f})\n")


if __name__ == "__main__":
    main(sys.argv[1])
