# Case: @TITLE@
"""A model that made the data is found, and then errs nowhere. Run: pytest test_one_step.py"""

import one_step
import pytest

ACTIONS = [float(t * 7 % 5) for t in range(60)]
MODEL = (0.8, 0.5, 1.0)
STATES = [one_step.ahead(MODEL, 3.0, ACTIONS[:t]) for t in range(60)]


def test_the_model_behind_the_data_is_found():
    assert one_step.fit(STATES, ACTIONS) == pytest.approx(MODEL)


@pytest.mark.parametrize("steps", [1, 5, 20])
def test_the_right_model_has_no_error_at_any_horizon(steps):
    assert one_step.error(MODEL, STATES, ACTIONS, steps) == pytest.approx(0)


def test_an_action_that_never_moved_is_refused():
    with pytest.raises(ValueError, match="never moved"):
        one_step.fit(STATES, [1.0] * 60)
