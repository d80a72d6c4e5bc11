# Case: @TITLE@
"""Exact lines are found, errors cost what was agreed. Run: pytest test_measure.py"""

from pathlib import Path

import measure

ROWS = measure.read(Path(__file__).resolve().parent / "labelled_cases.csv")


def test_a_line_is_found_exactly():
    slope, start = measure.line([0, 1, 2], [1, 3, 5])
    assert (round(slope, 9), round(start, 9)) == (2, 1)


def test_too_much_and_too_little_cost_what_was_agreed():
    assert measure.cost([3], [1]) == 2 * measure.OVER
    assert measure.cost([1], [3]) == 2 * measure.UNDER


def test_no_later_case_is_before_an_earlier_one():
    earlier, later = measure.split(ROWS)
    assert max(row["date"] for row in earlier) < min(row["date"] for row in later)


def test_the_number_always_said_costs_least_of_all_that_were_seen(monkeypatch):
    monkeypatch.setattr(measure, "UNDER", 3.0)
    values = [1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 21.0]
    paid = {each: measure.cost([each] * len(values), values) for each in values}
    assert paid[measure.cheapest(values)] == min(paid.values())
