# Case: @TITLE@
"""Fit value[t+1] = keeps * value[t] + gain * input[t] + offset: python fit_model.py recorded_day.csv TOLERANCE

Least squares over all periods. Copy the three numbers into `model` of control_loop.yaml.
"""

import csv
import sys
from pathlib import Path


def fit(values, inputs):
    """(keeps, gain, offset, root mean square error of one step). Raises ValueError when the input never moved."""
    now, given, later = values[:-1], inputs[:-1], values[1:]
    n = len(now)
    means = [sum(each) / n for each in (now, given, later)]
    a, b, c = ([x - mean for x in each] for each, mean in zip((now, given, later), means))
    aa, bb, ab = (sum(x * y for x, y in zip(p, q)) for p, q in ((a, a), (b, b), (a, b)))
    ac, bc = (sum(x * y for x, y in zip(p, c)) for p in (a, b))
    determinant = aa * bb - ab * ab
    if determinant <= 1e-12 * max(aa * bb, 1e-300):
        raise ValueError("the input or the value never moved by itself; record a day with steps of the input")
    keeps, gain = (ac * bb - bc * ab) / determinant, (bc * aa - ac * ab) / determinant
    offset = means[2] - keeps * means[0] - gain * means[1]
    errors = [z - keeps * x - gain * y - offset for x, y, z in zip(now, given, later)]
    return keeps, gain, offset, (sum(e * e for e in errors) / n) ** 0.5


def outside(values, targets, tolerance):
    """Share of the periods in which the measured value was further from its target than the tolerance."""
    return sum(abs(value - target) > tolerance for value, target in zip(values, targets)) / len(values)


def main(path, tolerance):
    with Path(path).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    values, inputs, targets = ([float(row[name]) for row in rows] for name in ("measured", "input", "target"))
    keeps, gain, offset, error = fit(values, inputs)
    sys.stdout.write(f"model: {{keeps: {keeps:.4f}, gain: {gain:.4f}, offset: {offset:.4f}}}\n")
    sys.stdout.write(f"error of one step: {error:.4f} in units of the measured value\n")
    missed = [abs(value - target) for value, target in zip(values, targets)]
    sys.stdout.write(
        f"distance from the target: {sum(missed) / len(missed):.4f} on average, {max(missed):.4f} at most\n"
    )
    share = outside(values, targets, float(tolerance))
    sys.stdout.write(f"outside the tolerance: {100 * share:.1f} % of the time\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
