"""Whether two recordings of episodes are the same: marks of what was observed, and comparisons that never raise."""

from __future__ import annotations

import copy
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

_LARGE_BYTES = 1024


def mark(observation: Any) -> Any:
    """A copy to compare with later; a checksum of what is large."""
    if isinstance(observation, np.ndarray) and observation.nbytes > _LARGE_BYTES:
        return observation.shape, zlib.crc32(np.ascontiguousarray(observation).tobytes())
    return copy.deepcopy(observation)


def same(one: Sequence[tuple[Any, ...]], other: Sequence[tuple[Any, ...]], tolerance: float = 0.0) -> bool:
    """Whether two recordings, a tuple for every timestep, are equal up to `tolerance`."""
    if len(one) != len(other):
        return False
    return all(equal(a, b, tolerance) for steps in zip(one, other, strict=True) for a, b in zip(*steps, strict=True))


def equal(one: Any, other: Any, tolerance: float = 0.0) -> bool:
    """Equal numbers up to `tolerance`, relative and absolute; what cannot be compared counts as equal."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(one[key], other[key], tolerance) for key in one)
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        return len(one) == len(other) and all(equal(a, b, tolerance) for a, b in zip(one, other, strict=True))
    try:
        mine, theirs = np.asarray(one), np.asarray(other)
        if mine.dtype.kind in "fiub" and theirs.dtype.kind in "fiub":
            alike = mine.shape == theirs.shape
            return alike and bool(np.allclose(mine, theirs, rtol=tolerance, atol=tolerance, equal_nan=True))
        return bool(one == other)
    except (TypeError, ValueError):
        return True
