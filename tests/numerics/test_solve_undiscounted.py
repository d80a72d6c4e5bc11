"""Optima without a discount: what is known of them by formula, and problems that have none."""

from functools import partial

import numpy as np
import pytest

from scoper.domain.tabular import TabularMdp
from scoper.numerics import compiled
from scoper.numerics.evaluate import evaluate
from scoper.numerics.solve import policy_iteration, solve, start_value, value_iteration

WITHOUT_DISCOUNT = [value_iteration, policy_iteration, partial(solve, compiled=False)]  # nothing compiled for those


@pytest.mark.parametrize("solve", WITHOUT_DISCOUNT)
def test_gamblers_ruin_with_minimal_stakes_has_the_closed_form(mdp_of, solve):
    p, goal = 0.45, 10
    table = [[[(1.0, 0, 0.0, True)]]]
    for capital in range(1, goal):
        win = (p, min(capital + 1, goal - 1), float(capital + 1 == goal), capital + 1 == goal)
        table.append([[win, (1 - p, capital - 1, 0.0, capital == 1)]])
    solution = solve(mdp_of(table, discount=1.0))

    ratio = (1 - p) / p
    expected = [(1 - ratio**k) / (1 - ratio**goal) for k in range(goal)]
    assert np.abs(solution.optimum() - expected).max() <= solution.error_bound
    assert solution.error_bound < 1e-9


@pytest.mark.parametrize("solve", WITHOUT_DISCOUNT)
@pytest.mark.parametrize(
    ("env_id", "kwargs", "published"),
    [
        ("FrozenLake-v1", {}, 14 / 17),
        ("FrozenLake-v1", {"map_name": "8x8"}, 1.0),
        ("FrozenLake-v1", {"is_slippery": False}, 1.0),
        ("CliffWalking-v1", {}, -13.0),
        ("CliffWalking-v1", {"is_slippery": True}, -64.7092),
        ("Taxi-v4", {}, 7.930),
    ],
)
def test_undiscounted_optimum_without_time_limit_and_its_policy_earns_it(toy_mdp, solve, env_id, kwargs, published):
    mdp = toy_mdp(env_id, discount=1.0, **kwargs)
    solution = solve(mdp)

    assert start_value(mdp, solution.optimum()) == pytest.approx(published, abs=1e-4 if abs(published) > 20 else 1e-6)
    assert np.abs(evaluate(mdp, solution.policy) - solution.value).max() <= 3 * solution.error_bound + 1e-8


@pytest.mark.parametrize("solve", WITHOUT_DISCOUNT)
def test_reward_that_can_be_collected_without_end_has_no_optimum(mdp_of, solve):
    table = [[[(1.0, 1, 3.0, False)], [(1.0, 0, 5.0, True)]], [[(1.0, 0, -2.0, False)], [(1.0, 1, 0.0, True)]]]
    solution = solve(mdp_of(table, discount=1.0))

    assert not solution.converged
    assert "without end" in solution.reason


@pytest.mark.parametrize("solve", WITHOUT_DISCOUNT)
def test_a_circle_that_loses_on_average_is_left_although_one_step_of_it_pays(mdp_of, solve):
    table = [[[(1.0, 1, 3.0, False)], [(1.0, 0, 0.0, True)]], [[(1.0, 0, -4.0, False)], [(1.0, 1, -1.0, True)]]]

    assert solve(mdp_of(table, discount=1.0)).optimum().tolist() == pytest.approx([2.0, -1.0], abs=1e-9)


@pytest.mark.parametrize("solve", WITHOUT_DISCOUNT)
def test_waiting_for_ever_is_an_option_worth_zero(mdp_of, solve):
    table = [[[(1.0, 0, 0.0, False)], [(1.0, 0, -5.0, True)]]]

    assert solve(mdp_of(table, discount=1.0)).optimum().tolist() == [0.0]


@pytest.mark.parametrize("solve", WITHOUT_DISCOUNT)
def test_states_from_which_every_policy_loses_without_end_are_minus_infinity(mdp_of, solve):
    table = [[[(1.0, 1, 0.0, False)], [(1.0, 0, -7.0, True)]], [[(1.0, 1, -1.0, False)], []]]

    assert solve(mdp_of(table, discount=1.0)).optimum().tolist() == [-7.0, -np.inf]


def needs_numba(test):
    return pytest.mark.skipif(not compiled.available(), reason="needs numba")(test)


def arrays(to, chance, ends, reward):
    """(S, A, K) successors, probabilities and whether they end the episode; reward (S, A)."""
    n_states, n_actions, fan_out = to.shape
    return TabularMdp(
        n_states=n_states,
        n_actions=n_actions,
        offsets=np.arange(n_states * n_actions + 1) * fan_out,
        successor=to.ravel(),
        probability=chance.ravel(),
        reward=np.repeat(reward.ravel(), fan_out),
        terminates=ends.ravel(),
        initial=np.eye(1, n_states)[0],
        available=np.ones((n_states, n_actions), dtype=bool),
        discount=1.0,
    )


def open_grid(side, slip):
    """Every step costs 1 until the last corner is reached; with probability `slip` to either side."""
    size = side * side
    x, y = np.divmod(np.arange(size), side)
    there = [
        np.clip(x + dx, 0, side - 1) * side + np.clip(y + dy, 0, side - 1)
        for dx, dy in ((1, 0), (0, 1), (-1, 0), (0, -1))
    ]
    to = np.stack([np.stack([there[(a + turn) % 4] for turn in (0, 1, 3)], axis=1) for a in range(4)], axis=1)
    chance = np.broadcast_to([1 - 2 * slip, slip, slip], to.shape)
    return arrays(to, chance, to == size - 1, np.full((size, 4), -1.0))


@pytest.mark.slow
@needs_numba
def test_a_walk_that_drifts_to_its_end_takes_the_steps_of_the_recurrence(monkeypatch):
    monkeypatch.setattr(compiled, "WORTHWHILE", 1)
    size, paces = 2_000, (0.6, 0.7)  # forwards with one of these, else backwards; the first state cannot go back
    here = np.arange(size)
    to = np.stack([np.stack([np.minimum(here + 1, size - 1), np.maximum(here - 1, 0)], axis=1)] * 2, axis=1)
    chance = np.stack([np.broadcast_to([p, 1 - p], (size, 2)) for p in paces], axis=1)
    ends = np.zeros(to.shape, dtype=bool)
    ends[-1, :, 0] = True
    solution = solve(arrays(to, chance, ends, np.full((size, 2), -1.0)))

    onwards = [1 / 0.7]  # expected steps from a state to the next: p e = 1 + (1 - p) times those of the one before
    for _ in range(size - 1):
        onwards.append(1 / 0.7 + 0.3 / 0.7 * onwards[-1])
    expected = -np.cumsum(onwards[::-1])[::-1]
    assert solution.method == "ordered Gauss-Seidel"
    assert np.abs(solution.optimum() - expected).max() <= solution.error_bound + 1e-13 * size * size
    assert (solution.policy == 1).all()


@needs_numba
def test_a_large_grid_without_slipping_has_the_distances_as_its_optimum():
    side = 90
    solution = solve(open_grid(side, slip=0.0))

    x, y = np.divmod(np.arange(side * side), side)
    distance = np.maximum(1, 2 * (side - 1) - x - y)  # the corner itself has to be entered once more
    assert np.abs(solution.optimum() + distance)[:-1].max() <= solution.error_bound
    assert solution.error_bound <= 1e-9 * 2 * side


@pytest.mark.slow
@needs_numba
def test_a_slippery_grid_has_the_same_optimum_compiled_and_plain(monkeypatch):
    grid = open_grid(40, slip=0.1)
    plain = solve(grid, compiled=False)
    monkeypatch.setattr(compiled, "WORTHWHILE", 1)
    swept = solve(grid)

    assert (plain.method, swept.method) == ("policy iteration", "ordered Gauss-Seidel")
    assert np.abs(plain.optimum() - swept.optimum()).max() <= plain.error_bound + swept.error_bound
    earned = evaluate(grid, swept.policy)
    assert np.abs(earned - swept.value).max() <= 3 * swept.error_bound + 1e-8
