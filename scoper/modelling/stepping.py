"""From a part of all combinations of state, action and draw to its transitions.

Successors are put together per variable: the number of a state is a sum of every variable's own number times its
stride, so each `next` is computed over the variables that it mentions only. A draw that no `next` mentions never
splits a transition; its expectation is taken at once. An interval of real numbers splits a step between its two
neighbouring points, as further columns of draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from scoper.domain.tabular import Bools, Floats
from scoper.modelling.combinations import Part, within
from scoper.modelling.expressions import Expression
from scoper.modelling.grid import Axis, Places
from scoper.modelling.interpolation import beyond, corners
from scoper.modelling.merging import merge
from scoper.modelling.model import AFTER, SpecModel, answer_text, number_text

SQUARED = "reward ** 2"
"""The amount that is the square of the whole reward: with the reward, its variance within a transition."""


@dataclass(frozen=True)
class Block:
    """The transitions of some pairs: counts per pair; per transition successor, probability, ends and amounts paid."""

    counts: Places
    successor: Places
    probability: Floats
    ends: Bools
    paid: dict[str, Floats]


@dataclass(frozen=True)
class _Here:
    """One part being worked on: its shape, its variables' values, its first pair, and which pairs are available.

    available is None where all are.
    """

    part: Part
    shape: tuple[int, ...]
    values: Mapping[str, Floats]
    available: Bools | None


class Stepper:
    """Steps through a model; `amounts` are reward terms, "" for the whole reward, SQUARED, or "objective"."""

    def __init__(self, model: SpecModel, amounts: Sequence[str]) -> None:
        self._model, self._amounts, self._box = model, amounts, model.combinations
        moved = frozenset[str]().union(*(expression.names for expression in model.next.values()))
        dims = {d.name: self._box.dimension_of(d.name) for d in self._box.draws}
        self._still = {name: dim for name, dim in dims.items() if dim is not None and name not in moved}
        self._moving = tuple(
            1 if dim in self._still.values() else size
            for dim, size in enumerate(self._box.shape) if dim >= self._box.n_row_dims
        )  # fmt: skip
        continuous = [axis for axis in model.states.axes if axis.kind == "continuous" and axis.values.size > 1]
        self._split = {axis.name: number for number, axis in enumerate(continuous)}
        self.is_continuous = any(axis.kind == "continuous" for axis in model.states.axes)
        self.n_corners = 2 ** len(continuous)
        paying = [*model.reward.values(), *([model.objective] if model.objective else [])]
        self._asked = frozenset[str]().union(*(expression.names for expression in paying))
        self._key: Any = np.int32 if 2 * model.states.size < 2**31 else np.int64
        weight = np.ones((1,) * len(self._box.shape))
        for draw, share in zip([d for d in self._box.draws if d.values.size > 1], self._box.weights(), strict=True):
            weight = weight if draw.name in self._still else weight * share
        self._weight = weight

    def block(self, part: Part) -> Block:
        """The transitions of a part; what goes wrong is reported in the model."""
        box, model = self._box, self._model
        shape = box.part_shape(part)
        rows = shape[: box.n_row_dims]
        n_rows = prod(rows)
        first = int(np.ravel_multi_index([s.start for s in part], box.shape[: len(part)])) if part else 0
        available = model.available.reshape(-1)[first : first + n_rows]
        here = _Here(part, shape, box.values(part), None if available.all() else available)
        key, weight, after = self._arrivals(here)
        paid = self._payments(here, after)
        full = (*rows, *self._moving, *(2,) * len(self._split))
        flat = np.broadcast_to(_flat(key, full, len(rows)), (n_rows, prod(full[len(rows) :])))
        flat_weight, flat_paid = _weights(weight, full, len(rows)), {}
        for name, amount in paid.items():
            spread = amount.reshape(amount.shape + (1,) * len(self._split))
            flat_paid[name] = _flat(spread, full, len(rows))
        if here.available is not None:
            chosen = here.available
            flat, flat_paid = flat[chosen], {name: amount[chosen] for name, amount in flat_paid.items()}
            flat_weight = flat_weight if flat_weight.shape[0] == 1 else flat_weight[chosen]
        merged = merge(flat, flat_weight, flat_paid, sparse=bool(self._split))
        counts = merged.counts
        if here.available is not None:
            counts = np.zeros(n_rows, dtype=np.int64)
            counts[here.available] = merged.counts
        ends = (merged.key & 1).astype(np.bool_) if self.is_continuous else np.zeros(0, dtype=np.bool_)
        successor = merged.key >> 1 if self.is_continuous else merged.key
        return Block(counts, successor, merged.mass, ends, dict(merged.amounts))

    def _arrivals(self, here: _Here) -> tuple[Places, Floats, dict[str, Floats]]:
        """The keys of successors, the weights of draws and neighbouring points, and the values after the step."""
        extra = (1,) * len(self._split)
        key: Any = np.zeros((1,) * (len(here.shape) + len(extra)), dtype=self._key)
        weight = self._weight.reshape(self._weight.shape + extra)
        after: dict[str, Floats] = {}
        stride = self._model.states.size
        for axis in self._model.states.axes:
            stride //= axis.values.size
            reached = self._model.next[axis.name].evaluate(here.values)
            reached = reached.reshape((1,) * (len(here.shape) - reached.ndim) + reached.shape)
            if axis.kind == "continuous":
                index, after[axis.name] = self._split_step(axis, reached, here)
            else:
                index = self._arrive(axis, reached, here)
                if AFTER + axis.name in self._asked or self.is_continuous:
                    after[axis.name] = axis.values[index]
            index = index.reshape(index.shape + extra)
            if axis.name in self._split:
                below, above = corners(axis.values, after[axis.name])
                index, pair = _neighbours(below, above, self._split[axis.name], len(extra))
                weight = weight * pair
            key = key + index.astype(self._key) * self._key(stride)
        if self.is_continuous:
            test = np.asarray(self._model.terminated.evaluate(after) != 0)
            test = test.reshape((1,) * (len(here.shape) - test.ndim) + test.shape + extra)
            key = key * self._key(2) + test
        return key, weight, after

    def _split_step(self, axis: Axis, reached: Floats, here: _Here) -> tuple[Places, Floats]:
        """Number 0 everywhere, and the value held within the interval."""
        wrong = ~np.isfinite(reached)
        if self._counts(wrong, here):
            why = self._model.next[axis.name], here.values
            self._report(f"next.{axis.name}", wrong, reached, here, "must be a finite number", why)
        self._hold(axis, reached, beyond(axis.values, reached), here)
        held = np.clip(np.where(wrong, axis.values[0], reached), axis.values[0], axis.values[-1])
        return np.zeros(held.shape, dtype=self._key), held

    def _arrive(self, axis: Axis, reached: Floats, here: _Here) -> Places:
        """The number on the axis; reports steps to nowhere and counts steps beyond the ends."""
        index, nowhere, outside = axis.index(reached)
        if nowhere is not None and self._counts(nowhere, here):
            wanted = "a whole number" if axis.kind == "integer" else "one of " + ", ".join(axis.labels[:12])
            why = self._model.next[axis.name], here.values
            self._report(f"next.{axis.name}", nowhere, reached, here, f"must be {wanted}", why)
        if outside is not None:
            self._hold(axis, reached, outside, here)
        return index

    def _hold(self, axis: Axis, reached: Floats, outside: Bools, here: _Here) -> None:
        """Note, or refuse, steps beyond the ends."""
        if not self._counts(outside, here):
            return
        path, model = f"next.{axis.name}", self._model
        if model.spec.bounds == "strict":
            self._report(path, outside, reached, here, f"must be {axis.labels[0]} to {axis.labels[-1]}")
            return
        flat = int(np.argmax(np.broadcast_to(self._masked(outside, here), here.shape)))
        value = float(np.broadcast_to(reached, here.shape).flat[flat])
        example = f"{model.witness(here.part, flat)}: {number_text(value)}"
        mass: Any = self._masked(outside, here)
        for share in self._box.weights():
            mass = mass * share if np.shape(mass)[share.shape.index(share.size)] > 1 else mass
        rows, own = here.shape[: self._box.n_row_dims], np.shape(mass)[: self._box.n_row_dims]
        known, words = model.clipped.get(path, (0.0, example))
        model.clipped[path] = (known + float(np.sum(mass)) * within(np.empty(own), rows), words)

    def _payments(self, here: _Here, after: Mapping[str, Floats]) -> dict[str, Floats]:
        """The amounts asked for, over the dimensions that matter to them."""
        model = self._model
        values = {**here.values, **{AFTER + name: value for name, value in after.items()}}
        terms = {name: self._pay(f"reward.{name}", term, values, here) for name, term in model.reward.items()}
        model.paying.update(name for name, amount in terms.items() if name not in model.paying and amount.any())
        paid: dict[str, Floats] = {}
        for name in self._amounts:
            if name == "objective" and model.objective is not None:
                amount = self._pay("objective", model.objective, {**values, **terms}, here)
            else:
                amount = (
                    terms[name] if name in terms else sum(list(terms.values())[1:], start=next(iter(terms.values())))
                )
            paid[name] = self._expected(amount * amount if name == SQUARED else amount)
        return paid

    def _pay(self, path: str, term: Expression, values: Mapping[str, Floats], here: _Here) -> Floats:
        amount = term.evaluate(values)
        amount = amount.reshape((1,) * (len(here.shape) - amount.ndim) + amount.shape)
        wrong = ~np.isfinite(amount)
        if not wrong.any():
            return amount
        if self._counts(wrong, here):
            self._report(path, wrong, amount, here, "", (term, values))
        return np.where(wrong, 0.0, amount)

    def _expected(self, amount: Floats) -> Floats:
        """The expectation over draws that no `next` mentions."""
        for name, dim in self._still.items():
            if amount.shape[dim] > 1:
                amount = np.expand_dims(np.moveaxis(amount, dim, -1) @ self._box.chances[name], dim)
        return amount

    def _masked(self, wrong: Bools, here: _Here) -> Bools:
        """`wrong` where the action is available."""
        if here.available is None:
            return wrong
        rows = here.shape[: self._box.n_row_dims]
        return np.asarray(wrong & here.available.reshape(rows + (1,) * (len(here.shape) - len(rows))))

    def _counts(self, wrong: Bools, here: _Here) -> bool:
        return bool(wrong.any()) and bool(self._masked(wrong, here).any())

    def _report(
        self,
        path: str,
        wrong: Bools,
        value: Floats,
        here: _Here,
        wanted: str,
        why: tuple[Expression, Mapping[str, Floats]] | None = None,
    ) -> None:
        flat = int(np.argmax(np.broadcast_to(self._masked(wrong, here), here.shape)))
        found = float(np.broadcast_to(value, here.shape).flat[flat])
        but = f", but {wanted}" if wanted and not np.isnan(found) else ""
        reason = ""
        if why is not None:
            expression, values = why
            single = {n: float(np.broadcast_to(values[n], here.shape).flat[flat]) for n in expression.names}
            reason = expression.explain(single)
        because = f": {reason}" if reason else ""
        self._model.report(path, f"{answer_text(found)} for {self._model.witness(here.part, flat)}{but}{because}")


def _flat(array: Any, full: tuple[int, ...], n_row_dims: int) -> Any:
    """(R, D) of an array over the dimensions `full`; (R, 1) where the draws do not matter."""
    rows, draws = full[:n_row_dims], full[n_row_dims:]
    if prod(array.shape[n_row_dims:]) == 1:
        draws = (1,) * len(draws)
    return np.broadcast_to(array, (*rows, *draws)).reshape(prod(rows), prod(draws))


def _weights(weight: Floats, full: tuple[int, ...], n_row_dims: int) -> Floats:
    """(1, D) where the probabilities are the same in every row, else (R, D)."""
    rows = full[:n_row_dims] if prod(weight.shape[:n_row_dims]) > 1 else (1,) * n_row_dims
    spread: Floats = np.broadcast_to(weight, (*rows, *full[n_row_dims:])).reshape(prod(rows), -1)
    return spread


def _neighbours(below: Places, above: Floats, number: int, n_split: int) -> tuple[Places, Floats]:
    """The numbers and weights of the two points beside a value, along the dimension of its own."""
    own = (1,) * number + (2,) + (1,) * (n_split - number - 1)
    index = below.reshape(below.shape + (1,) * n_split) + np.arange(2).reshape(own)
    share = above.reshape(above.shape + (1,) * n_split)
    return index, np.where(np.arange(2).reshape(own) == 1, share, 1.0 - share)
