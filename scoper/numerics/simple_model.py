"""A small classifier for baselines and learning curves: naive Bayes on words and on numbers cut into equal parts.

Chosen because it needs no package, no tuning and few cases; what it reaches is a floor for better models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoper.numerics.case_columns import Codes, Column, Floats

_PARTS = 8


@dataclass(frozen=True)
class NaiveBayes:
    """prior (C,) and per column a table (parts, C) of log chances; edges of numbers, None for words."""

    prior: Floats
    tables: tuple[Floats, ...]
    edges: tuple[Floats | None, ...]

    def log_chances(self, columns: Sequence[Column]) -> Floats:
        """(N, C) logarithms up to a constant per case."""
        n = columns[0].values.size
        found = np.tile(self.prior, (n, 1))
        for column, table, edges in zip(columns, self.tables, self.edges, strict=True):
            found += table[_parts(column, edges, table.shape[0])]
        return found

    def predict(self, columns: Sequence[Column]) -> Codes:
        """(N,) the most probable decision of each case."""
        return np.asarray(self.log_chances(columns).argmax(axis=1), dtype=np.int64)


def fit(columns: Sequence[Column], decisions: Codes, n_classes: int) -> NaiveBayes:
    """Counts plus one in every cell (Laplace); numbers in eight parts of equal counts, missing ones in their own."""
    prior = np.log(np.bincount(decisions, minlength=n_classes) + 1.0)
    tables, edges = [], []
    for column in columns:
        cut = _edges(column.values) if column.numeric else None
        size = len(column.words) + 1 if cut is None else cut.size + 2
        table = np.ones((size, n_classes))
        np.add.at(table, (_parts(column, cut, size), decisions), 1.0)
        tables.append(np.log(table / table.sum(axis=0)))
        edges.append(cut)
    return NaiveBayes(prior, tuple(tables), tuple(edges))


def _edges(values: Floats) -> Floats:
    known = values[np.isfinite(values)]
    if known.size == 0:
        return np.empty(0)
    return np.unique(np.quantile(known, np.linspace(0.0, 1.0, _PARTS + 1)[1:-1]))


def _parts(column: Column, edges: Floats | None, size: int) -> Codes:
    if edges is None:
        return np.minimum(column.values.astype(np.int64), size - 1)
    known = np.isfinite(column.values)
    places = np.searchsorted(edges, np.where(known, column.values, 0.0), side="left")
    return np.where(known, places, size - 1).astype(np.int64)
