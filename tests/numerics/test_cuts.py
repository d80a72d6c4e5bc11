"""Cuts between values: on the same side of every value in four bytes and in eight, in as few digits as that takes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoper.domain.numbers import whole_number
from scoper.numerics.cuts import between, cut_at, gaps_of, stands_on

TENTHS = (np.arange(11) / 10).astype(np.float32).astype(np.float64)


@pytest.mark.parametrize("level", np.linspace(0.0, 0.95, 20))
def test_a_cut_between_tenths_stands_on_none_of_them(level):
    cut = cut_at(gaps_of(TENTHS), float(level))
    above = cut < TENTHS
    assert np.array_equal(above, TENTHS.astype(np.float32) > np.float32(cut))
    assert np.array_equal(above, np.round(TENTHS, 1) > cut)  # as somebody reads the numbers


@pytest.mark.parametrize(
    ("low", "high", "cut"),
    [
        (0.3, 0.4, 0.35),
        (3.0, 4.0, 3.5),
        (0.0, 10.0, 5.0),
        (-1.0, 1.0, 0.0),
        (1000.1, 1000.2, 1000.15),
        (0.0, 8e-9, 4e-9),
    ],
)
def test_a_cut_has_the_fewest_digits_that_stay_in_the_middle_half(low, high, cut):
    assert between(low, high) == cut


@given(st.lists(st.floats(-1e6, 1e6, width=32), min_size=2, max_size=9, unique=True), st.floats(-1e6, 1e6))
def test_what_is_printed_of_a_cut_lies_in_a_gap(values, level):
    gaps = gaps_of(np.array(values))
    cut = cut_at(gaps, level)
    printed = float(whole_number(cut).replace(",", "").replace("−", "-"))
    assert any(low < printed < high for low, high in gaps.tolist())
    assert printed == cut


def test_values_that_differ_by_rounding_alone_are_not_cut_apart():
    assert gaps_of(np.array([0.1 + 0.2, 0.3, 0.4])).tolist() == [[0.1 + 0.2, 0.4]]
    assert gaps_of(np.array([1.0, 1.0])).shape == (0, 2)


def test_what_is_not_finite_is_no_neighbour():
    assert gaps_of(np.array([1.0, np.inf, -np.inf, 2.0, np.nan])).tolist() == [[1.0, 2.0]]
    assert gaps_of(np.array([1.0, np.inf])).shape == (0, 2)
    assert cut_at(np.array([[1.0, 2.0]]), np.inf) == 1.5


def test_numbers_at_the_ends_of_what_can_be_written_are_cut_and_told():
    assert 1e308 < between(1e308, 1.7e308) < 1.7e308
    assert whole_number(np.inf) == "infinite"
    assert not stands_on(np.array([np.inf, np.nan, 1.0]), 0.5)


def test_zero_stays_the_cut_where_it_lies_between_values():
    assert cut_at(np.array([[-1.0, 5.0]]), 0.0) == 0.0
    assert cut_at(np.array([[-1.0, 5.0]]), 0.5) == 2.0


def test_a_cut_that_is_a_value_in_four_bytes_stands_on_it():
    assert stands_on(TENTHS, 0.3)
    assert not stands_on(TENTHS, 0.35)
