"""The effective horizon against the values published for three MDPs of BRIDGE, and against its definition.

tests/data/bridge.npz holds the transitions and rewards of those MDPs: "BRIDGE dataset", Cassidy Laidlaw, Stuart Russell
and Anca Dragan (2023), github.com/cassidylaidlaw/effective-horizon, CC-BY-4.0; screens left out. The expected numbers
are those of the `consolidated_analyzed.json` beside them.
"""

from pathlib import Path

import numpy as np
import pytest

from scoper.domain.tabular import TabularMdp
from scoper.errors import InputError
from scoper.numerics.effective_horizon import effective_horizon
from scoper.numerics.reach import random_visits

BRIDGE = Path(__file__).parents[1] / "data" / "bridge.npz"
HORIZONS = {"freeway": 10, "maze": 30, "key_corridor": 100}
PUBLISHED = {
    "freeway": (1, 6, 8.0, (5307, 2244, 1020, 505, 262, 69, 57, 1)),
    "maze": (1, 1, 5.0, (73385, 11002, 4617, 1856, 1)),
    "key_corridor": (
        1,
        15,
        16.0,
        (
            *(6667295335345, 1392035355359, 278809136916, 54268730212, 10344878490, 3881656204, 719169930, 131899527),
            *(23989567, 4332647, 1555678, 277857, 49406, 17501, 3089, 1),
        ),
    ),
}
RAREST = {
    "freeway": (0.0001524157902758725, 5.080526342529083e-5),
    "maze": (0.00045724737082761767, 5.080526342529085e-5),
    "key_corridor": (2.908812110235909e-5, 4.8480201837265155e-6),
}


@pytest.fixture(scope="module")
def bridge():
    def load(name):
        with np.load(BRIDGE) as file:
            moves, paid = file[f"{name}_transitions"].astype(np.int64), file[f"{name}_rewards"].astype(float)
        pairs = moves.size
        return TabularMdp(
            n_states=moves.shape[0],
            n_actions=moves.shape[1],
            offsets=np.arange(pairs + 1),
            successor=np.maximum(moves, 0).ravel(),
            probability=np.ones(pairs),
            reward=paid.ravel(),
            terminates=(moves < 0).ravel(),
            initial=np.eye(moves.shape[0])[0],
            available=np.ones(moves.shape, dtype=bool),
            discount=1.0,
        )

    return load


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_values_of_bridge_are_found(bridge, name):
    found = effective_horizon(bridge(name), HORIZONS[name])

    assert (found.min_k, found.window, found.horizon, found.rollouts) == PUBLISHED[name]
    assert found.deterministic


@pytest.mark.parametrize("name", RAREST)
def test_the_rarest_visits_of_random_play_are_the_published_ones(bridge, name):
    visits = random_visits(bridge(name), HORIZONS[name])
    of_states = visits.total.sum(axis=1)

    assert of_states[of_states > 0].min() == pytest.approx(RAREST[name][0], rel=1e-9)
    assert visits.total[visits.total > 0].min() == pytest.approx(RAREST[name][1], rel=1e-9)


def lock(mdp_of, digits):
    """`digits` right choices of two in a row are paid; a wrong one ends the episode."""
    rows = [[[(1.0, min(s + 1, digits - 1), float(s == digits - 1), s == digits - 1)], [(1.0, s, 0.0, True)]]
            for s in range(digits)]  # fmt: skip
    return mdp_of(rows, discount=1.0, horizon=digits)


def test_a_lock_is_found_by_following_random_play_but_takes_two_to_the_digits(mdp_of):
    found = effective_horizon(lock(mdp_of, 6), 6)

    assert (found.min_k, found.window) == (1, 6)
    assert found.horizon == pytest.approx(6.0)
    assert found.log10_timesteps == pytest.approx(np.log10(36 * 2.0**6))


def test_the_first_bound_of_a_lock_follows_the_formula(mdp_of):
    """One step: gap 1/2^5, mean 1/2^5, worst 0, best 1, so variance/gap^2 = 2^5 at the start."""
    found = effective_horizon(lock(mdp_of, 6), 6)

    assert found.rollouts[0] == np.ceil(16 * 2.0**5 * np.log(2 * 6 * 2))


def test_a_bait_that_misleads_random_play_needs_a_look_ahead(mdp_of):
    """Left pays 1 at once; right leads to a choice of 3 or -3: random play values that at 0."""
    end = [[(1.0, 0, 0.0, True)], [(1.0, 0, 0.0, True)]]
    table = [[[(1.0, 0, 1.0, True)], [(1.0, 1, 0.0, False)]], [[(1.0, 0, 3.0, True)], [(1.0, 0, -3.0, True)]], end]

    found = effective_horizon(mdp_of(table, discount=1.0), 2)

    assert (found.min_k, found.window) == (2, 2)
    assert found.ks == ()
    assert found.horizon == 2.0


def test_where_nothing_is_better_than_anything_one_rollout_does(mdp_of):
    found = effective_horizon(mdp_of([[[(1.0, 0, 1.0, False)], [(1.0, 0, 1.0, False)]]], discount=1.0), 4)

    assert (found.min_k, found.window, found.rollouts) == (1, 1, (1.0,))
    assert found.horizon == 1.0


def test_random_transitions_are_said_to_be_beyond_the_proof(mdp_of):
    table = [[[(0.5, 0, 0.0, False), (0.5, 0, 1.0, True)], [(1.0, 0, 0.0, False)]]]

    assert not effective_horizon(mdp_of(table, discount=1.0), 3).deterministic


def test_min_k_is_one_more_than_the_backups_that_random_play_needs(random_mdp):
    """Against the definition, by following every greedy action of Q_k with explicit loops."""
    for seed in range(30):
        mdp = random_mdp(np.random.default_rng(seed), discount=1.0, fan_out=1)
        assert effective_horizon(mdp, 4).min_k == slow_min_k(mdp, 4)


def slow_min_k(mdp, horizon):
    def step(state, action):
        first = int(mdp.offsets[state * mdp.n_actions + action])
        return int(mdp.successor[first]), float(mdp.reward[first]), bool(mdp.terminates[first])

    def play(state, t, choose):
        if t == horizon:
            return 0.0
        q = [value(state, a, t, choose) for a in np.flatnonzero(mdp.available[state])]
        return choose(q)

    def value(state, action, t, choose):
        after, paid, ended = step(state, action)
        return paid + (0.0 if ended else play(after, t + 1, choose))

    def looked(state, action, t, k):
        if k == 1:
            return value(state, action, t, lambda q: sum(q) / len(q))
        after, paid, ended = step(state, action)
        if ended or t + 1 == horizon:
            return paid
        return paid + max(looked(after, a, t + 1, k - 1) for a in np.flatnonzero(mdp.available[after]))

    def fine(state, t, k):
        if t == horizon:
            return True
        actions = np.flatnonzero(mdp.available[state])
        q = {a: looked(state, a, t, k) for a in actions}
        best = max(value(state, a, t, max) for a in actions)
        greedy = [a for a in actions if q[a] >= max(q.values()) - 1e-9]
        right = all(value(state, a, t, max) >= best - 1e-6 for a in greedy)
        return right and all(step(state, a)[2] or fine(step(state, a)[0], t + 1, k) for a in greedy)

    return next(k for k in range(1, horizon + 1) if fine(int(np.argmax(mdp.initial)), 0, k))


def test_too_many_cells_are_refused_with_their_number(mdp_of):
    with pytest.raises(InputError, match="too many for the effective horizon"):
        effective_horizon(mdp_of([[[(1.0, 0, 0.0, False)]]], discount=1.0), 30_000_000)
