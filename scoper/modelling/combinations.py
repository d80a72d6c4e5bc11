"""All combinations of state, action and draw as a box with one dimension for every variable of more than one value.

An expression is evaluated over the dimensions of the variables that it mentions and over no others; numpy's
broadcasting does the rest. The box is cut into parts that hold consecutive state-action pairs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from scoper.domain.tabular import Floats

Part = tuple[slice, ...]
"""A part of the box: a slice of every dimension of states and actions."""


@dataclass(frozen=True)
class Dimension:
    """One variable: its name, its values (K,), and what its values are called."""

    name: str
    values: Floats
    labels: tuple[str, ...] = ()

    def word(self, place: int) -> str:
        """A value as it stands in messages: "stock=3"."""
        return f"{self.name}={self.labels[place] if self.labels else format(self.values[place], '.12g')}"


@dataclass(frozen=True)
class Combinations:
    """The box: dimensions of the states, of the actions and of the draws, in this order.

    chances: draw to the probabilities (K,) of its values.
    """

    states: tuple[Dimension, ...]
    actions: tuple[Dimension, ...]
    draws: tuple[Dimension, ...]
    chances: Mapping[str, Floats]

    @property
    def _all(self) -> tuple[Dimension, ...]:
        return (*self.states, *self.actions, *self.draws)

    @property
    def _wide(self) -> list[Dimension]:
        return [d for d in self._all if d.values.size > 1]

    @property
    def n_row_dims(self) -> int:
        """How many dimensions the pairs of state and action have."""
        return sum(d.values.size > 1 for d in (*self.states, *self.actions))

    @property
    def shape(self) -> tuple[int, ...]:
        """The sizes of all dimensions."""
        return tuple(d.values.size for d in self._wide)

    def dimension_of(self, name: str) -> int | None:
        """The number of a variable's dimension, None for one that has a single value."""
        return next((number for number, d in enumerate(self._wide) if d.name == name), None)

    def whole(self) -> Part:
        """The part that is everything."""
        return tuple(slice(0, size) for size in self.shape[: self.n_row_dims])

    def parts(self, most: int) -> Iterator[Part]:
        """Parts of at most about `most` combinations, in the order of their pairs."""
        rows, inner = self.shape[: self.n_row_dims], math.prod(self.shape[self.n_row_dims :])
        cut = len(rows)
        while cut > 0 and inner * rows[cut - 1] <= most:
            cut -= 1
            inner *= rows[cut]
        if cut == 0:
            yield self.whole()
            return
        size, tail = rows[cut - 1], tuple(slice(0, n) for n in rows[cut:])
        step = math.ceil(size / math.ceil(size / max(1, most // inner)))
        for head in np.ndindex(*rows[: cut - 1]):
            fixed = tuple(slice(place, place + 1) for place in head)
            for first in range(0, size, step):
                yield (*fixed, slice(first, min(first + step, size)), *tail)

    def values(self, part: Part) -> dict[str, Floats]:
        """Every variable's values within `part`, shaped for broadcasting over the box."""
        n, found, number = len(self.shape), dict[str, Floats](), 0
        for d in self._all:
            if d.values.size == 1:
                found[d.name] = d.values.reshape((1,) * n)
                continue
            column = d.values[part[number]] if number < len(part) else d.values
            found[d.name] = column.reshape((1,) * number + (-1,) + (1,) * (n - number - 1))
            number += 1
        return found

    def weights(self) -> list[Floats]:
        """The probabilities of every draw of more than one value, shaped for broadcasting over the box."""
        n, found = len(self.shape), []
        for d in self.draws:
            number = self.dimension_of(d.name)
            if number is not None:
                found.append(self.chances[d.name].reshape((1,) * number + (-1,) + (1,) * (n - number - 1)))
        return found

    def part_shape(self, part: Part) -> tuple[int, ...]:
        """The sizes of all dimensions within `part`."""
        return (*(s.stop - s.start for s in part), *self.shape[len(part) :])

    def places(self, part: Part, flat: int) -> dict[str, int]:
        """Name to number of value of the combination numbered `flat` within `part`."""
        inside = iter(np.unravel_index(flat, self.part_shape(part)) if self.shape else ())
        firsts = iter([s.start for s in part])
        return {d.name: int(next(inside)) + next(firsts, 0) if d.values.size > 1 else 0 for d in self._all}

    def point(self, part: Part, flat: int) -> dict[str, float]:
        """The same with the values themselves."""
        places = self.places(part, flat)
        return {d.name: float(d.values[places[d.name]]) for d in self._all}

    def witness(self, part: Part, flat: int) -> str:
        """The same in words: "stock=3, order=0, demand=7"."""
        places = self.places(part, flat)
        return ", ".join(d.word(places[d.name]) for d in self._all)


def within(array: Any, shape: tuple[int, ...]) -> int:
    """How many combinations of `shape` stand behind one entry of a broadcastable `array`."""
    return math.prod(full for full, own in zip(shape, np.shape(array), strict=True) if own == 1)
