# Case: @TITLE@
"""The difference of two options with its 95 % interval, and whether shares were kept: python compare.py results.csv

results.csv: person, option, outcome (a number, or 0 and 1). The interval is Welch's with 1.96, for at least some thirty
persons an option; the shares are tested by chi-square, where above 3.84 speaks against the draw (5 % by chance).
"""

import csv
import statistics
import sys
from pathlib import Path

from assign import SHARES


def read(path):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def difference(first, second):
    """(mean of the second less mean of the first, half width of its 95 % interval)."""
    error = statistics.variance(first) / len(first) + statistics.variance(second) / len(second)
    return statistics.mean(second) - statistics.mean(first), 1.96 * error**0.5


def chi_square(counts, shares):
    """How far the counts are from the shares, summed; one degree of freedom for two options."""
    total = sum(counts)
    return sum((seen - total * share) ** 2 / (total * share) for seen, share in zip(counts, shares))


def main(path):
    rows = read(path)
    found = {option: [float(row["outcome"]) for row in rows if row["option"] == option] for option in SHARES}
    (one, first), (two, second) = list(found.items())[:2]
    gain, half = difference(first, second)
    sys.stdout.write(f"{one}: {statistics.mean(first):.4f} of {len(first)}; {two}: {statistics.mean(second):.4f}")
    sys.stdout.write(f" of {len(second)}; difference {gain:+.4f} +- {half:.4f}\n")
    apart = chi_square([len(first), len(second)], list(SHARES.values())[:2])
    told = "the draw does not keep its shares" if apart > 3.84 else "the shares are kept"
    sys.stdout.write(f"chi-square of the shares {apart:.2f}: {told}\n")


if __name__ == "__main__":
    main(sys.argv[1])
