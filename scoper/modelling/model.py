"""A parsed declarative spec: grids, expressions, and the first witness of everything that goes wrong in them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np

from scoper.domain.mdp import MdpSpec
from scoper.domain.tabular import Bools, Floats
from scoper.errors import Problem
from scoper.modelling.combinations import Combinations, Dimension, Part
from scoper.modelling.distributions import Points, points_of
from scoper.modelling.expressions import Expression, parse_expression
from scoper.modelling.grid import Grid, grid_of, size_of, word_codes
from scoper.modelling.interpolation import corners

AFTER = "next_"
FINE_COMBINATIONS = 40_000_000
"""As many combinations of state, action and draw as the tails of the laws may bring about."""


def law_points(spec: MdpSpec) -> dict[str, Points]:
    """The points of the spec's laws, cut as finely as its size allows."""
    pairs = math.prod(max(1, size_of(variable)) for variable in [*spec.state.values(), *spec.actions.values()])
    return points_of(spec.exogenous, FINE_COMBINATIONS / max(1, pairs))


class SpecModel:
    """The parsed spec with its grids, and what went wrong while trying it: the first witness of every expression."""

    def __init__(self, spec: MdpSpec) -> None:
        self.spec = spec
        self.codes = word_codes({**spec.state, **spec.actions})
        self.states = grid_of(spec.state, self.codes)
        self.actions = grid_of(spec.actions, self.codes)
        self.laws = law_points(spec)
        self.lost = 0.0 - math.expm1(sum(math.log1p(-law[2]) for law in self.laws.values()))
        before = [*spec.state, *spec.actions, *spec.exogenous]
        after = [*before, *(AFTER + name for name in spec.state)]
        self.next = {name: self.parse(spec.next[name], before) for name in spec.state}
        self.reward = {name: self.parse(text, after) for name, text in spec.reward.items()}
        objective = spec.objective.expression if spec.objective else None
        self.objective = None if objective is None else self.parse(objective, [*after, *spec.reward])
        self.terminated = self.parse(spec.terminated, list(spec.state))
        both = [*spec.state, *spec.actions]
        self.availability = None if spec.available is None else self.parse(spec.available, both)
        self.stuck = np.zeros(self.states.size, dtype=np.bool_)
        self.paying: set[str] = set()  # reward terms seen to be anything but 0
        self.problems: dict[str, Problem] = {}
        self.clipped: dict[str, tuple[float, str]] = {}

    def parse(self, text: str, names: list[str]) -> Expression:
        """An expression of the spec over `names`."""
        return parse_expression(text, names, self.codes, self.spec.tables)

    @cached_property
    def combinations(self) -> Combinations:
        """All states, actions and draws; a draw that nothing mentions is left out."""
        used = [*self.next.values(), *self.reward.values(), *([self.objective] if self.objective else [])]
        mentioned = frozenset[str]().union(*(expression.names for expression in used))
        laws = {name: law for name, law in self.laws.items() if name in mentioned}
        draws = tuple(Dimension(name, law[0]) for name, law in laws.items())
        states, actions = (_dimensions(grid) for grid in (self.states, self.actions))
        return Combinations(states, actions, draws, {name: law[1] for name, law in laws.items()})

    @cached_property
    def terminal(self) -> Bools:
        """(S,) whether reaching the state ends the episode."""
        box = Combinations(_dimensions(self.states), (), (), {})
        test = self.terminated.evaluate(box.values(box.whole()))
        self._check("terminated", test, box)
        return np.broadcast_to(test != 0, box.shape).reshape(-1)

    @cached_property
    def available(self) -> Bools:
        """(S, A) whether the action may be taken; the first one where none may, which `stuck` (S,) then marks."""
        shape = (self.states.size, self.actions.size)
        if self.availability is None:
            return np.ones(shape, dtype=np.bool_)
        box = Combinations(_dimensions(self.states), _dimensions(self.actions), (), {})
        test = self.availability.evaluate(box.values(box.whole()))
        self._check("available", test, box)
        allowed = np.broadcast_to(test != 0, box.shape).reshape(shape).copy()
        self.stuck[:] = ~allowed.any(axis=1)
        allowed[self.stuck, 0] = True
        return allowed

    def _check(self, path: str, test: Floats, box: Combinations) -> None:
        """Report the first place where a condition has no answer."""
        wrong = np.isnan(test)
        if wrong.any():
            flat = int(np.argmax(np.broadcast_to(wrong, box.shape)))
            self.report(path, f"has no answer for {box.witness(box.whole(), flat)}")

    def initial(self) -> Floats:
        """(S,) the start distribution; the variables are independent unless the spec gives joint start states."""
        if self.spec.joint_start:
            total = np.zeros(self.states.size)
            for point in self.spec.joint_start:
                total += point.probability * self._spread({name: {v: 1.0} for name, v in point.state.items()})
            return total
        start = self.spec.start
        return self._spread({name: dict(v) if isinstance(v, Mapping) else {v: 1.0} for name, v in start.items()})

    def _spread(self, shares: Mapping[str, Mapping[int | float | str, float]]) -> Floats:
        """(S,) the product of the variables' distributions, values of an interval spread over its nearest points."""
        result = np.ones(1)
        for axis in self.states.axes:
            share = np.zeros(axis.values.size)
            for value, probability in shares[axis.name].items():
                if axis.kind == "continuous":
                    below, above = corners(axis.values, np.asarray(float(value)))
                    share[int(below)] += probability * (1.0 - float(above))
                    share[min(int(below) + 1, share.size - 1)] += probability * float(above)
                else:
                    share[axis.index_of(value)] += probability
            result = (result[:, None] * share).ravel()
        return result

    def report(self, path: str, message: str, remedy: str = "") -> None:
        """Keep the first problem of every expression."""
        line, column = self.spec.places.get(path, (0, 0))
        problem = Problem("spec-model", f"{path}: {message}", self.spec.source, line, column, remedy)
        self.problems.setdefault(path, problem)

    def placed(self, path: str, message: str) -> str:
        """A caution on an expression, with its place."""
        return Problem(
            "spec-caution", f"{path}: {message}", self.spec.source, *self.spec.places.get(path, (0, 0))
        ).sentence()

    def in_file_order(self) -> list[Problem]:
        """Everything reported."""
        return sorted(self.problems.values(), key=lambda problem: (problem.line, problem.column))

    def witness(self, part: Part, flat: int) -> str:
        """State, action and draw of the combination `flat` of a part; a draw that nothing mentions is left out."""
        return self.combinations.witness(part, flat)

    def clip_notes(self) -> Iterator[str]:
        """What was held at the end of a range."""
        combinations = int(self.available.sum())
        for path, (weight, example) in self.clipped.items():
            variable = self.spec.state[path.removeprefix("next.")]
            share = f"{weight / combinations:.3g} of the transitions"
            held = f"leaves {variable.low:g} to {variable.high:g} in {share} and is held at the end of the range"
            yield f"{path} {held}; first for {example}"


def _dimensions(grid: Grid) -> tuple[Dimension, ...]:
    return tuple(Dimension(axis.name, axis.values, axis.labels) for axis in grid.axes)


def number_text(value: float) -> str:
    """A number as it stands in messages."""
    return f"{value:.12g}"


def answer_text(value: float) -> str:
    """What an expression came to, as a verb: "is 0.5"; what is no number has no answer."""
    return "has no answer" if np.isnan(value) else f"is {number_text(value)}"
