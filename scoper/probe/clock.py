"""The probe's clock: seconds in which the child ran or waited for its environment, not those it stood in a queue.

A loaded machine gives a process less processor time, so a budget by the wall would cut there what an idle machine
finishes, and findings would differ. Time in the queue is what Linux counts for the process (/proc/self/schedstat); it
is given back up to a limit, so that a person never waits for more than three times the budget.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

MOST_SLOWER = 3.0
"""How many times its budget a probe may take by the wall on a machine that is busy otherwise."""
_COUNTED = Path("/proc/self/schedstat")


def queued_s() -> float:
    """Seconds that the process's first thread was ready to run and did not get to; 0 where nobody counts them."""
    try:
        return int(_COUNTED.read_text().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


class Clock:
    """Counts from `started` on, in seconds of time.monotonic."""

    def __init__(self, started: float) -> None:
        self.started = started
        self._queued = queued_s()

    def elapsed_s(self) -> float:
        """Seconds without those in the queue, but at least a third of the wall's."""
        wall = time.monotonic() - self.started
        return max(wall - (queued_s() - self._queued), wall / MOST_SLOWER)

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
