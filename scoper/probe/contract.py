"""What the first stage measures of an environment's steps: its speed, and whether its actions have any effect.

Faults are the doctor's business. Own code that never hangs; only the child imports this. How many timesteps are taken
follows from a coarse class of speed, not from the clock.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoper.baselines.constant import constant_actions
from scoper.domain.episodes import Replays
from scoper.probe.alike import mark, same
from scoper.probe.clock import Stopwatch
from scoper.probe.pace import fine_pace_of, pace_of, steps_within

_REPLAY_STEPS = 30
_EFFECT_STEPS, _EFFECT_SEQUENCES, _EFFECT_S = 200, 6, 5.0
_LONGEST_STEPS, _MOST_COMPARED = 20_000, 100_000
_FIRST_STEPS, _SPEED_STEPS, _SPEED_S = 20, 1000, 2.0


@dataclass(frozen=True)
class ContractReport:
    """steps_per_s: measured speed with random actions; pace, fine_pace: its classes; replays: same seed, same episode.

    actions_matter: None when it could not be told; alike: the episodes that showed no effect of the actions, if none
    did. magnitudes (d,): see `Evidence.observation_magnitudes`.
    """

    steps_per_s: float
    pace: float
    fine_pace: float
    replays: bool
    actions_matter: bool | None
    alike: Replays | None
    magnitudes: NDArray[np.float64] | None


def check_contract(
    make: Callable[[], Any], seeds: Sequence[int], cut_at: int | None = None, replays: bool | None = None
) -> ContractReport:
    """Step a fresh environment a few hundred times and compare; `seeds` has at least three.

    `cut_at`: the timestep at which not the environment but the probe ends an episode. `replays`: what is known of it;
    None has it looked at here.
    """
    env = make()
    speed = _speed(env, seeds[2])
    if replays is None:
        one, other = (_trace(env, seeds[1], seeds[1], _REPLAY_STEPS) for _ in range(2))
        replays = same(one, other)
    matter, alike = _effect(env, seeds, speed.pace, cut_at) if replays else (None, None)
    env.close()
    return ContractReport(speed.steps_per_s, speed.pace, speed.fine_pace, replays, matter, alike, speed.magnitudes)


def _trace(env: Any, seed: int, action_seed: int, n_steps: int, held: Any = None) -> list[tuple[Any, ...]]:
    """Up to `n_steps` steps from `seed` with the action `held`, or with random ones that depend on `action_seed`."""
    observation, _ = env.reset(seed=seed)
    env.action_space.seed(action_seed % 2**31)
    steps: list[tuple[Any, ...]] = [(mark(observation),)]
    for _ in range(n_steps):
        observation, reward, terminated, truncated, _ = env.step(env.action_space.sample() if held is None else held)
        steps.append((mark(observation), reward, terminated, truncated))
        if terminated or truncated:
            break
    return steps


def _effect(env: Any, seeds: Sequence[int], pace: float, cut_at: int | None) -> tuple[bool, Replays | None]:
    """Whether different actions ever lead to different episodes from one seed; first over few steps, then many."""
    compared = steps_within(_EFFECT_S, pace, _EFFECT_SEQUENCES * _REPLAY_STEPS, _MOST_COMPARED)
    affordable = compared // _EFFECT_SEQUENCES
    few = min(_EFFECT_STEPS, affordable)
    alike = _all_alike(env, seeds, few, compared, cut_at)
    if alike is not None and not alike.complete and affordable > few:
        alike = _all_alike(env, seeds, min(_LONGEST_STEPS, affordable), compared, cut_at)
    return alike is None, alike


def _all_alike(env: Any, seeds: Sequence[int], n_steps: int, most: int, cut_at: int | None) -> Replays | None:
    """The comparisons over about `most` timesteps when none showed a difference; None when one did."""
    held = constant_actions(env.action_space)[:_EFFECT_SEQUENCES]
    n_pairs, total, complete = 0, 0, True
    for seed in seeds:
        reference = _trace(env, seed, seed, n_steps)
        for other in range(1, _EFFECT_SEQUENCES + len(held)):
            constant = held[other - _EFFECT_SEQUENCES] if other >= _EFFECT_SEQUENCES else None
            trace = _trace(env, seed, seed + other, n_steps, constant)
            if not same(reference, trace):
                return None
            n_pairs, total = n_pairs + 1, total + len(trace) - 1
            complete = complete and _ended_by_itself(trace, cut_at)
            if total >= most:
                return Replays(n_pairs, total, complete)
    return Replays(n_pairs, total, complete)


def _ended_by_itself(trace: list[tuple[Any, ...]], cut_at: int | None) -> bool:
    *_, terminated, truncated = trace[-1]
    return bool(terminated or (truncated and len(trace) - 1 != cut_at))


@dataclass(frozen=True)
class _Speed:
    """Measured with random actions; see `ContractReport`."""

    steps_per_s: float
    pace: float
    fine_pace: float
    magnitudes: NDArray[np.float64] | None


def _speed(env: Any, seed: int) -> _Speed:
    """The speed, and the largest absolute value of every vector component, over timesteps that follow from the pace."""
    env.action_space.seed(seed)
    seen = [env.reset(seed=seed)[0]]
    watch, began = Stopwatch(), time.perf_counter()
    pace, steps, most = math.inf, 0, _FIRST_STEPS
    while steps < most:
        observation, _, terminated, truncated, _ = env.step(env.action_space.sample())
        steps += 1
        seen.append(observation)
        if terminated or truncated:
            env.reset()
        if steps == _FIRST_STEPS:
            pace = pace_of(steps, watch.own_s())
            most = steps_within(_SPEED_S, pace, _FIRST_STEPS, _SPEED_STEPS)
    seconds = max(time.perf_counter() - began, 1e-9)
    vectors = isinstance(seen[0], np.ndarray) and seen[0].ndim == 1 and seen[0].dtype.kind in "fiu"
    magnitudes = np.abs(np.asarray(seen, dtype=np.float64)).max(axis=0) if vectors else None
    own_s = watch.own_s()
    return _Speed(steps / seconds, pace_of(steps, own_s), fine_pace_of(steps, own_s), magnitudes)
