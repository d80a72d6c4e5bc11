"""Steps against arrays: who conforms is not accused, what deviates is, and the bounds are bounds."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

from scoper.domain.tabular import TabularMdp
from scoper.numerics.clues import Clue, clues_of
from scoper.numerics.conformance import check_steps
from scoper.numerics.dependence import dependences
from scoper.numerics.deviation import Score, Steps
from scoper.numerics.laws import reachable_pairs
from scoper.numerics.simulate import simulator_of
from scoper.numerics.tail_bounds import binomial_tail, chi_square_tail, holm, log_mixture_evidence, martingale_tail

S, A, HORIZON = 5, 2, 12


def table(seed=0, *, initial=None):
    """Five states, two actions; every pair leads to three states, which pay their number."""
    rng = np.random.default_rng(seed)
    successor = np.concatenate([np.sort(rng.choice(S, 3, replace=False)) for _ in range(S * A)])
    return TabularMdp(
        n_states=S,
        n_actions=A,
        offsets=np.arange(0, 3 * S * A + 1, 3),
        successor=successor,
        probability=rng.dirichlet(np.full(3, 3.0), S * A).ravel(),
        reward=successor * 1.0,
        terminates=np.zeros(3 * S * A, dtype=np.bool_),
        initial=np.full(S, 1.0 / S) if initial is None else np.asarray(initial),
        available=np.ones((S, A), dtype=np.bool_),
        discount=0.9,
        horizon=HORIZON,
    )


SCORES = (Score("place", np.arange(S) * 1.0), Score("place=2", (np.arange(S) == 2) * 1.0, spread=False))


def walk(mdp, seed, n_episodes=60, step=None):
    """Steps of random actions and everything a clue is made of; `step` may put another law in the table's place."""
    rng, simulator = np.random.default_rng(seed), simulator_of(mdp)
    state = simulator.begin(rng.random(n_episodes))
    columns = {name: np.zeros((n_episodes, HORIZON), dtype=np.int64) for name in ("state", "action", "next")}
    for t in range(HORIZON):
        action = rng.integers(A, size=n_episodes)
        columns["state"][:, t], columns["action"][:, t] = state, action
        taken = simulator.step(state * A + action, rng.random(n_episodes))
        state = simulator.successor[taken]
        if step is not None:
            state = step(rng, t, columns, state)
        columns["next"][:, t] = state
    flat = {name: values.ravel() for name, values in columns.items()}
    timestep = np.tile(np.arange(HORIZON), n_episodes)
    reward = flat["next"] * 1.0
    clues = tuple(
        clues_of(
            np.repeat(np.arange(n_episodes), HORIZON),
            timestep,
            {"place": flat["state"] * 1.0},
            {"move": flat["action"] * 1.0},
            reward,
            {},
        )
    )
    ended = np.zeros(reward.size, dtype=np.int64)
    return Steps(flat["state"] * A + flat["action"], flat["next"], reward, ended, columns["state"][:, 0]), clues


def check(mdp, steps, clues=(), **more):
    return check_steps(mdp, mdp.reward**2, steps, SCORES, clues, **more)


@pytest.mark.slow
def test_a_simulator_that_conforms_is_accused_no_more_often_than_the_level_says():
    level, n_runs, mdp = 0.05, 200, table()
    accused = sum(not check(mdp, *walk(mdp, seed), level=level).conforms for seed in range(n_runs))
    # with 200 runs and a rate of 0.05, more than 22 happen with probability 1e-4 at most
    tail = sum(math.comb(n_runs, k) * level**k * (1 - level) ** (n_runs - k) for k in range(23, n_runs + 1))
    assert tail < 1e-3
    assert accused <= 22


def test_nothing_is_found_even_where_actions_seek_what_was_seen_seldom():
    mdp = table(1)
    simulator = simulator_of(mdp)
    for seed in range(20):
        rng, counts, rows = np.random.default_rng(seed), np.zeros((S, A)), []
        state = int(simulator.begin(rng.random(1))[0])
        for _ in range(600):
            action = int(np.argmin(counts[state]))
            counts[state, action] += 1
            after = int(simulator.successor[simulator.step(np.array([state * A + action]), rng.random(1))[0]])
            rows.append((state * A + action, after))
            state = after
        pair, after = np.array(rows).T
        steps = Steps(pair, after, after * 1.0, np.zeros(600, dtype=np.int64), pair[:1] // A)
        assert check(mdp, steps, level=0.01).conforms


@pytest.mark.parametrize("size", [0.15, 0.3])
def test_another_law_is_found_where_the_sample_can_show_it(size):
    mdp = table()
    other = mdp.probability.reshape(-1, 3).copy()
    moved = np.minimum(size, other[:, 0])
    other[:, 0] -= moved
    other[:, 2] += moved
    found = check(mdp, *walk(replace(mdp, probability=other.ravel()), 5, n_episodes=600))
    assert not found.conforms
    assert found.rejected[0].kind in ("mean", "frequency", "spread")


def test_the_stated_resolution_is_kept_every_distance_beyond_it_is_rejected():
    mdp = table()
    steps, _ = walk(mdp, 0, n_episodes=200)
    share = 1e-3 / 3 / sum(test.kind == "frequency" for test in check(mdp, steps).tests)
    resolution = check(mdp, steps).resolution
    for pair in range(S * A):
        inside = np.flatnonzero(steps.pair == pair)
        law = mdp.probability[3 * pair : 3 * pair + 3]
        for to in range(3):
            successor = steps.successor.copy()
            successor[inside] = mdp.successor[3 * pair + to]  # as far from the law as can be
            found = check(mdp, replace(steps, successor=successor, reward=successor * 1.0))
            if 1.0 - law[to] >= resolution[pair]:
                assert any(t.kind == "frequency" and t.place == pair and t.p <= share * 1.01 for t in found.tests)


def test_an_impossible_step_a_wrong_reward_an_end_and_a_start_are_certain_and_numbered():
    mdp = table(initial=[1.0, 0.0, 0.0, 0.0, 0.0])
    steps, _ = walk(mdp, 3)
    row = 17
    possible = set(mdp.successor[3 * steps.pair[row] : 3 * steps.pair[row] + 3].tolist())
    successor, reward, ended, starts = (
        x.copy() for x in (steps.successor, steps.reward, steps.terminated, steps.starts)
    )
    successor[row] = next(s for s in range(S) if s not in possible)
    successor[18] = -1
    reward[30] += 0.5
    ended[40] = 1
    starts[2] = 4
    found = check(mdp, Steps(steps.pair, successor, reward, ended, starts))
    assert found.impossible.tolist() == [17, 18]
    assert found.bad_rewards.tolist() == [30]
    assert found.bad_ends.tolist() == [40]
    assert found.bad_starts.tolist() == [2]
    assert not found.conforms


def test_start_states_of_other_frequencies_are_found():
    mdp = table(initial=[0.5, 0.5, 0.0, 0.0, 0.0])
    other = replace(mdp, initial=np.array([0.7, 0.3, 0.0, 0.0, 0.0]))
    steps, _ = walk(other, 1, n_episodes=400)
    assert any(test.kind == "start" for test in check(mdp, steps).rejected)


def _delayed(rng, t, columns, state):
    """One place further after the action 1 of the timestep before."""
    before = columns["action"][:, t - 1] if t else np.zeros(state.size, dtype=np.int64)
    return np.where((before == 1) & (rng.random(state.size) < 0.6), 0, state)


def _seasonal(rng, t, columns, state):
    return np.where((t % 3 == 0) & (rng.random(state.size) < 0.5), 0, state)


def _drifting(rng, t, columns, state):
    late = np.arange(state.size) > state.size // 2
    return np.where(late & (rng.random(state.size) < 0.4), 0, state)


@pytest.mark.parametrize(
    ("step", "kind", "lag"), [(_delayed, "previous_action", 1), (_seasonal, "period", 3), (_drifting, "episode", 0)]
)
def test_what_outcomes_depend_on_beside_the_state_is_named(step, kind, lag):
    mdp = _full(table())
    steps, clues = walk(mdp, 2, n_episodes=400, step=step)
    found = check(mdp, steps, clues)
    assert any(t.kind == "clue" for t in found.rejected)
    strongest = dependences(found.residual_names, found.residuals, steps.pair, clues)[0]
    assert (strongest.clue.kind, strongest.clue.lag) == (kind, lag)


def test_a_law_that_is_merely_wrong_depends_on_no_clue():
    mdp = _full(table())
    wrong = replace(mdp, probability=np.roll(mdp.probability.reshape(-1, S), 1, axis=1).ravel())
    steps, clues = walk(wrong, 4, n_episodes=600)
    found = check(mdp, steps, clues)
    assert not found.conforms
    assert dependences(found.residual_names, found.residuals, steps.pair, clues) == ()


def _full(mdp):
    """The same with every state possible after every pair."""
    rng = np.random.default_rng(9)
    return replace(
        mdp,
        offsets=np.arange(0, S * S * A + 1, S),
        successor=np.tile(np.arange(S), S * A),
        probability=rng.dirichlet(np.full(S, 4.0), S * A).ravel(),
        reward=np.tile(np.arange(S) * 1.0, S * A),
        terminates=np.zeros(S * S * A, dtype=np.bool_),
    )


def test_rewards_of_a_known_spread_are_tested_by_their_mean():
    mdp = table()
    steps, _ = walk(mdp, 6, n_episodes=300)
    noise = np.random.default_rng(0).choice([-2.0, 2.0], steps.reward.size)  # variance 4
    for shift, conforms in ((0.0, True), (0.5, False)):
        noisy = replace(steps, reward=steps.reward + noise + shift)
        found = check_steps(mdp, mdp.reward**2 + 4.0, noisy, SCORES)
        assert found.conforms == conforms
        assert not found.bad_rewards.size


def test_a_cap_below_the_spec_is_a_bound_that_is_never_passed():
    mdp = _full(table())
    steps, _ = walk(mdp, 8, n_episodes=100, step=lambda rng, t, columns, state: np.minimum(state, 3))
    extremes = [t for t in check(mdp, steps).rejected if t.kind == "extreme"]
    assert [(t.subject, t.bound) for t in extremes] == [("place|most", 3.0)]


def test_the_binomial_bound_is_above_the_exact_tail():
    for n, chance, count in itertools.product((1, 5, 40), (0.05, 0.5, 0.9), (0, 1, 5, 20, 40)):
        if count > n:
            continue
        law = [math.comb(n, k) * chance**k * (1 - chance) ** (n - k) for k in range(n + 1)]
        exact = sum(law[count:]) if count >= n * chance else sum(law[: count + 1])
        assert float(binomial_tail(np.array([count]), np.array([n]), np.array([chance]))[0]) >= exact - 1e-12


def test_the_martingale_bound_is_above_the_exact_tail_of_coin_tosses():
    n = 30
    for total in range(0, n + 1, 2):
        heads = (n + total) // 2
        exact = 2 * sum(math.comb(n, k) for k in range(heads, n + 1)) / 2**n
        bound = martingale_tail(np.array([total * 1.0]), np.array([n * 1.0]), np.array([1.0]))[0]
        assert bound >= min(1.0, exact) - 1e-12
    assert martingale_tail(np.zeros(1), np.zeros(1), np.zeros(1))[0] == 1.0
    assert martingale_tail(np.ones(1), np.zeros(1), np.zeros(1))[0] == 0.0


def test_the_chi_square_bound_is_above_the_exact_tail_for_two_degrees():
    for value in (0.5, 2.0, 5.0, 20.0, 80.0):
        assert chi_square_tail(value, 2) >= math.exp(-value / 2)  # the tail of two degrees of freedom


def test_the_evidence_of_many_laws_is_that_of_each_and_has_mean_one_under_it():
    chance = np.array([0.2, 0.8])
    n, total = 6, 0.0
    for k in range(n + 1):
        count = np.array([k, n - k, 3, 1])
        both = log_mixture_evidence(count, np.array([*chance, 0.5, 0.5]), np.array([0, 0, 1, 1]), 2)
        alone = log_mixture_evidence(count[:2], chance, np.array([0, 0]), 1)
        assert both[0] == pytest.approx(alone[0])
        total += math.comb(n, k) * 0.2**k * 0.8 ** (n - k) * math.exp(alone[0])
    assert total == pytest.approx(1.0)


def test_holm_is_the_stepwise_correction_and_keeps_the_order():
    assert holm([0.01, 0.04, 0.03, 0.005]).tolist() == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, 0.8]).tolist() == [1.0, 1.0]


def test_a_clue_knows_the_past_of_its_episode_only():
    action = np.array([1.0, 0.0, 1.0, 1.0, 0.0])
    timestep = np.array([0, 1, 2, 0, 1])
    clues = {(c.kind, c.name, c.lag): c.values for c in clues_of(
        np.array([0, 0, 0, 1, 1]), timestep, {}, {"move": action}, action, {}
    )}  # fmt: skip
    nan = np.nan
    assert clues["previous_action", "move", 1] == pytest.approx([nan, 1, 0, nan, 1], nan_ok=True)
    assert clues["previous_action", "move", 2] == pytest.approx([nan, nan, 1, nan, nan], nan_ok=True)
    assert clues["since", "move", 0] == pytest.approx([nan, 1, 2, nan, 1], nan_ok=True)
    assert clues["recent", "move", 0] == pytest.approx([nan, 1, 0.81 / 1.71, nan, 1], nan_ok=True)


def test_groups_of_a_clue_are_its_values_where_they_are_few_and_eighths_where_they_are_many():
    few, n_few = Clue("told", "x", np.array([3.0, 1.0, np.nan, 3.0])).levels()
    assert few.tolist() == [1, 0, 2, 1]
    assert n_few == 3
    assert Clue("told", "x", np.arange(800.0)).levels()[1] == 8


def test_pairs_behind_an_end_or_a_forbidden_action_are_not_reachable():
    chain = TabularMdp(
        n_states=4,
        n_actions=1,
        offsets=np.arange(5),
        successor=np.array([1, 2, 3, 3]),
        probability=np.ones(4),
        reward=np.zeros(4),
        terminates=np.array([False, True, False, False]),
        initial=np.array([1.0, 0, 0, 0]),
        available=np.ones((4, 1), dtype=np.bool_),
        discount=1.0,
    )
    assert reachable_pairs(chain).tolist() == [True, True, False, False]
