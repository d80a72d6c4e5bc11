"""Equal outcomes of a state-action pair become one transition with the expected amounts.

Rows are pairs, columns are draws. Outcomes that rise or fall along a row already stand in order; only the others are
sorted, the number of the draw riding in the low bits of the key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoper.domain.tabular import Floats

Keys = NDArray[np.signedinteger[Any]]


@dataclass(frozen=True)
class Merged:
    """n transitions of R rows: counts (R,) per row; key (n,) ascending within a row, mass (n,), amounts (n,) each."""

    counts: Keys
    key: Keys
    mass: Floats
    amounts: Mapping[str, Floats]


def merge(key: Keys, weight: Floats, amounts: Mapping[str, Floats], *, sparse: bool = False) -> Merged:
    """The distinct keys of every row of `key` (R, D) with their probability and expected amounts.

    weight: (1, D) or (R, D), not negative. amounts: (R, 1) where they are the same for every draw, else (R, D).
    sparse: some outcomes may have no probability; they are left out.
    """
    n_rows, n_draws = key.shape
    if n_draws == 1:
        ones = np.ones(n_rows, dtype=np.int64)
        mass = np.broadcast_to(weight, key.shape).ravel()
        single = Merged(ones, key.ravel(), mass, {name: a.ravel() for name, a in amounts.items()})
        return _possible(single) if sparse else single
    key, weight, amounts = _in_order(key, weight, amounts)
    first = np.empty(key.shape, dtype=np.bool_)
    first[:, 0] = True
    np.not_equal(key[:, 1:], key[:, :-1], out=first[:, 1:])
    counts = np.count_nonzero(first, axis=1)
    flat = np.broadcast_to(weight, key.shape).reshape(-1)
    if int(counts.sum()) == key.size:
        paid = {n: np.broadcast_to(a, key.shape).reshape(-1) for n, a in amounts.items()}
        result = Merged(counts, key.reshape(-1), flat, paid)
    else:
        starts = np.flatnonzero(first)
        mass = np.add.reduceat(flat, starts)
        paid = {n: _expected(a, flat, starts, counts, mass) for n, a in amounts.items()}
        result = Merged(counts, key.reshape(-1)[starts], mass, paid)
    return _possible(result) if sparse else result


def _in_order(key: Keys, weight: Floats, amounts: Mapping[str, Floats]) -> tuple[Keys, Floats, Mapping[str, Floats]]:
    """The same with ascending rows."""
    if (key[:, 1:] >= key[:, :-1]).all():
        return key, weight, amounts
    if (key[:, 1:] <= key[:, :-1]).all():
        return key[:, ::-1], weight[:, ::-1], {n: a[:, ::-1] for n, a in amounts.items()}
    bits = int(key.shape[1] - 1).bit_length()
    kind: type[np.signedinteger[Any]] = np.int32 if int(key.max()) < 1 << (31 - bits) else np.int64
    wide: Any = key.astype(kind)
    wide <<= bits
    wide |= np.arange(key.shape[1], dtype=kind)
    wide.sort(axis=1)
    draw = wide & ((1 << bits) - 1)
    wide >>= bits
    moved = {n: a if a.shape[1] == 1 else np.take_along_axis(a, draw, axis=1) for n, a in amounts.items()}
    weight = weight[0][draw] if weight.shape[0] == 1 else np.take_along_axis(weight, draw, axis=1)
    return wide, weight, moved


def _expected(amount: Floats, weight: Floats, starts: Keys, counts: Keys, mass: Floats) -> Floats:
    if amount.shape[1] == 1:
        return np.repeat(amount[:, 0], counts)
    with np.errstate(invalid="ignore", divide="ignore"):  # outcomes without probability are left out afterwards
        expected: Floats = np.add.reduceat(weight * amount.reshape(-1), starts) / mass
    return expected


def _possible(merged: Merged) -> Merged:
    """Without the outcomes that have no probability."""
    happens = merged.mass > 0.0
    if happens.all():
        return merged
    row = np.repeat(np.arange(merged.counts.size), merged.counts)[happens]
    counts = np.bincount(row, minlength=merged.counts.size)
    paid = {n: a[happens] for n, a in merged.amounts.items()}
    return Merged(counts, merged.key[happens], merged.mass[happens], paid)
