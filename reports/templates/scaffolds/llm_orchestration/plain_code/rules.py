# Case: @TITLE@
"""Sort texts by patterns, and leave to a person what no pattern or several fit: python rules.py labelled_texts.csv

A text that fits nothing is never guessed.
"""

import csv
import re
import sys
from pathlib import Path


def read(path):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


PATTERNS = {"late": r"late|not arrived|where is", "broken": r"broken|cracked"}
PERSON = "a person"


def sort(text):
    """The one label whose pattern fits, PERSON where none or several do."""
    fitting = [label for label, pattern in PATTERNS.items() if re.search(pattern, text, re.IGNORECASE)]
    return fitting[0] if len(fitting) == 1 else PERSON


def measure(rows):
    """(share decided, share of those decided rightly)."""
    decided = [(sort(row["text"]), row["label"]) for row in rows]
    decided = [pair for pair in decided if pair[0] != PERSON]
    return len(decided) / len(rows), sum(a == b for a, b in decided) / max(len(decided), 1)


def main(path):
    decided, right = measure(read(path))
    sys.stdout.write(f"{100 * decided:.1f} % decided, {100 * right:.1f} % of them rightly; the rest goes to a person\n")


if __name__ == "__main__":
    main(sys.argv[1])
