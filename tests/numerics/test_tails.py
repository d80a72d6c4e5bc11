"""Tails with a known index, and outliers and jumps that stand where they were put."""

import numpy as np
import pytest

from scoper.numerics.tails import jumps_of, outliers_of, tail_of


@pytest.mark.parametrize("index", [0.8, 1.5, 3.0])
def test_the_index_of_a_pareto_law_is_found_within_its_error(index):
    sample = np.random.default_rng(0).pareto(index, size=20_000) + 1.0

    found = tail_of(sample)

    assert abs(found.hill - index) < 4.0 * found.standard_error
    assert found.k == 1_000
    assert found.standard_error == pytest.approx(found.hill / np.sqrt(1_000))


def test_a_light_tail_has_a_large_index_and_equal_numbers_have_none():
    assert tail_of(np.random.default_rng(0).random(10_000)).hill > 10.0
    assert np.isnan(tail_of(np.ones(10_000)).hill)
    assert np.isnan(tail_of(np.arange(10.0)).hill)


def test_hills_formula_is_that_of_the_logarithms():
    values = np.exp(np.arange(400.0) / 100.0)
    top = np.sort(values)[::-1]

    assert tail_of(values).hill == pytest.approx(1.0 / np.mean(np.log(top[:20] / top[20])))


def test_outliers_are_those_beyond_ten_interquartile_ranges():
    values = np.concatenate([np.linspace(0.0, 1.0, 101), [5.9, 6.2, -5.0, 100.0]])

    low, high = np.quantile(values, [0.25, 0.75])  # 0.25 and 0.77

    assert (low - 10.0 * (high - low), high + 10.0 * (high - low)) == pytest.approx((-4.95, 5.97))
    assert outliers_of(values) == (104, 102, 103)
    assert outliers_of(values[:101]) == ()


def test_a_rare_goal_is_no_outlier_but_a_rare_fortune_beside_ordinary_pay_is():
    goal = np.zeros(1_000)
    goal[[10, 500, 700]] = 1.0
    fortune = np.zeros(1_000)
    fortune[::2] = np.linspace(0.5, 1.5, 500)
    fortune[501] = 1_000.0

    assert outliers_of(goal) == ()
    assert outliers_of(fortune) == (501,)


def test_numbers_that_are_not_finite_are_left_out():
    values = np.append(np.linspace(0.0, 1.0, 100), [np.nan, np.inf, 50.0])

    assert outliers_of(values) == (102,)
    assert tail_of(values).largest_share == pytest.approx(0.5)


def test_a_reward_without_a_move_and_a_leap_with_a_reward_are_told_apart():
    rng = np.random.default_rng(1)
    before = rng.normal(size=(500, 2))
    after = before + rng.choice([-0.1, 0.1], size=(500, 2))
    reward = rng.random(500)
    reward[[7, 9]] = 100.0, 90.0
    after[9, 1] += 5.0
    after[11, 0] -= 3.0

    found = jumps_of(before, after, reward)

    assert found.reward == (7,)
    assert found.state == (9, 11)
    assert found.paid == (9,)
