# Case: @TITLE@
"""A case on the chart stays on it; a wrong turn and a jump are named. Run: pytest test_walk.py"""

import walk

MACHINE = {"start": "a", "states": {"a": {"moves": {"go": "b"}}, "b": {"moves": {"stop": "end"}}}}


def step(case, state, event, then):
    return {"case": case, "state": state, "event": event, "next_state": then}


def test_a_case_on_the_chart_is_not_counted():
    assert walk.left([step("1", "a", "go", "b"), step("1", "b", "stop", "end")], MACHINE) == {}


def test_a_turn_that_is_not_drawn_is_named_once_for_its_case():
    assert list(walk.left([step("1", "a", "go", "end"), step("1", "end", "go", "b")], MACHINE)) == ["1"]
    assert "nothing" in walk.left([step("2", "a", "wait", "a")], MACHINE)["2"]


def test_a_step_that_begins_elsewhere_is_named():
    assert "the chart has it in b" in walk.left([step("1", "a", "go", "b"), step("1", "a", "go", "b")], MACHINE)["1"]
