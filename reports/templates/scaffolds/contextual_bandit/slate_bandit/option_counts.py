# Case: @TITLE@
"""How often options were tried, and how much the most frequent ones carry: python option_counts.py slates.csv

slates.csv: one line per option shown, with its place in the slate, the chance of the slate, features and the outcome.
"""

import csv
import sys
from pathlib import Path


def read(path):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


OFTEN, TOP = 100, 20


def option_counts(rows):
    """(options, options tried OFTEN times, share of the outcome that the TOP most frequent carry)."""
    tried, brought = {}, {}
    for row in rows:
        tried[row["option"]] = tried.get(row["option"], 0) + 1
        brought[row["option"]] = brought.get(row["option"], 0.0) + float(row["outcome"])
    top = sorted(tried, key=tried.get, reverse=True)[:TOP]
    total = sum(brought.values())
    share = sum(brought[option] for option in top) / total if total else 0.0
    return len(tried), sum(count >= OFTEN for count in tried.values()), share


def by_place(rows):
    """Mean outcome at each place of the slate."""
    places = {}
    for row in rows:
        places.setdefault(int(row["place"]), []).append(float(row["outcome"]))
    return {place: sum(each) / len(each) for place, each in sorted(places.items())}


def main(path):
    rows = read(path)
    options, often, share = option_counts(rows)
    sys.stdout.write(f"{options} options, {often} of them tried at least {OFTEN} times\n")
    sys.stdout.write(f"the {TOP} most frequent carry {100 * share:.1f} % of the outcome\n")
    shown = ", ".join(f"{place}: {mean:.3f}" for place, mean in by_place(rows).items())
    sys.stdout.write(f"mean outcome by place, whatever stood there: {shown}\n")


if __name__ == "__main__":
    main(sys.argv[1])
