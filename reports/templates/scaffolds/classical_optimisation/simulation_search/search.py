# Case: @TITLE@
"""Try settings at random, then near the best, and judge them on held-out seeds: python search.py ranges.csv 50

ranges.csv: setting, lowest, highest, present. The number is how many settings are tried at random, and as many near the
best of them. A cleverer search has to beat both.
"""

import csv
import random
import statistics
import sys
from pathlib import Path


def read(path):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


HELD_OUT = range(1_000_000, 1_000_020)


def cost(setting, seed):
    """TODO: one run of your simulation with this setting and seed; less is better. The example: noise on squares."""
    noise = random.Random(f"{seed} {sorted(setting.items())}").gauss(0, 0.5)
    return sum((value - 3) ** 2 for value in setting.values()) + noise


def drawn(ranges, generator):
    return {name: generator.uniform(low, high) for name, (low, high) in ranges.items()}


def near(setting, ranges, generator, width=0.1):
    """A neighbour of a setting within the ranges."""
    moved = {n: x + generator.gauss(0, width * (ranges[n][1] - ranges[n][0])) for n, x in setting.items()}
    return {n: min(max(x, ranges[n][0]), ranges[n][1]) for n, x in moved.items()}


def judged(setting):
    """Costs over the seeds that the search never saw."""
    return [cost(setting, seed) for seed in HELD_OUT]


def search(ranges, evaluations):
    """(costs of the random settings, best of them, best after as many trials near it) with a fixed seed."""
    generator = random.Random(0)
    tried = [(cost(s, n), s) for n, s in enumerate(drawn(ranges, generator) for _ in range(evaluations))]
    spread = [found for found, _ in tried]
    best_random = best = min(tried, key=lambda each: each[0])
    for n in range(evaluations, 2 * evaluations):
        setting = near(best[1], ranges, generator)
        best = min(best, (cost(setting, n), setting), key=lambda each: each[0])
    return spread, best_random[1], best[1]


def settings(rows):
    """(ranges, the present setting)."""
    ranges = {row["setting"]: (float(row["lowest"]), float(row["highest"])) for row in rows}
    return ranges, {row["setting"]: float(row["present"]) for row in rows}


def main(path, evaluations):
    ranges, present = settings(read(path))
    spread, at_random, local = search(ranges, int(evaluations))
    today = judged(present)
    sys.stdout.write(f"settings at random: from {min(spread):.3f} to {max(spread):.3f}, ")
    sys.stdout.write(f"standard deviation {statistics.stdev(spread):.3f}\n")
    sys.stdout.write(f"seeds of the present setting: standard deviation {statistics.stdev(today):.3f}\n")
    sys.stdout.write(f"present setting on held-out seeds: {statistics.mean(today):.3f}\n")
    for name, setting in (("random search", at_random), ("local search", local)):
        saved = [now - then for now, then in zip(today, judged(setting))]
        half = 2.09 * statistics.stdev(saved) / len(saved) ** 0.5  # Student's t, 95 %, 20 seeds
        shown = ", ".join(f"{each} {value:.3g}" for each, value in setting.items())
        sys.stdout.write(f"{name} saves {statistics.mean(saved):.3f} +- {half:.3f} with {shown}\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
