"""The variables of a spec in a foreign environment: how a state is read from an observation, how an action is told.

A variable is found by its name in a Dict space, else by its place in a vector, else by its name in step's info.
Values come as numbers or words of the spec, or as positions in its list of values, whatever the space admits. Only the
child imports this.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from scoper.domain.mdp import MdpSpec
from scoper.domain.text import shown
from scoper.errors import InputError, Problem, did_you_mean
from scoper.modelling.layout import Layout, Quantity

MOST_EXTRAS = 20
_MOST_CODES = 8


@dataclass(frozen=True)
class Component:
    """One number of a space: its name where the space gives it one, where it stands, and what it may be.

    get: from a value of the space to the number. size: how many whole numbers from `low` it may be, 0 for an interval.
    """

    name: str
    get: Callable[[Any], Any]
    low: float
    high: float
    size: int = 0


@dataclass(frozen=True)
class Reading:
    """state: the variables' values in the order of the spec, nan where none of theirs was told.

    extras: numbers that the environment tells beside the state, by the names in `extra_names`, nan where missing.
    sources: variable to where it is read, and which number there stands for which value.
    """

    state: Callable[[Any, Mapping[Any, Any]], list[float]]
    extras: Callable[[Any, Mapping[Any, Any]], list[float]]
    extra_names: tuple[str, ...]
    sources: Mapping[str, str]


def components_of(space: Any) -> list[Component] | None:
    """The numbers that a value of `space` consists of; None for a space that holds something else."""
    from gymnasium import spaces

    if isinstance(space, spaces.Discrete):
        start = int(space.start)
        return [Component("", lambda value: value, start, start + int(space.n) - 1, int(space.n))]
    if isinstance(space, spaces.Text):
        return [Component("", lambda value: value, 0.0, math.inf)]
    if isinstance(space, spaces.MultiDiscrete | spaces.MultiBinary | spaces.Box):
        return _of_array(space)
    parts: list[tuple[Any, Any]] = []
    if isinstance(space, spaces.Dict):
        parts = list(space.spaces.items())
    elif isinstance(space, spaces.Tuple):
        parts = list(enumerate(space.spaces))
    else:
        return None
    found: list[Component] = []
    for key, part in parts:
        inner = components_of(part)
        if inner is None:
            return None
        named = isinstance(space, spaces.Dict)
        for number, component in enumerate(inner):
            name = component.name or (f"{key}[{number}]" if len(inner) > 1 else f"{key}")
            found.append(replace(component, name=name if named else "", get=_after(key, component.get)))
    return found


def _of_array(space: Any) -> list[Component]:
    from gymnasium import spaces

    shape = (int(space.n),) if isinstance(space, spaces.MultiBinary) and np.ndim(space.n) == 0 else tuple(space.shape)
    size = math.prod(shape)
    if isinstance(space, spaces.Box):
        lows, highs = np.ravel(space.low), np.ravel(space.high)
        whole = np.issubdtype(space.dtype, np.integer)
        counts = [int(h - low) + 1 if whole and h - low < 10**6 else 0 for low, h in zip(lows, highs, strict=True)]
    elif isinstance(space, spaces.MultiDiscrete):
        lows = np.ravel(np.broadcast_to(getattr(space, "start", 0), space.nvec.shape))
        counts = [int(n) for n in np.ravel(space.nvec)]
        highs = lows + np.array(counts) - 1
    else:
        lows, highs, counts = np.zeros(size), np.ones(size), [2] * size
    return [Component("", _at(place), float(lows[place]), float(highs[place]), counts[place]) for place in range(size)]


def _at(place: int) -> Callable[[Any], Any]:
    return lambda value: np.ravel(value)[place]


def _after(key: Any, get: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: get(value[key])


def told_by_position(quantity: Quantity, component: Component) -> bool:
    """Whether `component` tells the position in the list of values, because the values themselves would not fit it."""
    if quantity.is_real:
        return False
    last = quantity.values.size - 1
    from_zero = component.low == 0.0 and component.high == last
    if quantity.words:
        return True
    lowest, highest = float(quantity.values.min()), float(quantity.values.max())
    fits = component.low <= lowest + 1e-6 and highest - 1e-6 <= component.high
    return from_zero and (not fits or not _is_whole(quantity.values)) and last > 0


def _is_whole(values: np.ndarray[Any, Any]) -> bool:
    return bool((np.rint(values) == values).all())


def reading_of(
    spec: MdpSpec, layout: Layout, space: Any, first: tuple[Any, Mapping[Any, Any]], renames: Mapping[str, str]
) -> Reading:
    """How states of `spec` are read; `first` is what a reset returned. Raises InputError for what has none."""
    components = components_of(space) or []
    pairs, sources, extras = _matched(spec, layout, components, space, renames)
    told = _told(first[1])
    missing = [q for q in layout.states if q.name not in pairs]
    from_info: dict[str, str] = {}
    for quantity in missing:
        name = renames.get(quantity.name, quantity.name)
        if name in told:
            from_info[quantity.name] = name
            sources[quantity.name] = f"info['{name}']"
    lost = [q.name for q in missing if q.name not in from_info]
    if lost:
        raise InputError(_no_counterpart(spec, lost, space, components, told))
    for quantity in layout.states:
        if quantity.name in pairs:
            component = pairs[quantity.name]
            codes = _codes(quantity, component, component.get(first[0]) if quantity.words else None)
        else:
            codes = _codes(quantity, None, told[from_info[quantity.name]])
        sources[quantity.name] += f": {codes}" if codes else ""
    readers = [
        _from_observation(q, pairs[q.name]) if q.name in pairs else _from_info(q, from_info[q.name])
        for q in layout.states
    ]
    used = set(from_info.values()) | set(spec.state)
    keys = [key for key, value in told.items() if key not in used and _number(value) is not None][:MOST_EXTRAS]

    def state(observation: Any, info: Mapping[Any, Any]) -> list[float]:
        known = _told(info) if from_info else info
        return [read(observation, known) for read in readers]

    def others(observation: Any, info: Mapping[Any, Any]) -> list[float]:
        known = _told(info)
        seen = [_number(component.get(observation)) for component in extras]
        return [math.nan if v is None else v for v in (*seen, *(_number(known.get(key)) for key in keys))]

    names = (*(f"observation['{c.name}']" for c in extras), *(f"info['{key}']" for key in keys))
    return Reading(state, others, tuple(shown(name, 60) for name in names), sources)


def _matched(
    spec: MdpSpec, layout: Layout, components: Sequence[Component], space: Any, renames: Mapping[str, str]
) -> tuple[dict[str, Component], dict[str, str], list[Component]]:
    """State variable to its component, the words for where it stands, and the components left over."""
    if any(component.name for component in components):
        by_name = {component.name: component for component in components}
        pairs, sources = {}, {}
        for quantity in layout.states:
            name = renames.get(quantity.name, quantity.name)
            if name in by_name:
                pairs[quantity.name] = by_name.pop(name)
                sources[quantity.name] = f"observation['{name}']"
        return pairs, sources, list(by_name.values())[:MOST_EXTRAS]
    seen = [s if isinstance(s, str) else "" for s in layout.sources] if spec.observation else list(spec.state)
    for order in (seen, list(spec.state)):
        if len(components) == len(order):
            pairs = {name: component for name, component in zip(order, components, strict=True) if name}
            return pairs, {name: _place_words(order.index(name), len(order)) for name in pairs}, []
    number = _on_grid(layout, components)
    if number is None:
        return {}, {}, []
    shape = tuple(q.values.size for q in layout.states)
    pairs = {
        q.name: Component("", _digit(number, shape, place), 0.0, shape[place] - 1.0, shape[place])
        for place, q in enumerate(layout.states)
    }
    words = "the observation, a number on the grid of " + ", ".join(pairs)
    return pairs, dict.fromkeys(pairs, words), []


def _place_words(place: int, n: int) -> str:
    return "the observation" if n == 1 else f"number {place + 1} of the observation"


def _on_grid(layout: Layout, components: Sequence[Component]) -> Component | None:
    """The only component, if it numbers all states."""
    if len(components) != 1 or any(q.is_real for q in layout.states):
        return None
    return components[0] if components[0].size == math.prod(q.values.size for q in layout.states) else None


def _digit(component: Component, shape: tuple[int, ...], place: int) -> Callable[[Any], Any]:
    first = int(component.low)
    return lambda value: int(np.unravel_index(int(np.ravel(component.get(value))[0]) - first, shape)[place])


def _from_observation(quantity: Quantity, component: Component) -> Callable[[Any, Mapping[Any, Any]], float]:
    by_position = told_by_position(quantity, component)
    first = component.low if by_position and component.size else 0.0
    return lambda observation, _: _value(quantity, component.get(observation), by_position, first)


def _codes(quantity: Quantity, component: Component | None, told: Any) -> str:
    """Which number stands for which value, "0=week, 1=weekend"; empty where values or words are told themselves."""
    by_position = bool(quantity.words) if component is None else told_by_position(quantity, component)
    if not by_position or isinstance(told, str):
        return ""
    return codes_text(quantity, int(component.low) if component is not None and component.size else 0)


def codes_text(quantity: Quantity, first: int) -> str:
    """The positions from `first` on and the values they stand for; of many the first."""
    labels = quantity.words or tuple(f"{value:g}" for value in quantity.values)
    known = [f"{first + place}={label}" for place, label in enumerate(labels[:_MOST_CODES])]
    return ", ".join([*known, *(["..."] if len(labels) > _MOST_CODES else [])])


def _from_info(quantity: Quantity, key: str) -> Callable[[Any, Mapping[Any, Any]], float]:
    return lambda _, known: _value(quantity, known.get(key), bool(quantity.words), 0.0)


def _value(quantity: Quantity, raw: Any, by_position: bool, first: float) -> float:
    """The value as a number of the spec; nan for what is none."""
    if isinstance(raw, str):
        if raw in quantity.words:
            return float(quantity.values[quantity.words.index(raw)])
        return math.nan
    number = _number(raw)
    if number is None:
        return math.nan
    if not by_position:
        return number
    place = number - first
    inside = place == int(place) and 0 <= place < quantity.values.size
    return float(quantity.values[int(place)]) if inside else math.nan


def _number(raw: Any) -> float | None:
    """`raw` as a finite number, None for anything else."""
    if isinstance(raw, np.ndarray) and raw.size == 1:
        raw = raw.item()
    if isinstance(raw, bool | int | float | np.bool_ | np.integer | np.floating) and math.isfinite(float(raw)):
        return float(raw)
    return None


def _told(info: Mapping[Any, Any]) -> dict[str, Any]:
    """The entries of info, those of a mapping under `state` first."""
    inner = info.get("state")
    state = dict(inner) if isinstance(inner, Mapping) else {}
    return {str(key): value for key, value in {**state, **{k: v for k, v in info.items() if k not in state}}.items()}


def _no_counterpart(
    spec: MdpSpec, lost: Sequence[str], space: Any, components: Sequence[Component], told: Mapping[str, Any]
) -> Problem:
    names = ", ".join(f"'{name}'" for name in lost)
    what = f"{names} of the spec {'has' if len(lost) == 1 else 'have'} no counterpart in the environment"
    what += f": its observation is {shown(str(space), 120)}, {len(components)} numbers"
    what += f" for the state ({', '.join(spec.state)})"
    if spec.observation:
        what += "; what is hidden from the observer cannot be compared unless info tells it"
    known = [component.name for component in components if component.name] + list(told)
    remedy = f"put the state into step's info, as info['state'] = {{'{lost[0]}': ...}}"
    if known:
        remedy = f"--map {lost[0]}=NAME, NAME being one of {', '.join(known[:12])} ({did_you_mean(lost[0], known)})"
    return Problem("conform-mapping", what, spec.source, remedy=remedy)
