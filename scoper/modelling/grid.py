"""The states and actions of a declarative spec as numbered points of a grid, the last variable running fastest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

import numpy as np

from scoper.domain.mdp import Scalar, Variable
from scoper.domain.tabular import Bools, Floats, Ints

MOST_LABELS = 20_000


def word_codes(variables: Mapping[str, Variable]) -> dict[str, float]:
    """A code for every word of the variables, the same word always the same code."""
    words = dict.fromkeys(w for v in variables.values() for w in v.values if isinstance(w, str))
    return {word: float(code) for code, word in enumerate(words)}


def size_of(variable: Variable) -> int:
    """How many values a finite variable has."""
    if variable.kind == "integer" and variable.low is not None and variable.high is not None:
        return int(variable.high) - int(variable.low) + 1
    return len(variable.values)


@dataclass(frozen=True)
class Axis:
    """One finite variable: values (K,) as numbers, words as their codes, and what people call them."""

    name: str
    kind: str
    values: Floats
    labels: tuple[str, ...]

    def index(self, value: Floats) -> tuple[Ints, Bools]:
        """The number of every value, the nearest end for one beyond a range, and where there is no number."""
        if self.kind == "integer":
            nearest = np.rint(value)
            whole = np.abs(value - nearest) <= 1e-9 * np.maximum(1.0, np.abs(value))
            held = np.clip(np.where(np.isfinite(nearest), nearest, self.values[0]), self.values[0], self.values[-1])
            return (held - self.values[0]).astype(np.int64), ~whole
        order = np.argsort(self.values, kind="stable")
        place = np.minimum(np.searchsorted(self.values[order], value), order.size - 1)
        found = order[place]
        return found.astype(np.int64), self.values[found] != value

    def outside(self, value: Floats) -> Bools:
        """Where a value is beyond the ends of an integer range."""
        if self.kind != "integer":
            return np.zeros(value.shape, dtype=np.bool_)
        return np.asarray((value > self.values[-1] + 0.5) | (value < self.values[0] - 0.5))

    def index_of(self, value: Scalar) -> int:
        """The number of one value as it is written in a spec."""
        if isinstance(value, str):
            return self.labels.index(value)
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
        return tuple(map(self.label, range(self.size))) if self.size <= MOST_LABELS else ()


def grid_of(variables: Mapping[str, Variable], codes: Mapping[str, float]) -> Grid:
    """The grid of finite variables."""
    return Grid(tuple(_axis(name, variable, codes) for name, variable in variables.items()))


def _axis(name: str, variable: Variable, codes: Mapping[str, float]) -> Axis:
    if variable.kind == "integer" and variable.low is not None and variable.high is not None:
        values = np.arange(int(variable.low), int(variable.high) + 1, dtype=np.float64)
        return Axis(name, "integer", values, tuple(str(int(v)) for v in values))
    numbers = [codes[v] if isinstance(v, str) else float(v) for v in variable.values]
    return Axis(name, "categorical", np.array(numbers), tuple(str(v) for v in variable.values))
