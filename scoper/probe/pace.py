"""How fast an environment surely is, as a coarse class: what may decide how much is measured, as no clock may.

Processor time counts where the environment computes, the clock only where it waits: a busy machine moves an environment
to another class only when it stands at a border.
"""

from __future__ import annotations

import math
import time

FAST = 4.0**6
"""Timesteps per second from which on the environment's own time is not what limits a measurement."""
_WAITS = 0.2


class Stopwatch:
    """Measures from its making on."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def own_s(self) -> float:
        """Seconds that were the environment's own: computed, or waited when it hardly computed."""
        return own_seconds(time.perf_counter() - self._wall, time.process_time() - self._cpu)


def own_seconds(wall_s: float, cpu_s: float) -> float:
    """Processor seconds, unless these are less than a fifth of the wall's: then something was waited for."""
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
