# Case: @TITLE@
"""The split looks only back, and every error has a price. Run: pytest test_class_costs.py"""

from pathlib import Path

import class_costs

HERE = Path(__file__).resolve().parent
FILE = next(HERE.glob("labelled_[ct]*s.csv"))
ROWS = class_costs.read(FILE)
COSTS = {(r["recorded"], r["predicted"]): float(r["cost"]) for r in class_costs.read(HERE / "error_costs.csv")}
LABELS = [row["label"] for row in ROWS]


def test_no_later_case_is_before_an_earlier_one():
    earlier, later = class_costs.split(ROWS)
    assert len(earlier) + len(later) == len(ROWS)
    assert max(row["date"] for row in earlier) < min(row["date"] for row in later)


def test_every_pair_of_classes_has_a_price():
    names = sorted(set(LABELS))
    assert {(r, p) for r in names for p in names if r != p} <= set(COSTS)


def test_right_answers_cost_nothing_and_the_constant_is_the_cheapest():
    assert class_costs.cost_of(LABELS, LABELS, COSTS) == 0
    best = class_costs.cost_of(LABELS, [class_costs.constant(LABELS, COSTS)] * len(LABELS), COSTS)
    assert all(best <= class_costs.cost_of(LABELS, [each] * len(LABELS), COSTS) for each in set(LABELS))


def test_a_model_that_is_always_right_saves_what_the_constant_costs():
    always = class_costs.constant(LABELS, COSTS)
    paid, gain, _ = class_costs.saved(LABELS, LABELS, always, COSTS)
    assert paid == 0
    assert abs(gain - class_costs.cost_of(LABELS, [always] * len(LABELS), COSTS)) < 1e-9
