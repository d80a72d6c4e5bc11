# Case: @TITLE@
"""No step of a recording that is held out is copied. Run: pytest test_measure.py"""

import measure


def row(recording, x, action):
    return {"recording": recording, "step": "0", "x": str(x), "action": action}


def test_the_nearest_step_of_another_recording_decides():
    rows = [row("a", 0, "go"), row("b", 0.1, "stop"), row("b", 5, "go")]
    assert measure.agreement(rows, every=2) == 0
    assert measure.agreement([row("a", 4, "go"), *rows[1:]], every=2) == 1
