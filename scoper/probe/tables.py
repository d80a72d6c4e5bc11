"""The table of an environment, carried or enumerated, as the probe may use it: checked, with findings on why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from scoper.domain.findings import Finding
from scoper.domain.tabular import TabularMdp
from scoper.errors import InputError
from scoper.modelling.env_import import enumerate_env
from scoper.modelling.table_check import CHECK_STEPS, ERROR_RATE, check_table, declared_start
from scoper.modelling.table_import import from_p_table
from scoper.probe.pace import steps_within

__all__ = ["CHECK_STEPS", "ERROR_RATE", "ImportedTable", "enumerated_table", "imported_table"]

_RESETS = 500
_LARGEST_PAIRS = 2_000_000
_MOST_STATES, _MOST_STEPS, _MOST_NUMBERS, _ENUMERATING_S = 2_000, 60_000, 64, 3.0


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
        declared = declared_start(env, n_states)
        anywhere = np.full(n_states, 1.0 / n_states) if declared is None else declared
        table = from_p_table(raw, n_states, n_actions, anywhere, discount, horizon)
    except (InputError, TypeError, ValueError, KeyError, IndexError) as error:
        return ImportedTable(None, (_distrusted(f"the environment's table P cannot be read: {error}"),))
    checked = check_table(env, table, declared, seeds[:_RESETS])
    if checked.disagreement:
        return ImportedTable(None, (_distrusted(checked.disagreement),))
    if declared is not None:
        return ImportedTable(table)
    resets = sum(checked.starts.values())
    table = replace(table, initial=checked.start_shares(n_states), start_resets=resets)
    return ImportedTable(table, (_estimated(resets, len(checked.starts)),))


def enumerated_table(env: Any, discount: float, horizon: int | None, seed: int, pace: float) -> ImportedTable:
    """A table of a small environment without one, where every action in every state always answered the same.

    Tried where observations are whole numbers only; that a state is what is observed is checked on fresh episodes, so
    the table is measured and never proved. Without a word for environments that are not of this kind.
    """
    if not _is_countable(env.observation_space):
        return ImportedTable(None)
    steps = steps_within(_ENUMERATING_S, pace, 0, _MOST_STEPS)
    limits = {"max_states": _MOST_STATES, "max_steps": steps}
    found = enumerate_env(env, discount=discount, horizon=horizon, seed=seed, **limits) if steps else None
    if found is None or float(np.ptp(found.mdp.reward)) == 0.0:  # one reward only: whether it is rare, a search tells
        return ImportedTable(None)
    table = found.mdp
    claim = (
        f"the environment has no table, but every action in each of its {table.n_states:,} states answered the same in "
        f"{table.sampled_steps:,} steps: the optimum is computed from that, and is measured, not proved"
    )
    evidence = {"states": table.n_states, "steps": table.sampled_steps, "resets": table.start_resets}
    return ImportedTable(table, (Finding(code="table_enumerated", severity="info", claim=claim, evidence=evidence),))


def _is_countable(space: Any) -> bool:
    from gymnasium import spaces

    if isinstance(space, spaces.Dict | spaces.Tuple):
        inner = space.spaces.values() if isinstance(space, spaces.Dict) else space.spaces
        return all(_is_countable(part) for part in inner)
    if isinstance(space, spaces.Box):
        return np.issubdtype(space.dtype, np.integer) and int(np.prod(space.shape)) <= _MOST_NUMBERS
    return isinstance(space, spaces.Discrete | spaces.MultiDiscrete | spaces.MultiBinary)


def _estimated(resets: int, n_starts: int) -> Finding:
    return Finding(
        code="start_estimated",
        severity="info",
        claim=f"the environment gives a table but no start distribution: {resets:,} resets began in {n_starts:,} "
        "different states, and start states rarer than that are unknown; so no return is proved",
        evidence={"resets": resets, "start_states": n_starts},
        remedy="set initial_state_distrib, the probability of every state at reset",
    )


def _distrusted(claim: str) -> Finding:
    return Finding(
        code="table_not_used",
        severity="caution",
        claim=claim,
        remedy="the optimum is not computed from it; mend P or remove it",
    )
