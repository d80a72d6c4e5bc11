"""The compiled methods, each forced on random MDPs and held against the plain ones; and which one is chosen."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoper.numerics import compiled
from scoper.numerics.compact import compact_of
from scoper.numerics.krylov import project
from scoper.numerics.line import best_line
from scoper.numerics.plain import Aim
from scoper.numerics.portfolio import eliminate, rounds, run, settled
from scoper.numerics.solve import policy_iteration, solve
from scoper.numerics.travel import travel
from scoper.numerics.workspace import Workspace

pytestmark = pytest.mark.skipif(not compiled.available(), reason="needs numba")
RELAXED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def tables(draw):
    """MDPs of up to 12 states with dead ends, self-loops, unavailable actions and impossible successors."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n_states, n_actions, fan_out = (int(rng.integers(1, top)) for top in (13, 4, 5))
    ending, near = rng.random() < 0.5, rng.random() < 0.5
    table = []
    for s in range(n_states):
        row = []
        for a in range(n_actions):
            chance = rng.dirichlet(np.ones(fan_out)) * (rng.random(fan_out) < 0.8)
            if not chance.any():
                chance[0] = 1.0
            chance /= chance.sum()
            to = (s + rng.integers(-1, 2, fan_out)) % n_states if near else rng.integers(0, n_states, fan_out)
            moves = [
                (float(p), int(n), float(rng.integers(-9, 10)), bool(ending and rng.random() < 0.2))
                for p, n in zip(chance, to, strict=True)
            ]
            row.append([] if a and rng.random() < 0.2 else moves)
        table.append(row)
    return table


def by_sweeps(space):
    rounds(space, most=1e9)


def by_elimination(space):
    rounds(space, most=1.0, sweeps=1)
    line = best_line(space, most=1e9)
    assert line is not None
    eliminate(space, line)


def by_travel(space):
    rounds(space, most=1.0, sweeps=1)
    travel(space, most=1e9)


def by_sharpening(space):
    rounds(space, most=1e9)
    space.sharpen()


def by_gmres(space):
    rounds(space, most=1.0, sweeps=1)
    project(space, most=1e9)


METHODS = [by_sweeps, by_elimination, by_travel, by_gmres, by_sharpening]


@pytest.mark.parametrize("method", METHODS)
@RELAXED
@given(table=tables(), discount=st.sampled_from([0.0, 0.4, 0.9, 0.99]))
def test_every_compiled_method_finds_the_value_of_dense_policy_iteration(mdp_of, method, table, discount):
    mdp = mdp_of(table, discount=discount)
    plain = policy_iteration(mdp, tolerance=1e-12)
    space = Workspace(compact_of(mdp), discount, Aim(1e-9))
    method(space)

    assert space.error <= space.goal
    assert np.abs(space.out + space.middle - plain.value).max() <= space.error + plain.error_bound


@RELAXED
@given(table=tables(), discount=st.sampled_from([0.9, 0.99]), seed=st.integers(0, 999))
def test_the_certificate_of_a_backup_holds_for_any_value(mdp_of, table, discount, seed):
    mdp = mdp_of(table, discount=discount)
    plain = policy_iteration(mdp, tolerance=1e-12)
    space = Workspace(compact_of(mdp), discount, Aim(1e-9))
    rng = np.random.default_rng(seed)
    for scale in (1.0, 100.0, 1e-3):
        space.follow()
        space.improve(plain.value + scale * rng.normal(size=mdp.n_states))
        assert np.abs(space.out + space.middle - plain.value).max() <= space.error + plain.error_bound
        space.sharpen()
        assert np.abs(space.out + space.middle - plain.value).max() <= space.error + plain.error_bound


@RELAXED
@given(table=tables(), discount=st.sampled_from([0.5, 0.95]))
def test_backups_with_eliminated_actions_are_those_of_the_plain_kernel(mdp_of, table, discount):
    from scoper.numerics.kernel import kernel_of

    mdp = mdp_of(table, discount=discount)
    kernel = kernel_of(mdp)
    space = Workspace(compact_of(mdp), discount, Aim(0.0, 0.0))
    rng = np.random.default_rng(3)
    for step in range(12):
        space.follow()
        value = np.array(space.out + space.middle + rng.normal(size=mdp.n_states) * 0.5**step)
        space.improve(value)
        assert space.out == pytest.approx(kernel.best(kernel.backup(value, discount)), rel=1e-12, abs=1e-9)


def walk(size, slip=0.25):
    """A line of states; both ways slip; the first state is left with a reward."""
    table = []
    for s in range(size):
        moves = []
        for way in (1, -1):
            there, back = (min(size - 1, max(0, s + step * way)) for step in (1, -1))
            moves.append([(1 - slip, there, -1.0, False), (slip, back, -1.0, False)])
        table.append(moves)
    table[0] = [[(1.0, 0, 0.0, True)], []]
    return table


@pytest.mark.slow
def test_a_line_of_states_is_solved_by_elimination_and_the_choice_says_so(mdp_of):
    mdp = mdp_of(walk(4000), discount=0.999)
    solution = solve(mdp, compiled=True)

    plain = solve(mdp, compiled=False)
    assert "elimination" in solution.method
    assert "backups" in solution.choice
    assert np.abs(solution.optimum() - plain.optimum()).max() <= solution.error_bound + plain.error_bound


@pytest.mark.slow
def test_numbering_the_states_at_random_costs_elimination_only_the_search_for_an_order(mdp_of):
    size, shuffled = 4000, np.random.default_rng(1).permutation(4000)
    table = [None] * size
    for s, actions in enumerate(walk(size)):
        table[shuffled[s]] = [[(p, int(shuffled[n]), r, end) for p, n, r, end in moves] for moves in actions]
    mixed = solve(mdp_of(table, discount=0.999), compiled=True)
    plain = solve(mdp_of(walk(size), discount=0.999), compiled=True)

    assert "breadth-first" in mixed.method
    assert np.abs(mixed.optimum()[shuffled] - plain.optimum()).max() <= mixed.error_bound + plain.error_bound


def test_a_state_that_everything_leads_to_is_kept_aside(mdp_of):
    size, fire, discount = 3000, 0.1, 0.99
    table = [
        [[(fire, 0, 0.0, False), (1 - fire, min(s + 1, size - 1), 0.0, False)], [(1.0, 0, float(s == 40), False)]]
        for s in range(size)
    ]
    solution = run(compact_of(mdp_of(table, discount=discount)), discount, Aim(0.0, 1e-9))

    survival, step = 1 - fire, discount * (1 - fire)  # grow to 40, cut there: v0 = f (v0 ...) + step^40 (1 + g v0)
    lost = sum(discount * fire * step**k for k in range(40))
    first = step**40 / (1 - lost - step**40 * discount)
    assert survival == pytest.approx(0.9)
    assert solution.value[0] == pytest.approx(first, abs=1e-9)
    assert solution.error_bound <= 1e-9


def grid(side, slip, rng):
    """A slippery square with walls and pockets nobody leaves; the far corner is kept for ever at no cost."""
    wall = rng.random((side, side)) < 0.25
    wall[0, 0] = wall[-1, -1] = False
    table, ways = [], ((1, 0), (0, 1), (-1, 0), (0, -1))
    for s in range(side * side):
        x, y = divmod(s, side)
        actions = []
        for action in range(4):
            moves = []
            for turn, p in ((0, 1 - 2 * slip), (1, slip), (3, slip)):
                dx, dy = ways[(action + turn) % 4]
                u, v = min(side - 1, max(0, x + dx)), min(side - 1, max(0, y + dy))
                moves.append((p, s if wall[u, v] else u * side + v, -1.0, False))
            actions.append(moves if s < side * side - 1 else [(1.0, s, 0.0, False)])
        table.append(actions)
    return table


@pytest.mark.slow
@pytest.mark.parametrize("slip", [0.05, 1 / 3])
def test_a_maze_with_pockets_is_solved_to_an_absolute_error(mdp_of, slip):
    mdp = mdp_of(grid(45, slip, np.random.default_rng(8)), discount=0.999)
    solution = solve(mdp, compiled=True, absolute=1e-6)
    plain = policy_iteration(mdp)

    assert solution.optimum() is solution.value
    assert solution.error_bound <= 1e-6
    assert np.abs(solution.value - plain.optimum()).max() <= 1e-6 + plain.error_bound


def test_an_error_below_what_floats_can_show_is_not_claimed(mdp_of):
    solution = solve(mdp_of(walk(3000), discount=0.999), compiled=True, absolute=1e-30)

    assert not solution.converged
    assert "wanted 1e-30" in solution.reason


def test_large_values_are_certified_beyond_the_rounding_of_a_backup(mdp_of):
    size, discount = 2000, 0.999
    table = [[[(0.5, max(0, s - 1), 1e3, False), (0.5, s, 1e3, False)], [(1.0, s, 1e3, False)]] for s in range(size)]
    space = Workspace(compact_of(mdp_of(table, discount=discount)), discount, Aim(0.0, 1e-7))
    rough = space.floor
    settled(space, None)

    assert rough > 0.0
    assert run(space.compact, discount, Aim(0.0, 1e-7)).error_bound <= 1e-7
    assert run(space.compact, discount, Aim(0.0, 1e-7)).value == pytest.approx(1e3 / (1 - discount), abs=1e-7)


def test_the_plain_and_the_compiled_way_agree_on_an_instance_of_many_states(mdp_of):
    rng = np.random.default_rng(2)
    table = [
        [[(0.25, int(n), float(rng.random()), False) for n in rng.integers(0, 900, 4)] for _ in range(3)]
        for _ in range(900)
    ]
    mdp = mdp_of(table, discount=0.99)
    fast, plain = solve(mdp, compiled=True), solve(mdp, compiled=False)

    assert np.abs(fast.optimum() - plain.optimum()).max() <= fast.error_bound + plain.error_bound
    assert (fast.policy == plain.policy).all()
