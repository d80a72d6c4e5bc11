"""The transition table that some environments carry, checked against what the environment does."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from scoper.domain.findings import Finding
from scoper.domain.tabular import Floats, TabularMdp
from scoper.errors import InputError
from scoper.modelling.table_import import from_p_table

_CHECK_STEPS = 20_000
_RESETS = 500
_TOO_FAR = 6.0
_LARGEST_PAIRS = 2_000_000


@dataclass(frozen=True)
class ImportedTable:
    """`table` is None when there is none to trust; the findings say why."""

    table: TabularMdp | None
    findings: tuple[Finding, ...] = ()


def imported_table(env: Any, discount: float, horizon: int | None, seeds: Sequence[int]) -> ImportedTable:
    """The table `env.unwrapped.P` as arrays, if there is one and the environment behaves like it."""
    from gymnasium import spaces

    raw = getattr(env.unwrapped, "P", None)
    spaces_fit = isinstance(env.observation_space, spaces.Discrete) and isinstance(env.action_space, spaces.Discrete)
    if raw is None or not spaces_fit or int(env.observation_space.start) or int(env.action_space.start):
        return ImportedTable(None)
    n_states, n_actions = int(env.observation_space.n), int(env.action_space.n)
    if n_states * n_actions > _LARGEST_PAIRS:
        return ImportedTable(None)
    try:
        initial = _initial(env, n_states, seeds)
        table = from_p_table(raw, n_states, n_actions, initial, discount, horizon)
    except (InputError, TypeError, ValueError, KeyError, IndexError) as error:
        return ImportedTable(None, (_distrusted(f"the environment's table P cannot be read: {error}"),))
    disagreement = _disagreement(env, table, seeds[0])
    return ImportedTable(None, (_distrusted(disagreement),)) if disagreement else ImportedTable(table)


def _initial(env: Any, n_states: int, seeds: Sequence[int]) -> Floats:
    declared = getattr(env.unwrapped, "initial_state_distrib", None)
    if declared is not None:
        initial = np.asarray(declared, dtype=np.float64).ravel()
        if initial.shape == (n_states,):
            return np.asarray(initial / initial.sum())
    counts = Counter(int(env.reset(seed=int(seed))[0]) for seed in seeds[:_RESETS])
    initial = np.zeros(n_states)
    for state, count in counts.items():
        initial[state] = count
    return np.asarray(initial / initial.sum())


def _disagreement(env: Any, table: TabularMdp, seed: int) -> str:
    """What the environment did that its table excludes, or how far rewards are off; empty when they agree."""
    laws = _laws(table)
    env.action_space.seed(seed)
    state = int(env.reset(seed=seed)[0])
    if table.initial[state] <= 0.0:
        return f"reset started in state {state}, which the start distribution excludes"
    surprise, variance = 0.0, 0.0
    for _ in range(_CHECK_STEPS):
        action = int(env.action_space.sample())
        observation, reward, terminated, truncated, _ = env.step(action)
        law = laws[state * table.n_actions + action]
        outcome = (int(observation), bool(terminated))
        if outcome not in law.rewards or not _contains(law.rewards[outcome], float(reward)):
            return f"step left state {state} by action {action} in a way that the table P excludes"
        surprise += float(reward) - law.mean
        variance += law.variance
        state = int(env.reset()[0]) if terminated or truncated else int(observation)
    if variance > 0.0 and abs(surprise) > _TOO_FAR * math.sqrt(variance):
        return f"rewards differ from the table P by {abs(surprise) / math.sqrt(variance):.1f} standard errors"
    return ""


@dataclass(frozen=True)
class _Law:
    rewards: Mapping[tuple[int, bool], tuple[float, ...]]
    mean: float
    variance: float


def _laws(table: TabularMdp) -> list[_Law]:
    laws = []
    for pair in range(table.n_states * table.n_actions):
        part = slice(int(table.offsets[pair]), int(table.offsets[pair + 1]))
        chances, rewards = table.probability[part], table.reward[part]
        outcomes: dict[tuple[int, bool], tuple[float, ...]] = {}
        for successor, ends, reward, chance in zip(
            table.successor[part].tolist(),
            table.terminates[part].tolist(),
            rewards.tolist(),
            chances.tolist(),
            strict=True,
        ):
            if chance > 0.0:
                outcomes[successor, ends] = (*outcomes.get((successor, ends), ()), reward)
        mean = float(chances @ rewards)
        laws.append(_Law(outcomes, mean, float(chances @ (rewards - mean) ** 2)))
    return laws


def _contains(known: Sequence[float], reward: float) -> bool:
    return any(abs(value - reward) <= 1e-9 * max(1.0, abs(value)) for value in known)


def _distrusted(claim: str) -> Finding:
    return Finding(
        code="table_not_used",
        severity="caution",
        claim=claim,
        remedy="the optimum is not computed from it; mend P or remove it",
    )
