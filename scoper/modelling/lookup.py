"""Declared tables as arrays: a number for every combination of keys, nan for a key that the table lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from scoper.domain.mdp import Scalar, Table
from scoper.domain.tabular import Bools, Floats, Ints

_NEAR = 1e-9


@dataclass(frozen=True)
class Lookup:
    """keys: per axis the keys' codes (K,) ascending, and their numbers in the table. values: all numbers, flat."""

    name: str
    keys: tuple[tuple[Floats, Ints], ...]
    values: Floats
    labels: tuple[str, ...]

    @classmethod
    def of(cls, name: str, table: Table, words: Mapping[str, float]) -> Lookup:
        """The table with its words replaced by their codes; requires that every word has one."""
        axes, labels = [], []
        for keys in table.keys:
            codes = np.array([words[key] if isinstance(key, str) else float(key) for key in keys])
            order = np.argsort(codes, kind="stable").astype(np.int64)
            axes.append((codes[order], order))
            labels.append(_labels(keys))
        return cls(name, tuple(axes), np.asarray(table.values, dtype=np.float64), tuple(labels))

    def at(self, keys: Sequence[Any]) -> Floats:
        """The numbers at broadcastable `keys`, one array per axis."""
        place: Any = 0
        lacking: Any = False
        for (codes, order), key in zip(self.keys, keys, strict=True):
            index, missing = _place(codes, np.asarray(key, dtype=np.float64))
            place, lacking = place * codes.size + order[index], lacking | missing
        return np.where(lacking, np.nan, self.values[place])

    def missing(self, keys: Sequence[float]) -> str:
        """Which key the table lacks, in words."""
        for (codes, _), label, key in zip(self.keys, self.labels, keys, strict=True):
            if _place(codes, np.asarray(key))[1]:
                return f"the table {self.name} has no key {key:.12g}, it has {label}"
        return f"the table {self.name} has no finite number there"


def _place(codes: Floats, key: Floats) -> tuple[Ints, Bools]:
    """Where the keys nearest to `key` are, and whether they are none of the table's."""
    right = np.minimum(np.searchsorted(codes, key), codes.size - 1)
    left = np.maximum(right - 1, 0)
    index = np.where(np.abs(codes[left] - key) < np.abs(codes[right] - key), left, right)
    missing = ~(np.abs(codes[index] - key) <= _NEAR * np.maximum(1.0, np.abs(key)))
    return index.astype(np.int64), missing


def _labels(keys: Sequence[Scalar]) -> str:
    if len(keys) > 1 and keys == tuple(range(len(keys))):
        return f"0 to {len(keys) - 1}"
    return ", ".join(map(str, keys[:12])) + (", ..." if len(keys) > 12 else "")
