"""Optima against formulas, published figures and exact rational arithmetic."""

from fractions import Fraction
from functools import partial
from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
RELAXED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def dense_optimum(table, discount, sweeps):
    """Plain value iteration over Python lists, independent of the package."""
    value = [0.0] * len(table)
    for _ in range(sweeps):
        value = [
            max(sum(p * (r + (0.0 if end else discount * value[n])) for p, n, r, end in moves) for moves in actions)
            for actions in table
        ]
    return np.array(value)


@st.composite
def tables(draw, ending=False):
    """Random MDPs whose probabilities are eighths, so that rational arithmetic is exact."""
    n_states, n_actions = draw(st.integers(1, 4)), draw(st.integers(1, 3))

    def moves():
        cuts = sorted(draw(st.lists(st.integers(0, 8), min_size=2, max_size=2)))
        eighths = [cuts[0], cuts[1] - cuts[0], 8 - cuts[1]]
        result = []
        for share in eighths:
            reward = draw(st.integers(-40, 40)) / 4
            result.append((share / 8, draw(st.integers(0, n_states - 1)), reward, draw(st.booleans())))
        if ending and not any(end and p > 0 for p, _, _, end in result):
            result = [(0.5, 0, 1.0, True), (0.5, n_states - 1, -1.0, False)]
        return result

    return [[moves() for _ in range(n_actions)] for _ in range(n_states)]


def rational_optimum(table, discount):
    """The best value of every state over all stationary policies, in exact arithmetic."""
    gamma, best = Fraction(discount), None
    for policy in product(range(len(table[0])), repeat=len(table)):
        value = rational_value(table, policy, gamma)
        best = value if best is None else [max(a, b) for a, b in zip(best, value, strict=True)]
    return best


def rational_value(table, policy, gamma):
    size = len(table)
    rows = []
    for state, action in enumerate(policy):
        row = [Fraction(int(state == column)) for column in range(size)] + [Fraction(0)]
        for p, n, r, end in table[state][action]:
            row[size] += Fraction(p) * Fraction(r)
            if not end:
                row[n] -= gamma * Fraction(p)
        rows.append(row)
    for i in range(size):
        pivot = next(j for j in range(i, size) if rows[j][i] != 0)
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [x / rows[i][i] for x in rows[i]]
        for j in range(size):
            if j != i and rows[j][i] != 0:
                rows[j] = [x - rows[j][i] * y for x, y in zip(rows[j], rows[i], strict=True)]
    return [row[size] for row in rows]


@pytest.mark.parametrize("solve", SOLVERS)
@pytest.mark.parametrize("discount", [0.92, 0.95, 0.99, 0.999])
def test_puterman_example_has_the_value_of_its_formula(mdp_of, solve, discount):
    stay, go, rest = [(0.5, 0, 5, False), (0.5, 1, 5, False)], [(1.0, 1, 10, False)], [(1.0, 1, -1, False)]
    solution = solve(mdp_of([[stay, go], [rest, []]], discount=discount))

    first = (5 - 5.5 * discount) / ((1 - 0.5 * discount) * (1 - discount))  # Puterman 2005, section 6.2.1
    assert np.abs(solution.optimum() - [first, -1 / (1 - discount)]).max() <= solution.error_bound
    assert solution.policy[0] == 0


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


TOYS = [
    ("FrozenLake-v1", {}, 100, 0.74419),
    ("FrozenLake-v1", {"is_slippery": False}, 100, 1.0),
    ("FrozenLake-v1", {"map_name": "8x8"}, 100, 0.64072),
    ("FrozenLake-v1", {"map_name": "8x8"}, 200, 0.91322),
    ("Taxi-v4", {}, 200, 7.930),
    ("Taxi-v4", {"is_rainy": True}, 200, 3.95457),
]


@pytest.mark.parametrize(("env_id", "kwargs", "horizon", "published"), TOYS)
def test_toy_text_optimum_under_the_time_limit(toy_table, mdp_of, env_id, kwargs, horizon, published):
    table, initial = toy_table(env_id, **kwargs)
    mdp = mdp_of(table, discount=1.0, initial=initial)
    solution = backward_induction(mdp, horizon)

    assert np.abs(solution.value[0] - dense_optimum(table, 1.0, horizon)).max() < 1e-9
    assert start_value(mdp, solution.value[0]) == pytest.approx(published, abs=1e-5)


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


@RELAXED
@given(table=tables(), discount=st.sampled_from([0.0, 0.3, 0.9, 0.99, 0.9999]), sweeps=st.integers(1, 40))
def test_error_bound_is_never_smaller_than_the_true_error(mdp_of, table, discount, sweeps):
    mdp = mdp_of(table, discount=discount)
    truth = rational_optimum(table, discount)

    for solution in (value_iteration(mdp, max_iterations=sweeps), *(method(mdp) for method in SOLVERS)):
        error = max(abs(Fraction(float(v)) - t) for v, t in zip(solution.value, truth, strict=True))
        assert error <= Fraction(solution.error_bound)


@RELAXED
@given(table=tables(ending=True))
def test_undiscounted_bound_is_never_smaller_than_the_true_error(mdp_of, table):
    mdp = mdp_of(table, discount=1.0)
    truth = rational_optimum(table, 1)

    for method in WITHOUT_DISCOUNT:
        solution = method(mdp)
        error = max(abs(Fraction(float(v)) - t) for v, t in zip(solution.optimum(), truth, strict=True))
        assert error <= Fraction(solution.error_bound)


@RELAXED
@given(table=tables(), discount=st.sampled_from([0.5, 0.9]))
def test_value_iteration_policy_iteration_and_backward_induction_agree(mdp_of, table, discount):
    mdp = mdp_of(table, discount=discount)
    swept, improved, horizon = value_iteration(mdp), policy_iteration(mdp), 60
    limited = backward_induction(mdp, horizon).value[0]

    assert np.abs(swept.optimum() - improved.optimum()).max() <= swept.error_bound + improved.error_bound
    assert np.abs(limited - improved.value).max() <= discount**horizon * np.abs(improved.value).max() + 1e-9


@RELAXED
@given(table=tables(), discount=st.sampled_from([0.5, 0.95]), seed=st.integers(0, 99))
def test_the_policy_of_a_solution_is_optimal_within_twice_the_bound(mdp_of, table, discount, seed):
    mdp = mdp_of(table, discount=discount)

    for method in SOLVERS:
        solution = method(mdp)
        policy = [int(a) for a in solution.policy]
        earned, truth = rational_value(table, policy, Fraction(discount)), rational_optimum(table, discount)
        assert all(t - e <= 2 * Fraction(solution.error_bound) for e, t in zip(earned, truth, strict=True))


@RELAXED
@given(table=tables(), potential=st.lists(st.integers(-8, 8), min_size=4, max_size=4))
def test_potential_shaping_keeps_the_optimal_policy(mdp_of, table, potential):
    discount = 0.875
    shaped = [
        [
            [(p, n, r + (0 if end else discount * potential[n]) - potential[s], end) for p, n, r, end in moves]
            for moves in actions
        ]
        for s, actions in enumerate(table)
    ]
    plain, other = mdp_of(table, discount=discount), policy_iteration(mdp_of(shaped, discount=discount))

    kept = evaluate(plain, other.policy)
    assert np.abs(kept - policy_iteration(plain).optimum()).max() < 1e-9
    assert np.allclose(other.value + potential[: plain.n_states], kept, atol=1e-9)  # Ng, Harada and Russell 1999


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


def test_large_sparse_chain_is_solved_beyond_the_dense_limit(mdp_of):
    size, p, discount = 4000, 0.5, 0.999
    table = [[[(p, min(s + 1, size - 1), 1.0, False), (1 - p, max(s - 1, 0), 0.0, False)]] for s in range(size)]
    solution = policy_iteration(mdp_of(table, discount=discount))

    assert (
        np.abs(solution.optimum() - p / (1 - discount)).max() <= solution.error_bound + 1e-12
    )  # the same in every state


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


@RELAXED
@given(table=tables())
def test_an_undiscounted_optimum_is_the_best_of_all_stationary_policies_or_is_refused(mdp_of, table):
    mdp = mdp_of(table, discount=1.0)
    policies = [np.array(p) for p in product(range(len(table[0])), repeat=len(table))]
    values = np.array([evaluate(mdp, policy) for policy in policies])

    for method in WITHOUT_DISCOUNT:
        solution = method(mdp)
        if solution.converged:
            assert np.nanmax(values, axis=0) == pytest.approx(solution.value, abs=solution.error_bound + 1e-8)
        elif "without end" in solution.reason and "finite optimum" in solution.reason:
            assert np.isposinf(values).any()
        else:
            assert solution.reason


@RELAXED
@given(table=tables(), costs=st.lists(st.integers(0, 12), min_size=36, max_size=36))
def test_with_costs_only_an_undiscounted_optimum_is_always_found(mdp_of, table, costs):
    price = iter(costs * 2)
    table = [[[(p, n, -next(price) / 4, end) for p, n, _, end in moves] for moves in actions] for actions in table]
    mdp = mdp_of(table, discount=1.0)
    values = np.array([evaluate(mdp, np.array(p)) for p in product(range(len(table[0])), repeat=len(table))])

    for method in WITHOUT_DISCOUNT:
        solution = method(mdp)
        if np.isneginf(values).all():
            assert not solution.converged
        else:
            assert solution.optimum() == pytest.approx(values.max(axis=0), abs=solution.error_bound + 1e-8)


def test_values_that_overflow_are_never_called_converged(mdp_of):
    mdp = mdp_of([[[(1.0, 0, 1.7e308, False)]]], discount=0.9)

    with np.errstate(all="ignore"):
        assert not any(method(mdp, max_iterations=50).converged for method in (value_iteration, policy_iteration))
        assert not any(method(mdp).converged for method in SOLVERS[2:])
