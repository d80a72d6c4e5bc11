"""What a sampling told, as numbers of the spec's grid: rows of values become states, actions, outcomes and clues."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scoper.domain.probe import Sampled
from scoper.domain.tabular import Bools, Floats, Ints, TabularMdp
from scoper.errors import ProbeError, Problem
from scoper.modelling.grid import Axis, Grid
from scoper.numerics.clues import Clue, clues_of
from scoper.numerics.deviation import Score, Steps

_TOLERANCE = 1e-5
_FEW_VALUES = 6
_LARGEST = 1 << 26


@dataclass(frozen=True)
class Sample:
    """n steps as told, in the order they were taken.

    column: name to (n,). before, after: state variable to value (n,), nan where none was told. told: what else the
    environment told before the step.
    """

    column: Mapping[str, Floats]
    before: Mapping[str, Floats]
    after: Mapping[str, Floats]
    told: Mapping[str, Floats]

    @property
    def size(self) -> int:
        """How many steps."""
        return int(self.column["action"].size)


@dataclass(frozen=True)
class Coded:
    """The steps on the grid.

    used (m,): numbers of the steps of `sample` whose state the spec knows and whose action it allows; everything in
    `steps` is about them. begins (E,): the number of every episode's first step.

    places_before, places_after: variable to its place (n,) on its axis, -1 for a value that is none of its.
    """

    sample: Sample
    used: Ints
    begins: Ints
    places_before: Mapping[str, Ints]
    places_after: Mapping[str, Ints]
    state: Ints
    action: Ints
    steps: Steps


def read_rows(events: Sequence[Sampled], state: Sequence[str]) -> Sample:
    """The rows of all events; raises ProbeError when they are no rows, or none at all."""
    tables = []
    for event in events:
        try:
            numbers = np.frombuffer(base64.b64decode(event.rows, validate=True), dtype="<f8")
        except (binascii.Error, ValueError):
            raise _broken() from None
        if not event.columns or numbers.size % len(event.columns) or event.columns != events[0].columns:
            raise _broken()
        tables.append(numbers.reshape(-1, len(event.columns)))
    if not tables or sum(table.size for table in tables) > _LARGEST:
        raise _broken()
    columns = events[0].columns
    table = np.concatenate(tables)
    named = {name: np.ascontiguousarray(table[:, k]) for k, name in enumerate(columns)}
    try:
        before = {name: named.pop(f"before.{name}") for name in state}
        after = {name: named.pop(f"after.{name}") for name in state}
    except KeyError:
        raise _broken() from None
    told = {name: values for name, values in named.items() if name.startswith(("info[", "observation["))}
    return Sample({name: values for name, values in named.items() if name not in told}, before, after, told)


def _broken() -> ProbeError:
    remedy = "the environment may not touch file descriptors that it inherited"
    return ProbeError(Problem("output", "the sampling told no readable timesteps", remedy=remedy))


def coded(sample: Sample, states: Grid, table: TabularMdp) -> Coded:
    """The sample on the grid of `table`."""
    before = {axis.name: places_of(axis, sample.before[axis.name]) for axis in states.axes}
    after = {axis.name: places_of(axis, sample.after[axis.name]) for axis in states.axes}
    state, reached = _numbers(states, before), _numbers(states, after)
    action = np.clip(sample.column["action"], 0, table.n_actions - 1).astype(np.int64)
    allowed = (state >= 0) & table.available[np.maximum(state, 0), action]
    used = np.flatnonzero(allowed)
    begins = np.flatnonzero(sample.column["timestep"] == 0)
    steps = Steps(
        pair=state[used] * table.n_actions + action[used],
        successor=reached[used],
        reward=sample.column["reward"][used],
        terminated=sample.column["terminated"][used].astype(np.int64),
        starts=state[begins],
    )
    return Coded(sample, used, begins, before, after, state, action, steps)


def places_of(axis: Axis, values: Floats) -> Ints:
    """(n,) the place of every value on the axis, -1 for one that is none of its."""
    order = np.argsort(axis.values, kind="stable")
    ordered = axis.values[order]
    known = np.isfinite(values)
    wanted = np.where(known, values, ordered[0])
    right = np.clip(np.searchsorted(ordered, wanted), 0, ordered.size - 1)
    left = np.maximum(right - 1, 0)
    nearer = np.where(np.abs(ordered[left] - wanted) <= np.abs(ordered[right] - wanted), left, right)
    close: Bools = np.abs(ordered[nearer] - wanted) <= _TOLERANCE * np.maximum(1.0, np.abs(wanted))
    return np.where(known & close, order[nearer], -1).astype(np.int64)


def _numbers(grid: Grid, places: Mapping[str, Ints]) -> Ints:
    """(n,) the number on the grid, -1 where a variable has none."""
    number = np.zeros(next(iter(places.values())).size, dtype=np.int64)
    missing = np.zeros(number.size, dtype=np.bool_)
    for axis in grid.axes:
        number = number * axis.values.size + np.maximum(places[axis.name], 0)
        missing |= places[axis.name] < 0
    return np.where(missing, -1, number)


def scores_of(states: Grid) -> tuple[Score, ...]:
    """Every variable's value; of words whether it is each of them. Variables of one value are left out."""
    found = []
    places = np.unravel_index(np.arange(states.size), states.shape)
    for axis, place in zip(states.axes, places, strict=True):
        if axis.values.size < 2:
            continue
        if axis.kind == "categorical" and axis.values.size <= 2 * _FEW_VALUES:
            words = range(1 if axis.values.size == 2 else 0, axis.values.size)
            found += [Score(f"{axis.name}={axis.labels[k]}", (place == k) * 1.0, spread=False) for k in words]
        else:
            found.append(Score(axis.name, axis.values[place]))
    return tuple(found)


def clues_for(code: Coded, actions: Grid) -> tuple[Clue, ...]:
    """The clues of the used steps."""
    sample, used = code.sample, code.used
    places = np.unravel_index(code.action, actions.shape)
    taken = {axis.name: axis.values[place] for axis, place in zip(actions.axes, places, strict=True)}
    episode, timestep = (sample.column[name].astype(np.int64) for name in ("episode", "timestep"))
    many = clues_of(episode, timestep, sample.before, taken, sample.column["reward"], sample.told)
    return tuple(Clue(clue.kind, clue.name, clue.values[used], clue.lag) for clue in many)


def replaced_pairs(code: Coded, actions: Grid, axis: int, *, lag: int = 0, place: int = 0) -> tuple[Ints, Ints]:
    """Steps (k,) whose outcome is a state, and their pairs (k,) had one action variable had another value.

    The variable is `axis`, its value the one it had `lag` timesteps before, or where lag is 0 that at `place`.
    """
    n_actions = actions.size
    places = [np.asarray(p) for p in np.unravel_index(code.action, actions.shape)]
    timestep = code.sample.column["timestep"].astype(np.int64)
    usable = np.zeros(code.action.size, dtype=np.bool_)
    usable[code.used] = code.steps.successor >= 0
    if lag:
        moved = np.full(code.action.size, 0, dtype=np.int64)
        moved[lag:] = places[axis][:-lag]
        usable &= timestep >= lag
        places[axis] = moved
    else:
        places[axis] = np.full(code.action.size, place, dtype=np.int64)
    number = np.ravel_multi_index(tuple(places), actions.shape)
    chosen = np.flatnonzero(usable)
    return chosen, code.state[chosen] * n_actions + number[chosen]
