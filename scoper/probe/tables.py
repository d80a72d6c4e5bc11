"""The transition table that some environments carry, as the probe may use it: checked, with findings on why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from scoper.domain.findings import Finding
from scoper.domain.tabular import TabularMdp
from scoper.errors import InputError
from scoper.modelling.table_check import CHECK_STEPS, ERROR_RATE, check_table, declared_start
from scoper.modelling.table_import import from_p_table

__all__ = ["CHECK_STEPS", "ERROR_RATE", "ImportedTable", "imported_table"]

_RESETS = 500
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
