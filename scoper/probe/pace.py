"""How fast an environment surely is, as a coarse class: what may decide how much is measured, as no clock may.

What counts is the time that was the environment's own (`clock.Stopwatch`). A busy machine moves an environment to
another class only when it stands at a border. Long budgets reckon with a finer class, where the environment's time is
most of what learning takes.
"""

from __future__ import annotations

import math

FAST = 4.0**6
"""Timesteps per second from which on the environment's own time is not what limits a measurement."""
_FASTEST = 16.0 * FAST


def pace_of(steps: int, own_s: float) -> float:
    """The power of four below the timesteps per second that were made; inf from `FAST` on."""
    speed = steps / max(own_s, 1e-9)
    if speed >= FAST:
        return math.inf
    return 4.0 ** math.floor(math.log(max(speed, 1e-6), 4.0))


def fine_pace_of(steps: int, own_s: float) -> float:
    """The power of two below the timesteps per second that were made; inf from 16 times `FAST` on."""
    speed = steps / max(own_s, 1e-9)
    if speed >= _FASTEST:
        return math.inf
    return 2.0 ** math.floor(math.log2(max(speed, 1e-6)))


def steps_within(seconds: float, pace: float, least: int, most: int) -> int:
    """How many timesteps fit into `seconds` at that pace; between `least` and `most`."""
    return int(min(most, max(least, seconds * pace)))
