"""A model from timesteps: counts that are known by hand, and optima that follow from them."""

import numpy as np
import pytest

from scoper.domain.empirical import Steps
from scoper.numerics.empirical import (
    curious,
    estimate,
    plan_in_time,
    plan_stationary,
    planning_table,
    wanted_of,
)


def steps_of(rows, seeds=(7,)):
    """Timesteps from (state, action, reward, successor, terminated, truncated, timestep, episode) rows."""
    state, action, reward, successor, terminated, truncated, timestep, episode = map(np.array, zip(*rows, strict=True))
    steps = Steps(
        before=state[:, None].astype(float),
        after=successor[:, None].astype(float),
        action=action.astype(np.int64),
        reward=reward.astype(float),
        wanted=-reward.astype(float),
        terminated=terminated.astype(bool),
        truncated=truncated.astype(bool),
        timestep=timestep.astype(np.int64),
        episode=episode.astype(np.int64),
        seeds=tuple(seeds),
        phase=("random",) * len(seeds),
    )
    return steps, state.astype(np.int64), successor.astype(np.int64)


@pytest.fixture
def gamble():
    """State 0: action 0 ends with 1; action 1 goes to state 1 in 3 of 4 tries, else ends with 0. State 1 pays 2, ends.

    Optimum by hand: 0.75 * 2 = 1.5 by gambling, 1 otherwise.
    """
    rows = [(0, 0, 1.0, 0, 1, 0, 0, 0)]
    rows += [(0, 1, 0.0, 1, 0, 0, 0, e) for e in (1, 2, 3)] + [(0, 1, 0.0, 0, 1, 0, 0, 4)]
    rows += [(1, 0, 2.0, 1, 1, 0, 1, e) for e in (1, 2, 3)]
    rows.sort(key=lambda row: (row[7], row[6]))
    return steps_of(rows, seeds=range(5))


def test_shares_of_counts_are_the_probabilities_and_the_optimum_follows(gamble):
    found = estimate(*gamble, shape=(2, 2), horizon=10)
    table, _ = planning_table(found, discount=0.9)
    assert found.counts.tolist() == [[1, 4], [3, 0]]
    assert found.initial.tolist() == [1.0, 0.0]
    plan = plan_in_time(table, 10, discount=1.0)
    assert plan.value == pytest.approx(1.5)
    assert plan.actions[0].tolist() == [1, 0]


def test_a_cell_s_mean_reward_spread_and_ending_are_those_of_its_tries(gamble):
    found = estimate(*gamble, shape=(2, 2), horizon=10)
    assert found.reward_mean[0].tolist() == [1.0, 0.0]
    assert found.termination_share[0].tolist() == [1.0, 0.25]
    assert np.isnan(found.reward_mean[1, 1])
    assert found.noise == 0.0


def test_the_objective_is_planned_on_the_same_transitions(gamble):
    found = estimate(*gamble, shape=(2, 2), horizon=10)
    table, source = planning_table(found, discount=0.9)
    plan = plan_in_time(table, 10, discount=1.0, reward=wanted_of(found, source))
    assert plan.value == pytest.approx(-1.0)  # the owner loses what the reward pays: leaving at once loses least


def test_an_untried_action_is_no_way_out():
    found = estimate(*steps_of([(0, 0, -1.0, 0, 0, 0, 0, 0), (0, 0, -1.0, 0, 0, 1, 1, 0)]), shape=(1, 2), horizon=2)
    table, _ = planning_table(found, discount=0.9)
    assert table.available.tolist() == [[True, False]]
    assert plan_in_time(table, 2, discount=1.0).value == -2.0


def test_truncation_at_the_time_limit_ends_nothing_and_before_it_ends_the_episode():
    rows = [(0, 0, 1.0, 0, 0, 0, 0, 0), (0, 0, 1.0, 0, 0, 1, 1, 0)]
    at_the_limit = estimate(*steps_of(rows), shape=(1, 1), horizon=2)
    before_it = estimate(*steps_of(rows), shape=(1, 1), horizon=10)
    assert not at_the_limit.ends.any()
    assert before_it.times[before_it.ends].tolist() == [1]
    table, _ = planning_table(before_it, discount=0.9)
    # each timestep pays 1 and ends with one half: the expected number of timesteps is 1 + 1/2 + 1/4 + ...
    assert plan_in_time(table, 40, discount=1.0).value == pytest.approx(2.0)


def test_a_pair_tried_too_seldom_is_left_out_where_another_was_tried_enough(gamble):
    found = estimate(*gamble, shape=(2, 2), horizon=10)
    table, _ = planning_table(found, discount=0.9, least=4)
    assert table.available.tolist() == [[False, True], [True, False]]


def test_a_cell_where_nothing_was_tried_pays_what_is_assumed_of_it():
    found = estimate(*steps_of([(0, 0, 0.0, 1, 0, 0, 0, 0)]), shape=(2, 1), horizon=4)
    table, source = planning_table(found, discount=0.5, unknown=3.0)
    assert plan_in_time(table, 4, discount=1.0).value == 9.0
    assert plan_stationary(table, discount=0.5).value == pytest.approx(3.0, rel=2e-3)  # 0.5 * 3 / (1 - 0.5)
    assert sorted(source.tolist()) == [-1, 0]


def test_curiosity_goes_where_something_was_never_tried():
    # a corridor 0-1-2 with both actions tried everywhere but in cell 2, where only going back was
    rows = [(0, 0, 9.0, 0), (0, 1, 0.0, 1), (1, 0, 0.0, 0), (1, 1, 0.0, 2), (2, 0, 0.0, 1)]
    full = [(s, a, r, n, 0, 0, t, 0) for t, (s, a, r, n) in enumerate(rows)]
    found = estimate(*steps_of(full), shape=(3, 2), horizon=None)
    assert curious(found).argmax(axis=1).tolist() == [1, 1, 1]
    far = curious(found, greed=100.0).argmax(axis=1)
    assert far[0] == 0  # whoever is greedy enough stays where it pays


def test_too_many_timesteps_and_cells_are_not_worked_out_by_timestep(gamble):
    found = estimate(*gamble, shape=(2, 2), horizon=10)
    table, _ = planning_table(found, discount=0.9)
    assert plan_in_time(table, 3_000_000, discount=1.0) is None
