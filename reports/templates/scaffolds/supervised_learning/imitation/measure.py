# Case: @TITLE@
"""How often the nearest recorded situation tells the action, split by recording: python measure.py recordings.csv

Columns: recording, step, the situation in numbers, the action last. Near is measured in standard deviations of each
column, so that its unit does not matter. A fitted policy has to beat this.
"""

import csv
import statistics
import sys
from pathlib import Path


def read(path):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def agreement(rows, every=4):
    """Share of steps of each `every`-th recording where the nearest step of the others took the same action."""
    names = sorted({row["recording"] for row in rows})
    held = set(names[::every])
    columns = list(rows[0])[2:-1]
    action = list(rows[0])[-1]
    known = [([float(r[c]) for c in columns], r[action]) for r in rows if r["recording"] not in held]
    asked = [([float(r[c]) for c in columns], r[action]) for r in rows if r["recording"] in held]

    spread = [statistics.pstdev(float(row[c]) for row in rows) or 1.0 for c in columns]

    def nearest(point):
        return min(known, key=lambda each: sum(((x - y) / s) ** 2 for x, y, s in zip(each[0], point, spread)))[1]

    return sum(nearest(point) == done for point, done in asked) / len(asked)


def main(path):
    rows = read(path)
    action = list(rows[0])[-1]
    taken = [row[action] for row in rows]
    sys.stdout.write(f"always the most frequent action: {max(map(taken.count, taken)) / len(taken):.3f}\n")
    sys.stdout.write(f"as in the nearest recorded situation: {agreement(rows):.3f}\n")


if __name__ == "__main__":
    main(sys.argv[1])
