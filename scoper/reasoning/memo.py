"""What was worked out already, up to a number of entries: a program that runs for weeks does not grow.

It lives and dies with whoever holds it. When it is full it begins anew, which is as quick as any choice and safe where
several threads ask; everything kept can be worked out again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")
MOST = 20_000
"""An interview needs some hundred entries of half a kilobyte, all precedents and examples together some thousand."""


class Memo(Generic[Value]):
    """Values by key, at most `most` of them."""

    def __init__(self, most: int = MOST) -> None:
        self._most, self._found = most, dict[tuple[object, ...], Value]()

    def __len__(self) -> int:
        return len(self._found)

    def get(self, key: tuple[object, ...], make: Callable[[], Value]) -> Value:
        """The value of a key, made where it is not kept."""
        found = self._found.get(key)
        if found is None:
            found = make()
            if len(self._found) >= self._most:
                self._found.clear()
            self._found[key] = found
        return found
