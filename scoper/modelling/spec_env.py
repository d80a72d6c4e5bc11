"""A declarative spec as a Gymnasium environment, also where an interval of real numbers leaves no arrays.

All randomness comes from the seed given to reset: one uniform number per start law, then one per exogenous variable
and timestep, in the order of the spec. The generated file of `scoper.modelling.standalone` does the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoper.domain.mdp import MdpSpec
from scoper.domain.tabular import Floats
from scoper.modelling.faults import EnvironmentFault
from scoper.modelling.layout import Layout, Quantity, code_of, layout_of
from scoper.modelling.model import AFTER, SpecModel
from scoper.modelling.scalar import scalar_of

State = tuple[float, ...]


@dataclass(frozen=True)
class Step:
    """What one timestep came to: the state after it, the reward terms, the objective if there is one, and the end."""

    state: State
    terms: Mapping[str, float]
    objective: float | None
    terminated: bool


class StepFault(EnvironmentFault, ValueError):
    """The spec steps to nowhere, or a rule of it does what cannot be done: what came out, and from where."""

    def __init__(self, claim: str) -> None:
        remedy = "hold the value within its range with clip, widen the range, or leave out `bounds: strict`"
        super().__init__("spec_step", claim, remedy)

    def __str__(self) -> str:
        return self.claim


class Process:
    """The spec as a process over plain numbers; knows nothing of Gymnasium."""

    def __init__(self, spec: MdpSpec) -> None:
        self._model = SpecModel(spec)
        self.spec, self.layout = spec, layout_of(self._model)
        self._cumulative = {name: np.cumsum(shares) for name, (_, shares) in self.layout.draws.items()}
        self._start = {name: (values, np.cumsum(shares)) for name, (values, shares) in self.layout.start.items()}
        self._next = [(quantity, scalar_of(self._model.next[quantity.name])) for quantity in self.layout.states]
        self._terms = {name: scalar_of(term) for name, term in self._model.reward.items()}
        self._objective = None if self._model.objective is None else scalar_of(self._model.objective)
        self._terminated = scalar_of(self._model.terminated)
        self._rules = {
            name: [scalar_of(self._model.parse(rules[q.name], list(spec.state))) for q in self.layout.actions]
            for name, rules in spec.baselines.items()
        }
        self._sources = [s if isinstance(s, str) else scalar_of(s) for s in self.layout.sources]

    def begin(self, rng: np.random.Generator) -> dict[str, float]:
        """A start state."""
        joint = self.layout.joint_start
        if joint is not None:
            row = joint[0][_place(np.cumsum(joint[1]), rng)]
            return dict(zip(self.spec.state, map(float, row), strict=True))
        return {name: float(values[_place(total, rng)]) for name, (values, total) in self._start.items()}

    def step(self, state: State, action: State, rng: np.random.Generator) -> Step:
        """One timestep; raises StepFault where the spec steps to nowhere."""
        values: dict[str, float] = dict(zip(self.spec.state, state, strict=True))
        values |= zip(self.spec.actions, action, strict=True)
        for name, (numbers, _) in self.layout.draws.items():
            values[name] = float(numbers[_place(self._cumulative[name], rng)])
        with np.errstate(all="ignore"):
            after = self._after(values)
            values |= {AFTER + name: value for name, value in after.items()}
            terms = {name: term(values) for name, term in self._terms.items()}
            wanted = None if self._objective is None else self._objective({**values, **terms})
            terminated = bool(self._terminated(after))
        return Step(tuple(after.values()), terms, wanted, terminated)

    def _after(self, values: Mapping[str, float]) -> dict[str, float]:
        """The state variables after a step."""
        try:
            return {quantity.name: self._arrive(quantity, number(values)) for quantity, number in self._next}
        except StepFault as fault:
            before = ", ".join(f"{name}={value:.12g}" for name, value in values.items())
            raise StepFault(f"{fault}; before the step: {before}") from None

    def _arrive(self, quantity: Quantity, value: float) -> float:
        """The value held within its range; an error where it is none."""
        if quantity.is_real or quantity.whole:
            reached = float(np.rint(value)) if quantity.whole else value
            if quantity.whole and not abs(value - reached) <= 1e-9 * max(1.0, abs(value)):
                raise StepFault(f"{quantity.name} became {value:.12g}, which is not a whole number")
            if self.spec.bounds == "strict" and not quantity.low - 1e-9 <= reached <= quantity.high + 1e-9:
                raise StepFault(f"{quantity.name} became {value:.12g}, beyond {quantity.low:g} to {quantity.high:g}")
            return float(min(max(reached, quantity.low), quantity.high))
        if not (quantity.values == value).any():
            raise StepFault(f"{quantity.name} became {value:.12g}, which is none of its values")
        return value

    def allows(self, state: State, actions: Sequence[Floats]) -> NDArray[np.bool_]:
        """(n,) whether the actions may be taken, given by the values (n,) of every variable."""
        size = actions[0].shape
        if self._model.availability is None:
            return np.ones(size, dtype=np.bool_)
        values: dict[str, Floats | float] = dict(zip(self.spec.state, state, strict=True))
        values |= zip(self.spec.actions, actions, strict=True)
        return np.broadcast_to(self._model.availability.evaluate(values) != 0, size)

    def ruled(self, name: str, state: State) -> list[float]:
        """The action of the spec's baseline `name`: positions and numbers. Raises StepFault where it has none."""
        values = dict(zip(self.spec.state, state, strict=True))
        with np.errstate(all="ignore"):
            wanted = [rule(values) for rule in self._rules[name]]
        for quantity, value in zip(self.layout.actions, wanted, strict=True):
            listed = quantity.is_real and np.isfinite(value)
            if not listed and not (np.abs(quantity.values - value) <= 1e-9 * max(1.0, abs(value))).any():
                raise StepFault(f"the rule {name} takes {quantity.name}={value!r}, which is no such action")
        return [told(quantity, value) for quantity, value in zip(self.layout.actions, wanted, strict=True)]

    def observe(self, state: State) -> list[float]:
        """What is seen of the state: positions and numbers."""
        values = dict(zip(self.spec.state, state, strict=True))
        with np.errstate(all="ignore"):
            return [
                told(quantity, values[source] if isinstance(source, str) else source(values))
                for quantity, source in zip(self.layout.observed, self._sources, strict=True)
            ]


def told(quantity: Quantity, value: float) -> float:
    """The number of the nearest value in a list, or the number itself."""
    if quantity.whole:
        return float(np.rint(value)) - quantity.low
    return value if quantity.is_real else float(np.argmin(np.abs(quantity.values - value)))


def _place(cumulative: Floats, rng: np.random.Generator) -> int:
    """The number of a value drawn from cumulative probabilities."""
    place = int(np.searchsorted(cumulative, rng.random() * cumulative[-1], side="right"))
    return min(place, cumulative.size - 1)


def spec_env(spec: MdpSpec, *, strict: bool = False) -> Any:
    """A seeded `gymnasium.Env` of `spec` that truncates at its horizon; raises InputError for a faulty spec.

    info: state (names to values), reward_terms, objective if there is one, and action_mask (A,) where actions can be
    counted, numbered with the last variable running fastest. An action that is not available counts as the first that
    is (info["replaced"]); with `strict` it is a ValueError. options={"state": {name: value}} sets start values.
    """
    import gymnasium  # only who wants an environment pays for it

    kind = type("SpecEnv", (_Episodes, gymnasium.Env), {"metadata": {"render_modes": []}, "render_mode": None})
    return kind(Process(spec), gymnasium.spaces, strict=strict)


class _Episodes:
    """One episode at a time; the other base is gymnasium.Env, which keeps the random numbers."""

    np_random: np.random.Generator

    def __init__(self, process: Process, spaces: Any, *, strict: bool) -> None:
        self._process, self._layout, self._strict = process, process.layout, strict
        self.observation_space = _observation_space(spaces, self._layout)
        self.action_space = _action_space(spaces, self._layout)
        grid = np.meshgrid(*(q.choices for q in self._layout.actions), indexing="ij")
        self._columns = [column.reshape(-1) for column in grid]
        self._state: State = ()
        self._steps = 0

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[NDArray[Any], dict[str, Any]]:
        """Begin an episode."""
        super().reset(seed=seed)  # type: ignore[misc]  # gymnasium.Env comes after this class
        start = self._process.begin(self.np_random)
        known = {quantity.name: quantity for quantity in self._layout.states}
        given = (options or {}).get("state", {})
        start |= {name: code_of(known[name], value) for name, value in given.items()}
        self._state, self._steps = tuple(start[name] for name in known), 0
        return self._observation(), self._info()

    def step(self, action: Any) -> tuple[NDArray[Any], float, bool, bool, dict[str, Any]]:
        """Take one timestep."""
        spec = self._process.spec
        values, replaced = self._taken(action)
        done = self._process.step(self._state, values, self.np_random)
        self._state = done.state
        self._steps += 1
        truncated = not done.terminated and spec.horizon is not None and self._steps >= spec.horizon
        info = {**self._info(), "reward_terms": dict(done.terms)}
        if spec.available is not None:
            info["replaced"] = replaced
        if done.objective is not None:
            info["objective"] = done.objective
        return self._observation(), float(sum(done.terms.values())), done.terminated, truncated, info

    def action_masks(self) -> NDArray[np.int8]:
        """(A,) 1 for every action that may be taken now; of an interval its points count."""
        return self._process.allows(self._state, self._columns).astype(np.int8)

    def ruled(self, name: str) -> Any:
        """The action that the spec's baseline `name` takes in the present state."""
        parts = self._process.ruled(name, self._state)
        if self._layout.acts_in_numbers:
            return np.array(parts, dtype=self.action_space.dtype)
        return int(parts[0]) if len(parts) == 1 else np.array(parts, dtype=np.int64)

    def _taken(self, action: Any) -> tuple[State, bool]:
        """The values of an action, and whether another one had to be taken instead."""
        values = _action_values(self._layout, action)
        if self._process.spec.available is None:
            return values, False
        if self._process.allows(self._state, [np.array([value]) for value in values])[0]:
            return values, False
        if self._strict:
            raise ValueError(f"the action {action!r} is not available in this state")
        instead = int(np.argmax(self.action_masks()))
        return tuple(float(column[instead]) for column in self._columns), True

    def _observation(self) -> NDArray[Any]:
        dtype = np.float64 if self._layout.sees_numbers else np.int64
        return np.array(self._process.observe(self._state), dtype=dtype)

    def _info(self) -> dict[str, Any]:
        shown = {q.name: _shown(q, value) for q, value in zip(self._layout.states, self._state, strict=True)}
        if self._layout.acts_in_numbers:
            return {"state": shown}
        return {"state": shown, "action_mask": self.action_masks()}


def _shown(quantity: Quantity, value: float) -> Any:
    """A value as people write it."""
    if quantity.words:
        return quantity.words[int(np.argmin(np.abs(quantity.values - value)))]
    return int(value) if value == int(value) and not quantity.is_real else value


def _ends(quantity: Quantity) -> tuple[float, float]:
    return (quantity.low, quantity.high) if quantity.is_real else (0.0, quantity.values.size - 1.0)


def _observation_space(spaces: Any, layout: Layout) -> Any:
    if not layout.sees_numbers:
        return spaces.MultiDiscrete([quantity.values.size for quantity in layout.observed])
    low, high = zip(*map(_ends, layout.observed), strict=True)
    return spaces.Box(np.array(low), np.array(high), dtype=np.float64)


def _action_space(spaces: Any, layout: Layout) -> Any:
    sizes = [quantity.values.size for quantity in layout.actions]
    if layout.acts_in_numbers:
        low, high = zip(*map(_ends, layout.actions), strict=True)
        return spaces.Box(np.array(low, dtype=np.float32), np.array(high, dtype=np.float32), dtype=np.float32)
    return spaces.Discrete(sizes[0]) if len(sizes) == 1 else spaces.MultiDiscrete(sizes)


def _action_values(layout: Layout, action: Any) -> State:
    """The values of every action variable; raises ValueError for what is no action."""
    parts = np.asarray(action, dtype=np.float64).reshape(-1)
    if parts.size != len(layout.actions) or not np.isfinite(parts).all():
        raise ValueError(f"{action!r} is no action: {len(layout.actions)} finite numbers are wanted")
    values = []
    for quantity, part in zip(layout.actions, parts, strict=True):
        low, high = _ends(quantity)
        if not layout.acts_in_numbers and (not low <= part <= high or part != int(part)):
            raise ValueError(f"{action!r} is no action: {quantity.name} is a number from 0 to {high:g}")
        held = min(max(float(part), low), high)
        values.append(held if quantity.is_real else float(quantity.values[int(np.rint(held))]))
    return tuple(values)
