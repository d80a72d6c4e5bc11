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


def split(rows, every=4):
    """(steps of other recordings, steps of each `every`-th one). Raises ValueError with fewer than two recordings."""
    names = sorted({row["recording"] for row in rows})
    if len(names) < 2:
        raise ValueError("at least two recordings are needed: steps of one must not stand on both sides")
    held = set(names[::every])
    return [r for r in rows if r["recording"] not in held], [r for r in rows if r["recording"] in held]


def usual(rows, every=4):
    """Share of the held-out steps that took the action most frequent in the others."""
    known, asked = split(rows, every)
    action = list(rows[0])[-1]
    taken = [row[action] for row in known]
    most = max(sorted(set(taken)), key=taken.count)
    return sum(row[action] == most for row in asked) / len(asked)


def agreement(rows, every=4):
    """Share of the held-out steps where the nearest step of the others took the same action."""
    columns = list(rows[0])[2:-1]
    action = list(rows[0])[-1]
    known, asked = ([([float(r[c]) for c in columns], r[action]) for r in part] for part in split(rows, every))

    spread = [statistics.pstdev(float(row[c]) for row in rows) or 1.0 for c in columns]

    def nearest(point):
        return min(known, key=lambda each: sum(((x - y) / s) ** 2 for x, y, s in zip(each[0], point, spread)))[1]

    return sum(nearest(point) == done for point, done in asked) / len(asked)


def main(path):
    rows = read(path)
    sys.stdout.write(f"always the most frequent action: {usual(rows):.3f}\n")
    sys.stdout.write(f"as in the nearest recorded situation: {agreement(rows):.3f}\n")


if __name__ == "__main__":
    main(sys.argv[1])
