"""A suite item as arrays, solved by plain backward induction: the proofs' own solver, apart from the tool's.

Worlds are enumerated from the outcomes that they tell, declarative specs from their arrays. Values are undiscounted
within the time limit unless a discount is given.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

import numpy as np

from scoper.domain.mdp import MdpSpec
from scoper.modelling.arrays import compile_spec


@dataclass(frozen=True)
class Model:
    """N transitions. pair (N,) = state * n_actions + action; reward, wanted: expected per transition."""

    n_states: int
    n_actions: int
    pair: np.ndarray
    successor: np.ndarray
    chance: np.ndarray
    reward: np.ndarray
    wanted: np.ndarray
    ends: np.ndarray
    initial: np.ndarray
    available: np.ndarray
    horizon: int
    discount: float
    shown: tuple[Any, ...]

    def expected(self, values: np.ndarray) -> np.ndarray:
        """(S, A) the expectation over what an action may lead to of numbers (N,)."""
        total = np.bincount(self.pair, self.chance * values, self.n_states * self.n_actions)
        return total.reshape(self.n_states, self.n_actions)

    def ahead(self, values: np.ndarray) -> np.ndarray:
        """(S, A) the expectation of values (S,) after the step, nothing following an end."""
        return self.expected(np.where(self.ends, 0.0, values[self.successor]))

    def average(self, values: np.ndarray) -> float:
        """The mean of values (S,) over the start states."""
        return float(self.initial @ values)


def model_of_world(world: Any, horizon: int | None, discount: float) -> Model:
    """The reachable states of a finite world."""
    number: dict[Any, int] = {}
    waiting: deque[Any] = deque()
    going: set[Any] = set()

    def place(state: Any, ended: bool = False) -> int:
        if not ended and state not in going:
            going.add(state)
            waiting.append(state)
        return number.setdefault(state, len(number))

    starts = [(chance, place(state)) for chance, state in world.starts()]
    choices, rows = world.choices(), []
    while waiting:
        state = waiting.popleft()
        for index, action in enumerate(choices):
            pair = number[state] * len(choices) + index
            found = world.outcomes(state, action)
            assert abs(sum(o.chance for o in found) - 1.0) < 1e-9, (state, action)
            rows += [
                (pair, place(o.state, o.terminated), o.chance, world.pay_scale * o.reward, o.wanted, o.terminated)
                for o in found
            ]
    for state, at in number.items():
        if state not in going:  # nothing follows an end: a step that pays nothing fills the array
            rows += [(at * len(choices) + index, at, 1.0, 0.0, 0.0, True) for index in range(len(choices))]
    pair, successor, chance, reward, wanted, ends = (np.array(column) for column in zip(*rows, strict=True))
    initial = np.zeros(len(number))
    for share, state in starts:
        initial[state] += share
    return Model(
        len(number), len(choices), pair, successor, chance, reward, wanted, ends.astype(bool), initial,
        np.ones((len(number), len(choices)), dtype=bool), horizon or world.limit or 1000, discount,
        tuple(repr(world.observe(state)) for state in number),
    )  # fmt: skip


def model_of_spec(spec: MdpSpec, horizon: int | None = None) -> Model:
    """The arrays of a declarative spec."""
    compiled = compile_spec(spec)
    mdp = compiled.mdp
    wanted = mdp.reward if compiled.objective is None else compiled.objective
    if spec.objective is not None and spec.objective.direction == "minimise":
        wanted = -wanted
    return Model(
        mdp.n_states, mdp.n_actions, mdp.pair_of_transition, mdp.successor, mdp.probability, mdp.reward, wanted,
        mdp.terminates, mdp.initial, mdp.available, horizon or spec.horizon or 1000, spec.discount,
        _shown(spec, mdp.state_labels),
    )  # fmt: skip


def _shown(spec: MdpSpec, labels: tuple[str, ...]) -> tuple[Any, ...]:
    """What is seen of every state: its label without the hidden variables."""
    if not spec.observation:
        return labels
    names = list(spec.state)
    kept = [names.index(name) for name in spec.observation if name in names]
    return tuple(", ".join(label.split(", ")[place] for place in kept) for label in labels)


@dataclass(frozen=True)
class Optimum:
    """The best total of `pay`, and the least and most of `other` among the policies that earn it.

    actions (H, S, A): which actions are optimal at every timestep.
    """

    best: float
    other_low: float
    other_high: float
    actions: np.ndarray


def optimum(model: Model, pay: np.ndarray, other: np.ndarray, discount: float = 1.0, sign: float = 1.0) -> Optimum:
    """Backward induction on `pay` (N,), ties kept; `sign` -1 minimises it."""
    size = model.n_states
    value, low, high = np.zeros(size), np.zeros(size), np.zeros(size)
    now, aside = sign * model.expected(pay), model.expected(other)
    now = np.where(model.available, now, -np.inf)
    slack = 1e-11 * float(np.abs(pay).max())
    actions = np.zeros((model.horizon, size, model.n_actions), dtype=bool)
    for t in range(model.horizon - 1, -1, -1):
        q = now + discount * model.ahead(value)
        value = q.max(axis=1)
        best = q >= (value - slack * (model.horizon - t))[:, None]
        actions[t] = best
        low = np.where(best, aside + model.ahead(low), np.inf).min(axis=1)
        high = np.where(best, aside + model.ahead(high), -np.inf).max(axis=1)
    return Optimum(sign * model.average(value), model.average(low), model.average(high), actions)


def evaluate(model: Model, pay: np.ndarray, policy: np.ndarray) -> float:
    """The total of `pay` (N,) under a policy (S, A) of probabilities that does not look at the clock."""
    value, now = np.zeros(model.n_states), model.expected(pay)
    for _ in range(model.horizon):
        value = (policy * (now + model.ahead(value))).sum(axis=1)
    return model.average(value)


def spread_of_returns(model: Model, policy: np.ndarray) -> float:
    """The standard deviation of the return under a policy (S, A), by the recursion of first and second moments."""
    first, second = np.zeros(model.n_states), np.zeros(model.n_states)
    for _ in range(model.horizon):
        on = np.where(model.ends, 0.0, first[model.successor])
        on_squared = np.where(model.ends, 0.0, second[model.successor])
        mean = model.expected(model.reward + on)
        square = model.expected(model.reward**2 + 2.0 * model.reward * on + on_squared)
        first, second = (policy * mean).sum(axis=1), (policy * square).sum(axis=1)
    mean, square = model.average(first), model.average(second)
    return float(np.sqrt(max(square - mean**2, 0.0)))


def uniform(model: Model) -> np.ndarray:
    """(S, A) every available action alike."""
    return model.available / model.available.sum(axis=1, keepdims=True)


def always(model: Model, action: int) -> np.ndarray:
    """(S, A) one action in every state where it is available, else the first that is."""
    policy = np.zeros((model.n_states, model.n_actions))
    chosen = np.where(model.available[:, action], action, model.available.argmax(axis=1))
    policy[np.arange(model.n_states), chosen] = 1.0
    return policy


def chance_of(model: Model, event: np.ndarray, policy: np.ndarray) -> float:
    """The probability that a transition of `event` (N,) happens within the horizon under a policy (S, A)."""
    value = np.zeros(model.n_states)
    for _ in range(model.horizon):
        later = np.where(model.ends, 0.0, value[model.successor])
        value = (policy * model.expected(np.where(event, 1.0, later))).sum(axis=1)
    return model.average(value)


def reachable(model: Model) -> np.ndarray:
    """(N,) the transitions that some policy may take from the start."""
    seen = model.initial > 0
    while True:
        taken = seen[model.pair // model.n_actions] & (model.chance > 0)
        taken &= model.available.reshape(-1)[model.pair]
        after = seen.copy()
        after[model.successor[taken & ~model.ends]] = True
        if (after == seen).all():
            return taken
        seen = after
