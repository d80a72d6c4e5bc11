"""The actions of a spec in the action space of a foreign environment; only the child imports this."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from scoper.domain.mdp import MdpSpec
from scoper.domain.text import shown
from scoper.errors import InputError, Problem
from scoper.modelling.layout import Layout, Quantity
from scoper.probe.counterpart import Component, codes_text, components_of, told_by_position

Places = tuple[int, ...]


def action_maker(spec: MdpSpec, layout: Layout, space: Any, renames: Mapping[str, str]) -> Callable[[int], Any]:
    """From an action's number in the spec to the environment's action.

    Raises InputError when the action space has no counterpart to every action of the spec.
    """
    from gymnasium import spaces

    quantities = layout.actions
    shape = tuple(q.choices.size for q in quantities)
    if isinstance(space, spaces.Discrete) and int(space.n) == int(np.prod(shape)):
        start = int(space.start)
        return lambda number: number + start
    components = components_of(space)
    if components is None or len(components) != len(quantities):
        raise InputError(_no_space(spec, layout, space, components))
    if any(component.name for component in components):
        by_name = {component.name: component for component in components}
        wanted = [renames.get(q.name, q.name) for q in quantities]
        if any(name not in by_name for name in wanted):
            raise InputError(_no_space(spec, layout, space, components))
        columns = [_numbers(spec, q, by_name[name], space) for q, name in zip(quantities, wanted, strict=True)]
        names = [component.name for component in components]
        order = [wanted.index(name) for name in names]
    else:
        columns = [_numbers(spec, q, c, space) for q, c in zip(quantities, components, strict=True)]
        order = list(range(len(columns)))

    def make(number: int) -> Any:
        places = np.unravel_index(number, shape)
        return _built(space, iter([columns[k][int(places[k])] for k in order]))

    return make


def action_codes(layout: Layout, space: Any) -> dict[str, str]:
    """The only action variable, if it has words, to the numbers that stand for them: "0=run, 1=mend"."""
    from gymnasium import spaces

    if len(layout.actions) != 1 or not layout.actions[0].words or not isinstance(space, spaces.Discrete):
        return {}
    (quantity,) = layout.actions
    return {quantity.name: codes_text(quantity, int(space.start))}


def _numbers(spec: MdpSpec, quantity: Quantity, component: Component, space: Any) -> Sequence[float]:
    """The environment's number for every value of an action variable."""
    if told_by_position(quantity, component):
        numbers = np.arange(quantity.values.size) + (component.low if component.size else 0.0)
    else:
        numbers = quantity.choices
    slack = 1e-6 * max(1.0, float(np.abs(numbers).max()))
    fits = component.low - slack <= float(numbers.min()) and float(numbers.max()) <= component.high + slack
    if not fits:
        own = f"has the values {', '.join(quantity.words[:8])}" if quantity.words else ""
        own = own or f"runs from {quantity.low:g} to {quantity.high:g}"
        what = f"actions.{quantity.name} {own}, "
        what += f"the environment's action from {component.low:g} to {component.high:g} ({shown(str(space), 80)})"
        line, column = spec.places.get(f"actions.{quantity.name}", (0, 0))
        remedy = "give both the same actions, or leave the others out with `available`"
        raise InputError(Problem("conform-mapping", what, spec.source, line, column, remedy))
    return [float(number) for number in numbers]


def _built(space: Any, numbers: Any) -> Any:
    """A value of `space` from its numbers in order."""
    from gymnasium import spaces

    if isinstance(space, spaces.Discrete):
        return int(next(numbers))
    if isinstance(space, spaces.Dict):
        return {key: _built(part, numbers) for key, part in space.spaces.items()}
    if isinstance(space, spaces.Tuple):
        return tuple(_built(part, numbers) for part in space.spaces)
    flat = [next(numbers) for _ in range(int(np.prod(space.shape)))]
    return np.array(flat).reshape(space.shape).astype(space.dtype)


def _no_space(spec: MdpSpec, layout: Layout, space: Any, components: Sequence[Component] | None) -> Problem:
    sizes = ", ".join(f"{q.name} with {q.choices.size} values" for q in layout.actions)
    total = int(np.prod([q.choices.size for q in layout.actions]))
    names = [component.name for component in components or () if component.name]
    what = f"the environment's action space is {shown(str(space), 120)}, the spec's actions are {sizes}"
    remedy = f"wanted: Discrete({total}), or one number for each of {', '.join(spec.actions)}"
    if names:
        remedy = f"--map {next(iter(spec.actions))}=NAME, NAME being one of {', '.join(names)}"
    return Problem("conform-mapping", what, spec.source, remedy=remedy)
