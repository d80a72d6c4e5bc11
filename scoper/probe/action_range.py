"""Which part of a box of actions does anything? One seed, the same steps before, one component larger or smaller.

Only for environments that replay. How many timesteps are taken follows from the coarse class of speed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from scoper.domain.action_range import ActionRange, Part
from scoper.probe.alike import mark, same
from scoper.probe.pace import steps_within

SHARES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.6, 1.0)
"""Of the way from rest to a bound."""
_BEFORE, _AFTER = (0, 3, 11), 3
_SECONDS, _FEW, _MOST, _MOST_PARTS = 2.0, 400, 6_000, 8
_Trace = list[tuple[Any, ...]]


def action_range(env: Any, seeds: Sequence[int], pace: float) -> ActionRange | None:
    """What was found, with a place after some timesteps for every seed; None for other spaces, unbounded or slow ones.

    Rest is zero where the box holds it, else the middle.
    """
    from gymnasium import spaces

    space = env.action_space
    if not isinstance(space, spaces.Box) or not (np.isfinite(space.low).all() and np.isfinite(space.high).all()):
        return None
    if space.dtype is None or space.dtype.kind != "f":
        return None
    size = int(np.prod(space.shape))
    places = list(zip(seeds, _BEFORE, strict=False))
    needed = size * sum(2 * len(SHARES) * (before + _AFTER) for _, before in places)
    if not 0 < size <= _MOST_PARTS or needed > steps_within(_SECONDS, pace, _FEW, _MOST):
        return None
    low, high = space.low.ravel().astype(np.float64), space.high.ravel().astype(np.float64)
    rest = np.where((low <= 0.0) & (high >= 0.0), 0.0, (low + high) / 2.0)
    parts = tuple(_part(env, k, rest, low, high, places) for k in range(size))
    return ActionRange(parts, size * len(places) * 2 * len(SHARES))


def _part(
    env: Any,
    k: int,
    rest: np.ndarray[Any, Any],
    low: np.ndarray[Any, Any],
    high: np.ndarray[Any, Any],
    places: list[Any],
) -> Part:
    saturates, wakes, moves = 0.0, 1.0, False
    for seed, before in places:
        idle = _trace(env, seed, before, rest)
        if idle is None:
            continue
        for bound in (low[k], high[k]):
            if bound == rest[k]:
                continue
            traces = [_trace(env, seed, before, _with(rest, k, rest[k] + s * (bound - rest[k]))) for s in SHARES]
            if any(trace is None for trace in traces):
                continue
            like_last = [same(trace, traces[-1]) for trace in traces]  # type: ignore[arg-type]
            like_rest = [same(trace, idle) for trace in traces]  # type: ignore[arg-type]
            if all(like_rest):
                continue
            moves = True
            saturates = max(
                saturates, SHARES[max((i + 1 for i, alike in enumerate(like_last) if not alike), default=0)]
            )
            wakes = min(wakes, SHARES[like_rest.index(False) - 1] if like_rest[0] else 0.0)
    name = "action" if low.size == 1 else f"action[{k}]"
    return Part(name, float(low[k]), float(high[k]), saturates if moves else 1.0, wakes if moves else 0.0, moves)


def _with(rest: np.ndarray[Any, Any], k: int, value: float) -> np.ndarray[Any, Any]:
    changed = rest.copy()
    changed[k] = value
    return changed


def _trace(env: Any, seed: int, before: int, action: np.ndarray[Any, Any]) -> _Trace | None:
    """What follows an action that is held for some steps, after random ones; None where the episode ended before."""
    env.reset(seed=seed)
    env.action_space.seed(seed % 2**31)
    for _ in range(before):
        _, _, terminated, truncated, _ = env.step(env.action_space.sample())
        if terminated or truncated:
            return None
    taken = np.clip(action.reshape(env.action_space.shape), env.action_space.low, env.action_space.high)
    steps: _Trace = []
    for _ in range(_AFTER):
        observation, reward, terminated, truncated, _ = env.step(taken.astype(env.action_space.dtype))
        steps.append((mark(observation), reward, terminated, truncated))
        if terminated or truncated:
            break
    return steps
