# Case: @TITLE@
"""A flat curve is called flat, and no choice leaves its range or its step. Run: pytest test_curve.py"""

import curve
import pytest


def test_noise_alone_is_flat_and_a_slope_is_not():
    assert curve.flat(curve.bins([(x, x % 2) for x in range(100)]))
    assert not curve.flat(curve.bins([(x, x) for x in range(100)]))


@pytest.mark.parametrize("wanted", [-1e9, 0, 15, 1e9])
@pytest.mark.parametrize("last", [curve.LOWEST, (curve.LOWEST + curve.HIGHEST) / 2, curve.HIGHEST])
def test_a_choice_stays_in_its_range_and_near_the_last(wanted, last):
    made = curve.permitted(wanted, last)
    assert curve.LOWEST <= made <= curve.HIGHEST
    assert abs(made - last) <= curve.STEP + 1e-9
