# Case: @TITLE@
"""Cost of always saying one number and of a line through one field: python measure.py labelled_cases.csv

Split by date, the latest fifth is the test period; the last column is predicted. The one number is the quantile that
costs least on the earlier cases, UNDER / (OVER + UNDER), the median where both cost the same (Koenker and Bassett
1978).
"""

import csv
import sys
from pathlib import Path


def read(path):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# TODO: what one unit too much and one unit too little cost: agree on them with whoever acts on it
OVER, UNDER = 1.0, 1.0


def split(rows, share=0.2):
    """(earlier, later) by date; cases of one day stay on one side."""
    dates = sorted(row["date"] for row in rows)
    first = dates[min(len(dates) - 1, round(len(dates) * (1 - share)))]
    return [row for row in rows if row["date"] < first], [row for row in rows if row["date"] >= first]


def cost(predicted, recorded):
    """Mean cost of a case."""
    gaps = [p - r for p, r in zip(predicted, recorded)]
    return sum(OVER * gap if gap > 0 else -UNDER * gap for gap in gaps) / len(gaps)


def line(xs, ys):
    """Slope and intercept by least squares; flat where x does not move."""
    mx, my = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((x - mx) ** 2 for x in xs)
    slope = sum((x - mx) * (y - my) for x, y in zip(xs, ys)) / spread if spread else 0.0
    return slope, my - slope * mx


def cheapest(values):
    """The number that costs least when it is always said."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * UNDER / (OVER + UNDER)), len(ordered) - 1)]


def number(text):
    try:
        return float(text)
    except ValueError:
        return None


def main(path):
    rows = read(path)
    target = list(rows[0])[-1]
    earlier, later = split(rows)
    past, recorded = ([float(row[target]) for row in part] for part in (earlier, later))
    always = cheapest(past)
    sys.stdout.write(f"always {always:g}: {cost([always] * len(recorded), recorded):.4f} a case\n")
    for name in list(rows[0])[:-1]:
        if all(number(row[name]) is not None for row in rows):
            slope, start = line([float(row[name]) for row in earlier], past)
            start += cheapest([y - start - slope * float(row[name]) for row, y in zip(earlier, past)])
            found = cost([start + slope * float(row[name]) for row in later], recorded)
            sys.stdout.write(f"a line through {name}: {found:.4f} a case\n")


if __name__ == "__main__":
    main(sys.argv[1])
