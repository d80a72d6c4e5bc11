"""What an environment made from a spec looks like from outside: its quantities, its laws and its start.

Both the environment in `scoper.modelling.spec_env` and the generated file are written from this, so that equal seeds
give equal episodes. A quantity with a list of values is told as a position in it, an interval as the number itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from scoper.domain.mdp import MdpSpec, Variable
from scoper.domain.tabular import Floats, Ints
from scoper.modelling.combinations import Combinations, Dimension
from scoper.modelling.expressions import Expression
from scoper.modelling.model import SpecModel

MOST_POSITIONS = 1000
"""An observed expression with more values than this is told as a number, not as a position."""
CANDIDATES = 21
"""Points of an interval of actions that stand in for one that is not available, where the spec names none."""

Law = tuple[Floats, Floats]
"""Values (K,) and their probabilities (K,)."""


@dataclass(frozen=True)
class Quantity:
    """A state variable, an action variable or something observed.

    values (K,): its list of values, none for an interval from low to high. words: what the values are called, if they
    are words. whole: whether it is a range of integers. points (P,): values of an interval of actions to fall back on.
    """

    name: str
    values: Floats
    low: float
    high: float
    words: tuple[str, ...] = ()
    whole: bool = False
    points: Floats = field(default_factory=lambda: np.zeros(0))

    @property
    def is_real(self) -> bool:
        """Whether it is an interval of real numbers."""
        return self.values.size == 0

    @property
    def choices(self) -> Floats:
        """The list of values, or the points that stand for the interval."""
        return self.points if self.is_real else self.values


@dataclass(frozen=True)
class Layout:
    """States, actions and observed quantities in order; draws, and how an episode starts.

    observed: beside every quantity its expression, None where it is the state variable of that name in `sources`.
    start: a law per state variable; joint_start: instead of it, states (K, n) with their probabilities.
    """

    states: tuple[Quantity, ...]
    actions: tuple[Quantity, ...]
    observed: tuple[Quantity, ...]
    sources: tuple[str | Expression, ...]
    draws: Mapping[str, Law]
    start: Mapping[str, Law]
    joint_start: Law | None

    @property
    def acts_in_numbers(self) -> bool:
        """Whether an action is a vector of numbers because a variable is an interval."""
        return any(quantity.is_real for quantity in self.actions)

    @property
    def sees_numbers(self) -> bool:
        """Whether an observation is a vector of numbers because something observed is an interval."""
        return any(quantity.is_real for quantity in self.observed)


def layout_of(model: SpecModel) -> Layout:
    """The layout of a spec's environment."""
    spec = model.spec
    states = tuple(_quantity(model, name, variable) for name, variable in spec.state.items())
    actions = tuple(_quantity(model, name, variable) for name, variable in spec.actions.items())
    observed, sources = _observed(model, states)
    draws = {name: law[:2] for name, law in model.laws.items()}
    start = {} if spec.joint_start else {q.name: _law(q, spec.start[q.name]) for q in states}
    return Layout(states, actions, observed, sources, draws, start, _joint(spec, states))


def sees_states(spec: MdpSpec) -> bool:
    """Whether what is observed tells all states apart; for an interval only where every state variable is observed."""
    layout = layout_of(SpecModel(spec))
    if set(spec.state) <= {source for source in layout.sources if isinstance(source, str)}:
        return True
    if any(quantity.is_real for quantity in layout.states):
        return False
    number = _observed_numbers(layout)
    return np.unique(number).size == number.size


def observed_numbers(spec: MdpSpec, n_states: int) -> Ints | None:
    """(S,) a number per state of the spec's arrays, equal for those that look alike; None where none do.

    None also where states are points of intervals.
    """
    layout = layout_of(SpecModel(spec))
    if not spec.observation or any(quantity.is_real for quantity in layout.states):
        return None
    number = _observed_numbers(layout).ravel()
    return number if number.size == n_states and np.unique(number).size < n_states else None


def _observed_numbers(layout: Layout) -> Ints:
    """A number per state, an axis per state variable, equal for those that look alike."""
    box = Combinations(tuple(Dimension(q.name, q.values) for q in layout.states), (), (), {})
    values = box.values(box.whole())
    number = np.zeros((1,) * len(box.shape), dtype=np.int64)
    for source in layout.sources:
        seen = values[source] if isinstance(source, str) else source.evaluate(values) + np.zeros((1,) * len(box.shape))
        kinds, place = np.unique(seen, return_inverse=True)
        mixed = number * kinds.size + place.reshape(seen.shape)
        number = np.unique(mixed, return_inverse=True)[1].reshape(mixed.shape)
    return np.broadcast_to(number, box.shape)


def _quantity(model: SpecModel, name: str, variable: Variable) -> Quantity:
    axis = next(axis for axis in (*model.states.axes, *model.actions.axes) if axis.name == name)
    if variable.kind == "continuous" and variable.low is not None and variable.high is not None:
        points = np.linspace(variable.low, variable.high, variable.points or CANDIDATES)
        return Quantity(name, np.zeros(0), variable.low, variable.high, points=points)
    words = axis.labels if any(isinstance(value, str) for value in variable.values) else ()
    low, high = float(axis.values.min()), float(axis.values.max())
    return Quantity(name, axis.values, low, high, words, axis.kind == "integer")


def _observed(
    model: SpecModel, states: tuple[Quantity, ...]
) -> tuple[tuple[Quantity, ...], tuple[str | Expression, ...]]:
    known = {quantity.name: quantity for quantity in states}
    if not model.spec.observation:
        return states, tuple(known)
    quantities: list[Quantity] = []
    sources: list[str | Expression] = []
    for name, text in model.spec.observation.items():
        if text.strip() in known:
            quantities.append(replace(known[text.strip()], name=name))
            sources.append(text.strip())
        else:
            expression = model.parse(text, list(model.spec.state))
            quantities.append(_seen(name, expression, states))
            sources.append(expression)
    return tuple(quantities), tuple(sources)


def _seen(name: str, expression: Expression, states: tuple[Quantity, ...]) -> Quantity:
    """What values an expression of the state takes: found by trying all states, unless there are endlessly many."""
    mentioned = [quantity for quantity in states if quantity.name in expression.names]
    if any(quantity.is_real for quantity in mentioned):
        return Quantity(name, np.zeros(0), -np.inf, np.inf)
    box = Combinations(tuple(Dimension(q.name, q.values) for q in mentioned), (), (), {})
    values = np.unique(expression.evaluate(box.values(box.whole())) + 0.0)
    low, high = float(values[0]), float(values[-1])
    if values.size > MOST_POSITIONS or not np.isfinite(values).all():
        return Quantity(name, np.zeros(0), low, high) if np.isfinite(values).all() else _seen_anywhere(name)
    return Quantity(name, values, low, high)


def _seen_anywhere(name: str) -> Quantity:
    return Quantity(name, np.zeros(0), -np.inf, np.inf)


def code_of(quantity: Quantity, value: int | float | str) -> float:
    """A value as it is written in a spec, as a number."""
    return float(quantity.values[quantity.words.index(value)]) if isinstance(value, str) else float(value)


def _law(quantity: Quantity, start: Any) -> Law:
    shares: dict[Any, float] = dict(start) if isinstance(start, Mapping) else {start: 1.0}
    return np.array([code_of(quantity, value) for value in shares]), np.array([float(p) for p in shares.values()])


def _joint(spec: MdpSpec, states: tuple[Quantity, ...]) -> Law | None:
    if not spec.joint_start:
        return None
    points = np.array([[code_of(q, point.state[q.name]) for q in states] for point in spec.joint_start])
    return points, np.array([point.probability for point in spec.joint_start])
