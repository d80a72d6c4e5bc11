"""Are there spaces, and could anything be learned in them? Looks at the spaces only, and steps nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from scoper.probe.doctor.ledger import Ledger, Unfit
from scoper.probe.doctor.tracing import class_line, definition

MOST_ACTIONS = 100_000
MOST_OBSERVATIONS = 10_000_000
MOST_ELEMENTS = 4_000_000


def look_at_spaces(env: Any, ledger: Ledger) -> None:
    """Write down what is wrong with the spaces; raises Unfit when there is none to draw actions from."""
    from gymnasium import Env, spaces

    constructor = definition(env, "__init__")
    if not isinstance(env.unwrapped, Env):
        kind = type(env.unwrapped).__name__
        ledger.add("base_class", f"{kind} does not inherit from gymnasium.Env: no wrapper takes it", constructor)
    for name in ("observation_space", "action_space"):
        space = getattr(env, name, None)
        if not isinstance(space, spaces.Space):
            what = "no" if space is None else f"the {type(space).__module__}.{type(space).__name__}"
            claim = (
                f"the environment has {what} {name}" if space is None else f"{name} is {what}, not a gymnasium space"
            )
            ledger.add("space_missing", claim, constructor, space=name)
    for name in ("reset", "step"):
        if getattr(type(env.unwrapped), name, None) is getattr(Env, name):
            claim = f"{type(env.unwrapped).__name__} defines no {name}"
            ledger.add("method_missing", claim, class_line(env), method=name)
    if ledger.knows("space_missing", "method_missing"):
        raise Unfit
    for name in ("observation_space", "action_space"):
        space = getattr(env, name)
        for path, leaf in leaves(space, name):
            _look_at_leaf(path, leaf, ledger, constructor, is_action=name == "action_space")
        _look_at_size(name, space, ledger, constructor)
        if not _same_space(space, getattr(env, name)):
            ledger.add("space_changes", f"{name} is another one every time it is asked for", constructor, space=name)


def leaves(space: Any, path: str) -> Iterator[tuple[str, Any]]:
    """The elementary spaces inside `space`, each with its path."""
    from gymnasium import spaces

    if isinstance(space, spaces.Dict):
        for key, inner in space.spaces.items():
            yield from leaves(inner, f"{path}[{key!r}]")
    elif isinstance(space, spaces.Tuple):
        for index, inner in enumerate(space.spaces):
            yield from leaves(inner, f"{path}[{index}]")
    else:
        yield path, space


def _same_space(one: Any, other: Any) -> bool:
    return one is other or bool(one == other)


def _look_at_leaf(path: str, space: Any, ledger: Ledger, place: Any, *, is_action: bool) -> None:
    from gymnasium import spaces

    if isinstance(space, spaces.Box):
        low, high = np.asarray(space.low), np.asarray(space.high)
        if (low > high).any() or np.isnan(low.astype(float)).any() or np.isnan(high.astype(float)).any():
            ledger.add("space_bounds", f"{path} has bounds of which low is not below high", place, space=path)
        elif low.size and (low == high).all():
            ledger.add("space_bounds", f"{path} has room for one value only: low equals high", place, space=path)
        elif is_action and not (np.isfinite(low).all() and np.isfinite(high).all()):
            ledger.add("action_unbounded", f"{path} has no finite bounds: no learner can sample from it", place)
    elif isinstance(space, spaces.Discrete) and int(space.n) < 1:
        ledger.add("space_bounds", f"{path} has {int(space.n)} elements", place, space=path)


def _look_at_size(name: str, space: Any, ledger: Ledger, place: Any) -> None:
    """Too many actions, states or numbers to work with."""
    from gymnasium import spaces

    most = MOST_ACTIONS if name == "action_space" else MOST_OBSERVATIONS
    elements = 0
    for path, leaf in leaves(space, name):
        if isinstance(leaf, spaces.Discrete) and int(leaf.n) > most:
            claim = f"{path} has {int(leaf.n):.3g} elements, each of which would have to be tried"
            ledger.add("space_huge", claim, place, space=path, elements=float(leaf.n))
        elif isinstance(leaf, spaces.MultiDiscrete) and int(np.max(leaf.nvec)) > most:
            widest = int(np.max(leaf.nvec))
            claim = f"a component of {path} has {widest:.3g} values, each of which would have to be tried"
            ledger.add("space_huge", claim, place, space=path, elements=float(widest))
        else:
            elements += int(np.prod(leaf.shape)) if leaf.shape is not None else 0
    if elements > MOST_ELEMENTS:
        claim = f"{name} holds {elements:.3g} numbers: a learner keeps thousands of them in memory"
        ledger.add("space_huge", claim, place, space=name, elements=float(elements))
