"""Helpers: MDPs written down as lists, and Gymnasium's own transition tables."""

import gymnasium
import numpy as np
import pytest

from scoper.domain.tabular import TabularMdp


def _mdp(table, *, discount, horizon=None, initial=None):
    """table[state][action] = [(probability, successor, reward, terminated), ...]; an empty list is not available."""
    n_states, n_actions = len(table), len(table[0])
    rows = [moves for actions in table for moves in actions]
    flat = [move for moves in rows for move in moves]
    start = np.eye(n_states)[0] if initial is None else np.asarray(initial, dtype=float)
    return TabularMdp(
        n_states=n_states,
        n_actions=n_actions,
        offsets=np.cumsum([0, *map(len, rows)]),
        successor=np.array([m[1] for m in flat], dtype=np.int64),
        probability=np.array([m[0] for m in flat], dtype=float),
        reward=np.array([m[2] for m in flat], dtype=float),
        terminates=np.array([m[3] for m in flat], dtype=bool),
        initial=start,
        available=np.array([[bool(moves) for moves in actions] for actions in table]),
        discount=discount,
        horizon=horizon,
    )


@pytest.fixture
def mdp_of():
    return _mdp


@pytest.fixture
def toy_table():
    """Gymnasium's table as nested lists, and its start distribution."""

    def load(env_id, **kwargs):
        env = gymnasium.make(env_id, **kwargs).unwrapped
        table = [[list(env.P[s][a]) for a in range(len(env.P[s]))] for s in range(len(env.P))]
        return table, np.asarray(env.initial_state_distrib, dtype=float)

    return load


@pytest.fixture
def toy_mdp(toy_table):
    def load(env_id, *, discount=0.99, **kwargs):
        table, initial = toy_table(env_id, **kwargs)
        return _mdp(table, discount=discount, initial=initial)

    return load


def _random(rng, *, states=6, actions=3, fan_out=2, discount=0.9, ending=0.3, available=0.9):
    """An MDP of at most these sizes, its laws drawn; some transitions end the episode, some actions are missing."""
    n_states, n_actions = int(rng.integers(2, states + 1)), int(rng.integers(1, actions + 1))
    table = []
    for _ in range(n_states):
        moves = []
        for _ in range(n_actions):
            targets = rng.choice(n_states, size=int(rng.integers(1, min(fan_out, n_states) + 1)), replace=False)
            law = rng.dirichlet(np.ones(targets.size))
            ends = rng.random(targets.size) < ending
            moves.append([(p, int(s), rng.normal(), bool(e)) for p, s, e in zip(law, targets, ends, strict=True)])
        table.append([m if a == 0 or rng.random() < available else [] for a, m in enumerate(moves)])
    return _mdp(table, discount=discount)


@pytest.fixture(scope="session")
def random_mdp():
    return _random
