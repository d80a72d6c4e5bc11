# Case: @TITLE@
"""The outcome of each option in each situation, from a log with chances: python by_situation.py decisions.csv

decisions.csv: segment (the situation), action, propensity, outcome. Records of an option count with 1 / propensity;
95 % intervals. An option is told to be better where its interval lies above that of the one that is best for all.
"""

import csv
import sys
from pathlib import Path


def read(path):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def estimates(rows):
    """(mean, half width of its 95 % interval, records) of each option."""
    found = {}
    for option in sorted({row["action"] for row in rows}):
        taken = [(1 / float(r["propensity"]), float(r["outcome"])) for r in rows if r["action"] == option]
        total = sum(weight for weight, _ in taken)
        mean = sum(weight * outcome for weight, outcome in taken) / total
        error = sum((weight * (outcome - mean)) ** 2 for weight, outcome in taken) ** 0.5 / total
        found[option] = (mean, 1.96 * error, len(taken))
    return found


def best(found):
    return max(sorted(found), key=lambda option: found[option][0])


def differing(rows):
    """Situations in which another option than the one best for all is better beyond both intervals."""
    usual, told = best(estimates(rows)), []
    for situation in sorted({row["segment"] for row in rows}):
        found = estimates([row for row in rows if row["segment"] == situation])
        here = best(found)
        if here != usual and usual in found and found[here][0] - found[here][1] > sum(found[usual][:2]):
            told.append(situation)
    return told


def main(path):
    rows = read(path)
    parts = {"all": rows} | {s: [r for r in rows if r["segment"] == s] for s in sorted({r["segment"] for r in rows})}
    for name, part in parts.items():
        for option, (mean, half, records) in estimates(part).items():
            sys.stdout.write(f"{name}: {option} {mean:.4f} +- {half:.4f} of {records}\n")
    told = differing(rows)
    sys.stdout.write(
        f"another option is better in: {', '.join(told)}\n" if told else "one option does for all, so far\n"
    )


if __name__ == "__main__":
    main(sys.argv[1])
