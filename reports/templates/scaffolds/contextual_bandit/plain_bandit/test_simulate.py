# Case: @TITLE@
"""Equal options lose nothing, and adapting loses less where they differ. Run: pytest test_simulate.py"""

import simulate


def test_equal_options_lose_nothing():
    assert simulate.compare({"a": 0.3, "b": 0.3}, 200, repeats=2) == (0, 0)


def test_fixed_shares_lose_half_of_the_difference():
    fixed, adaptive = simulate.compare({"a": 0.9, "b": 0.1}, 500, repeats=4)
    assert round(fixed, 6) == 500 * 0.8 / 2
    assert adaptive < fixed / 4
