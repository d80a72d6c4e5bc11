# Case: @TITLE@
"""Differences and shares have the values of their definition. Run: pytest test_compare.py"""

import math

import compare


def test_a_difference_of_shares_has_the_interval_of_its_formula():
    gain, half = compare.difference([1, 0] * 50, [1] * 70 + [0] * 30)
    assert math.isclose(gain, 0.2)
    assert math.isclose(half, 1.96 * math.sqrt(0.25 / 99 + 0.21 / 99))


def test_even_halves_have_no_chi_square_and_sixty_of_a_hundred_have_four():
    assert compare.chi_square([50, 50], [0.5, 0.5]) == 0
    assert math.isclose(compare.chi_square([60, 40], [0.5, 0.5]), 4)
