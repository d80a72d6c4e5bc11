"""Optima against formulas and published figures."""

from functools import partial
from itertools import product

import numpy as np
import pytest

from scoper.errors import InputError, ProbeError
from scoper.numerics import compiled
from scoper.numerics.evaluate import evaluate
from scoper.numerics.solve import (
    action_values,
    backward_induction,
    policy_iteration,
    solve,
    start_value,
    value_iteration,
)

COMPILED = [partial(solve, compiled=True)] if compiled.available() else []
WITHOUT_DISCOUNT = [value_iteration, policy_iteration, partial(solve, compiled=False)]  # nothing compiled for those
SOLVERS = [*WITHOUT_DISCOUNT, *COMPILED]


def dense_optimum(table, discount, sweeps):
    """Plain value iteration over Python lists, independent of the package."""
    value = [0.0] * len(table)
    for _ in range(sweeps):
        value = [
            max(sum(p * (r + (0.0 if end else discount * value[n])) for p, n, r, end in moves) for moves in actions)
            for actions in table
        ]
    return np.array(value)


@pytest.mark.slow
@pytest.mark.parametrize("solve", SOLVERS)
@pytest.mark.parametrize("discount", [0.92, 0.95, 0.99, 0.999])
def test_puterman_example_has_the_value_of_its_formula(mdp_of, solve, discount):
    stay, go, rest = [(0.5, 0, 5, False), (0.5, 1, 5, False)], [(1.0, 1, 10, False)], [(1.0, 1, -1, False)]
    solution = solve(mdp_of([[stay, go], [rest, []]], discount=discount))

    first = (5 - 5.5 * discount) / ((1 - 0.5 * discount) * (1 - discount))  # Puterman 2005, section 6.2.1
    assert np.abs(solution.optimum() - [first, -1 / (1 - discount)]).max() <= solution.error_bound
    assert solution.policy[0] == 0


TOYS = [
    ("FrozenLake-v1", {}, 100, 0.74419),
    ("FrozenLake-v1", {"is_slippery": False}, 100, 1.0),
    ("FrozenLake-v1", {"map_name": "8x8"}, 100, 0.64072),
    ("FrozenLake-v1", {"map_name": "8x8"}, 200, 0.91322),
    ("Taxi-v4", {}, 200, 7.930),
    ("Taxi-v4", {"is_rainy": True}, 200, 3.95457),
]


@pytest.mark.slow
@pytest.mark.parametrize(("env_id", "kwargs", "horizon", "published"), TOYS)
def test_toy_text_optimum_under_the_time_limit(toy_table, mdp_of, env_id, kwargs, horizon, published):
    table, initial = toy_table(env_id, **kwargs)
    mdp = mdp_of(table, discount=1.0, initial=initial)
    solution = backward_induction(mdp, horizon)

    assert np.abs(solution.value[0] - dense_optimum(table, 1.0, horizon)).max() < 1e-9
    assert start_value(mdp, solution.value[0]) == pytest.approx(published, abs=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("solve", SOLVERS)
@pytest.mark.parametrize(
    ("kwargs", "discount", "published"),
    [({}, 0.99, 0.5420), ({"map_name": "8x8"}, 0.99, 0.4146), ({}, 0.9, 0.0689), ({"map_name": "8x8"}, 0.999, 0.8926)],
)
def test_frozen_lake_discounted_optimum(toy_table, mdp_of, solve, kwargs, discount, published):
    table, initial = toy_table("FrozenLake-v1", **kwargs)
    mdp = mdp_of(table, discount=discount, initial=initial)
    solution = solve(mdp)

    sweeps = int(np.log(1e-12 * (1 - discount)) / np.log(discount))
    assert np.abs(solution.optimum() - dense_optimum(table, discount, min(sweeps, 6000))).max() < 2e-9
    assert start_value(mdp, solution.value) == pytest.approx(published, abs=1e-4)


def grid(size):
    """Every step costs 1, the far corner ends; all shortest ways are tied."""
    table = []
    for x, y in product(range(size), range(size)):
        actions = []
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            u, v = min(size - 1, max(0, x + dx)), min(size - 1, max(0, y + dy))
            actions.append([(1.0, u * size + v, -1.0, (u, v) == (size - 1, size - 1))])
        table.append(actions)
    return table


@pytest.mark.slow
@pytest.mark.parametrize("discount", [0.95, 1.0])
def test_every_method_ends_on_a_grid_full_of_ties(mdp_of, discount):
    steps = 18
    expected = -steps if discount == 1.0 else -(1 - discount**steps) / (1 - discount)
    for method in SOLVERS:
        solution = method(mdp_of(grid(10), discount=discount))
        assert solution.optimum()[0] == pytest.approx(expected, abs=2e-8)
    assert policy_iteration(mdp_of(grid(10), discount=discount)).iterations < 40


def test_a_solution_that_did_not_converge_cannot_be_used_as_optimum(toy_mdp):
    solution = value_iteration(toy_mdp("FrozenLake-v1"), max_iterations=5)

    assert not solution.converged
    with pytest.raises(ProbeError, match="did not converge"):
        solution.optimum()


def test_large_sparse_chain_is_solved_beyond_the_dense_limit(mdp_of):
    size, p, discount = 4000, 0.5, 0.999
    table = [[[(p, min(s + 1, size - 1), 1.0, False), (1 - p, max(s - 1, 0), 0.0, False)]] for s in range(size)]
    solution = policy_iteration(mdp_of(table, discount=discount))

    assert (
        np.abs(solution.optimum() - p / (1 - discount)).max() <= solution.error_bound + 1e-12
    )  # the same in every state


@pytest.mark.slow
@pytest.mark.parametrize("discount", [0.999, 1.0])
def test_a_long_one_way_street_is_solved_although_it_defeats_krylov_methods(mdp_of, discount):
    size = 3000
    table = [
        [[(p, min(s + 1, size - 1), -1.0, s == size - 1), (q, s, -1.0, False)] for p, q in ((0.5, 0.5), (0.9, 0.1))]
        for s in range(size)
    ]
    mdp = mdp_of(table, discount=discount)
    solution = policy_iteration(mdp)

    step = 1 / (1 - discount * 0.1)
    pace = 0.9 * discount * step
    left = size - np.arange(size)
    expected = -step * (left if discount == 1.0 else (1 - pace**left) / (1 - pace))
    assert np.abs(solution.optimum() - expected).max() <= solution.error_bound + 1e-9 * size
    assert np.abs(evaluate(mdp, solution.policy) - expected).max() <= 1e-7 * size


def test_scaling_the_reward_scales_value_and_bound(toy_mdp):
    mdp = toy_mdp("FrozenLake-v1")
    plain, scaled = value_iteration(mdp), value_iteration(mdp, reward=1e6 * mdp.reward)

    assert np.allclose(scaled.optimum(), 1e6 * plain.value, rtol=1e-8)
    assert plain.iterations == scaled.iterations


def test_action_values_of_nothing_ahead_are_the_expected_reward(mdp_of):
    mdp = mdp_of([[[(0.25, 0, 4.0, False), (0.75, 0, 8.0, True)], []]], discount=0.9)

    assert action_values(mdp, np.zeros(1)).tolist() == [[7.0, -np.inf]]


def test_a_horizon_that_would_fill_the_memory_is_refused(mdp_of):
    with pytest.raises(InputError, match="too many"):
        backward_induction(mdp_of(grid(3), discount=1.0), 10**9)


def test_values_that_overflow_are_never_called_converged(mdp_of):
    mdp = mdp_of([[[(1.0, 0, 1.7e308, False)]]], discount=0.9)

    with np.errstate(all="ignore"):
        assert not any(method(mdp, max_iterations=50).converged for method in (value_iteration, policy_iteration))
        assert not any(method(mdp).converged for method in SOLVERS[2:])
