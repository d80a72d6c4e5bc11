# Case: @TITLE@
"""NDCG of ordering by one column, and how far two judges agree: python measure.py judged_lists.csv popularity

NDCG with gains 2^grade - 1 and discount 1 / log2(place + 1) (Jarvelin and Kekalainen 2002; Liu 2009, section 1.2).
"""

import csv
import math
import sys
from pathlib import Path


def read(path):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def ndcg(grades):
    """Of grades in the order shown; 1 where nothing could be better, also where every grade is 0."""

    def gained(order):
        return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(order))

    best = gained(sorted(grades, reverse=True))
    return gained(grades) / best if best else 1.0


def mean_ndcg(rows, column, judge="first_person"):
    lists = {}
    for row in rows:
        lists.setdefault(row["request"], []).append(row)
    shown = [sorted(each, key=lambda r: -float(r[column])) for each in lists.values()]
    return sum(ndcg([int(row[judge]) for row in each]) for each in shown) / len(shown)


def main(path, column):
    rows = read(path)
    for judge in ("first_person", "second_person"):
        sys.stdout.write(f"ordered by {column}, judged by {judge}: {mean_ndcg(rows, column, judge):.4f}\n")
    other = mean_ndcg(rows, "second_person")
    sys.stdout.write(
        f"ordered by second_person, judged by first_person: {other:.4f}; a model is hardly better than that\n"
    )


if __name__ == "__main__":
    main(*sys.argv[1:3])
