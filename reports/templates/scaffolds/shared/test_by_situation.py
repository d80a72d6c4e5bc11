# Case: @TITLE@
"""Means are weighted by the chances, a situation differs only beyond the intervals. Run: pytest test_by_situation.py"""

import by_situation
import pytest


def rows(segment, action, outcomes, propensity="0.5"):
    return [{"segment": segment, "action": action, "propensity": propensity, "outcome": str(y)} for y in outcomes]


def test_a_record_that_was_unlikely_counts_for_more():
    log = [*rows("x", "a", [1], "0.2"), *rows("x", "a", [0], "0.8")]
    assert by_situation.estimates(log)["a"][0] == pytest.approx(5 / (5 + 1.25))


def test_a_situation_with_another_best_option_is_named():
    log = [*rows("x", "a", [1, 1, 1]), *rows("x", "b", [0, 0, 0]), *rows("y", "a", [0, 0]), *rows("y", "b", [1, 1])]
    assert by_situation.differing(log) == ["y"]


def test_one_best_option_for_all_names_none():
    log = [*rows("x", "a", [1, 1]), *rows("x", "b", [0, 0]), *rows("y", "a", [1, 1]), *rows("y", "b", [0, 0])]
    assert by_situation.differing(log) == []
