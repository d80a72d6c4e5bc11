"""Any observation as a vector of numbers with a name per component, and any action space as a short list of actions.

Long observations, such as pictures, and those that are no numbers become one number that stands for the whole: equal
ones get the same, and nothing else can be read off it.
"""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np

from scoper.baselines._finite import code_of, finite_size

Vector = tuple[float, ...]
MOST_COMPONENTS = 40
MOST_ACTIONS = 60
_LEVELS = {1: 7, 2: 4, 3: 3}


@dataclass(frozen=True)
class Reader:
    """read: observation to vector; names: of its components; opaque: whether one number stands for the whole."""

    read: Callable[[Any], Vector]
    names: tuple[str, ...]
    opaque: bool = False


def reader_of(space: Any) -> Reader:
    """How observations of `space` are told as vectors."""
    reader = _reader(space, "observation")
    if reader is None or len(reader.names) > MOST_COMPONENTS or not reader.names:
        return Reader(lambda observation: (_digest(observation),), ("observation",), opaque=True)
    return reader


def _reader(space: Any, name: str) -> Reader | None:
    """None where the space is not made of numbers and texts of fixed shape."""
    from gymnasium import spaces

    if isinstance(space, spaces.Discrete):
        return Reader(lambda value: (float(value),), (name,))
    if isinstance(space, spaces.Box | spaces.MultiDiscrete | spaces.MultiBinary):
        size = int(np.prod(space.shape))
        names = (name,) if size == 1 else tuple(f"{name}[{i}]" for i in range(size))
        return Reader(lambda value: tuple(map(float, np.asarray(value).ravel().tolist())), names)
    if isinstance(space, spaces.Text):
        return Reader(lambda value: (float(zlib.crc32(str(value).encode())),), (name,))
    if isinstance(space, spaces.Dict):
        return _together([(key, _reader(part, str(key))) for key, part in space.spaces.items()])
    if isinstance(space, spaces.Tuple):
        return _together([(i, _reader(part, f"{name}.{i}")) for i, part in enumerate(space.spaces)])
    return None


def _together(parts: list[tuple[Any, Reader | None]]) -> Reader | None:
    readers = [(key, reader) for key, reader in parts if reader is not None]
    if len(readers) < len(parts):
        return None
    names = tuple(name for _, reader in readers for name in reader.names)
    return Reader(lambda value: tuple(x for key, reader in readers for x in reader.read(value[key])), names)


def _digest(observation: Any) -> float:
    """A number below 2**52 that equal observations share."""
    digest = blake2b(digest_size=6)
    _feed(digest, observation)
    return float(int.from_bytes(digest.digest(), "big"))


def _feed(digest: Any, value: Any) -> None:
    if isinstance(value, dict):
        for key in sorted(value, key=str):
            digest.update(str(key).encode())
            _feed(digest, value[key])
    elif isinstance(value, tuple | list):
        digest.update(f"({len(value)}".encode())
        for part in value:
            _feed(digest, part)
    elif isinstance(value, np.ndarray | np.generic | float | int):
        digest.update(np.ascontiguousarray(value).tobytes())
    else:
        digest.update(repr(value).encode())


def actions_of(space: Any) -> list[Any]:
    """All actions of a small finite space, else a grid of a box, else evenly spaced, extreme or drawn ones."""
    from gymnasium import spaces

    size = finite_size(space)
    if size is not None:
        code = code_of(space)
        numbers = range(size) if size <= MOST_ACTIONS else np.linspace(0, size - 1, MOST_ACTIONS).astype(int)
        if size > MOST_ACTIONS and not isinstance(space, spaces.Discrete):
            return _corners(space)
        return [code.decode(int(number)) for number in numbers]
    if isinstance(space, spaces.Box):
        return _grid(space)
    return _corners(space)


def _grid(space: Any) -> list[Any]:
    """Evenly spaced levels of every component of a small box; the middle and one-sided extremes of a larger one."""
    low = np.where(np.isfinite(space.low), space.low, -1.0).astype(np.float64)
    high = np.where(np.isfinite(space.high), space.high, 1.0).astype(np.float64)
    size = int(low.size)
    if size in _LEVELS:
        levels = [np.linspace(lo, hi, _LEVELS[size]) for lo, hi in zip(low.ravel(), high.ravel(), strict=True)]
        return [np.array(point).reshape(space.shape).astype(space.dtype) for point in itertools.product(*levels)]
    from scoper.baselines.constant import constant_actions

    return list(constant_actions(space))


def _corners(space: Any) -> list[Any]:
    """Of a product of many parts: some drawn from a seed, the lowest and the highest of all parts among them."""
    from gymnasium import spaces

    found: list[Any] = []
    if isinstance(space, spaces.MultiDiscrete | spaces.MultiBinary):
        nvec = np.asarray(getattr(space, "nvec", np.full(space.shape, 2)))
        start = np.asarray(getattr(space, "start", np.zeros_like(nvec)))
        found = [(start + share * (nvec - 1)).astype(space.dtype) for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    space.seed(0)
    return [*found, *(space.sample() for _ in range(MOST_ACTIONS - len(found)))]
