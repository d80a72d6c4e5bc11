# Case: @TITLE@
"""The best use of a past budget, known afterwards, against what was done: python hindsight.py arrivals.csv 30

arrivals.csv: each past request in order, what it takes, what it brings or would have brought, and whether it was taken.
Taking by value per unit, with the last one in part, is the most that any way of choosing could have brought (Dantzig
1957, the fractional knapsack).
"""

import csv
import sys
from pathlib import Path


def read(path):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def first_come(requests, budget):
    """Value of taking what still fits, in order."""
    total = 0.0
    for takes, brings in requests:
        if takes <= budget and brings > 0:
            budget, total = budget - takes, total + brings
    return total


def bound(requests, budget):
    """No choice from the same requests brings more."""
    total = sum(brings for takes, brings in requests if takes == 0 and brings > 0)
    for takes, brings in sorted((r for r in requests if r[0] > 0 and r[1] > 0), key=lambda r: -r[1] / r[0]):
        part = min(1.0, budget / takes)
        budget, total = budget - part * takes, total + part * brings
        if part < 1:
            break
    return total


def main(path, budget):
    rows = read(path)
    requests = [(float(row["takes"]), float(row["brings"])) for row in rows]
    done = sum(brings for (_, brings), row in zip(requests, rows) if row["taken"] == "yes")
    first, best = first_come(requests, float(budget)), bound(requests, float(budget))
    sys.stdout.write(f"done: {done:.2f}; first come: {first:.2f}; at most {best:.2f} in hindsight\n")
    sys.stdout.write(f"on what was done there is at most {100 * (best - done) / max(done, 1e-9):.1f} % to gain\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
