"""How fast an environment surely is, as a coarse class: what may decide how much is measured, as no clock may.

What counts is the time that was the environment's own: the clock's without the time for which the system let others
run (Linux tells it), else processor time, or the clock's where hardly any was used. A busy machine moves an environment
to another class only when it stands at a border.
"""

from __future__ import annotations

import math
import os
import threading
import time

FAST = 4.0**6
"""Timesteps per second from which on the environment's own time is not what limits a measurement."""
_WAITS = 0.2
_SCHEDSTAT = "/proc/thread-self/schedstat"


class _Queue:
    """For how long the calling thread was ready and did not run; None where the system does not tell."""

    def __init__(self) -> None:
        self._files: dict[int, int] = {}

    def seconds(self) -> float | None:
        thread = os.getpid() << 32 | threading.get_ident() % 2**32
        if thread not in self._files:
            self._files[thread] = self._opened()
        if self._files[thread] < 0:
            return None
        try:
            return int(os.pread(self._files[thread], 96, 0).split()[1]) * 1e-9
        except (OSError, IndexError, ValueError):
            self._files[thread] = -1
            return None

    def _opened(self) -> int:
        try:
            return os.open(_SCHEDSTAT, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return -1


_QUEUE = _Queue()


class Stopwatch:
    """Measures from its making on, in one thread."""

    def __init__(self) -> None:
        self._queued = _QUEUE.seconds()
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def own_s(self) -> float:
        """Seconds that were the environment's own."""
        wall, cpu, queued = time.perf_counter() - self._wall, time.process_time() - self._cpu, _QUEUE.seconds()
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


def pace_of(steps: int, own_s: float) -> float:
    """The power of four below the timesteps per second that were made; inf from `FAST` on."""
    speed = steps / max(own_s, 1e-9)
    if speed >= FAST:
        return math.inf
    return 4.0 ** math.floor(math.log(max(speed, 1e-6), 4.0))


def steps_within(seconds: float, pace: float, least: int, most: int) -> int:
    """How many timesteps fit into `seconds` at that pace; between `least` and `most`."""
    return int(min(most, max(least, seconds * pace)))
