"""Which numbers are none: what rounding leaves where terms cancel out."""

import math

import pytest

from scoper.domain.numbers import settled


@pytest.mark.parametrize(
    ("value", "scale", "kept"),
    [(-1.7e-14, 1.0, False), (0.1 + 0.2 - 0.3, 0.3, False), (1e-6, 1e7, False), (1e-9, 1.0, True), (1e-15, 1e-4, True)],
)
def test_what_is_tiny_beside_what_it_is_made_of_is_nothing(value: float, scale: float, kept: bool) -> None:
    assert settled(value, scale) == (value if kept else 0.0)
    assert settled(-value, -scale) == (-value if kept else 0.0)


def test_nothing_beside_nothing_is_nothing_and_no_scale_hides_a_number() -> None:
    assert settled(0.0, 0.0) == 0.0
    assert settled(1e-300, 0.0) == 1e-300


def test_what_overflowed_stays_infinite() -> None:
    assert settled(math.inf, math.inf) == math.inf
    assert settled(5.0, math.inf) == 5.0
