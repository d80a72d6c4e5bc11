from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoper.services import numbers


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (0.74034, "0.7403"),
        (-3.25, "−3.25"),
        (498.7712, "498.77"),
        (12345.67, "12,346"),
        (2.5e9, "2.500e+09"),
        (1e-9, "1.000e-09"),
        (0.0138412, "0.01384"),
        (math.nan, "not a number"),
        (-math.inf, "minus infinite"),
    ],
)
def test_returns_are_shown_with_fixed_precision(value: float, text: str) -> None:
    assert numbers.number(value) == text


@given(st.floats(-1e300, 1e300))
def test_a_shown_return_is_within_one_part_in_a_thousand_of_the_value(value: float) -> None:
    shown = float(numbers.number(value).replace("−", "-").replace(",", ""))
    assert shown == pytest.approx(value, rel=1e-3, abs=0)


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0 %"), (0.001, "< 1 %"), (0.5, "50 %"), (0.999, "> 99 %"), (1, "100 %")]
)
def test_support_never_claims_nothing_or_everything_by_rounding(value: float, text: str) -> None:
    assert numbers.support(value) == text


@given(st.floats(0, 1))
def test_a_bar_is_always_of_the_same_length(value: float) -> None:
    assert len(numbers.bar(value)) == 10
