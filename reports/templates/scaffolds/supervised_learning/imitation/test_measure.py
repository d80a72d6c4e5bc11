# Case: @TITLE@
"""No step of a recording that is held out is copied. Run: pytest test_measure.py"""

import measure


def row(recording, x, action):
    return {"recording": recording, "step": "0", "x": str(x), "action": action}


def test_the_nearest_step_of_another_recording_decides():
    rows = [row("a", 0, "go"), row("b", 0.1, "stop"), row("b", 5, "go")]
    assert measure.agreement(rows, every=2) == 0
    assert measure.agreement([row("a", 4, "go"), *rows[1:]], every=2) == 1


def test_the_unit_of_a_column_does_not_matter():
    def rows(unit):
        told = [("a", 0, 9, "go"), ("b", 0, 0, "stop"), ("b", 1, 9, "go"), ("b", 3, 9, "go")]
        return [{"recording": r, "step": "0", "near": str(x), "far": str(unit * y), "action": a} for r, x, y, a in told]

    assert measure.agreement(rows(1), every=2) == measure.agreement(rows(0.001), every=2) == 1


def test_the_usual_action_is_that_of_the_other_recordings():
    rows = [row("a", 0, "go"), row("a", 1, "go"), row("a", 2, "stop"), row("b", 0, "stop"), row("b", 1, "stop")]
    assert measure.usual(rows, every=2) == 1 / 3
