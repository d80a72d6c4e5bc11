# Case: @TITLE@
"""What fixed shares lose against Thompson sampling on the options' last outcomes: python simulate.py arms.csv 2000

arms.csv: option, tried, succeeded. Beta(1, 1) priors (Russo et al. 2018, algorithm 3.2); 20 repeated draws, fixed seed.
"""

import csv
import random
import sys
from pathlib import Path


def read(path):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def run(rates, decisions, generator, fixed):
    """Successes lost against always taking the best option."""
    seen = {option: [1, 1] for option in rates}
    lost = 0.0
    for turn in range(decisions):
        if fixed:
            option = list(rates)[turn % len(rates)]
        else:
            option = max(rates, key=lambda each: generator.betavariate(*seen[each]))
        seen[option][generator.random() >= rates[option]] += 1
        lost += max(rates.values()) - rates[option]
    return lost


def compare(rates, decisions, repeats=20):
    """(mean loss of fixed shares, of Thompson sampling)."""
    generator = random.Random(0)
    return tuple(
        sum(run(rates, decisions, generator, each) for _ in range(repeats)) / repeats for each in (True, False)
    )


def main(path, decisions):
    rates = {row["option"]: int(row["succeeded"]) / int(row["tried"]) for row in read(path)}
    fixed, adaptive = compare(rates, int(decisions))
    sys.stdout.write(f"{decisions} decisions lose {fixed:.0f} successes with fixed shares, {adaptive:.0f} adaptively\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
