"""Is the action that a spec declares as doing nothing one of the environment's? Only the child asks."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoper.domain.mdp import EnvironmentSpec
from scoper.domain.probe import ProbePlan
from scoper.domain.text import shown
from scoper.errors import InputError, Problem

_LISTED = 10


def require_idle_action(plan: ProbePlan, space: Any) -> None:
    """Raises InputError with the place in the spec when its idle action is not of the action space."""
    spec = plan.spec
    if not isinstance(spec, EnvironmentSpec) or spec.idle_action is None:
        return
    message = _what_is_wrong(spec.idle_action, space)
    if message:
        raise InputError(Problem("idle-action", message, plan.spec_source, *spec.places.get("idle_action", (0, 0))))


def _what_is_wrong(action: Any, space: Any) -> str:
    """One sentence; empty where the action may be taken, and of spaces that hold no plain numbers."""
    from gymnasium import spaces

    if not isinstance(space, spaces.Discrete | spaces.Box | spaces.MultiDiscrete | spaces.MultiBinary):
        return ""
    given = np.asarray(action, dtype=np.float64)
    said = f"idle_action {shown(str(list(action) if given.ndim else action))}"
    if isinstance(space, spaces.Discrete):
        return _of_choices(said, given, int(space.start), int(space.start + space.n) - 1, f"Discrete({int(space.n)})")
    name = f"{type(space).__name__} of shape {tuple(space.shape)}"
    if given.size != int(np.prod(space.shape)):
        takes = int(np.prod(space.shape))
        return f"{said} has {_numbers(given.size)}, the action space {name} takes {_numbers(takes)}"
    return _of_bounds(said, given.reshape(space.shape), space, name)


def _of_choices(said: str, given: NDArray[np.float64], low: int, high: int, name: str) -> str:
    if given.ndim == 0 and low <= given <= high and float(given).is_integer():
        return ""
    few = high - low < _LISTED
    allowed = ", ".join(map(str, range(low, high + 1))) if few else f"the integers {low} to {high}"
    return f"{said} is not in {name}: allowed {allowed}"


def _of_bounds(said: str, given: NDArray[np.float64], space: Any, name: str) -> str:
    """The first number that is out of its bounds, or no integer where integers are taken."""
    low, high = _bounds(space)
    whole = np.issubdtype(space.dtype, np.integer)
    with np.errstate(over="ignore"):
        as_taken = given if whole else given.astype(space.dtype)
    wrong = (as_taken < low) | (as_taken > high) | ((given != np.round(given)) & whole)
    if not wrong.any():
        return ""
    first = int(np.argmax(wrong))
    kind = "an integer, " if whole else ""
    which = f"number {first + 1}" if given.size > 1 else "the number"
    bounds = f"{np.ravel(low)[first]:g} to {np.ravel(high)[first]:g}"
    return f"{said} is not in the action space {name}: {which} is {np.ravel(given)[first]:g}, allowed {kind}{bounds}"


def _bounds(space: Any) -> tuple[NDArray[Any], NDArray[Any]]:
    """The least and the largest number at every place."""
    from gymnasium import spaces

    if isinstance(space, spaces.Box):
        return space.low, space.high
    if isinstance(space, spaces.MultiDiscrete):
        start = np.asarray(getattr(space, "start", 0)) + np.zeros(space.shape, dtype=np.int64)
        return start, start + space.nvec - 1
    return np.zeros(space.shape), np.ones(space.shape)


def _numbers(n: int) -> str:
    return f"{n} number" if n == 1 else f"{n} numbers"
