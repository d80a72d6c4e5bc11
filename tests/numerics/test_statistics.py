"""Quantiles and intervals against printed tables and closed forms."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoper.numerics.statistics import (
    bootstrap_interval,
    interquartile_mean,
    log_evidence_against,
    mean_interval,
    student_quantile,
)


@pytest.mark.parametrize(
    ("probability", "freedom", "printed"),
    [
        (0.975, 1, 12.706),
        (0.975, 2, 4.303),
        (0.975, 4, 2.776),
        (0.95, 10, 1.812),
        (0.995, 30, 2.750),
        (0.975, 120, 1.980),
    ],
)
def test_student_quantiles_are_those_of_printed_tables(probability, freedom, printed):
    assert student_quantile(probability, freedom) == pytest.approx(printed, abs=6e-4)


@given(st.floats(0.501, 0.999))
def test_one_degree_of_freedom_is_cauchy_and_two_have_a_closed_form(p):
    assert student_quantile(p, 1) == pytest.approx(math.tan(math.pi * (p - 0.5)), rel=1e-9)
    assert student_quantile(p, 2) == pytest.approx((2 * p - 1) * math.sqrt(2 / (4 * p * (1 - p))), rel=1e-9)


def test_the_interval_of_three_samples_is_computed_by_hand():
    mean, low, high = mean_interval([1.0, 2.0, 3.0])

    half = 4.302652729911275 / math.sqrt(3)
    assert (mean, low, high) == pytest.approx((2.0, 2.0 - half, 2.0 + half), rel=1e-9)


def test_one_sample_says_nothing_about_spread():
    assert mean_interval([5.0]) == (5.0, -math.inf, math.inf)


def test_the_interquartile_mean_leaves_out_the_outer_quarters():
    assert interquartile_mean([100.0, 1.0, 2.0, -50.0, 3.0, 4.0, 1e9, -1e9]) == pytest.approx(2.5)
    assert interquartile_mean([1.0, 2.0, 6.0]) == pytest.approx(3.0)


def test_student_intervals_cover_the_mean_as_often_as_they_say():
    rng = np.random.default_rng(1)
    runs = 4000
    covered = sum(low <= 0.0 <= high for _, low, high in (mean_interval(rng.normal(size=5)) for _ in range(runs)))

    assert abs(covered / runs - 0.95) < 4 * math.sqrt(0.95 * 0.05 / runs)


def test_the_bootstrap_is_repeatable_and_close_to_the_normal_interval_for_many_samples():
    samples = np.random.default_rng(2).normal(size=400)
    first = bootstrap_interval(samples, np.random.default_rng(3))

    assert first == bootstrap_interval(samples, np.random.default_rng(3))
    half = 1.96 * samples.std(ddof=1) / 20
    assert first == pytest.approx((samples.mean(), samples.mean() - half, samples.mean() + half), abs=0.15 * half)


@pytest.mark.parametrize("samples", [[], [math.nan], [1.0, math.inf]])
def test_nothing_and_not_a_number_have_no_summary(samples):
    with pytest.raises(ValueError, match="finite"):
        mean_interval(samples)


@pytest.mark.parametrize("chances", [(0.5, 0.5), (0.999, 0.001), (0.2, 0.3, 0.5)])
def test_evidence_against_true_chances_has_mean_one(chances):
    n, total = 7, 0.0
    for counts in itertools.product(range(n + 1), repeat=len(chances)):
        if sum(counts) == n:
            ways = math.factorial(n) / math.prod(map(math.factorial, counts))
            law = ways * math.prod(p**k for p, k in zip(chances, counts, strict=True))
            total += law * math.exp(log_evidence_against(counts, chances))

    assert total == pytest.approx(1.0, rel=1e-12)


def test_evidence_against_wrong_chances_grows_by_their_divergence():
    # 0.7 and 0.3 instead of one half each: 0.7 log 1.4 + 0.3 log 0.6 per observation, less half a logarithm of n
    n = 10_000
    gain = n * (0.7 * math.log(1.4) + 0.3 * math.log(0.6)) - 0.5 * math.log(n)

    assert log_evidence_against([7_000, 3_000], [0.5, 0.5]) == pytest.approx(gain, abs=1.0)
