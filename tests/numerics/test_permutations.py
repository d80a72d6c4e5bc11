"""p-values by permutation against exact counts, and the share that groups explain."""

import itertools

import numpy as np
import pytest

from scoper.numerics.permutations import between_share, orders, permutation_test, share_as_large


def test_a_permutation_test_comes_near_the_count_over_all_orders():
    values, group = np.array([1.0, 2.0, 3.0, 10.0, 11.0, 12.5]), np.array([0, 0, 0, 1, 1, 1])

    def statistic(order):
        return abs(values[group[order] == 1].mean() - values[group[order] == 0].mean())

    exact = np.mean(
        [statistic(np.array(o)) >= statistic(np.arange(6)) - 1e-12 for o in itertools.permutations(range(6))]
    )
    seen, p = permutation_test(statistic, np.zeros(6, dtype=int), np.random.default_rng(0), rounds=4_000)

    assert exact == pytest.approx(0.1)
    assert seen == pytest.approx(values[3:].mean() - 2.0)
    assert p == pytest.approx(exact, abs=0.02)


def test_rows_stay_in_their_stratum():
    strata = np.array([2, 0, 1, 0, 2, 1, 1])

    for order in orders(strata, np.random.default_rng(0), 50):
        assert sorted(order) == list(range(7))
        assert (strata[order] == strata).all()


def test_the_least_p_value_is_one_in_one_more_than_the_rounds():
    assert share_as_large(5.0, np.zeros(99)) == pytest.approx(0.01)
    assert share_as_large(0.0, np.zeros(99)) == 1.0


def test_groups_that_explain_all_have_a_share_of_one_and_noise_one_of_nothing():
    rng = np.random.default_rng(0)
    group, strata = rng.integers(3, size=3_000), rng.integers(5, size=3_000)

    assert between_share(group * 1.0 + 10.0 * strata, group, strata) == pytest.approx(1.0)
    assert between_share(rng.normal(size=3_000) + strata, group, strata) == pytest.approx(0.0, abs=0.01)
    assert between_share(np.ones(3_000), group, strata) == 0.0


def test_half_the_variance_within_strata_is_a_share_of_a_half():
    rng = np.random.default_rng(1)
    group, strata = rng.integers(2, size=20_000), rng.integers(4, size=20_000)
    values = np.where(group == 1, 1.0, -1.0) + rng.normal(size=20_000) + 5.0 * strata

    assert between_share(values, group, strata) == pytest.approx(0.5, abs=0.02)
