# Case: @TITLE@
"""Today's plan keeps every limit of plan.csv, and no better plan is forgotten. Run: pytest test_plan.py

What today's plan is worth beside the best one: python test_plan.py

plan.csv is read as `scoper check optimisation programme plan.csv` reads it: a row of the objective (max or min), rows
with <=, >= or =, and rows lower, upper and type. todays_plan.csv holds what was really done.
"""

import csv
import itertools
import math
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
MOST_PLANS = 100_000
WHOLE = ("int", "bin")


def read(name):
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS, PLAN = read("plan.csv"), {row["variable"]: float(row["amount"]) for row in read("todays_plan.csv")}
NAMES = [name for name in ROWS[0] if name not in ("row", "sense", "rhs")]
BY_SENSE = {row["sense"]: row for row in ROWS if row["sense"] in ("max", "min", "lower", "upper", "type")}
LIMITS = [row for row in ROWS if row["sense"] in ("<=", ">=", "=")]
OBJECTIVE = next(row for row in ROWS if row["sense"] in ("max", "min"))


def bound(sense, name, default):
    text = BY_SENSE.get(sense, {}).get(name, "")
    return float(text) if text else default


def most(name):
    """The upper bound where none is written."""
    return 1 if BY_SENSE.get("type", {}).get(name) == "bin" else math.inf


def total(row, plan):
    return sum(float(row[name] or 0) * plan[name] for name in NAMES)


def broken(plan):
    """The names of the limits that a plan breaks."""
    compare = {"<=": lambda x, y: x <= y + 1e-9, ">=": lambda x, y: x >= y - 1e-9, "=": math.isclose}
    found = [row["row"] for row in LIMITS if not compare[row["sense"]](total(row, plan), float(row["rhs"]))]
    return found + [
        name for name in NAMES if not bound("lower", name, 0) <= plan[name] <= bound("upper", name, most(name))
    ]


def listed():
    """Every plan of whole numbers within the bounds; skips the test where they cannot all be listed."""
    kinds = BY_SENSE.get("type", {})
    if any((kinds.get(name) or "real") not in WHOLE for name in NAMES):
        pytest.skip("a variable may take any value: keep a small instance of whole numbers for this test")
    ranges = [(math.ceil(bound("lower", name, 0)), bound("upper", name, most(name))) for name in NAMES]
    if math.prod(high - low + 1 for low, high in ranges) > MOST_PLANS:
        pytest.skip("too many plans to list: keep a small instance in plan.csv for this test")
    return [dict(zip(NAMES, each)) for each in itertools.product(*(range(a, int(b) + 1) for a, b in ranges))]


def best():
    """The plan that is worth most of all that keep the limits."""
    sign = 1 if OBJECTIVE["sense"] == "max" else -1
    return max((plan for plan in listed() if not broken(plan)), key=lambda plan: sign * total(OBJECTIVE, plan))


def test_todays_plan_names_every_variable_and_keeps_every_limit():
    assert set(PLAN) == set(NAMES)
    assert broken(PLAN) == []


def test_a_plan_that_is_allowed_is_at_least_as_good_as_todays():
    sign = 1 if OBJECTIVE["sense"] == "max" else -1
    assert sign * total(OBJECTIVE, best()) >= sign * total(OBJECTIVE, PLAN) - 1e-9


@pytest.mark.parametrize("row", LIMITS, ids=lambda row: row["row"])
def test_every_limit_forbids_something(row):
    assert any(row["row"] in broken(plan) for plan in listed()), "a limit that no plan breaks: mistyped?"


if __name__ == "__main__":
    worth, most = total(OBJECTIVE, PLAN), total(OBJECTIVE, best())
    sys.stdout.write(f"{OBJECTIVE['row']}: today {worth:g}, best {most:g}; {abs(most - worth):g} apart")
    sys.stdout.write(f", {100 * abs(most - worth) / abs(worth):.1f} % of today's\n" if worth else "\n")
