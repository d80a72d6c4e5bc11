# Case: @TITLE@
"""Outcome over the choice in bins of equal size, with 95 % intervals: python curve.py choices.csv

LOWEST and HIGHEST are what may be tried, STEP the largest change from one choice to the next. A choice that was made
for a reason may look good because of that reason; only choices drawn at random tell what the choice itself does.
"""

import csv
import itertools
import sys
from pathlib import Path


def read(path):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


LOWEST, HIGHEST, STEP = 10.0, 30.0, 1.0  # TODO: as signed by their owner


def bins(pairs, n=5):
    """(lowest, highest, mean outcome, half width of its interval) of n bins of equal size, in order of the choice."""
    ordered = sorted(pairs)
    edges = [round(i * len(ordered) / n) for i in range(n + 1)]
    found = []
    for part in (ordered[a:b] for a, b in itertools.pairwise(edges)):
        mean = sum(y for _, y in part) / len(part)
        spread = sum((y - mean) ** 2 for _, y in part) / max(len(part) - 1, 1)
        found.append((part[0][0], part[-1][0], mean, 1.96 * (spread / len(part)) ** 0.5))
    return found


def flat(found):
    """Whether one value lies in all intervals, so that no best point shows."""
    return max(mean - half for *_, mean, half in found) <= min(mean + half for *_, mean, half in found)


def permitted(wanted, last):
    """The choice nearest to the wanted one that may be made after the last."""
    return min(max(wanted, LOWEST, last - STEP), HIGHEST, last + STEP)


def main(path):
    found = bins([(float(row["choice"]), float(row["outcome"])) for row in read(path)])
    for low, high, mean, half in found:
        sys.stdout.write(f"{low:8.2f} to {high:8.2f}: {mean:8.3f} +- {half:.3f}\n")
    sys.stdout.write("flat within its intervals\n" if flat(found) else "the outcome depends on the choice\n")


if __name__ == "__main__":
    main(sys.argv[1])
