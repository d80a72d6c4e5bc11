# Case: @TITLE@
"""Read a CSV, check the form of every row, convert it, and write the good rows and the rejected ones apart.

Run: python pipeline.py input.csv output.csv rejects.csv. The same input gives the same output, so that it can run
again; a file is written whole or not at all.
"""

import csv
import re
import sys
from pathlib import Path

# TODO: your key, your fields and their forms; a field may be empty where its form allows it.
KEY = "id"
FIELDS = {"id": r"[A-Z]\d+", "date": r"\d{4}-\d{2}-\d{2}", "amount": r"-?\d+(\.\d+)?"}
MOST_REJECTED = 0.05


def faults(row):
    """What is wrong with a row, a sentence each; empty when it may be converted."""
    extra = ["more values than columns"] if None in row else []
    missing = [f"{name} is missing" for name in FIELDS if needed(name) and not row.get(name)]
    broken = [
        f"{name} is not of the form {form}"
        for name, form in FIELDS.items()
        if row.get(name) and not (row[name].isprintable() and re.fullmatch(form, row[name]))
    ]
    return extra + missing + broken


def needed(name):
    """Whether a field must not be empty."""
    return not re.fullmatch(FIELDS[name], "")


def convert(row):
    """TODO: your output row; the example turns an amount into whole cents."""
    return {"id": row["id"], "date": row["date"], "cents": str(round(float(row["amount"]) * 100))}


def run(rows):
    """The converted rows and the rejected ones with their reason; a repeated key is rejected."""
    done, rejected, seen = [], [], set()
    for number, row in enumerate(rows, start=2):
        found = faults(row) or ([f"{row[KEY]} was there before"] if row[KEY] in seen else [])
        if found:
            rejected.append({"line": str(number), "because": "; ".join(found)})
        else:
            seen.add(row[KEY])
            done.append(convert(row))
    return done, rejected


def write(path, rows, columns):
    """Write beside the target first, then move: a reader never sees half a file."""
    half = Path(f"{path}.part")
    with half.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    half.replace(path)


def main(source, target, rejects):
    """Exit 1, with no output written, when more rows are rejected than is plausible."""
    with Path(source).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    done, rejected = run(rows)
    write(rejects, rejected, ["line", "because"])
    sys.stdout.write(f"{len(done)} rows converted, {len(rejected)} rejected\n")
    if not rows or len(rejected) > MOST_REJECTED * len(rows):
        sys.stdout.write("too many rejected, or no rows at all: no output was written, ask for the input again\n")
        return 1
    write(target, done, list(done[0]))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
