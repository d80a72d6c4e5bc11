# Case: @TITLE@
"""Length of the tour that was driven, and of a shorter one: python routes.py stops.csv

stops.csv: stops in the order driven, the depot first: x and y in km, window and stay in minutes; SPEED in km a minute.
The tour is improved by turning parts round as long as that shortens it and no window is missed (2-opt, Croes 1958).
"""

import csv
import itertools
import math
import sys
from pathlib import Path


def read(path):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


SPEED = 1.0  # TODO: km a minute


def length(tour):
    """From stop to stop and back to the depot."""
    return sum(math.dist(a[:2], b[:2]) for a, b in zip(tour, [*tour[1:], tour[0]]))


def late(tour):
    """Stops that are reached after their window; a stop too early waits."""
    time, missed = 0.0, 0
    for before, stop in itertools.pairwise(tour):
        time = max(time + math.dist(before[:2], stop[:2]) / SPEED, stop[2])
        missed += time > stop[3] + 1e-9
        time += stop[4]
    return missed


def improved(tour):
    """A tour of the same stops that is no longer and misses no more windows."""
    best, better = list(tour), True
    while better:
        better = False
        for i in range(1, len(best) - 1):
            for j in range(i + 1, len(best)):
                tried = best[:i] + best[i : j + 1][::-1] + best[j + 1 :]
                if length(tried) < length(best) - 1e-9 and late(tried) <= late(best):
                    best, better = tried, True
    return best


def stops(path):
    return [tuple(float(row[n]) for n in ("x", "y", "earliest", "latest", "minutes")) for row in read(path)]


def main(path):
    driven = stops(path)
    found = improved(driven)
    saved = 100 * (1 - length(found) / length(driven))
    sys.stdout.write(f"driven {length(driven):.1f} with {late(driven)} windows missed\n")
    sys.stdout.write(f"found {length(found):.1f} with {late(found)} windows missed: {saved:.1f} % less\n")


if __name__ == "__main__":
    main(sys.argv[1])
