"""Observations in several parts, told as one vector of numbers: what a small network, or a rule, can take.

Parts follow each other in the order of the space: numbers as they are, a choice of a few values as so many zeros and a
one. Texts are left out and named; pictures that convolutions should see, and goals, stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from scoper.baselines._finite import finite_size

LARGEST = 4_000
_FEW = 8
_SMALLEST_PICTURE = 36
_GOALS = ("observation", "achieved_goal", "desired_goal")
_Writer = Callable[[Any, NDArray[np.float32]], None]


@dataclass(frozen=True)
class Layout:
    """How values of a space become a vector: writers fill their stretch; names, low, high (n,) of the components.

    left_out: the names of the texts that are not told.
    """

    writers: tuple[tuple[int, int, _Writer], ...]
    names: tuple[str, ...]
    low: NDArray[np.float32]
    high: NDArray[np.float32]
    left_out: tuple[str, ...]

    def vector(self, value: Any) -> NDArray[np.float32]:
        """(n,) a value of the space."""
        told = np.zeros(len(self.names), dtype=np.float32)
        for first, after, write in self.writers:
            write(value, told[first:after])
        return told


def layout_of(space: Any) -> Layout | None:
    """The layout of a Dict or Tuple of numbers; None for all others, and where nothing would be left."""
    if not isinstance(space, spaces.Dict | spaces.Tuple):
        return None
    if isinstance(space, spaces.Dict) and all(name in space.spaces for name in _GOALS):
        return None
    found = _Building()
    if not found.add(space, "", lambda value: value) or not 0 < len(found.names) <= LARGEST:
        return None
    low, high = np.array(found.low, dtype=np.float32), np.array(found.high, dtype=np.float32)
    return Layout(tuple(found.writers), tuple(found.names), low, high, tuple(found.left_out))


class FlatView(gymnasium.ObservationWrapper):  # type: ignore[misc]
    """An environment whose observations are vectors by a layout."""

    def __init__(self, env: Any, layout: Layout) -> None:
        super().__init__(env)
        self._layout = layout
        self.observation_space = spaces.Box(layout.low, layout.high, dtype=np.float32)

    def observation(self, observation: Any) -> NDArray[np.float32]:
        """The vector of one observation."""
        return self._layout.vector(observation)


def told_flat(make: Callable[[], Any]) -> tuple[Callable[[], Any], Layout | None]:
    """`make`, its observations told as vectors where they come in parts that cannot be counted one by one.

    The layout is None where nothing changes. Makes an environment and closes it.
    """
    env = make()
    space = env.observation_space
    env.close()
    layout = None if finite_size(space) else layout_of(space)
    return (make, None) if layout is None else (lambda: FlatView(make(), layout), layout)


class _Building:
    """The layout so far."""

    def __init__(self) -> None:
        self.writers: list[tuple[int, int, _Writer]] = []
        self.names: list[str] = []
        self.low: list[float] = []
        self.high: list[float] = []
        self.left_out: list[str] = []

    def add(self, space: Any, name: str, get: Callable[[Any], Any]) -> bool:
        """Take up a part; False where it cannot be told in numbers."""
        if isinstance(space, spaces.Dict | spaces.Tuple):
            inner: Mapping[Any, Any] = space.spaces if isinstance(space, spaces.Dict) else dict(enumerate(space.spaces))
            return all(
                self.add(part, f"{name}.{key}" if name else f"{key}", _after(get, key)) for key, part in inner.items()
            )
        if isinstance(space, spaces.Discrete):
            return self._choice(space, name, get)
        if isinstance(space, spaces.MultiDiscrete | spaces.MultiBinary | spaces.Box):
            return self._numbers(space, name, get)
        if not _holds_text(space):
            return False
        self.left_out.append(name)
        return True

    def _choice(self, space: Any, name: str, get: Callable[[Any], Any]) -> bool:
        start, size = int(space.start), int(space.n)
        if size > _FEW:
            self._stretch([name], [start], [start + size - 1], lambda value, out: out.fill(float(get(value))))
            return True

        def write(value: Any, out: NDArray[np.float32]) -> None:
            out[int(get(value)) - start] = 1.0

        self._stretch([f"{name}={start + k}" for k in range(size)], [0.0] * size, [1.0] * size, write)
        return True

    def _numbers(self, space: Any, name: str, get: Callable[[Any], Any]) -> bool:
        shape = tuple(space.shape)
        has_sides = isinstance(space, spaces.Box) and space.dtype == np.uint8 and len(shape) == 3
        if has_sides and min(sorted(shape)[-2:]) >= _SMALLEST_PICTURE:
            return False
        size = int(np.prod(shape))
        if isinstance(space, spaces.Box):
            low, high = np.ravel(space.low), np.ravel(space.high)
        elif isinstance(space, spaces.MultiDiscrete):
            low = np.ravel(np.broadcast_to(getattr(space, "start", 0), shape))
            high = low + np.ravel(space.nvec) - 1
        else:
            low, high = np.zeros(size), np.ones(size)

        def write(value: Any, out: NDArray[np.float32]) -> None:
            out[:] = np.ravel(get(value))

        names = [name] if size == 1 else [f"{name}[{i}]" for i in range(size)]
        self._stretch(names, low.tolist(), high.tolist(), write)
        return True

    def _stretch(self, names: list[str], low: list[float], high: list[float], write: _Writer) -> None:
        self.writers.append((len(self.names), len(self.names) + len(names), write))
        self.names += names
        self.low += low
        self.high += high


def _holds_text(space: Any) -> bool:
    """Whether it is a space of texts, Gymnasium's or another one's."""
    known = isinstance(space, spaces.Text) or not type(space).__module__.startswith("gymnasium.")
    return known and isinstance(space.sample(), str)


def _after(get: Callable[[Any], Any], key: Any) -> Callable[[Any], Any]:
    return lambda value: get(value)[key]
