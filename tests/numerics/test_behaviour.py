"""What policies do within a time limit, against sums worked out by hand and against evaluation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoper.domain.tabular import TabularMdp
from scoper.numerics.behaviour import behaviour
from scoper.numerics.evaluate import evaluate
from scoper.numerics.solve import backward_induction, start_value


@pytest.fixture
def walk(mdp_of):
    """One state; action 0 stays for 1, action 1 ends with chance 1/2 for 0."""
    return mdp_of([[[(1.0, 0, 1.0, False)], [(0.5, 0, 0.0, False), (0.5, 0, 0.0, True)]]], discount=1.0)


def test_staying_fills_the_time_limit_and_leaving_halves_what_is_left(walk: TabularMdp) -> None:
    stays = behaviour(walk, np.array([0]), 5)
    assert (stays.length, stays.terminated, stays.total(walk.reward)) == (5.0, 0.0, 5.0)
    leaves = behaviour(walk, np.array([1]), 3)
    assert leaves.length == pytest.approx(1 + 1 / 2 + 1 / 4)
    assert leaves.terminated == pytest.approx(1 - 1 / 8)
    assert leaves.alive.tolist() == [1.0, 0.5, 0.25, 0.125]


def test_shares_are_those_of_the_time_spent_not_of_the_states(walk: TabularMdp) -> None:
    mixed = behaviour(walk, np.array([[0.25, 0.75]]), 4)
    assert mixed.action_shares.tolist() == pytest.approx([0.25, 0.75])
    assert mixed.pairs.sum() == pytest.approx(mixed.length)


def test_a_policy_by_timestep_is_followed_by_the_clock(walk: TabularMdp) -> None:
    found = behaviour(walk, np.array([[0], [1], [0]]), 3)
    assert found.total(walk.reward) == pytest.approx(1.0 + 0.5)


def test_what_rounding_leaves_of_nothing_is_nothing(mdp_of) -> None:
    """Ten chances of a tenth add up to more or less than 1 by rounding alone, and 0.1 + 0.2 - 0.3 is no number."""
    tenths = mdp_of([[[(0.1, s, 0.0, False) for s in range(10)]] for _ in range(10)], discount=1.0)
    found = behaviour(tenths, np.zeros(10, dtype=np.int64), 200)
    assert found.alive[-1] != 1.0
    assert found.terminated == 0.0
    thrice = mdp_of([[[(1.0, 1, 0.1, False)]], [[(1.0, 2, 0.2, False)]], [[(1.0, 0, -0.3, True)]]], discount=1.0)
    assert 0.1 + 0.2 - 0.3 != 0.0
    assert behaviour(thrice, np.zeros(3, dtype=np.int64), 3).total(thrice.reward) == 0.0


def test_a_policy_of_another_shape_is_refused(walk: TabularMdp) -> None:
    with pytest.raises(ValueError, match="cannot have shape"):
        behaviour(walk, np.array([[0], [1]]), 3)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 12))
def test_the_total_reward_is_the_value_of_the_policy(mdp_seed: int, horizon: int) -> None:
    rng = np.random.default_rng(mdp_seed)
    n_states, n_actions, fan = 5, 3, 3
    size = n_states * n_actions * fan
    mdp = TabularMdp(
        n_states=n_states,
        n_actions=n_actions,
        offsets=np.arange(n_states * n_actions + 1) * fan,
        successor=rng.integers(n_states, size=size),
        probability=rng.dirichlet(np.ones(fan), size=n_states * n_actions).ravel(),
        reward=rng.standard_normal(size),
        terminates=rng.random(size) < 0.1,
        initial=rng.dirichlet(np.ones(n_states)),
        available=np.ones((n_states, n_actions), dtype=bool),
        discount=1.0,
    )
    random = rng.dirichlet(np.ones(n_actions), size=n_states)
    best = backward_induction(mdp, horizon, discount=1.0)
    assert behaviour(mdp, best.policy, horizon).total(mdp.reward) == pytest.approx(start_value(mdp, best.value[0]))
    value = start_value(mdp, evaluate(mdp, random, discount=1.0, horizon=horizon))
    assert behaviour(mdp, random, horizon).total(mdp.reward) == pytest.approx(value)


def test_a_discount_weighs_the_times_but_not_the_length(walk: TabularMdp) -> None:
    found = behaviour(walk, np.array([0]), 3, discount=0.5)
    assert (found.total(walk.reward), found.length) == (1.75, 3.0)
    assert found.action_shares.tolist() == [1.0, 0.0]
