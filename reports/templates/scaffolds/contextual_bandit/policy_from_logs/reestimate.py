# Case: @TITLE@
"""Value of a policy from a log with propensities, with its effective records: python reestimate.py decisions.csv other

The log is in the order of time. Without an option it re-estimates the policy that ran; its interval must hold the plain
mean. Self-normalised inverse propensity (Swaminathan and Joachims 2015, eq. 6); effective records (sum w)^2 / sum w^2.
"""

import csv
import sys
from pathlib import Path


def read(path):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def estimate(rows, option=None):
    """(estimate, half width of its 95 % interval, effective records)."""
    weights = [1.0 if option is None else (row["action"] == option) / float(row["propensity"]) for row in rows]
    outcomes = [float(row["outcome"]) for row in rows]
    total = sum(weights)
    if not total:
        raise ValueError(f"no record took {option}")
    mean = sum(w * y for w, y in zip(weights, outcomes)) / total
    error = sum((w * (y - mean)) ** 2 for w, y in zip(weights, outcomes)) ** 0.5 / total
    return mean, 1.96 * error, total**2 / sum(w * w for w in weights)


def main(path, option=None):
    rows = read(path)
    mean, half, effective = estimate(rows, option)
    sys.stdout.write(
        f"{option or 'the policy that ran'}: {mean:.4f} +- {half:.4f}, {effective:.0f} effective records\n"
    )
    for part, name in ((rows[: len(rows) // 2], "first half"), (rows[len(rows) // 2 :], "second half")):
        if option is None or any(row["action"] == option for row in part):
            sys.stdout.write("{}: {:.4f} +- {:.4f}\n".format(name, *estimate(part, option)[:2]))
    if effective < 100:
        sys.stdout.write("fewer than 100 effective records: the log does not tell\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
