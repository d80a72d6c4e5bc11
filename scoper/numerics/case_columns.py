"""Past cases as arrays: columns of numbers or of codes for words, and decisions as codes.

A column is numeric when every cell that is not missing says a number; a missing number is NaN, a missing word a word
like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoper.domain.records import MISSING, Records

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Column:
    """`values` (N,): numbers with NaN for missing ones, or codes into `words`, which is empty for numbers."""

    name: str
    values: Floats
    words: tuple[str, ...] = ()

    @property
    def numeric(self) -> bool:
        """Whether the column holds numbers."""
        return not self.words

    def picked(self, rows: Codes) -> Column:
        """The column with these rows only."""
        return Column(self.name, self.values[rows], self.words)


def column_of(records: Records, name: str) -> Column:
    """The column of this name."""
    cells = records.column(name)
    if records.is_numeric(name):
        found = [None if cell.lower() in MISSING else records.number_of(cell) for cell in cells]
        return Column(name, np.array([np.nan if value is None else value for value in found], dtype=np.float64))
    codes, words = coded(cells)
    return Column(name, codes.astype(np.float64), words)


def coded(cells: Sequence[str]) -> tuple[Codes, tuple[str, ...]]:
    """(N,) codes of words and the words, sorted."""
    words = tuple(sorted(set(cells)))
    place = {word: code for code, word in enumerate(words)}
    return np.array([place[cell] for cell in cells], dtype=np.int64), words


def groups_of(columns: Sequence[Column], n: int) -> Codes:
    """(N,) numbers of groups of rows that are alike in every column, missing cells alike too."""
    codes = np.zeros(n, dtype=np.int64)
    for column in columns:
        _, inner = np.unique(np.nan_to_num(column.values, nan=-1.7e308), return_inverse=True)
        _, codes = np.unique(codes * (int(inner.max(initial=0)) + 1) + inner, return_inverse=True)
    return codes.astype(np.int64)


def is_identifier(records: Records, name: str) -> bool:
    """Whether a column names its row: no two cells alike, in 20 rows at least, and no number with a fraction."""
    cells = records.column(name)
    if len(cells) < 20 or len(set(cells)) < len(cells):
        return False
    numbers = [records.number_of(cell) for cell in cells]
    if any(value is None for value in numbers):
        return True
    steps = np.diff(np.array(numbers, dtype=np.float64))
    return bool(np.all(steps == steps[0]) and abs(steps[0]) == 1.0)
