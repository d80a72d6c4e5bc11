# Case: @TITLE@
"""Try settings at random, then near the best, on seeds that are held out in the end: python search.py ranges.csv 50

Put your simulation into `cost`; the example is a sum of squares with noise. A cleverer search has to beat both rows.
"""

import csv
import random
import sys
from pathlib import Path


def read(path):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


HELD_OUT = range(1000, 1020)


def cost(setting, seed):
    """Replace by one run of your simulation with this setting and seed; less is better."""
    noise = random.Random(seed).gauss(0, 0.5)
    return sum((value - 3) ** 2 for value in setting.values()) + noise


def drawn(ranges, generator):
    return {name: generator.uniform(low, high) for name, (low, high) in ranges.items()}


def near(setting, ranges, generator, width=0.1):
    """A neighbour of a setting within the ranges."""
    moved = {n: x + generator.gauss(0, width * (ranges[n][1] - ranges[n][0])) for n, x in setting.items()}
    return {n: min(max(x, ranges[n][0]), ranges[n][1]) for n, x in moved.items()}


def judged(setting):
    """Mean cost over the seeds that the search never saw."""
    return sum(cost(setting, seed) for seed in HELD_OUT) / len(HELD_OUT)


def search(ranges, evaluations):
    """(costs of the random half, best of them, best of all) with a fixed seed."""
    generator = random.Random(0)
    tried = [(cost(s, n), s) for n, s in enumerate(drawn(ranges, generator) for _ in range(evaluations // 2))]
    spread = [found for found, _ in tried]
    best_random = best = min(tried, key=lambda each: each[0])
    for n in range(evaluations // 2, evaluations):
        setting = near(best[1], ranges, generator)
        best = min(best, (cost(setting, n), setting), key=lambda each: each[0])
    return spread, best_random[1], best[1]


def main(path, evaluations):
    ranges = {row["setting"]: (float(row["lowest"]), float(row["highest"])) for row in read(path)}
    spread, at_random, local = search(ranges, int(evaluations))
    sys.stdout.write(f"at random: from {min(spread):.3f} to {max(spread):.3f}\n")
    sys.stdout.write(f"on held-out seeds: random search {judged(at_random):.3f}, local search {judged(local):.3f}\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
