# Case: @TITLE@
"""Today's plan keeps every limit of plan.csv, and no better plan is forgotten. Run: pytest test_plan.py

plan.csv is read as `scoper check optimisation programme plan.csv` reads it: a row of the objective (max or min), rows
with <=, >= or =, and rows lower, upper and type. todays_plan.csv holds what was really done.
"""

import csv
import itertools
import math
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
MOST_PLANS = 100_000


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


def total(row, plan):
    return sum(float(row[name] or 0) * plan[name] for name in NAMES)


def broken(plan):
    """The names of the limits that a plan breaks."""
    compare = {"<=": lambda x, y: x <= y + 1e-9, ">=": lambda x, y: x >= y - 1e-9, "=": math.isclose}
    found = [row["row"] for row in LIMITS if not compare[row["sense"]](total(row, plan), float(row["rhs"]))]
    lows, highs = ([bound(sense, name, end) for name in NAMES] for sense, end in (("lower", 0), ("upper", math.inf)))
    return found + [name for name, low, high in zip(NAMES, lows, highs) if not low <= plan[name] <= high]


def listed():
    """Every plan of whole numbers within the bounds; skips the test when there are too many to list."""
    ranges = [(math.ceil(bound("lower", name, 0)), bound("upper", name, math.inf)) for name in NAMES]
    if math.prod(high - low + 1 for low, high in ranges) > MOST_PLANS:
        pytest.skip("too many plans to list: keep a small instance in plan.csv for this test")
    return [dict(zip(NAMES, each)) for each in itertools.product(*(range(a, int(b) + 1) for a, b in ranges))]


def test_todays_plan_names_every_variable_and_keeps_every_limit():
    assert set(PLAN) == set(NAMES)
    assert broken(PLAN) == []


def test_a_plan_that_is_allowed_is_at_least_as_good_as_todays():
    sign = 1 if OBJECTIVE["sense"] == "max" else -1
    best = max(sign * total(OBJECTIVE, plan) for plan in listed() if not broken(plan))
    assert best >= sign * total(OBJECTIVE, PLAN) - 1e-9


@pytest.mark.parametrize("row", LIMITS, ids=lambda row: row["row"])
def test_every_limit_forbids_something(row):
    assert any(row["row"] in broken(plan) for plan in listed()), "a limit that no plan breaks: mistyped?"
