"""The best reward per timestep, against every stationary policy's own limit and against published optima."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoper.errors import ProbeError
from scoper.numerics.average import average_reward


def _limit(matrix):
    """The Cesaro limit of the powers of a stochastic matrix: powers of its lazy version converge to it."""
    lazy = 0.5 * (np.eye(len(matrix)) + matrix)
    for _ in range(60):
        lazy = lazy @ lazy
        lazy = lazy / lazy.sum(axis=1, keepdims=True)
    return lazy


def _gain_of(table, policy):
    """(S,) reward per timestep of a stationary policy; the end is one more state that pays nothing."""
    size = len(table) + 1
    moves, pays = np.zeros((size, size)), np.zeros(size)
    moves[-1, -1] = 1.0
    for state, action in enumerate(policy):
        for probability, successor, reward, terminated in table[state][action]:
            moves[state, -1 if terminated else successor] += probability
            pays[state] += probability * reward
    return (_limit(moves) @ pays)[:-1]


def _best_gain(table):
    policies = product(*(range(len(actions)) for actions in table))
    return np.max([_gain_of(table, policy) for policy in policies], axis=0)


@st.composite
def _tables(draw):
    n_states, n_actions = draw(st.integers(1, 4)), draw(st.integers(1, 2))
    quarter = st.sampled_from([0.25, 0.5, 0.75, 1.0])

    def moves():
        share = draw(quarter)
        first = (share, draw(st.integers(0, n_states - 1)), draw(st.integers(-4, 4)), draw(st.booleans()) and share < 1)
        rest = (1 - share, draw(st.integers(0, n_states - 1)), draw(st.integers(-4, 4)), False)
        return [first, rest] if share < 1 else [first]

    return [[moves() for _ in range(n_actions)] for _ in range(n_states)]


@settings(max_examples=150, deadline=None)
@given(_tables())
def test_the_gain_is_the_best_over_all_stationary_policies(mdp_of_table, table):
    solution = average_reward(mdp_of_table(table))
    assert solution.converged
    best = _best_gain(table)
    assert np.abs(solution.optimum() - best).max() <= solution.error_bound + 1e-9
    assert np.abs(_gain_of(table, solution.policy) - best).max() <= 1e-7


@pytest.fixture(scope="module")
def mdp_of_table():
    from scoper.domain.tabular import TabularMdp

    def build(table):
        rows = [moves for actions in table for moves in actions]
        flat = [move for moves in rows for move in moves]
        return TabularMdp(
            n_states=len(table),
            n_actions=len(table[0]),
            offsets=np.cumsum([0, *map(len, rows)]),
            successor=np.array([m[1] for m in flat], dtype=np.int64),
            probability=np.array([m[0] for m in flat], dtype=float),
            reward=np.array([m[2] for m in flat], dtype=float),
            terminates=np.array([m[3] for m in flat], dtype=bool),
            initial=np.full(len(table), 1.0 / len(table)),
            available=np.ones((len(table), len(table[0])), dtype=bool),
            discount=0.9,
        )

    return build


def test_a_cycle_pays_its_mean_and_its_bias_solves_the_optimality_equation(mdp_of_table):
    table = [[[(1.0, 1, 3.0, False)]], [[(1.0, 2, 0.0, False)]], [[(1.0, 0, 3.0, False)]]]
    solution = average_reward(mdp_of_table(table))
    assert solution.optimum() == pytest.approx([2.0, 2.0, 2.0], abs=1e-9)
    assert solution.bias == pytest.approx([0.0, -1.0, 1.0], abs=1e-9)  # h(0) = 3 - 2 + h(1), h(1) = 0 - 2 + h(2)


def test_an_episode_that_must_end_earns_nothing_in_the_long_run(mdp_of_table):
    solution = average_reward(mdp_of_table([[[(0.5, 0, 7.0, False), (0.5, 0, 7.0, True)]]]))
    assert solution.optimum() == pytest.approx([0.0])
    assert np.isnan(solution.bias).all()


def test_staying_at_a_loss_is_left_for_the_end_and_kept_where_there_is_none(mdp_of_table):
    stay, leave = [(1.0, 0, -1.0, False)], [(1.0, 0, -50.0, True)]
    assert average_reward(mdp_of_table([[stay, leave]])).optimum() == pytest.approx([0.0])
    assert average_reward(mdp_of_table([[stay]])).optimum() == pytest.approx([-1.0])


def test_too_few_backups_are_not_an_optimum(mdp_of_table):
    slow = [[[(0.999, 0, 0.0, False), (0.001, 1, 0.0, False)], [(1.0, 0, 0.1, False)]], [[(1.0, 1, 1.0, False)]] * 2]
    solution = average_reward(mdp_of_table(slow), tolerance=0.0, max_iterations=1)
    assert not solution.converged
    with pytest.raises(ProbeError, match="did not converge"):
        solution.optimum()


# Howard (1960), chapter 5: a car of age 0..40 quarters is kept, or traded in for one of any age. Per age: price,
# trade-in value, cost of a quarter's operation, probability of surviving the quarter.
HOWARD = [
    (2000, 1600, 50, 1.000), (1840, 1460, 53, 0.999), (1680, 1340, 56, 0.998), (1560, 1230, 59, 0.997),
    (1300, 1050, 62, 0.996), (1220, 980, 65, 0.994), (1150, 910, 68, 0.991), (1080, 840, 71, 0.988),
    (900, 710, 75, 0.985), (840, 650, 78, 0.983), (780, 600, 81, 0.980), (730, 550, 84, 0.975),
    (600, 480, 87, 0.970), (560, 430, 90, 0.965), (520, 390, 93, 0.960), (480, 360, 96, 0.955),
    (440, 330, 100, 0.950), (420, 310, 103, 0.945), (400, 290, 106, 0.940), (380, 270, 109, 0.935),
    (360, 255, 112, 0.930), (345, 240, 115, 0.925), (330, 225, 118, 0.919), (315, 210, 121, 0.910),
    (300, 200, 125, 0.900), (290, 190, 129, 0.890), (280, 180, 133, 0.880), (265, 170, 137, 0.865),
    (250, 160, 141, 0.850), (240, 150, 145, 0.820), (230, 145, 150, 0.790), (220, 140, 155, 0.760),
    (210, 135, 160, 0.730), (200, 130, 167, 0.660), (190, 120, 175, 0.590), (180, 115, 182, 0.510),
    (170, 110, 190, 0.430), (160, 105, 205, 0.300), (150, 95, 220, 0.200), (140, 87, 235, 0.100),
    (130, 80, 250, 0.000),
]  # fmt: skip


def _automobile():
    """State i - 1 is a car of age i quarters, 1 to 40; action 0 keeps it, action 1 + k buys one of age k."""

    def moves(age, reward):
        survives = HOWARD[age][3]
        both = [(survives, min(age + 1, 40) - 1, reward, False), (1.0 - survives, 39, reward, False)]
        return [move for move in both if move[0] > 0]

    return [
        [moves(age, -HOWARD[age][2])] + [moves(k, HOWARD[age][1] - HOWARD[k][0] - HOWARD[k][2]) for k in range(40)]
        for age in range(1, 41)
    ]


def test_howards_automobile_replacement_has_the_published_gain_and_policy(mdp_of_table):
    solution = average_reward(mdp_of_table(_automobile()))
    assert solution.optimum() == pytest.approx(np.full(40, -150.95), abs=0.005)
    kept = {age for age in range(1, 41) if solution.policy[age - 1] == 0}
    assert kept == set(range(3, 26))
    assert {int(solution.policy[age - 1]) - 1 for age in range(1, 41) if age not in kept} == {12}
