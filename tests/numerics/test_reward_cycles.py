"""Loops against Karp's theorem and against MDPs whose best plans can be added up by hand."""

import numpy as np
import pytest

from scoper.errors import InputError
from scoper.numerics.reward_cycles import as_choices, best_loop, reward_loops


def karp(mdp):
    """The largest cycle mean by Karp's theorem (1978), from the states within reach of the start; -inf without one."""
    pair = mdp.pair_of_transition
    source, on = pair // mdp.n_actions, ~mdp.terminates
    size = mdp.n_states
    sums = np.full((size + 1, size), -np.inf)
    sums[0] = np.where(mdp.initial > 0, 0.0, -np.inf)
    for k in range(size):
        np.maximum.at(sums[k + 1], mdp.successor[on], sums[k][source[on]] + mdp.reward[on])
    means = []
    for state in np.flatnonzero(np.isfinite(sums[size])):
        known = [k for k in range(size) if np.isfinite(sums[k, state])]
        means.append(min((sums[size, state] - sums[k, state]) / (size - k) for k in known))
    return max(means, default=-np.inf)


def test_the_best_loop_of_deterministic_mdps_has_karps_mean(random_mdp):
    rng = np.random.default_rng(0)
    loops = 0
    for _ in range(150):
        mdp = random_mdp(rng, states=9, fan_out=1, discount=1.0)
        gain, error, loop = best_loop(mdp)
        mean = karp(mdp)

        if mean > 1e-6:
            loops += 1
            assert gain == pytest.approx(mean, abs=1e-7 + error)
            assert loop.mean == pytest.approx(mean, abs=1e-9)
            assert loop.exact
            assert [mdp.successor[t] for t in loop.transitions] == [*loop.states[1:], loop.states[0]]
            assert loop.rewards == tuple(mdp.reward[list(loop.transitions)])
        elif (mdp.terminates | (mean == -np.inf)).any():
            assert gain <= max(mean, 0.0) + 1e-6
    assert loops > 50


def farm(mdp_of, horizon, goal=10.0, checkpoint=1.0):
    """0 -> 1 pays a checkpoint and may go back; the goal, two steps off, ends the episode."""
    table = [
        [[(1.0, 1, checkpoint, False)], [(1.0, 2, 0.0, False)]],
        [[(1.0, 0, 0.0, False)], [(1.0, 2, 0.0, False)]],
        [[(1.0, 2, goal, True)], [(1.0, 2, 0.0, False)]],
    ]
    return mdp_of(table, discount=1.0, horizon=horizon)


@pytest.mark.parametrize(("horizon", "pays"), [(10, False), (22, False), (24, True), (100, True)])
def test_a_checkpoint_is_farmed_as_soon_as_half_the_horizon_beats_goal_and_one_checkpoint(mdp_of, horizon, pays):
    """Going round earns half the horizon; getting done takes the checkpoint once, and 3 timesteps."""
    found = reward_loops(farm(mdp_of, horizon))

    assert found.gain == pytest.approx(0.5)
    assert sorted(found.loop.states) == [0, 1]
    assert found.staying.value == pytest.approx(horizon / 2)
    assert (found.finishing.value, found.finishing.timesteps) == pytest.approx((11.0, 3.0))
    assert found.pays == pays


def test_a_cost_of_every_step_leaves_no_loop_that_pays(mdp_of):
    table = [[[(1.0, 0, -1.0, False)], [(1.0, 0, -1.0, True)]]]

    found = reward_loops(mdp_of(table, discount=1.0, horizon=50))

    assert (found.loop, found.pays) == (None, False)
    assert (found.finishing.value, found.finishing.timesteps) == pytest.approx((-1.0, 1.0))
    assert found.staying.value == pytest.approx(-50.0)


def test_plans_say_how_surely_they_do_what_they_are_to_do(mdp_of):
    """Every step ends the episode with probability 1/2: staying 3 steps works once in 8 times."""
    mdp = mdp_of([[[(0.5, 0, 1.0, False), (0.5, 0, 0.0, True)]]], discount=1.0, horizon=3)

    found = reward_loops(mdp)

    assert found.staying.probability == pytest.approx(0.125)
    assert found.finishing.probability == pytest.approx(0.875)
    assert (found.loop, found.pays) == (None, False)
    assert found.gain == pytest.approx(0.0)


def test_discount_sets_the_horizon_where_there_is_none(mdp_of):
    mdp = mdp_of([[[(1.0, 0, 1.0, False)]]], discount=0.5)

    found = reward_loops(mdp)

    assert found.horizon == 20  # 0.5^20 is the first power below a millionth
    assert found.staying.value == pytest.approx(2.0, abs=1e-5)
    assert found.finishing.probability == 0.0
    with pytest.raises(ValueError, match="horizon"):
        reward_loops(mdp, discount=1.0)


def test_too_long_a_comparison_is_refused(mdp_of):
    with pytest.raises(InputError, match="too many to compare"):
        reward_loops(mdp_of([[[(1.0, 0, 1.0, False)]]], discount=1.0), horizon=10**9)


def test_drawn_loops_are_not_called_exact(mdp_of):
    table = [[[(0.6, 1, 1.0, False), (0.4, 0, 1.0, False)]], [[(1.0, 0, 1.0, False)]]]

    gain, _, loop = best_loop(mdp_of(table, discount=1.0))

    assert gain == pytest.approx(1.0)
    assert (loop.states, loop.exact) == ((0, 1), False)


def test_choosing_the_outcome_makes_every_transition_an_action(mdp_of):
    table = [[[(0.5, 0, 1.0, False), (0.5, 1, 2.0, True)], [(1.0, 1, 3.0, False)]], [[(1.0, 0, 4.0, False)], []]]
    mdp = mdp_of(table, discount=0.9)

    graph, behind = as_choices(mdp, mdp.reward * 10.0)

    assert behind.tolist() == [[0, 1, 2], [3, -1, -1]]
    assert graph.available.tolist() == [[True, True, True], [True, False, False]]
    assert graph.reward.tolist() == [10.0, 20.0, 30.0, 40.0]
    assert graph.terminates.tolist() == [False, True, False, False]
