"""Does the environment keep Gymnasium's contract? Own checks that never hang; only the child imports this.

What would make a measurement meaningless raises `EnvironmentFault`; what only weakens it comes back as cautions.
"""

from __future__ import annotations

import copy
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoper.baselines.constant import constant_actions
from scoper.domain.episodes import Replays
from scoper.domain.findings import Finding

_REPLAY_STEPS = 30
_EFFECT_STEPS, _EFFECT_SEQUENCES, _EFFECT_S = 200, 6, 5.0
_LONGEST_STEPS, _LARGE_BYTES = 20_000, 1024
_SPEED_STEPS = 1000
_SPEED_S = 2.0


@dataclass(frozen=True)
class ContractReport:
    """steps_per_s: measured speed with random actions; replays: same seed and actions, same episode.

    actions_matter: None when it could not be told; alike: the episodes that showed no effect of the actions, if none
    did. magnitudes (d,): see `Evidence.observation_magnitudes`.
    """

    findings: tuple[Finding, ...]
    steps_per_s: float
    replays: bool
    actions_matter: bool | None
    alike: Replays | None
    magnitudes: NDArray[np.float64] | None


def check_contract(make: Callable[[], Any], seeds: Sequence[int], cut_at: int | None = None) -> ContractReport:
    """Step a fresh environment a few hundred times and compare; `seeds` has at least three.

    `cut_at`: the timestep at which not the environment but the probe ends an episode.
    """
    env = make()
    findings: list[Finding] = []
    findings += _observation_findings(env, seeds[0])
    first = _trace(env, seeds[1], seeds[1], _REPLAY_STEPS)
    findings += _reuse_findings(env, seeds[1])
    steps_per_s, magnitudes = _speed(env, seeds[2])
    replays = _same(first, _trace(env, seeds[1], seeds[1], _REPLAY_STEPS))
    if not replays:
        findings.append(
            Finding(
                code="seed_not_reproducible",
                severity="caution",
                claim=f"the same seed and the same actions gave another episode within {_REPLAY_STEPS} steps",
                evidence={"steps": _REPLAY_STEPS},
                remedy="draw all randomness from self.np_random and reset every part of the state in reset",
            )
        )
    matter, alike = _effect(env, seeds, steps_per_s, cut_at) if replays else (None, None)
    env.close()
    return ContractReport(tuple(findings), steps_per_s, replays, matter, alike, magnitudes)


def _observation_findings(env: Any, seed: int) -> list[Finding]:
    observation, _ = env.reset(seed=seed)
    env.action_space.seed(seed)
    for step in range(_REPLAY_STEPS):
        if not env.observation_space.contains(observation):
            return [
                Finding(
                    code="observation_outside_space",
                    severity="caution",
                    claim=f"after {step} steps an observation lies outside observation_space: bounds or dtype",
                    evidence={"step": step, "dtype": str(getattr(observation, "dtype", type(observation).__name__))},
                    remedy="widen the bounds of observation_space, or return its dtype",
                )
            ]
        observation, _, terminated, truncated, _ = env.step(env.action_space.sample())
        if terminated or truncated:
            observation, _ = env.reset()
    return []


def _reuse_findings(env: Any, seed: int) -> list[Finding]:
    before, _ = env.reset(seed=seed)
    if not isinstance(before, np.ndarray):
        return []
    kept = before.copy()
    env.step(env.action_space.sample())
    if np.array_equal(kept, before):
        return []
    return [
        Finding(
            code="observation_reused",
            severity="caution",
            claim="step changes the array that reset returned: learners that store it see the future",
            remedy="return a copy of the observation",
        )
    ]


def _trace(env: Any, seed: int, action_seed: int, n_steps: int, held: Any = None) -> list[tuple[Any, ...]]:
    """Up to `n_steps` steps from `seed` with the action `held`, or with random ones that depend on `action_seed`."""
    observation, _ = env.reset(seed=seed)
    env.action_space.seed(action_seed % 2**31)
    steps: list[tuple[Any, ...]] = [(_mark(observation),)]
    for _ in range(n_steps):
        observation, reward, terminated, truncated, _ = env.step(env.action_space.sample() if held is None else held)
        steps.append((_mark(observation), reward, terminated, truncated))
        if terminated or truncated:
            break
    return steps


def _mark(observation: Any) -> Any:
    """A copy to compare with later; a checksum of what is large."""
    if isinstance(observation, np.ndarray) and observation.nbytes > _LARGE_BYTES:
        return observation.shape, zlib.crc32(np.ascontiguousarray(observation).tobytes())
    return copy.deepcopy(observation)


def _same(one: list[tuple[Any, ...]], other: list[tuple[Any, ...]]) -> bool:
    if len(one) != len(other):
        return False
    return all(_equal(a, b) for steps in zip(one, other, strict=True) for a, b in zip(*steps, strict=True))


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_equal(one[key], other[key]) for key in one)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(_equal(a, b) for a, b in zip(one, other, strict=True))
    try:
        return bool(np.array_equal(one, other))
    except (TypeError, ValueError):
        return one == other  # type: ignore[no-any-return]


def _effect(
    env: Any, seeds: Sequence[int], steps_per_s: float, cut_at: int | None
) -> tuple[bool | None, Replays | None]:
    """Whether different actions ever lead to different episodes from one seed; first over few steps, then to the end.

    (None, None) when there was no time for a single comparison.
    """
    affordable = steps_per_s * _EFFECT_S / _EFFECT_SEQUENCES
    few = int(min(_EFFECT_STEPS, max(_REPLAY_STEPS, affordable)))
    alike = _all_alike(env, seeds, few, cut_at)
    if isinstance(alike, Replays) and not alike.complete and affordable > few:
        longer = _all_alike(env, seeds, int(min(_LONGEST_STEPS, affordable)), cut_at)
        alike = alike if longer is None else longer
    if isinstance(alike, Replays):
        return False, alike
    return alike, None


def _all_alike(env: Any, seeds: Sequence[int], n_steps: int, cut_at: int | None) -> Replays | bool | None:
    """The comparisons when none showed a difference, True when one did, None when there was no time for any."""
    until = time.perf_counter() + _EFFECT_S
    held = constant_actions(env.action_space)[:_EFFECT_SEQUENCES]
    n_pairs, total, complete = 0, 0, True
    for seed in seeds:
        reference = _trace(env, seed, seed, n_steps)
        for other in range(1, _EFFECT_SEQUENCES + len(held)):
            constant = held[other - _EFFECT_SEQUENCES] if other >= _EFFECT_SEQUENCES else None
            trace = _trace(env, seed, seed + other, n_steps, constant)
            if not _same(reference, trace):
                return True
            n_pairs, total = n_pairs + 1, total + len(trace) - 1
            complete = complete and _ended_by_itself(trace, cut_at)
            if time.perf_counter() > until:
                return Replays(n_pairs, total, complete)
    return Replays(n_pairs, total, complete) if n_pairs else None


def _ended_by_itself(trace: list[tuple[Any, ...]], cut_at: int | None) -> bool:
    *_, terminated, truncated = trace[-1]
    return bool(terminated or (truncated and len(trace) - 1 != cut_at))


def _speed(env: Any, seed: int) -> tuple[float, NDArray[np.float64] | None]:
    """Timesteps per second with random actions, and the largest absolute value of every vector component."""
    env.action_space.seed(seed)
    seen = [env.reset(seed=seed)[0]]
    started, steps = time.perf_counter(), 0
    while steps < _SPEED_STEPS and time.perf_counter() - started < _SPEED_S:
        observation, _, terminated, truncated, _ = env.step(env.action_space.sample())
        steps += 1
        seen.append(observation)
        if terminated or truncated:
            env.reset()
    seconds = max(time.perf_counter() - started, 1e-9)
    vectors = isinstance(seen[0], np.ndarray) and seen[0].ndim == 1 and seen[0].dtype.kind in "fiu"
    return steps / seconds, np.abs(np.asarray(seen, dtype=np.float64)).max(axis=0) if vectors else None
