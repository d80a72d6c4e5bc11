# Case: @TITLE@
"""How many positives stand among the first cases that people can look at: python measure.py labelled_cases.csv size 4

Orders the cases of each day by one column, largest first, and looks at as many as the daily capacity.
"""

import csv
import sys
from pathlib import Path


def read(path):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


POSITIVE = "yes"  # TODO: how the last column says it


def found_at(rows, column, capacity):
    """(positives looked at, positives in all, cases looked at)."""
    days = {}
    for row in rows:
        days.setdefault(row["date"], []).append(row)
    target = list(rows[0])[-1]
    seen = [row for day in days.values() for row in sorted(day, key=lambda r: -float(r[column]))[: int(capacity)]]
    hits = sum(row[target] == POSITIVE for row in seen)
    return hits, sum(row[target] == POSITIVE for row in rows), len(seen)


def main(path, column, capacity):
    rows = read(path)
    hits, positives, looked = found_at(rows, column, capacity)
    chance = positives * looked / len(rows)
    sys.stdout.write(f"{positives} positives in {len(rows)} cases; {looked} looked at\n")
    sys.stdout.write(f"ordered by {column}: {hits} found; at random {chance:.1f} would be\n")


if __name__ == "__main__":
    main(*sys.argv[1:4])
