# Case: @TITLE@
"""Overlaps and wrong orders are noticed; the rule breaks nothing. Run: pytest test_schedule.py"""

from pathlib import Path

import pytest
import schedule

TASKS, DONE = schedule.load(Path(__file__).resolve().parent / "tasks.csv")


def test_what_was_done_and_what_the_rule_does_break_no_limit():
    assert schedule.faults(TASKS, DONE) == []
    assert schedule.faults(TASKS, schedule.due_first(TASKS)) == []


def test_all_at_once_is_noticed():
    found = schedule.faults(TASKS, dict.fromkeys(TASKS, 0))
    assert sum("overlap" in each for each in found) > 0
    assert sum("before" in each for each in found) == sum(bool(task["after"]) for task in TASKS.values())


def test_tasks_that_wait_for_each_other_are_refused():
    row = {"machine": "m", "minutes": 1, "due": 1}
    with pytest.raises(ValueError, match="wait for each other"):
        schedule.due_first({"a": {**row, "after": "b"}, "b": {**row, "after": "a"}})
