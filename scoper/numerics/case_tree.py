"""Rules from past cases: a shallow decision tree, and the one best column alone (1R).

Trees split by Gini impurity (Breiman et al. 1984): numbers at a threshold between neighbouring values (at most 64 of
them, by quantiles), words as one value against the rest; a missing number goes with the smaller ones. Ties take the
first column. Written for reading the rules, not for the last percent of fit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoper.numerics.case_columns import Codes, Column, Floats

_MOST_CUTS = 64
_LEAST_BUCKET = 6
"""Cases of the most frequent decision that an interval of 1R holds at least (Holte 1993)."""


@dataclass(frozen=True)
class Node:
    """A leaf (column -1) or a test: rows with value <= `cut` (numbers) or == `cut` (words) go to `yes`.

    counts (C,): how many cases of each decision reached the node when the tree was grown.
    """

    counts: Codes
    column: int = -1
    cut: float = 0.0
    yes: Node | None = None
    no: Node | None = None

    @property
    def decision(self) -> int:
        """The most frequent decision of the node, the first of equals."""
        return int(np.argmax(self.counts))


def grow(columns: Sequence[Column], decisions: Codes, n_classes: int, depth: int, least: int = 1) -> Node:
    """The tree of at most this depth, no leaf with fewer than `least` cases."""
    return _grow(columns, decisions, np.arange(decisions.size), n_classes, depth, least)


def _grow(columns: Sequence[Column], y: Codes, rows: Codes, k: int, depth: int, least: int) -> Node:
    counts = np.bincount(y[rows], minlength=k)
    if depth == 0 or counts.max() == rows.size or rows.size < 2 * least:
        return Node(counts)
    best = (-1.0, -1, 0.0)
    for index, column in enumerate(columns):
        gain, cut = best_cut(column, y[rows], rows, k, least)
        if gain > best[0] + 1e-12:
            best = (gain, index, cut)
    gain, index, cut = best
    if index < 0 or gain <= 0.0:
        return Node(counts)
    goes = takes(columns[index], cut)[rows]
    grown = [_grow(columns, y, part, k, depth - 1, least) for part in (rows[goes], rows[~goes])]
    return _pruned(Node(counts, index, cut, *grown))


def _pruned(node: Node) -> Node:
    """A test whose two leaves decide alike is a leaf itself."""
    yes, no = node.yes, node.no
    assert yes is not None
    assert no is not None
    if yes.column < 0 and no.column < 0 and yes.decision == no.decision:
        return Node(node.counts)
    return node


def takes(column: Column, cut: float) -> NDArray[np.bool_]:
    """(N,) whether a row goes to the side `yes` of a test."""
    if column.numeric:
        return ~(column.values > cut)
    return np.asarray(column.values == cut)


def best_cut(column: Column, y: Codes, rows: Codes, k: int, least: int) -> tuple[float, float]:
    """(gain in Gini impurity times cases, cut) of the best test of a column; (-1, 0) where there is none."""
    values = column.values[rows]
    n = rows.size
    if column.numeric:
        values = np.nan_to_num(values, nan=-math.inf)
    levels, inner = np.unique(values, return_inverse=True)
    if levels.size < 2:
        return -1.0, 0.0
    table = np.zeros((levels.size, k))
    np.add.at(table, (inner, y), 1.0)
    whole = table.sum(axis=0)
    if column.numeric:
        side = np.cumsum(table, axis=0)[:-1]
        kept = _kept_cuts(side.sum(axis=1))
        side, cuts = side[kept], _between(levels[:-1][kept], levels[1:][kept])
    else:
        side, cuts = table, levels
    other = whole - side
    n_side, n_other = side.sum(axis=1), other.sum(axis=1)
    purity = _pure(side, n_side) + _pure(other, n_other) - float((whole**2).sum()) / n
    purity = np.where((n_side >= least) & (n_other >= least), purity, -1.0)
    at = int(np.argmax(purity))
    return float(purity[at]), float(cuts[at])


def _pure(table: Floats, n: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.nan_to_num((table**2).sum(axis=1) / n), dtype=np.float64)


def _kept_cuts(below: Floats) -> Codes:
    """At most 64 of the cuts, spread by how many cases lie below."""
    if below.size <= _MOST_CUTS:
        return np.arange(below.size)
    goals = np.linspace(below[0], below[-1], _MOST_CUTS)
    return np.unique(np.searchsorted(below, goals, side="left").clip(0, below.size - 1))


def _between(low: Floats, high: Floats) -> Floats:
    """A short number between every level and the next: the lower one, or a rounder one where there is room."""
    middle = np.where(np.isfinite(low), 0.5 * (low + high), high - 1.0)
    return np.array([_short(a, b, m) for a, b, m in zip(low, high, middle, strict=True)], dtype=np.float64)


def _short(low: float, high: float, middle: float) -> float:
    for digits in range(1, 17):
        value = float(f"{middle:.{digits}g}")
        if low <= value < high:
            return value
    return low


def predict(node: Node, columns: Sequence[Column]) -> Codes:
    """(N,) decisions of the tree."""
    n = columns[0].values.size if columns else 0
    found = np.full(n, node.decision, dtype=np.int64)
    for leaf, rows in leaves_of(node, columns):
        found[rows] = leaf.decision
    return found


def leaves_of(node: Node, columns: Sequence[Column]) -> list[tuple[Node, Codes]]:
    """Every leaf and the rows that reach it, from left to right."""
    n = columns[0].values.size if columns else 0

    def walk(at: Node, rows: Codes) -> Iterator[tuple[Node, Codes]]:
        if at.yes is None or at.no is None:
            yield at, rows
            return
        goes = takes(columns[at.column], at.cut)[rows]
        yield from walk(at.yes, rows[goes])
        yield from walk(at.no, rows[~goes])

    return list(walk(node, np.arange(n)))


def conditions_of(node: Node) -> list[tuple[Node, tuple[tuple[int, float, bool], ...]]]:
    """Every leaf with its conditions (column, cut, side), from left to right as `leaves_of`."""

    def walk(
        at: Node, path: tuple[tuple[int, float, bool], ...]
    ) -> Iterator[tuple[Node, tuple[tuple[int, float, bool], ...]]]:
        if at.yes is None or at.no is None:
            yield at, path
            return
        yield from walk(at.yes, (*path, (at.column, at.cut, True)))
        yield from walk(at.no, (*path, (at.column, at.cut, False)))

    return list(walk(node, ()))


def one_rule(column: Column, y: Codes, k: int, bucket: int = _LEAST_BUCKET) -> OneRule:
    """The rule of one column alone (Holte 1993): each value, or each interval of a number, has its usual decision."""
    whole = int(np.argmax(np.bincount(y, minlength=k)))
    if column.numeric:
        edges = _intervals(np.nan_to_num(column.values, nan=-math.inf), y, k, bucket)
        codes = np.searchsorted(edges, np.nan_to_num(column.values, nan=-math.inf), side="left")
        size = edges.size + 1
    else:
        edges, codes, size = np.empty(0), column.values.astype(np.int64), len(column.words)
    table = np.zeros((size, k), dtype=np.int64)
    np.add.at(table, (codes, y), 1)
    decisions = np.where(table.sum(axis=1) > 0, table.argmax(axis=1), whole)
    return OneRule(edges, decisions)


@dataclass(frozen=True)
class OneRule:
    """edges (m,): upper ends of the intervals of a number, empty for words; decisions: of each value or interval."""

    edges: Floats
    decisions: Codes

    def predict(self, column: Column) -> Codes:
        """(N,) decisions by this column."""
        if column.numeric:
            return self.decisions[np.searchsorted(self.edges, np.nan_to_num(column.values, nan=-math.inf), side="left")]
        return self.decisions[column.values.astype(np.int64)]


def _intervals(values: Floats, y: Codes, k: int, bucket: int) -> Floats:
    """Upper ends of intervals in which some decision has `bucket` cases, neighbours that decide alike being joined."""
    levels, inner = np.unique(values, return_inverse=True)
    table = np.zeros((levels.size, k), dtype=np.int64)
    np.add.at(table, (inner, y), 1)
    ends: list[int] = []
    usual: list[int] = []
    held = np.zeros(k, dtype=np.int64)
    for at in range(levels.size):
        held += table[at]
        last = at == levels.size - 1
        if last or (held.max() >= bucket and table[at + 1].argmax() != held.argmax()):
            ends.append(at)
            usual.append(int(held.argmax()))
            held = np.zeros(k, dtype=np.int64)
    cuts = [
        0.5 * (levels[end] + levels[end + 1]) if math.isfinite(levels[end]) else levels[end + 1] - 1.0
        for end, now, after in zip(ends, usual, usual[1:], strict=False)
        if now != after
    ]
    return np.array(cuts)


def folds(decisions: Codes, n_folds: int, rng: np.random.Generator) -> Codes:
    """(N,) number of the fold of every case, each decision spread evenly over the folds."""
    found = np.empty(decisions.size, dtype=np.int64)
    start = 0
    for code in np.unique(decisions):
        rows = rng.permutation(np.flatnonzero(decisions == code))
        found[rows] = (np.arange(rows.size) + start) % n_folds
        start += rows.size
    return found
