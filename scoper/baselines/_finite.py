"""Numbers for the values of a finite Gymnasium space: plain ones, and products of plain ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

LARGEST = 100_000


@dataclass(frozen=True)
class FiniteCode:
    """size: how many values; encode: value to number from 0; decode: back."""

    size: int
    encode: Callable[[Any], int]
    decode: Callable[[int], Any]


def finite_size(space: Any) -> int | None:
    """How many values the space has; None when they are too many or not finite in kind."""
    sizes = _sizes(space)
    if sizes is None:
        return None
    size = int(np.prod([float(n) for n in sizes]))
    return size if size <= LARGEST else None


def code_of(space: Any) -> FiniteCode:
    """The numbering of a space for which `finite_size` is known."""
    from gymnasium import spaces

    size = finite_size(space)
    assert size is not None
    if isinstance(space, spaces.Discrete):
        start = int(space.start)
        return FiniteCode(size, lambda value: int(value) - start, lambda number: number + start)
    if isinstance(space, spaces.Tuple):
        codes = [code_of(part) for part in space.spaces]
        shape = tuple(code.size for code in codes)
        return FiniteCode(
            size,
            lambda value: _number([code.encode(v) for code, v in zip(codes, value, strict=True)], shape),
            lambda number: tuple(c.decode(int(i)) for c, i in zip(codes, np.unravel_index(number, shape), strict=True)),
        )
    if isinstance(space, spaces.Dict):
        inner = code_of(spaces.Tuple(tuple(space.spaces.values())))
        keys = tuple(space.spaces)
        return FiniteCode(
            size,
            lambda value: inner.encode(tuple(value[key] for key in keys)),
            lambda number: dict(zip(keys, inner.decode(number), strict=True)),
        )
    shape = tuple(_sizes(space) or ())
    start_at = np.asarray(getattr(space, "start", 0))
    return FiniteCode(
        size,
        lambda value: _number((np.asarray(value).astype(np.int64) - start_at).ravel().tolist(), shape),
        lambda number: (
            np.array(np.unravel_index(number, shape), dtype=np.int64).reshape(space.shape) + start_at
        ).astype(space.dtype),
    )


def _number(parts: Sequence[int], shape: tuple[int, ...]) -> int:
    number = 0
    for part, size in zip(parts, shape, strict=True):
        number = number * size + int(part)
    return number


def _sizes(space: Any) -> list[int] | None:
    from gymnasium import spaces

    if isinstance(space, spaces.Discrete):
        return [int(space.n)]
    if isinstance(space, spaces.MultiDiscrete):
        return [int(n) for n in np.ravel(space.nvec)]
    if isinstance(space, spaces.MultiBinary):
        return [2] * int(np.prod(space.shape))
    if isinstance(space, spaces.Tuple | spaces.Dict):
        inner = space.spaces.values() if isinstance(space, spaces.Dict) else space.spaces
        parts = [_sizes(part) for part in inner]
        return None if any(part is None for part in parts) else [n for part in parts for n in part or []]
    return None
