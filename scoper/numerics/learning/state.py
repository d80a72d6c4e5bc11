"""What learning changes: one row per seed of every table, and the random words that every seed starts from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoper.domain.tabular import Floats, Ints
from scoper.numerics.learning.kernels import GOLDEN, MIX_1, MIX_2, U1, U11, U27, U30, U31, UNIT
from scoper.numerics.learning.plan import LearningPlan
from scoper.numerics.learning.tables import DrawTables

Words = NDArray[np.uint64]


@dataclass
class LearnerState:
    """L seeds, P pairs, S states, N transitions; changed in place by the engines.

    keys (L, 3): random words for steps, planning and start values. lane (L, 4): state, age of the episode, pair chosen
    ahead (-1 none), pairs known to the model. table (L, P+1): action values or preferences, the last one -inf. visits
    (L, P+1). critic (L, S), moments (L, 3): of policy learners. observed (L, N), known (L, P): Dyna-Q's model. past_*
    (L, longest): REINFORCE's present episode, past_weight (L, longest, width). Tables that a learner does not use are
    empty.
    """

    keys: Words
    lane: Ints
    table: Floats
    visits: Ints
    critic: Floats
    moments: Floats
    observed: Ints
    known: Ints
    past_pair: Ints
    past_state: Ints
    past_reward: Floats
    past_weight: Floats


def fresh_state(plan: LearningPlan, tables: DrawTables, seeds: Sequence[int]) -> LearnerState:
    """Nothing learned yet: start values, and every seed in a start state of its own."""
    n, pairs = len(seeds), tables.n_pairs
    keys = np.array([np.random.SeedSequence(seed).generate_state(3, np.uint64) for seed in seeds], dtype=np.uint64)
    lane = np.zeros((n, 4), dtype=np.int64)
    lane[:, 0] = begin_all(tables, uniforms(keys[:, 2], 0))
    lane[:, 2] = -1
    table = np.full((n, pairs + 1), -np.inf)
    noise = uniforms(keys[:, 2, None], np.arange(1, pairs + 1))
    table[:, :-1] = 0.0 if plan.learns_policy else plan.start_value + plan.tie_break * noise
    critics, models = n if plan.learns_policy else 0, n if plan.planning else 0
    episodes = n if plan.learner == "reinforce" else 0
    moments = np.zeros((n, 3))
    moments[:, 2] = 1.0
    return LearnerState(
        keys=keys,
        lane=lane,
        table=table,
        visits=np.zeros((n, pairs + 1), dtype=np.int64),
        critic=np.full((critics, tables.n_states), plan.start_value),
        moments=moments,
        observed=np.zeros((models, tables.successor.size), dtype=np.int64),
        known=np.zeros((models, pairs), dtype=np.int64),
        past_pair=np.zeros((episodes, plan.longest), dtype=np.int64),
        past_state=np.zeros((episodes, plan.longest), dtype=np.int64),
        past_reward=np.zeros((episodes, plan.longest)),
        past_weight=np.zeros((episodes, plan.longest, tables.width)),
    )


def uniforms(key: Words, index: Ints | int) -> Floats:
    """`kernels.uniform` for arrays: numbers `index` of the streams `key`, broadcast together, in [0, 1)."""
    z = key + (np.atleast_1d(index).astype(np.uint64) + U1) * GOLDEN  # arrays wrap around in silence, scalars do not
    z = (z ^ (z >> U30)) * MIX_1
    z = (z ^ (z >> U27)) * MIX_2
    z = z ^ (z >> U31)
    return np.asarray((z >> U11).astype(np.int64) * UNIT, dtype=np.float64)


def begin_all(tables: DrawTables, uniform: Floats) -> Ints:
    """(L,) start states."""
    index = np.searchsorted(tables.start_cumulative, uniform, side="right")
    return np.asarray(tables.starts[np.minimum(index, tables.starts.size - 1)], dtype=np.int64)
