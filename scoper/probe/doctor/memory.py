"""Does the environment grow from episode to episode, and which of its lines keeps what it grows by?"""

from __future__ import annotations

import os
import threading
import time
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np

from scoper.probe.doctor.ledger import Ledger
from scoper.probe.doctor.tracing import definition
from scoper.probe.places import Place, is_foreign

_STATM = Path("/proc/self/statm")
_PARTS, _PART_S = 6, 0.6
_EPISODE = 200
_GROWN_MB, _STEADY = 6.0, 0.5
_TRACED_STEPS = 400
_MOST_HANDLES = 10


def look_at_memory(env: Any, ledger: Ledger, seed: int, *, part_s: float = _PART_S, most: int = 18_000) -> None:
    """Write down a leak: resident memory, measured after resets, that grows in most parts of a long life."""
    if not _STATM.exists():
        ledger.not_examined.append("whether memory grows: this system does not tell")
        return
    env.action_space.seed(seed % 2**31)
    marks, steps = [], 0
    with ledger.guarded("a long life"):
        if _live(env, _EPISODE, part_s / 3) < _EPISODE // 4:
            ledger.not_examined.append("whether memory grows: too few timesteps fitted into the time")
            return
        handles = _handles()
        for _ in range(_PARTS):
            marks.append(_resident_mb())
            steps += _live(env, most // _PARTS, part_s)
        marks.append(_resident_mb())
    _look_at_handles(env, ledger, handles, steps)
    ledger.steps += steps
    growth = np.diff(marks)
    total = float(marks[-1] - marks[0])
    steady = float((growth > total / (4 * _PARTS)).mean()) if total > 0 else 0.0
    if total < _GROWN_MB or steady < _STEADY or float(growth[_PARTS // 2 :].sum()) < total / 4:
        return
    with ledger.guarded("a long life"):
        place, traced_mb = _growing_line(env)
    if place is None:
        return
    claim = f"memory grew by {total:.0f} MiB in {steps} timesteps and their resets: {1024 * total / steps:.2g} KiB each"
    ledger.add("memory_leak", claim, place, grown_mib=round(total, 1), timesteps=steps, traced_mib=round(traced_mb, 2))


def _handles() -> tuple[int, int]:
    """Open files and threads of this process."""
    return len(list(Path("/proc/self/fd").iterdir())), threading.active_count()


def _look_at_handles(env: Any, ledger: Ledger, before: tuple[int, int], steps: int) -> None:
    """Write down files and threads that are opened and never closed."""
    for what, earlier, now in zip(("open files", "threads"), before, _handles(), strict=True):
        if now - earlier >= _MOST_HANDLES:
            claim = f"the number of {what} grew from {earlier} to {now} in {steps} timesteps and their resets"
            ledger.add("handle_leak", claim, definition(env, "reset"), what=what, grown=now - earlier)


def _resident_mb() -> float:
    return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def _live(env: Any, n_steps: int, seconds: float) -> int:
    """Episodes of at most _EPISODE timesteps; ends with a reset."""
    until, steps, since = time.perf_counter() + seconds, 0, 0
    env.reset(seed=1)
    while steps < n_steps and time.perf_counter() < until:
        _, _, terminated, truncated, _ = env.step(env.action_space.sample())
        steps, since = steps + 1, since + 1
        if terminated or truncated or since >= _EPISODE:
            env.reset()
            since = 0
    env.reset()
    return steps


def _growing_line(env: Any) -> tuple[Place | None, float]:
    """The environment's line that allocated most of what some hundred timesteps left behind, and how much in MiB."""
    tracemalloc.start(8)
    try:
        _live(env, _TRACED_STEPS // 4, 2.0)
        before = tracemalloc.take_snapshot()
        _live(env, _TRACED_STEPS, 3.0)
        grown = tracemalloc.take_snapshot().compare_to(before, "traceback")
    finally:
        tracemalloc.stop()
    for statistic in sorted(grown, key=lambda s: -s.size_diff):
        if statistic.size_diff <= 0:
            break
        for frame in reversed(statistic.traceback):
            if is_foreign(frame.filename):
                return Place(frame.filename, frame.lineno, "step"), statistic.size_diff / 2**20
    return None, 0.0
