"""A parsed declarative spec: grids, expressions, and the first witness of everything that goes wrong in them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np

from scoper.domain.mdp import MdpSpec
from scoper.domain.tabular import Bools, Floats
from scoper.errors import Problem
from scoper.modelling.distributions import Points, points_of
from scoper.modelling.expressions import Expression, parse_expression
from scoper.modelling.grid import grid_of, size_of, word_codes

AFTER = "next_"
FINE_COMBINATIONS = 5_000_000
"""As many combinations of state, action and draw as the tails of the laws may bring about."""


def law_points(spec: MdpSpec) -> dict[str, Points]:
    """The points of the spec's laws, cut as finely as its size allows."""
    pairs = math.prod(size_of(variable) for variable in [*spec.state.values(), *spec.actions.values()])
    return points_of(spec.exogenous, FINE_COMBINATIONS / max(1, pairs))


class SpecModel:
    """The parsed spec with its grids, and what went wrong while trying it: the first witness of every expression."""

    def __init__(self, spec: MdpSpec) -> None:
        self.spec = spec
        self.codes = word_codes({**spec.state, **spec.actions})
        self.states = grid_of(spec.state, self.codes)
        self.actions = grid_of(spec.actions, self.codes)
        laws = law_points(spec)
        self.draw_values, self.draw_probability = _joint({name: law[:2] for name, law in laws.items()})
        self.lost = -math.expm1(sum(math.log1p(-law[2]) for law in laws.values()))
        before = [*spec.state, *spec.actions, *spec.exogenous]
        after = [*before, *(AFTER + name for name in spec.state)]
        self.next = {name: self._parse(spec.next[name], before) for name in spec.state}
        self.reward = {name: self._parse(text, after) for name, text in spec.reward.items()}
        objective = spec.objective.expression if spec.objective else None
        self.objective = None if objective is None else self._parse(objective, [*after, *spec.reward])
        self.problems: dict[str, Problem] = {}
        self.clipped: dict[str, tuple[float, str]] = {}

    def _parse(self, text: str, names: list[str]) -> Expression:
        return parse_expression(text, names, self.codes)

    @cached_property
    def terminal(self) -> Bools:
        """(S,) whether reaching the state ends the episode."""
        test = self._parse(self.spec.terminated, list(self.spec.state))
        return np.broadcast_to(test.evaluate(self.states.columns()) != 0, (self.states.size,)).copy()

    @cached_property
    def available(self) -> Bools:
        """(S, A) whether the action may be taken."""
        shape = (self.states.size, self.actions.size)
        if self.spec.available is None:
            return np.ones(shape, dtype=np.bool_)
        test = self._parse(self.spec.available, [*self.spec.state, *self.spec.actions])
        columns = {name: column[:, None] for name, column in self.states.columns().items()}
        allowed = np.broadcast_to(test.evaluate({**columns, **self.actions.columns()}) != 0, shape).copy()
        stuck = np.flatnonzero(~allowed.any(axis=1))
        if stuck.size:
            self.report("available", f"no action is available for {self.states.label(int(stuck[0]))}")
            allowed[stuck, 0] = True
        return allowed

    def initial(self) -> Floats:
        """(S,) the start distribution, the variables being independent."""
        result = np.ones(1)
        for axis in self.states.axes:
            start, share = self.spec.start[axis.name], np.zeros(axis.values.size)
            for value, probability in start.items() if isinstance(start, Mapping) else [(start, 1.0)]:
                share[axis.index_of(value)] += probability
            result = (result[:, None] * share).ravel()
        return result

    def report(self, path: str, message: str) -> None:
        """Keep the first problem of every expression."""
        line, column = self.spec.places.get(path, (0, 0))
        self.problems.setdefault(path, Problem("spec-model", f"{path}: {message}", self.spec.source, line, column))

    def witness(self, first: int, flat: int) -> str:
        """State, action and draw of the entry `flat` of a block that begins with the state `first`."""
        state, action, draw = np.unravel_index(flat, (self.states.size, self.actions.size, self.draw_probability.size))
        drawn = [f"{name}={number_text(values[draw])}" for name, values in self.draw_values.items()]
        point = [self.states.label(first + int(state)), self.actions.label(int(action)), *drawn]
        return ", ".join(point)

    def clip_notes(self) -> Iterator[str]:
        """What was held at the end of a range."""
        combinations = int(self.available.sum())
        for path, (weight, example) in self.clipped.items():
            variable = self.spec.state[path.removeprefix("next.")]
            share = f"{weight / combinations:.3g} of the transitions"
            held = f"leaves {variable.low:g} to {variable.high:g} in {share} and is held at the end of the range"
            yield f"{path} {held}; first for {example}"


def _joint(laws: Mapping[str, tuple[Floats, Floats]]) -> tuple[dict[str, Floats], Floats]:
    """All combinations of independent draws: name to values (D,), and their probabilities (D,)."""
    grids = np.meshgrid(*(values for values, _ in laws.values()), indexing="ij")
    probability = np.ones(1)
    for _, share in laws.values():
        probability = (probability[:, None] * share).ravel()
    return {name: grid.ravel() for name, grid in zip(laws, grids, strict=True)}, probability


def number_text(value: float) -> str:
    """A number as it stands in messages."""
    return f"{value:.12g}"
