# Case: @TITLE@
"""Value of a policy from a log with propensities, with its effective records: python reestimate.py decisions.csv other

The log is in the order of time. Without an option it re-estimates the policy that ran; its interval must hold the plain
mean. With by:COLUMN it learns from the first half which option is best for each value of that column, and estimates
this policy on the second half, which chose nothing. Self-normalised inverse propensity (Swaminathan and Joachims 2015,
eq. 6); effective records (sum w)^2 / sum w^2.
"""

import csv
import sys
from pathlib import Path

LEAST = 20  # effective records of an option within a value of the column; with fewer the best option of all is taken


def read(path):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def estimate(rows, option=None):
    """(estimate, half width of its 95 % interval, effective records); option: one for all, or a record to its own."""
    wanted = [option(row) if callable(option) else option for row in rows]
    weights = [1.0 if o is None else (row["action"] == o) / float(row["propensity"]) for o, row in zip(wanted, rows)]
    outcomes = [float(row["outcome"]) for row in rows]
    total = sum(weights)
    if not total:
        raise ValueError(f"no record took {option if isinstance(option, str) else 'what this policy chooses'}")
    mean = sum(w * y for w, y in zip(weights, outcomes)) / total
    error = sum((w * (y - mean)) ** 2 for w, y in zip(weights, outcomes)) ** 0.5 / total
    return mean, 1.96 * error, total**2 / sum(w * w for w in weights)


def best(rows, least=0):
    """The option with the highest estimate among those with enough effective records; None where none has."""
    found = {option: estimate(rows, option) for option in sorted({row["action"] for row in rows})}
    able = [option for option in found if found[option][2] >= least]
    return max(able, key=lambda option: found[option][0], default=None)


def learn(rows, column):
    """The best option for each value of a column, and the best of all for values with too few records."""
    everywhere = best(rows)
    parts = {value: [row for row in rows if row[column] == value] for value in sorted({row[column] for row in rows})}
    return {value: best(part, LEAST) or everywhere for value, part in parts.items()}, everywhere


def from_logs(rows, column):
    """Learn on the first half, estimate on the second, beside the policy that ran there."""
    first, second = rows[: len(rows) // 2], rows[len(rows) // 2 :]
    table, everywhere = learn(first, column)
    for value, option in table.items():
        sys.stdout.write(f"{column} {value}: {option}\n")
    mean, half, effective = estimate(second, lambda row: table.get(row[column], everywhere))
    ran, ran_half, _ = estimate(second)
    gain, width = mean - ran, (half**2 + ran_half**2) ** 0.5
    sys.stdout.write(f"learned policy, second half: {mean:.4f} +- {half:.4f}, {effective:.0f} effective records\n")
    sys.stdout.write(f"gain over the policy that ran: {gain:.4f} +- {width:.4f}\n")
    if effective < 100:
        sys.stdout.write("fewer than 100 effective records: the log does not tell\n")


def main(path, option=None):
    rows = read(path)
    if option and option.startswith("by:"):
        from_logs(rows, option.removeprefix("by:"))
        return
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
