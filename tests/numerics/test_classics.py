"""Problems of the textbooks with the numbers that are printed there, or that a formula gives."""

import math
from fractions import Fraction

import numpy as np
import pytest

from scoper.domain.tabular import TabularMdp
from scoper.numerics.average import average_reward
from scoper.numerics.solve import backward_induction, policy_iteration, value_iteration

BOTH = pytest.mark.parametrize("solve", [value_iteration, policy_iteration])


def _moves(probabilities, rewards):
    return [(p, s, r, False) for s, (p, r) in enumerate(zip(probabilities, rewards, strict=True)) if p > 0]


# Howard (1960), chapters 2 to 4: the toymaker and the taxicab operator.
TOYMAKER = [
    [_moves((0.5, 0.5), (9, 3)), _moves((0.8, 0.2), (4, 4))],
    [_moves((0.4, 0.6), (3, -7)), _moves((0.7, 0.3), (1, -19))],
]
TAXICAB = [
    [
        _moves((1 / 2, 1 / 4, 1 / 4), (10, 4, 8)),
        _moves((1 / 16, 3 / 4, 3 / 16), (8, 2, 4)),
        _moves((1 / 4, 1 / 8, 5 / 8), (4, 6, 4)),
    ],
    [_moves((1 / 2, 0, 1 / 2), (14, 0, 18)), _moves((1 / 16, 7 / 8, 1 / 16), (8, 16, 8)), []],
    [
        _moves((1 / 4, 1 / 4, 1 / 2), (10, 2, 8)),
        _moves((1 / 8, 3 / 4, 1 / 8), (6, 4, 2)),
        _moves((3 / 4, 1 / 16, 3 / 16), (4, 0, 8)),
    ],
]


def test_the_toymaker_advertises_and_does_research_for_a_gain_of_two(mdp_of):
    found = average_reward(mdp_of(TOYMAKER, discount=0.9))
    assert found.optimum() == pytest.approx([2.0, 2.0], abs=1e-9)
    assert found.bias[0] - found.bias[1] == pytest.approx(10.0, abs=1e-9)
    assert found.policy.tolist() == [1, 1]


@BOTH
def test_the_discounted_toymaker_is_worth_what_howard_prints(mdp_of, solve):
    found = solve(mdp_of(TOYMAKER, discount=0.9))
    assert found.optimum() == pytest.approx([22.2, 12.3], abs=0.05)
    assert found.policy.tolist() == [1, 1]


def test_the_taxicab_operator_earns_what_howard_prints(mdp_of):
    found = average_reward(mdp_of(TAXICAB, discount=0.9))
    assert found.optimum() == pytest.approx(np.full(3, 13.34), abs=0.006)
    assert found.bias - found.bias[2] == pytest.approx([-1.18, 12.66, 0.0], abs=0.006)
    assert found.policy.tolist() == [1, 1, 1]


@BOTH
def test_the_discounted_taxicab_is_worth_what_howard_prints(mdp_of, solve):
    found = solve(mdp_of(TAXICAB, discount=0.9))
    assert found.optimum() == pytest.approx([121.65, 135.31, 122.84], abs=0.01)
    assert found.policy.tolist() == [1, 1, 1]


def test_putermans_inventory_problem_has_the_printed_values_and_orders(mdp_of):
    """Puterman (2005), sections 3.2 and 4.6.1: room for 3, fixed cost 4, price 8, holding 1, three periods."""
    demand = {0: 0.25, 1: 0.5, 2: 0.25}

    def order(stock, units):
        if stock + units > 3:
            return []
        level = stock + units
        sold = sum(8 * min(level, d) * p for d, p in demand.items())
        reward = sold - (4 + 2 * units if units else 0) - level
        return [(p, max(0, level - d), reward, False) for d, p in demand.items()]

    found = backward_induction(mdp_of([[order(s, a) for a in range(4)] for s in range(4)], discount=1.0), 3)
    assert found.value[0] == pytest.approx([67 / 16, 129 / 16, 194 / 16, 227 / 16], abs=1e-12)
    assert found.value[1] == pytest.approx([2, 25 / 4, 10, 21 / 2], abs=1e-12)
    assert found.value[2] == pytest.approx([0, 5, 6, 5], abs=1e-12)
    assert found.policy[0].tolist() == [3, 0, 0, 0]


def _bold_play(win):
    """Value of every capital 0..100 by Dubins and Savage (1965): bold play is optimal for a win chance below 1/2."""
    value = np.linspace(0, 1, 101)
    for _ in range(2000):
        value = np.array(
            [0.0]
            + [win * value[2 * s] if s <= 50 else win + (1 - win) * value[2 * s - 100] for s in range(1, 100)]
            + [1.0]
        )
    return value


@BOTH
def test_the_gambler_can_do_no_better_than_bold_play(mdp_of, solve):
    """Sutton and Barto (2018), example 4.3, with their win chance of 0.4."""

    def bet(capital, stake):
        if not 1 <= stake <= min(capital, 100 - capital):
            return []
        up, down = capital + stake, capital - stake
        return [(0.4, up % 100, float(up == 100), up == 100), (0.6, down, 0.0, down == 0)]

    table = [[bet(s, a) for a in range(1, 51)] if s else [[(1.0, 0, 0.0, True)]] + [[]] * 49 for s in range(100)]
    value = solve(mdp_of(table, discount=1.0)).optimum()
    assert value[1:] == pytest.approx(_bold_play(0.4)[1:100], abs=1e-9)
    assert value[[25, 50, 75]] == pytest.approx([0.16, 0.4, 0.64], abs=1e-9)


@pytest.mark.parametrize(("applicants", "skipped"), [(3, 1), (4, 1), (5, 2), (10, 3), (100, 37)])
def test_the_best_secretary_is_found_by_the_classical_rule(mdp_of, applicants, skipped):
    """Lindley (1961): let r - 1 go by, then take the first record; chance (r-1)/n times the sum of 1/(k-1)."""
    rule = skipped + 1
    chance = Fraction(skipped, applicants) * sum(Fraction(1, k - 1) for k in range(rule, applicants + 1))

    def look(k):
        """The next state after applicant k (from 1): 2 (k + 1) - 2 + whether applicant k + 1 is a record."""
        if k == applicants:
            return [(1.0, 0, 0.0, True)]
        return [(1 - 1 / (k + 1), 2 * k, 0.0, False), (1 / (k + 1), 2 * k + 1, 0.0, False)]

    table = []
    for k in range(1, applicants + 1):
        table += [[look(k), []], [look(k), [(1.0, 0, k / applicants, True)]]]
    start = np.zeros(2 * applicants)
    start[1] = 1.0
    found = policy_iteration(mdp_of(table, discount=1.0, initial=start))
    assert found.optimum()[1] == pytest.approx(float(chance), abs=1e-12)
    taken = [k for k in range(1, applicants + 1) if found.policy[2 * (k - 1) + 1] == 1]
    assert taken == list(range(rule, applicants + 1))


# Zheng and Federgruen (1991), table 1: fixed cost 64, holding 1, penalty 9, Poisson demand; mean: (s, S, cost).
PUBLISHED = {10: (6, 40, 35.022), 15: (10, 49, 42.698), 20: (14, 62, 49.173), 25: (19, 56, 54.262)}


@pytest.mark.slow
@pytest.mark.parametrize("mean", PUBLISHED)
def test_the_best_reorder_policy_is_the_published_one(mean):
    reorder, level, cost = PUBLISHED[mean]
    low, high = -3 * mean - 30, 4 * mean + 30
    levels = np.arange(low, high + 1)
    log_mass = [k * math.log(mean) - mean - math.lgamma(k + 1) for k in range(3 * mean + 40)]
    demand = np.exp(log_mass) / np.exp(log_mass).sum()
    left = levels[:, None] - np.arange(demand.size)
    expected = demand @ np.where(left.T >= 0, left.T, -9 * left.T)  # of the stock after ordering

    found = average_reward(_orders(levels, demand, expected))
    assert -found.optimum()[0] == pytest.approx(cost, abs=0.0006)
    ordered = found.policy[(levels >= -5) & (levels <= level)]
    stock = levels[(levels >= -5) & (levels <= level)]
    assert stock[ordered > 0].max() == reorder
    assert set((ordered[ordered > 0] + stock[ordered > 0]).tolist()) == {level}


def _orders(levels, demand, expected):
    """State: stock before ordering; action: units ordered, up to the highest level. Beyond the lowest stock is held."""
    size, widest = levels.size, 2 * int(levels[-1] // 3)
    offsets, successor, probability, reward, available = [0], [], [], [], []
    below = [np.maximum(0, y - np.arange(demand.size)) for y in range(size)]
    for x in range(size):
        lowest = max(0, -int(levels[0]) - x) if levels[x] < 0 else 0  # a shortage is always filled: fewer actions
        for units in range(widest + int(-levels[0])):
            y = x + units
            fits = y < size and (units == 0 or (units >= lowest and units <= -levels[x] + levels[-1]))
            available.append(fits)
            if fits:
                successor.append(below[y])
                probability.append(demand)
                reward.append(np.full(demand.size, -expected[y] - (64.0 if units else 0.0)))
            offsets.append(offsets[-1] + (demand.size if fits else 0))
    n_actions = len(available) // size
    return TabularMdp(
        n_states=size,
        n_actions=n_actions,
        offsets=np.array(offsets),
        successor=np.concatenate(successor),
        probability=np.concatenate(probability),
        reward=np.concatenate(reward),
        terminates=np.zeros(offsets[-1], dtype=bool),
        initial=np.full(size, 1.0 / size),
        available=np.array(available).reshape(size, n_actions),
        discount=0.99,
    )
