# Case: @TITLE@
"""Errors of the last value and of the same place last season, from rolling origins: python measure.py series.csv 7

The season is the second number. Between what is known and what is forecast lie HORIZON steps.
"""

import csv
import sys
from pathlib import Path


def read(path):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


HORIZON = 1  # TODO: how far ahead the forecast is needed


def errors(values, season, horizon=HORIZON):
    """Mean absolute errors (last value, last season) over all origins from the second season on."""
    origins = range(season + horizon - 1, len(values))
    back = season * ((horizon - 1) // season + 1)
    last = [abs(values[t] - values[t - horizon]) for t in origins]
    seasonal = [abs(values[t] - values[t - back]) for t in origins]
    return sum(last) / len(last), sum(seasonal) / len(seasonal)


def main(path, season):
    values = [float(row["value"]) for row in read(path)]
    last, seasonal = errors(values, int(season))
    sys.stdout.write(f"last value: {last:.3f}; same place last season: {seasonal:.3f}\n")
    sys.stdout.write(f"less 5 %, below which it is worth a model: {0.95 * min(last, seasonal):.3f}\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
