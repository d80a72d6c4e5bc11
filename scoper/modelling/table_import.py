"""Gymnasium's tables `P[state][action] = [(probability, next_state, reward, terminated), ...]` as arrays."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from scoper.domain.tabular import Floats, TabularMdp
from scoper.errors import InputError, Problem

Table = Mapping[int, Mapping[int, Sequence[Sequence[Any]]]] | Sequence[Sequence[Sequence[Sequence[Any]]]]


def from_p_table(
    P: Table,  # Gymnasium's own name for it
    n_states: int,
    n_actions: int,
    initial: Floats,
    discount: float,
    horizon: int | None,
) -> TabularMdp:
    """The arrays of the table; raises InputError when it is not a table of transition probabilities."""
    rows = [_moves(P, state, action) for state in range(n_states) for action in range(n_actions)]
    flat = [move for moves in rows for move in moves]
    columns = list(zip(*flat, strict=True)) if flat else [(), (), (), ()]
    return TabularMdp(
        n_states=n_states,
        n_actions=n_actions,
        offsets=np.cumsum([0, *map(len, rows)], dtype=np.int64),
        successor=np.array(columns[1], dtype=np.int64),
        probability=np.array(columns[0], dtype=np.float64),
        reward=np.array(columns[2], dtype=np.float64),
        terminates=np.array(columns[3], dtype=np.bool_),
        initial=np.asarray(initial, dtype=np.float64),
        available=np.ones((n_states, n_actions), dtype=np.bool_),
        discount=discount,
        horizon=horizon,
        source="the environment's transition table P",
    )


def _moves(table: Table, state: int, action: int) -> list[tuple[float, int, float, bool]]:
    try:
        moves = [(float(p), int(s), float(r), bool(end)) for p, s, r, end in table[state][action]]
    except (LookupError, TypeError, ValueError, OverflowError) as error:
        raise InputError(_problem(state, action, f"cannot be read ({type(error).__name__})")) from error
    if not moves or not all(math.isfinite(p) for p, *_ in moves):
        raise InputError(_problem(state, action, "has no transition with a probability"))
    return moves


def _problem(state: int, action: int, what: str) -> Problem:
    return Problem("tabular-mdp", f"the transition table P of state {state}, action {action} {what}")
