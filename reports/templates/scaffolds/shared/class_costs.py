# Case: @TITLE@
"""What always saying one class costs on the latest cases: python class_costs.py CASES.csv error_costs.csv

Split by date, the latest fifth is the test period; the class is chosen on the earlier ones. Any model has to beat it.
"""

import csv
import sys
from pathlib import Path


def read(path):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def split(rows, share=0.2):
    """(earlier, later) by date; cases of one day stay on one side."""
    dates = sorted(row["date"] for row in rows)
    first = dates[min(len(dates) - 1, round(len(dates) * (1 - share)))]
    return [row for row in rows if row["date"] < first], [row for row in rows if row["date"] >= first]


def cost_of(recorded, predicted, costs):
    """Mean cost of a case; a right one costs nothing. Raises KeyError for a pair that error_costs.csv lacks."""
    return sum(0 if r == p else costs[r, p] for r, p in zip(recorded, predicted)) / len(recorded)


def constant(labels, costs):
    """The class that is cheapest to say always."""
    return min(sorted(set(labels)), key=lambda each: cost_of(labels, [each] * len(labels), costs))


def main(cases, prices):
    costs = {(row["recorded"], row["predicted"]): float(row["cost"]) for row in read(prices)}
    earlier, later = ([row["label"] for row in part] for part in split(read(cases)))
    always = constant(earlier, costs)
    paid = cost_of(later, [always] * len(later), costs)
    sys.stdout.write(f"{len(earlier)} earlier and {len(later)} later cases\n")
    sys.stdout.write(f"always '{always}': {paid:.4f} a case on the later ones; a model has to cost less\n")
    rarest = min(sorted(set(earlier)), key=later.count)
    sys.stdout.write(f"rarest class in the test period: '{rarest}' with {later.count(rarest)} cases\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
