"""The random generators that an environment keeps, and whether a seed reaches them.

Looks at the attributes of the environment, of its parts, and of the module that defines it.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from scoper.probe.doctor.tracing import line_that_changes
from scoper.probe.places import Place

_DEPTH = 3
_STEPS = 30
_MOST_PARTS = 200


class Generators:
    """Two environments made alike, to see which of their generators a seed does not determine."""

    def __init__(self, one: Any, other: Any, seeds: Sequence[int], most: int = _STEPS) -> None:
        self._one, self._other, self._seeds, self._steps = one, other, seeds, min(most, _STEPS)

    def ignoring(self) -> tuple[str, ...]:
        """Names of generators that draw while stepping, and that reset(seed) does not put into a state of its own.

        Empty when the environment raises on the way: then others say so.
        """
        try:
            seed, another = self._seeds[0], self._seeds[1]
            self._one.reset(seed=seed)
            before = states(self._one)
            drawing = self._drawing(before)
            self._one.reset(seed=seed)
            again = states(self._one)
            self._other.reset(seed=another)
            different = states(self._other)
            self._one.reset(seed=another)
            later = states(self._one)
        except Exception:
            return ()
        return tuple(
            name
            for name in before
            if name in drawing
            and (again.get(name) != before[name] or later.get(name) == before[name] == different.get(name))
        )

    def _drawing(self, before: dict[str, Any]) -> set[str]:
        """Those whose state moves in some steps, or in unseeded resets."""
        moved: set[str] = set()
        for _ in range(self._steps):
            _, _, terminated, truncated, _ = self._one.step(self._one.action_space.sample())
            now = states(self._one)
            moved |= {name for name in before if now.get(name) != before[name]}
            if len(moved) == len(before):
                return moved
            if terminated or truncated:
                self._one.reset()
        self._one.reset()
        now = states(self._one)
        return moved | {name for name in before if now.get(name) != before[name]}

    def line(self, name: str) -> Place | None:
        """Where the environment draws from the generator `name` while it steps."""

        def some_steps() -> None:
            for _ in range(self._steps):
                _, _, terminated, truncated, _ = self._one.step(self._one.action_space.sample())
                if terminated or truncated:
                    self._one.reset()

        try:
            self._one.reset(seed=self._seeds[0])
            return line_that_changes(lambda: states(self._one).get(name), some_steps)
        except Exception:
            return None


def states(env: Any) -> dict[str, Any]:
    """State of every generator found, by the name under which it was found."""
    base = getattr(env, "unwrapped", env)
    module = sys.modules.get(type(base).__module__)
    found = {name: _state(value) for name, value in _walk(vars(base), "self", _DEPTH, set())}
    if module is not None and not type(base).__module__.startswith("gymnasium."):
        own = {name: value for name, value in vars(module).items() if _is_generator(value)}
        found |= {f"{type(base).__module__}.{name}": _state(value) for name, value in own.items()}
    return found


def _walk(members: dict[str, Any], prefix: str, depth: int, seen: set[int]) -> Iterator[tuple[str, Any]]:
    """Generators in attributes; spaces have generators of their own, which draw actions and do not count."""
    from gymnasium.spaces import Space

    for key, value in list(members.items())[:_MOST_PARTS]:
        if id(value) in seen or isinstance(value, Space | type):
            continue
        seen.add(id(value))
        name = f"{prefix}.{key}"
        if _is_generator(value):
            yield name, value
        elif depth > 1 and hasattr(value, "__dict__") and not callable(value):
            yield from _walk(vars(value), name, depth - 1, seen)


def _is_generator(value: Any) -> bool:
    return isinstance(value, np.random.Generator | np.random.RandomState | random.Random)


def _state(generator: Any) -> Any:
    """A value that tells whether the generator drew or was seeded."""
    if isinstance(generator, np.random.Generator):
        return repr(generator.bit_generator.state)
    if isinstance(generator, np.random.RandomState):
        _, key, position, *rest = generator.get_state()
        return bytes(np.asarray(key).tobytes()), position, tuple(rest)
    return generator.getstate()
