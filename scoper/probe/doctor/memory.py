"""Does the environment grow from episode to episode, and which of its lines keeps what it grows by?

Memory, and what the system counts: open files, threads, other processes.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
import tracemalloc
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from scoper.probe.clock import Clock, Deadline
from scoper.probe.doctor.ledger import Ledger
from scoper.probe.doctor.tracing import definition, line_that_changes
from scoper.probe.places import Place, is_foreign

_STATM = Path("/proc/self/statm")
_PARTS, _PART_S = 6, 0.6
_EPISODE = 200
_GROWN_MB, _STEADY = 6.0, 0.5
_TRACED_STEPS = 400
_MOST_HANDLES = 10
_SEEDS = (1, 2, 3, 4)


def look_at_memory(env: Any, ledger: Ledger, seed: int, *, part_s: float = _PART_S, most: int = 18_000) -> None:
    """Write down a leak: resident memory, measured after resets, that grows in most parts of a long life."""
    if not _STATM.exists():
        ledger.not_examined.append("whether memory grows: this system does not tell")
        return
    env.action_space.seed(seed % 2**31)
    marks, steps = [], 0
    with ledger.guarded("a long life"):
        quick = _live(env, _EPISODE, _deadline(part_s / 3)) >= _EPISODE // 4
        handles = [_handles()]
        for part in range(_PARTS):
            if part == _PARTS // 2:
                handles.append(_handles())
            marks.append(_resident_mb())
            steps += _live(env, most // _PARTS, _deadline(part_s))
        marks.append(_resident_mb())
        handles.append(_handles())
    _look_at_handles(env, ledger, handles, steps)
    ledger.steps += steps
    if not quick:
        ledger.not_examined.append("whether memory grows: too few timesteps fitted into the time")
        return
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


def _handles() -> dict[str, int]:
    """How many open files, threads and processes of its own this process has; ended ones count until waited for."""
    files = len(list(Path("/proc/self/fd").iterdir()))
    return {"open files": files, "threads": threading.active_count(), "other processes": _children()}


def _children() -> int:
    """Processes that any thread of this one started, also those that have ended and were never waited for."""
    found = 0
    for thread in Path("/proc/self/task").iterdir():
        with contextlib.suppress(OSError):
            found += len((thread / "children").read_text().split())
    return found


def _look_at_handles(env: Any, ledger: Ledger, counts: list[dict[str, int]], steps: int) -> None:
    """Write down what is opened or started and never closed, with the line that does it.

    counts: at the beginning, in the middle and at the end of a long life; what is opened once stops growing.
    """
    before, middle, now = counts
    for what, earlier in before.items():
        grown = now[what] - earlier
        if grown < _MOST_HANDLES or now[what] - middle[what] < grown / 4:
            continue
        highest = now[what]

        def count(what: str = what) -> int:
            nonlocal highest
            highest = max(highest, _handles()[what])
            return highest

        with ledger.guarded("a long life"):
            found = (line_that_changes(count, partial(_live, env, _TRACED_STEPS, _deadline(2.0), n)) for n in _SEEDS)
            place = next((place for place in found if place is not None), None)
        claim = f"the number of {what} grew from {earlier} to {now[what]} in {steps} timesteps and their resets"
        ledger.add("handle_leak", claim, place or definition(env, "reset"), what=what, grown=now[what] - earlier)


def _deadline(seconds: float) -> Deadline:
    """So many seconds from now on, those in the queue not counted."""
    return Clock(time.monotonic()).deadline(seconds)


def _resident_mb() -> float:
    return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def _live(env: Any, n_steps: int, until: Deadline, seed: int = 1) -> int:
    """Episodes of at most _EPISODE timesteps; ends with a reset."""
    steps, since = 0, 0
    env.reset(seed=seed)
    while steps < n_steps and not until.is_over(time.monotonic()):
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
        _live(env, _TRACED_STEPS // 4, _deadline(2.0))
        before = tracemalloc.take_snapshot()
        _live(env, _TRACED_STEPS, _deadline(3.0))
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
