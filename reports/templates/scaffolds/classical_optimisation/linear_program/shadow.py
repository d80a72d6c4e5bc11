# Case: @TITLE@
"""What one more unit of each limit changes, and what was done is worth: python shadow.py amounts.csv todays_plan.csv

Shadow prices are the solver's duals (Williams 2013, ch. 6): the change of the optimum per unit of the right-hand side,
which never gets better than that with more units. todays_plan.csv: variable, amount. Needs scipy.
"""

import csv
import sys
from pathlib import Path

from scipy.optimize import linprog


def read(path):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def solve(rows):
    """(optimum, plan, shadow price of each limit); rows in the form of `scoper check optimisation programme`."""
    names = [name for name in rows[0] if name not in ("row", "sense", "rhs")]
    objective = next(row for row in rows if row["sense"] in ("max", "min"))
    ends = {row["sense"]: row for row in rows if row["sense"] in ("lower", "upper")}
    bounds = [(float(ends.get("lower", {}).get(n) or 0), ends.get("upper", {}).get(n) or None) for n in names]
    bounds = [(low, None if high is None else float(high)) for low, high in bounds]
    sign = -1 if objective["sense"] == "max" else 1
    limits = [row for row in rows if row["sense"] in ("<=", ">=", "=")]

    def side(row):
        turned = -1 if row["sense"] == ">=" else 1
        return [turned * float(row[name] or 0) for name in names], turned * float(row["rhs"])

    uneven = [row for row in limits if row["sense"] != "="]
    even = [row for row in limits if row["sense"] == "="]
    left, right = zip(*map(side, uneven)) if uneven else (None, None)
    left_even, right_even = zip(*map(side, even)) if even else (None, None)
    cost = [sign * float(objective[name] or 0) for name in names]
    found = linprog(cost, A_ub=left, b_ub=right, A_eq=left_even, b_eq=right_even, bounds=bounds)
    if not found.success:
        raise ValueError(found.message)
    duals = {
        row["row"]: sign * dual * (-1 if row["sense"] == ">=" else 1)
        for row, dual in zip(uneven, found.ineqlin.marginals)
    }
    duals |= {row["row"]: sign * dual for row, dual in zip(even, found.eqlin.marginals)}
    return sign * found.fun, dict(zip(names, found.x)), duals


def done_that_day(rows, amounts):
    """(worth of a plan, the limits that it breaks)."""
    objective = next(row for row in rows if row["sense"] in ("max", "min"))

    def total(row):
        return sum(float(row[name] or 0) * amount for name, amount in amounts.items())

    broken = []
    for row in rows:
        if row["sense"] in ("<=", ">=", "="):
            over = total(row) - float(row["rhs"])
            wrong = {"<=": over > 1e-9, ">=": over < -1e-9, "=": abs(over) > 1e-9}
            broken += [row["row"]] if wrong[row["sense"]] else []
    return total(objective), broken


def main(path, done=None):
    rows = read(path)
    best, plan, duals = solve(rows)
    sys.stdout.write(f"optimum {best:.3f} with " + ", ".join(f"{n} {x:.3f}" for n, x in plan.items()) + "\n")
    for name, price in sorted(duals.items(), key=lambda each: -abs(each[1])):
        sys.stdout.write(f"the first unit more of {name} changes the optimum by {price:+.3f}\n")
    if done:
        worth, broken = done_that_day(rows, {row["variable"]: float(row["amount"]) for row in read(done)})
        kept = f"it breaks {', '.join(broken)}" if broken else "it keeps every limit"
        sys.stdout.write(f"what was done is worth {worth:.3f}, {abs(best - worth):.3f} from the optimum; {kept}\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
