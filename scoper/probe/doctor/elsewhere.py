"""Does a seed determine an episode in another process too, where words hash otherwise and addresses are others?

Within one process the order of a set, `hash`, `id` and what was drawn at import stay as they are; a run on another
day meets others. An episode is kept as numbers, three a timestep, so that it can travel.
"""

from __future__ import annotations

import copy
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from scoper.probe.doctor.ledger import Ledger
from scoper.probe.doctor.tracing import definition

MOST_STEPS = 150
_A_STEP = 3
_CLOSE = 1e-4


def episode_in_numbers(env: Any, ledger: Ledger, seed: int, most: int) -> tuple[float, ...]:
    """An episode from reset(seed) with actions that the seed determines: observation, reward and end of each step.

    An observation is one number here, a weighted sum of what it holds. At most `most` timesteps.
    """
    with ledger.guarded("a replay"):
        space = env.action_space  # kept: it may be another object at the next look
        space.seed(seed % 2**31)
        actions = [space.sample() for _ in range(min(most, MOST_STEPS))]
        numbers = [_number(env.reset(seed=seed)[0]), 0.0, 0.0]
        for action in actions:
            observation, reward, terminated, truncated, _ = env.step(copy.deepcopy(action))
            ledger.steps += 1
            numbers += [_number(observation), _number(reward), float(bool(terminated)) + 2 * float(bool(truncated))]
            if terminated or truncated:
                break
    return tuple(numbers)


def look_elsewhere(make: Callable[[], Any], ledger: Ledger, seed: int, before: Sequence[float]) -> None:
    """Write down when the episode is another one here than in the process in which `before` was taken."""
    with ledger.guarded("the constructor"):
        env = make()
    now = episode_in_numbers(env, ledger, seed, max(1, len(before) // _A_STEP - 1))
    shared = min(len(now), len(before))
    alike = np.isclose(now[:shared], before[:shared], rtol=_CLOSE, atol=_CLOSE)
    if not alike.all() or len(now) != len(before):
        step = (shared if alike.all() else int(np.argmin(alike))) // _A_STEP
        when = f"in step {step}" if step else "after reset"
        claim = f"the same seed and the same actions gave another episode in another process, {when}: look for the "
        claim += "order of a set, hash, id, and what is drawn or read at import"
        ledger.add("seed_not_reproducible", claim, definition(env, "step" if step else "reset"), step=step)
    with ledger.guarded("close"):
        env.close()


def _number(value: Any) -> float:
    """One finite number that changes, nearly always, when something in `value` does."""
    if isinstance(value, Mapping):
        return _number([value[key] for key in sorted(value, key=str)])
    if isinstance(value, str):
        return float(zlib.crc32(value.encode()) % 9973)
    if isinstance(value, tuple | list):
        return float(sum(_number(part) * np.sin(1.0 + place) for place, part in enumerate(value)))
    try:
        array = np.nan_to_num(np.asarray(value, dtype=float).ravel(), posinf=1e9, neginf=-1e9)
    except (TypeError, ValueError):
        return 0.0
    return float(array @ np.sin(1.0 + np.arange(array.size)))
