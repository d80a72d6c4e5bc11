"""Visits of a policy, the second-best action and other discounts, against formulas."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoper.errors import ProbeError
from scoper.numerics.evaluate import evaluate
from scoper.numerics.occupancy import occupancy
from scoper.numerics.sensitivity import action_gaps, discount_sensitivity
from scoper.numerics.solve import policy_iteration, start_value


@pytest.fixture
def line(mdp_of):
    """Three states in a row; the last move ends the episode. Going succeeds with probability one half."""

    def moves(state, last):
        return [(0.5, state, -1.0, False), (0.5, min(state + 1, 2), -1.0, last)]

    return mdp_of([[moves(0, False)], [moves(1, False)], [moves(2, True)]], discount=1.0)


def test_every_state_on_the_way_is_visited_as_often_as_its_geometric_law_says(line):
    found = occupancy(line, np.zeros(3, dtype=np.int64))
    assert found.state == pytest.approx([2.0, 2.0, 2.0], abs=1e-12)
    assert found.total == pytest.approx(6.0)
    assert found.share == pytest.approx(np.full(3, 1 / 3))


def test_a_time_limit_cuts_the_visits(line):
    found = occupancy(line, np.zeros(3, dtype=np.int64), horizon=2)
    assert found.state == pytest.approx([1.5, 0.5, 0.0])
    timed = occupancy(line, np.zeros((2, 3), dtype=np.int64))
    assert timed.state == pytest.approx(found.state)


def test_visits_without_end_are_refused(mdp_of):
    with pytest.raises(ProbeError, match="no finite sum"):
        occupancy(mdp_of([[[(1.0, 0, 0.0, False)]]], discount=1.0), np.zeros(1, dtype=np.int64))


@st.composite
def _random(draw):
    seed = draw(st.integers(0, 2**32 - 1))
    return np.random.default_rng(seed), draw(st.integers(1, 6)), draw(st.integers(1, 3))


@settings(max_examples=80, deadline=None)
@given(_random(), st.sampled_from([0.0, 0.5, 0.95]))
def test_visits_times_rewards_are_the_return(drawn, discount):
    rng, n_states, n_actions = drawn
    mdp = _random_mdp(rng, n_states, n_actions, discount)
    policy = rng.integers(n_actions, size=n_states)
    found = occupancy(mdp, policy)
    pays = np.bincount(mdp.pair_of_transition, weights=mdp.probability * mdp.reward, minlength=n_states * n_actions)
    earned = found.state @ pays[np.arange(n_states) * n_actions + policy]
    assert earned == pytest.approx(start_value(mdp, evaluate(mdp, policy)), abs=1e-9)
    assert found.total <= 1 / (1 - discount) + 1e-9
    assert found.error_bound < 1e-9


def _random_mdp(rng, n_states, n_actions, discount):
    from scoper.domain.tabular import TabularMdp

    pairs = n_states * n_actions
    probability = rng.dirichlet(np.ones(n_states), size=pairs)
    return TabularMdp(
        n_states=n_states,
        n_actions=n_actions,
        offsets=np.arange(pairs + 1) * n_states,
        successor=np.tile(np.arange(n_states), pairs),
        probability=probability.ravel() / np.repeat(probability.sum(axis=1), n_states),
        reward=rng.normal(size=pairs * n_states),
        terminates=rng.random(pairs * n_states) < 0.2,
        initial=rng.dirichlet(np.ones(n_states)),
        available=np.ones((n_states, n_actions), dtype=bool),
        discount=discount,
    )


def test_many_states_are_swept_to_the_same_visits(monkeypatch):
    mdp = _random_mdp(np.random.default_rng(0), 6, 2, 0.95)
    policy = np.zeros(6, dtype=np.int64)
    dense = occupancy(mdp, policy).state
    monkeypatch.setattr("scoper.numerics.occupancy.DENSE_STATES", 0)
    assert occupancy(mdp, policy).state == pytest.approx(dense, abs=1e-12)


@pytest.fixture
def now_or_later(mdp_of):
    """One euro now, or two euros one timestep later: later is better from a discount of one half on."""
    done = [(1.0, 2, 0.0, True)]
    return mdp_of(
        [[[(1.0, 2, 1.0, True)], [(1.0, 1, 0.0, False)]], [[(1.0, 2, 2.0, True)], []], [done, []]], discount=0.9
    )


def test_the_gap_is_what_the_second_best_action_loses(now_or_later):
    value = policy_iteration(now_or_later).optimum()
    assert action_gaps(now_or_later, value) == pytest.approx([2 * 0.9 - 1, np.inf, np.inf])


def test_another_discount_changes_the_choice_where_the_formula_says(now_or_later):
    patient = policy_iteration(now_or_later).policy
    low, tie, high = discount_sensitivity(now_or_later, patient, [0.25, 0.5, 0.75])
    assert (low.value, low.reference, low.differs) == pytest.approx((1.0, 0.5, 1 / 3))
    assert (tie.value, tie.reference, tie.differs) == pytest.approx((1.0, 1.0, 0.0))
    assert (high.value, high.reference, high.differs) == pytest.approx((1.5, 1.5, 0.0))
