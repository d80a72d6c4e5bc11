"""How fast an environment surely is, as a coarse class: what may decide how much is measured, as no clock may.

What counts is the time that was the environment's own (`clock.Stopwatch`). A busy machine moves an environment to
another class only when it stands at a border.
"""

from __future__ import annotations

import math

FAST = 4.0**6
"""Timesteps per second from which on the environment's own time is not what limits a measurement."""


def pace_of(steps: int, own_s: float) -> float:
    """The power of four below the timesteps per second that were made; inf from `FAST` on."""
    speed = steps / max(own_s, 1e-9)
    if speed >= FAST:
        return math.inf
    return 4.0 ** math.floor(math.log(max(speed, 1e-6), 4.0))


def steps_within(seconds: float, pace: float, least: int, most: int) -> int:
    """How many timesteps fit into `seconds` at that pace; between `least` and `most`."""
    return int(min(most, max(least, seconds * pace)))
