"""Bounds by betting: exact over all paths of two-valued samples, closed forms for constant ones."""

import itertools
import math

import numpy as np
import pytest

from scoper.numerics.betting import (
    log_wealth_above,
    lower_bound,
    running_lower_bound,
    running_upper_bound,
    typical_log_wealth,
    upper_bound,
)


def paths(n, chance):
    """Every path of n samples that are 1 with this chance, else 0, and its probability."""
    for path in itertools.product((0.0, 1.0), repeat=n):
        ones = int(sum(path))
        yield np.array(path), chance**ones * (1.0 - chance) ** (n - ones)


def constant_wealth(ratio, n):
    """E (1 + c (ratio - 1))^n under the arcsine law of c, whose k-th moment is binom(2k, k) / 4^k."""
    return sum(math.comb(n, k) * (ratio - 1.0) ** k * math.comb(2 * k, k) / 4.0**k for k in range(n + 1))


@pytest.mark.parametrize("chance", [0.05, 0.3, 0.5, 0.9])
def test_wealth_has_mean_one_where_the_bar_is_the_mean(chance):
    total = sum(p * np.exp(log_wealth_above(path, chance, 0.0)[-1]) for path, p in paths(10, chance))

    assert total == pytest.approx(1.0, rel=1e-9)


@pytest.mark.parametrize("chance", [0.05, 0.3, 0.8])
@pytest.mark.parametrize("error", [0.2, 0.05])
def test_the_running_bound_is_ever_above_the_mean_with_probability_error_at_most(chance, error):
    wrong = sum(p for path, p in paths(7, chance) if running_lower_bound(path, 0.0, error) > chance)

    assert wrong <= error


@pytest.mark.parametrize(("ratio", "n"), [(1.5, 3), (2.0, 10), (20.0, 4), (0.2, 6)])
def test_wealth_on_constant_samples_has_a_closed_form(ratio, n):
    log_wealth = log_wealth_above([ratio * 7.0] * n, 7.0, 0.0)

    assert np.exp(log_wealth) == pytest.approx([constant_wealth(ratio, k) for k in range(1, n + 1)], rel=1e-9)
    assert typical_log_wealth([ratio * 7.0], 7.0, 0.0, n) == pytest.approx(log_wealth[-1], rel=1e-9)


def test_the_bound_is_the_bar_with_evidence_of_one_over_the_error():
    samples = [3.0, 5.0, 4.5, 6.0]
    bound = lower_bound(samples, 1.0, 0.05)

    assert 1.0 < bound < np.mean(samples)
    assert log_wealth_above(samples, bound, 1.0)[-1] == pytest.approx(math.log(20.0), rel=1e-6)


def test_a_later_bad_sample_does_not_take_back_what_was_ruled_out():
    good = [9.0, 9.0, 9.0]

    assert running_lower_bound([*good, 0.0], 0.0, 0.05) == pytest.approx(lower_bound(good, 0.0, 0.05), rel=1e-9)
    assert lower_bound([*good, 0.0], 0.0, 0.05) < lower_bound(good, 0.0, 0.05)


def test_upper_bounds_are_mirror_images():
    samples = np.array([0.1, 0.4, 0.2])

    assert running_upper_bound(samples, 1.0, 0.1) == pytest.approx(1.0 - running_lower_bound(1.0 - samples, 0.0, 0.1))
    assert upper_bound(samples, 1.0, 0.1) == pytest.approx(1.0 - lower_bound(1.0 - samples, 0.0, 0.1))


def test_units_and_origin_do_not_matter():
    samples = np.array([0.2, 0.9, 0.7, 0.8])

    assert lower_bound(50.0 * samples - 200.0, -200.0, 0.05) == pytest.approx(
        50.0 * lower_bound(samples, 0.0, 0.05) - 200.0, rel=1e-9
    )


def test_a_bar_at_the_limit_is_left_behind_by_the_first_sample_above_it():
    assert log_wealth_above([-200.0, -200.0, -199.0, -200.0], -200.0, -200.0).tolist() == [0, 0, math.inf, math.inf]
    assert lower_bound([-200.0] * 5, -200.0, 0.05) == -200.0


def test_without_a_limit_nothing_is_ruled_out():
    assert lower_bound([5.0] * 100, -math.inf, 0.05) == -math.inf
    assert log_wealth_above([5.0] * 3, 0.0, -math.inf).tolist() == [0.0, 0.0, 0.0]


def test_many_samples_come_close_to_the_normal_interval():
    samples = np.random.default_rng(0).uniform(size=4000)
    half = 1.645 * math.sqrt(1.0 / 12.0 / 4000.0)

    assert samples.mean() - 3.0 * half < lower_bound(samples, 0.0, 0.05) < samples.mean() - half


@pytest.mark.parametrize(("samples", "words"), [([], "finite"), ([math.nan], "finite"), ([1.0, -0.5], "-0.5")])
def test_nothing_not_a_number_and_samples_beyond_the_limit_are_refused(samples, words):
    with pytest.raises(ValueError, match=words):
        lower_bound(samples, 0.0, 0.05)
