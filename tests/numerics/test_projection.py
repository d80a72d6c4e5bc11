"""Projections: curves that follow a law exactly, and every reason to refuse."""

import math

import numpy as np
import pytest

from scoper.numerics.projection import WIDEST, Projection, bill, project

MARKS = np.arange(1, 21) * 1000


def rng():
    return np.random.default_rng(0)


def seeds(curve, spread=0.0, n=3):
    """The curve as n seeds have it, each a little faster or slower."""
    return np.array([curve(MARKS * math.exp(spread * (2 * i / (n - 1) - 1))) for i in range(n)])


def weibull(t):
    return 1.0 - np.exp(-t / 12_000.0)


def sigmoid(t):
    return (t / 12_000.0) ** 3 / (1.0 + (t / 12_000.0) ** 3)


@pytest.mark.parametrize(
    ("curve", "target", "truth"),
    [
        (weibull, 0.9, 12_000.0 * math.log(10.0)),
        (weibull, 0.85, -12_000.0 * math.log(0.15)),
        (sigmoid, 0.85, 12_000.0 * (0.85 / 0.15) ** (1 / 3)),
    ],
)
def test_a_curve_that_follows_a_law_is_projected_to_where_the_law_reaches_the_target(curve, target, truth):
    found = project(MARKS, seeds(curve, 0.02), target, rng())

    assert found.status == "projected"
    assert found.low <= truth <= found.high
    assert found.middle == pytest.approx(truth, rel=0.1)
    assert found.low >= MARKS[-1]
    assert found.factor <= WIDEST


def test_units_of_return_and_of_time_do_not_matter():
    curves = seeds(weibull, 0.05)
    first, second = project(MARKS, curves, 0.9, rng()), project(10 * MARKS, 50.0 * curves - 200.0, -155.0, rng())

    assert (second.low, second.middle, second.high) == pytest.approx(
        (10.0 * first.low, 10.0 * first.middle, 10.0 * first.high), rel=1e-6
    )


def test_seeds_that_differ_more_make_a_wider_band():
    narrow, wide = (project(MARKS, seeds(weibull, spread), 0.9, rng()) for spread in (0.02, 0.15))

    assert narrow.status == "projected"
    assert wide.refusal == "wide" or wide.factor > narrow.factor


def test_a_target_within_what_was_measured_is_read_off():
    found = project(MARKS, seeds(weibull), 0.5, rng())

    assert (found.status, found.middle) == ("reached", 9000.0)  # 12,000 log 2 = 8,318


def test_a_peak_that_was_lost_again_is_not_where_it_is_reached():
    curve = np.concatenate([np.full(5, 0.9), np.full(10, 0.2), np.full(5, 0.95)])

    assert project(MARKS, [curve, curve], 0.8, rng()).middle == 16_000.0


@pytest.mark.parametrize(
    ("curves", "refusal"),
    [
        (np.full((3, 20), 0.1), "flat"),
        (np.random.default_rng(1).normal(size=(4, 20)), "flat"),
        (-seeds(weibull, 0.1), "flat"),
        (0.3 * seeds(weibull, 0.1), "short"),
        (seeds(lambda t: 0.6 * (1.0 - np.exp(-t / 2_000.0)), 0.1), "short"),
        (seeds(weibull)[:1], "few"),
    ],
)
def test_what_says_nothing_about_the_target_is_refused_with_the_reason(curves, refusal):
    found = project(MARKS, curves, 5.0 if refusal == "flat" else 0.9, rng())

    assert (found.status, found.refusal) == ("refused", refusal)
    assert found.why
    assert found.factor == math.inf


def test_few_marks_are_refused():
    assert project(MARKS[:4], seeds(weibull)[:, :4], 0.9, rng()).refusal == "few"


def test_a_band_wider_than_tenfold_is_refused():
    # Two seeds: Student's quantile with one degree of freedom widens what is left of their difference.
    found = project(MARKS, seeds(weibull, 0.5, n=2), 0.9, rng())

    assert (found.status, found.refusal) == ("refused", "wide")
    assert "10-fold" in found.why


def test_projections_are_repeatable():
    curves = seeds(weibull, 0.1)

    assert project(MARKS, curves, 0.9, rng()) == project(MARKS, curves, 0.9, rng())


def test_the_bill_is_timesteps_by_speed_and_hours_by_price():
    projected = Projection("projected", 0.9, 0.9, middle=7.2e6, low=3.6e6, high=3.6e7)
    bare, priced = bill(projected, 1000.0), bill(projected, 1000.0, price_per_hour=0.5, n_seeds=3)

    assert bare.hours == pytest.approx((1.0, 2.0, 10.0))
    assert bare.cost is None
    assert priced.hours == pytest.approx((3.0, 6.0, 30.0))
    assert priced.cost == pytest.approx((1.5, 3.0, 15.0))


@pytest.mark.parametrize(("status", "speed"), [("refused", 100.0), ("projected", 0.0)])
def test_nothing_is_billed_without_a_projection_or_a_speed(status, speed):
    with pytest.raises(ValueError, match="not refused"):
        bill(Projection(status, 0.9, 0.9), speed)


@pytest.mark.parametrize(
    ("steps", "returns", "words"),
    [
        ([1, 2], [[1.0]], "mark"),
        ([2, 1], [[1.0, 2.0]], "rise"),
        ([0, 1], [[1.0, 2.0]], "rise"),
        ([1], [[math.nan]], "finite"),
    ],
)
def test_curves_that_are_none_are_refused(steps, returns, words):
    with pytest.raises(ValueError, match=words):
        project(steps, returns, 1.0, rng())


@pytest.mark.parametrize(
    ("curve", "words"),
    [
        (lambda t: 1.0 - np.exp(-t / 40_000.0), "less than 50% of the way"),
        (lambda t: 0.6 * (1.0 - np.exp(-t / 2_000.0)), "level off below the target"),
        (sigmoid, "level off below the target"),
    ],
)
def test_a_target_far_above_what_was_seen_is_refused_in_words(curve, words):
    # The sigmoid has 82 % of its rise behind it, and laws that end below 92 % explain it nearly as well.
    assert words in project(MARKS, seeds(curve, 0.02), 0.92, rng()).why
