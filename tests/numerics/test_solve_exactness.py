"""Optima and their error bounds against exact rational arithmetic over all stationary policies."""

from fractions import Fraction
from functools import partial
from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoper.numerics import compiled
from scoper.numerics.evaluate import evaluate
from scoper.numerics.solve import backward_induction, policy_iteration, solve, value_iteration

COMPILED = [partial(solve, compiled=True)] if compiled.available() else []
WITHOUT_DISCOUNT = [value_iteration, policy_iteration, partial(solve, compiled=False)]  # nothing compiled for those
SOLVERS = [*WITHOUT_DISCOUNT, *COMPILED]
RELAXED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


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


def bounded(mdp_of, table, discount, sweeps):
    """The check of the two tests below; takes a tenth of a second and more on a busy machine."""
    mdp = mdp_of(table, discount=discount)
    truth = rational_optimum(table, discount)

    for solution in (value_iteration(mdp, max_iterations=sweeps), *(method(mdp) for method in SOLVERS)):
        error = max(abs(Fraction(float(v)) - t) for v, t in zip(solution.value, truth, strict=True))
        assert error <= Fraction(solution.error_bound)


@pytest.mark.slow
@settings(RELAXED, max_examples=12)
@given(table=tables(), discount=st.sampled_from([0.0, 0.3, 0.9, 0.99, 0.9999]), sweeps=st.integers(1, 40))
def test_error_bound_is_never_smaller_than_the_true_error(mdp_of, table, discount, sweeps):
    bounded(mdp_of, table, discount, sweeps)


@pytest.mark.slow
@settings(RELAXED, max_examples=300)
@given(table=tables(), discount=st.sampled_from([0.0, 0.3, 0.9, 0.99, 0.9999]), sweeps=st.integers(1, 40))
def test_error_bound_is_never_smaller_than_the_true_error_in_many_examples(mdp_of, table, discount, sweeps):
    bounded(mdp_of, table, discount, sweeps)


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


@pytest.mark.skipif(not compiled.available(), reason="needs numba")
@settings(RELAXED, max_examples=40)
@given(table=tables(), costs=st.lists(st.integers(-2, 12), min_size=36, max_size=36))
def test_compiled_sweeps_without_discount_are_certified_within_the_true_error(mdp_of, table, costs):
    price = iter(costs * 2)
    table = [[[(p, n, -next(price) / 4, end) for p, n, _, end in moves] for moves in actions] for actions in table]
    mdp = mdp_of(table, discount=1.0)
    plain = solve(mdp, compiled=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "WORTHWHILE", 0)
        patch.setattr("scoper.numerics.solve.DENSE_STATES", 0)
        swept = solve(mdp)

    assert swept.converged == plain.converged
    if plain.converged:
        assert plain.value == pytest.approx(swept.value, abs=plain.error_bound + swept.error_bound)
