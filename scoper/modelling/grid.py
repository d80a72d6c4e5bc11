"""The states and actions of a declarative spec as numbered points of a grid, the last variable running fastest.

An interval of real numbers is stood for by evenly spaced points, where its spec names how many.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoper.domain.mdp import Scalar, Variable
from scoper.domain.tabular import Bools, Floats, Ints
from scoper.modelling.interpolation import beyond, corners

Places = NDArray[np.signedinteger[Any]]
MOST_LABELS = 20_000
MOST_PLACES = 100_000


def word_codes(variables: Mapping[str, Variable]) -> dict[str, float]:
    """A code for every word of the variables, the same word always the same code."""
    words = dict.fromkeys(w for v in variables.values() for w in v.values if isinstance(w, str))
    return {word: float(code) for code, word in enumerate(words)}


def size_of(variable: Variable) -> int:
    """How many values a variable has on the grid; 0 for an interval that names no points."""
    if variable.kind == "integer" and variable.low is not None and variable.high is not None:
        return int(variable.high) - int(variable.low) + 1
    return (variable.points or 0) if variable.kind == "continuous" else len(variable.values)


@dataclass(frozen=True)
class Axis:
    """One variable on the grid: values (K,) as numbers, words as their codes, and what people call them."""

    name: str
    kind: str
    values: Floats
    labels: tuple[str, ...]

    def index(self, value: Floats) -> tuple[Places, Bools | None, Bools | None]:
        """The number of every value, the nearest end for one beyond a range.

        Beside it where there is no number, and where the value was beyond the ends; None for nowhere.
        """
        if self.kind != "integer":
            return self._listed(value)
        first, last = self.values[0], self.values[-1]
        nearest = np.rint(value)
        exact = bool((nearest == value).all())
        low, high = (float(nearest.min()), float(nearest.max())) if exact and value.size else (first, last)
        if exact and first <= low and high <= last:
            return (nearest - first).astype(np.int32), None, None
        with np.errstate(invalid="ignore"):
            broken = ~(np.abs(value - nearest) <= 1e-9 * np.maximum(1.0, np.abs(value))) | ~np.isfinite(value)
        held = np.clip(np.where(np.isfinite(nearest), nearest, first), first, last)
        beyond = (value > last + 0.5) | (value < first - 0.5)
        return (held - first).astype(np.int64), broken, beyond

    def _listed(self, value: Floats) -> tuple[Places, Bools | None, Bools | None]:
        if self._places is not None:
            first = self._sorted[0]
            with np.errstate(invalid="ignore"):
                inside = (value >= first) & (value <= self._sorted[-1]) & (np.rint(value) == value)
            found = self._places[np.where(inside, value - first, 0.0).astype(np.int64)]
            missing = ~inside | (found < 0)
            found = np.maximum(found, 0)
        else:
            near = np.minimum(np.searchsorted(self._sorted, value), self._sorted.size - 1)
            found = self._order[near]
            missing = self.values[found] != value
        return found, missing if missing.any() else None, None

    @cached_property
    def _order(self) -> Ints:
        return np.argsort(self.values, kind="stable")

    @cached_property
    def _sorted(self) -> Floats:
        return self.values[self._order]

    @cached_property
    def _places(self) -> Ints | None:
        """The number of every whole value from the least to the greatest, -1 for none; None where they lie too far."""
        low, high = self._sorted[0], self._sorted[-1]
        if high - low > MOST_PLACES or (np.rint(self.values) != self.values).any():
            return None
        places = np.full(int(high - low) + 1, -1, dtype=np.int64)
        places[(self.values - low).astype(np.int64)] = np.arange(self.values.size)
        return places

    def chosen(self, value: Floats) -> tuple[Ints, Bools]:
        """The number of every value, in an interval that of the nearest point; and where there is none."""
        if self.kind == "continuous":
            wrong = ~np.isfinite(value) | beyond(self.values, value)
            below, above = corners(self.values, np.where(wrong, self.values[0], value))
            return below + (above > 0.5), wrong
        index, nowhere, outside = self.index(value)
        none = np.zeros(value.shape, dtype=np.bool_)
        wrong = (none if nowhere is None else nowhere) | (none if outside is None else outside)
        return index.astype(np.int64), wrong

    def index_of(self, value: Scalar) -> int:
        """The number of one value as it is written in a spec; the nearest point of an interval."""
        if isinstance(value, str):
            return self.labels.index(value)
        if self.kind == "continuous":
            return int(np.argmin(np.abs(self.values - float(value))))
        return int(np.flatnonzero(self.values == float(value))[0])


@dataclass(frozen=True)
class Grid:
    """The product of some axes."""

    axes: tuple[Axis, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """How many values every axis has."""
        return tuple(axis.values.size for axis in self.axes)

    @property
    def size(self) -> int:
        """The number of points."""
        return prod(self.shape)

    def columns(self, first: int = 0, after: int | None = None) -> dict[str, Floats]:
        """Name to values (n,) of the points numbered first to after - 1."""
        places = np.unravel_index(np.arange(first, self.size if after is None else after), self.shape)
        return {axis.name: axis.values[place] for axis, place in zip(self.axes, places, strict=True)}

    def label(self, number: int) -> str:
        """A point in words: "stock=3, on_order=0"."""
        places = np.unravel_index(number, self.shape)
        return ", ".join(f"{axis.name}={axis.labels[int(p)]}" for axis, p in zip(self.axes, places, strict=True))

    def all_labels(self) -> tuple[str, ...]:
        """The labels of all points, or nothing when they are too many to be read by anybody."""
        if self.size > MOST_LABELS:
            return ()
        return tuple(map(", ".join, product(*([f"{axis.name}={w}" for w in axis.labels] for axis in self.axes))))


def grid_of(variables: Mapping[str, Variable], codes: Mapping[str, float]) -> Grid:
    """The grid of variables; an interval that names no points has none."""
    return Grid(tuple(_axis(name, variable, codes) for name, variable in variables.items()))


def _axis(name: str, variable: Variable, codes: Mapping[str, float]) -> Axis:
    if variable.kind == "integer" and variable.low is not None and variable.high is not None:
        values = np.arange(int(variable.low), int(variable.high) + 1, dtype=np.float64)
        return Axis(name, "integer", values, tuple(str(int(v)) for v in values))
    if variable.kind == "continuous" and variable.low is not None and variable.high is not None:
        values = np.linspace(variable.low, variable.high, variable.points or 0)
        return Axis(name, "continuous", values, tuple(f"{v:.6g}" for v in values))
    numbers = [codes[v] if isinstance(v, str) else float(v) for v in variable.values]
    return Axis(name, "categorical", np.array(numbers), tuple(str(v) for v in variable.values))
