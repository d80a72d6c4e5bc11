"""The probe's clocks: time in which the child ran or waited for its environment, not that in which it stood in a queue.

A loaded machine gives a process less processor time, so a budget by the wall would cut there what an idle machine
finishes, and findings would differ. Time in the queue is what Linux counts for every thread (schedstat); it is given
back up to a limit, so that a person never waits for more than three times the budget. Where nobody counts it, a
stopwatch takes processor time instead, or the wall's where hardly any was used.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

MOST_SLOWER = 3.0
"""How many times its budget a probe may take by the wall on a machine that is busy otherwise."""
WAITS_DO_NOT_COUNT = "waits for a busy processor not counted"
_WAITS = 0.2
_COUNTED = "/proc/thread-self/schedstat"
_FILES: dict[tuple[int, int], int] = {}  # process and thread to an open file, -1 where there is none


def queued_s() -> float | None:
    """Seconds that the calling thread was ready to run and did not get to; None where nobody counts them."""
    thread = _here()
    if thread not in _FILES:
        try:
            _FILES[thread] = os.open(_COUNTED, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            _FILES[thread] = -1
    return _queued_of(thread)


def _here() -> tuple[int, int]:
    return os.getpid(), threading.get_ident()


def _queued_of(thread: tuple[int, int]) -> float | None:
    """`queued_s` of a thread that asked for its own before: the open file stays that of the thread that opened it."""
    if _FILES.get(thread, -1) < 0:
        return None
    try:
        return int(os.pread(_FILES[thread], 96, 0).split()[1]) * 1e-9
    except (OSError, IndexError, ValueError):
        _FILES[thread] = -1
        return None


class Clock:
    """Counts from `started` on, in seconds of time.monotonic; asked by the thread that made it."""

    def __init__(self, started: float) -> None:
        self.started = started
        self._thread, self._queued, self._given_back = _here(), queued_s() or 0.0, 0.0

    def elapsed_s(self) -> float:
        """Seconds without those in the queue, but at least a third of the wall's."""
        return self._elapsed_s(queued_s())

    def elapsed_beside_s(self) -> float:
        """The same, asked by another thread than the one that made it."""
        return self._elapsed_s(_queued_of(self._thread))

    def _elapsed_s(self, queued: float | None) -> float:
        wall = time.monotonic() - self.started
        return max(wall - ((queued or 0.0) - self._queued) - self._given_back, wall / MOST_SLOWER)

    def agree(self, elapsed_s: float) -> None:
        """Give back what processes that were waited for stood in the queue: by their clocks it is `elapsed_s` now."""
        self._given_back += max(0.0, self.elapsed_s() - elapsed_s)

    def deadline(self, seconds: float) -> Deadline:
        """When so many seconds will have passed by this clock."""
        return Deadline(self.started + seconds, lambda: time.monotonic() + seconds - self.elapsed_s())


class Deadline:
    """A time of time.monotonic that may move when it is reached: `later` says where to."""

    def __init__(self, at: float, later: Callable[[], float] | None = None) -> None:
        self._at, self._later = at, later

    def is_over(self, now: float) -> bool:
        """Whether `now` is beyond it; cheap until it is reached first."""
        if now <= self._at:
            return False
        if self._later is not None:
            self._at = self._later()
        return now > self._at


class Stopwatch:
    """Measures from its making on, in one thread."""

    def __init__(self) -> None:
        self._queued = queued_s()
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def own_s(self) -> float:
        """Seconds that were the environment's own."""
        wall, cpu, queued = time.perf_counter() - self._wall, time.process_time() - self._cpu, queued_s()
        if queued is None or self._queued is None:
            return own_seconds(wall, cpu)
        return own_seconds(wall, cpu, queued - self._queued)


def own_seconds(wall_s: float, cpu_s: float, queued_s: float | None = None) -> float:
    """The wall's seconds without those in the queue; where these are not known, processor seconds, if there are any.

    Less than a fifth of the wall's counts as none: then something was waited for.
    """
    if queued_s is not None:
        return max(0.0, wall_s - queued_s)
    return cpu_s if cpu_s > _WAITS * wall_s else wall_s
