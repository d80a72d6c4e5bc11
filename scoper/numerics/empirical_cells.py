"""Cells for observations told as vectors: the distinct vectors themselves, or a grid with edges taken from the data.

A grid gives every component the same number of parts, fewer to those with few distinct values, and none to those that
say nothing. Edges stand half way between equal shares of the data and equal widths, so that neither crowded nor rare
regions become one cell; where a component changes its sign, one edge stands at zero.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scoper.domain.empirical import Coding
from scoper.domain.tabular import Floats, Ints

_FEW_VALUES = 12
_MOST_PARTS = 64
_LOOKED_AT = 20_000
_MOST_SEARCHED = 4_000


@dataclass(frozen=True)
class Cells:
    """The cells that were visited. rows (S, d): for values the vectors, for bins the parts of every component.

    edges: per component the ascending inner edges of its parts; empty for values. centres (S, d): the mean vector of
    every cell. scale (d,): standard deviation of every component.
    """

    coding: Coding
    rows: Floats
    edges: tuple[tuple[float, ...], ...]
    centres: Floats
    scale: Floats

    @property
    def size(self) -> int:
        """How many cells there are."""
        return len(self.rows)

    @cached_property
    def _numbers(self) -> dict[tuple[float, ...], int]:
        return {tuple(row): number for number, row in enumerate(self.rows.tolist())}

    def number(self, vector: Sequence[float]) -> int:
        """The cell of a vector; of one that was never visited the nearest one."""
        key = tuple(vector) if not self.edges else tuple(map(bisect_right, self.edges, vector))
        known = self._numbers.get(key)
        if known is None:
            known = self._nearest(vector)
            self._numbers[key] = known
        return known

    def knows(self, vector: Sequence[float]) -> bool:
        """Whether the vector's cell was visited."""
        key = tuple(vector) if not self.edges else tuple(map(bisect_right, self.edges, vector))
        number = self._numbers.get(key)
        return number is not None and tuple(self.rows[number].tolist()) == key

    def _nearest(self, vector: Sequence[float]) -> int:
        off = (self.centres[:_MOST_SEARCHED] - np.asarray(vector)) / self.scale
        return int(np.argmin(np.einsum("ij,ij->i", off, off)))


def distinct(vectors: Floats) -> int:
    """How many different rows `vectors` (n, d) has."""
    return len(np.unique(_keys(vectors)))


def values_of(vectors: Floats) -> tuple[Cells, Ints]:
    """A cell per distinct row of `vectors` (n, d), and (n,) the cell of every row."""
    _, first, number = np.unique(_keys(vectors), return_index=True, return_inverse=True)
    rows = vectors[first]
    return Cells("values", rows, (), rows, _scale(vectors)), number.reshape(-1)


def bins_of(vectors: Floats, parts: int, components: Sequence[int]) -> tuple[Cells, Ints]:
    """Cells of a grid over `components` with up to `parts` parts each, and (n,) the cell of every row (n, d)."""
    kept = set(components)
    edges = tuple(_edges(np.sort(vectors[:, j]), parts) if j in kept else () for j in range(vectors.shape[1]))
    part = _parts(vectors, edges)
    _, first, number = np.unique(_keys(part), return_index=True, return_inverse=True)
    number = number.reshape(-1)
    times = np.bincount(number)
    centres = np.column_stack([np.bincount(number, weights=column) / times for column in vectors.T])
    return Cells("bins", part[first], edges, centres, _scale(vectors)), number


def grid_for(vectors: Floats, most_cells: int, components: Sequence[int]) -> int:
    """The finest number of parts per component with which `vectors` (n, d) visit at most `most_cells` cells."""
    few = vectors[:: max(1, len(vectors) // _LOOKED_AT)][:, list(components)]
    ordered = [np.sort(column) for column in few.T]
    parts = 2
    while parts < _MOST_PARTS:
        finer = max(parts + 1, int(parts * 1.3))
        if distinct(_parts(few, [_edges(column, finer) for column in ordered])) > most_cells:
            break
        parts = finer
    return parts


def _parts(vectors: Floats, edges: Sequence[Sequence[float]]) -> Floats:
    """(n, d) the part that every component falls into."""
    columns = [np.searchsorted(np.asarray(e), vectors[:, j], side="right") for j, e in enumerate(edges)]
    return np.column_stack(columns).astype(np.float64)


def varying(vectors: Floats) -> list[int]:
    """The components of `vectors` (n, d) that are not the same everywhere."""
    return [int(j) for j in np.flatnonzero(np.ptp(vectors, axis=0) > 0)]


def telling(vectors: Floats, action: Ints, targets: Sequence[Floats], most: int) -> list[int]:
    """The `most` components of `vectors` (n, d) that say most about one of the `targets` (n,); all where these suffice.

    Told is the share of a target's variance that parts of the component and the `action` (n,) explain beyond the
    action alone.
    """
    able = varying(vectors)
    if len(able) <= most:
        return able
    part = {
        j: np.searchsorted(np.asarray(_edges(np.sort(vectors[:, j]), 8)), vectors[:, j], side="right") for j in able
    }
    told = np.array([max(_explained(target, part[j], action) for target in targets) for j in able])
    return sorted(able[i] for i in np.argsort(-told, kind="stable")[:most])


def _explained(target: Floats, part: Ints, action: Ints) -> float:
    whole = _within(target, action)
    if whole <= 0.0:
        return 0.0
    return 1.0 - _within(target, action * 100 + part) / whole


def _within(target: Floats, group: Ints) -> float:
    """The sum of squares within groups, per degree of freedom."""
    _, number = np.unique(group, return_inverse=True)
    number = number.reshape(-1)
    times = np.bincount(number)
    off = target - (np.bincount(number, weights=target) / times)[number]
    return float(off @ off) / max(target.size - times.size, 1)


def _edges(column: Floats, parts: int) -> tuple[float, ...]:
    """The inner edges of at most `parts` parts of a column (n,) that ascends."""
    new = (column[1:] != column[:-1]) & ~np.isnan(column[:-1])  # all that is no number is one level
    levels = np.append(column[:1], column[1:][new])
    if levels.size <= max(parts, _FEW_VALUES if parts > 1 else 1):
        return tuple((0.5 * (levels[1:] + levels[:-1])).tolist())
    shares = np.linspace(0.0, 1.0, parts + 1)[1:-1]
    low, high = _quantiles(column, np.array([0.001, 0.999]))
    edges = 0.5 * _quantiles(column, shares) + 0.5 * (low + shares * (high - low))
    if levels[0] < 0.0 < levels[-1]:
        edges[int(np.argmin(np.abs(edges)))] = 0.0
    return tuple(np.unique(edges).tolist())


def _quantiles(column: Floats, shares: Floats) -> Floats:
    """The quantiles of a column (n,) that ascends, to the last bit numpy's own, which would sort it each time."""
    at = shares * (column.size - 1)
    below = at.astype(np.int64)
    past = at - below
    low, high = column[below], column[np.minimum(below + 1, column.size - 1)]
    step = high - low
    return np.where(past >= 0.5, high - step * (1.0 - past), low + step * past)


def _scale(vectors: Floats) -> Floats:
    spread = vectors.std(axis=0)
    return np.where(spread > 0.0, spread, 1.0)


def _keys(rows: Floats) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """(n,) 64 bits for every row, equal for equal rows; of others about one pair in 10**19 shares them (splitmix64)."""
    bits = np.ascontiguousarray(rows + 0.0).view(np.uint64)  # minus zero counts as zero
    key = np.zeros(len(bits), dtype=np.uint64)
    for column in bits.T:
        key = (key ^ column) + np.uint64(0x9E3779B97F4A7C15)
        key = (key ^ (key >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        key = (key ^ (key >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        key ^= key >> np.uint64(31)
    return key
