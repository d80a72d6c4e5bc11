# Case: @TITLE@
"""A series that repeats has no seasonal error. Run: pytest test_measure.py"""

import measure
import pytest


@pytest.mark.parametrize("horizon", [1, 3, 7, 8])
def test_a_series_that_repeats_is_forecast_by_last_season(horizon):
    assert measure.errors([float(t % 7) for t in range(50)], 7, horizon)[1] == 0


def test_a_series_that_climbs_by_one_is_missed_by_the_horizon():
    assert measure.errors([float(t) for t in range(50)], 7, 3)[0] == 3
