"""How long reset and step take of their own, on a busy machine as on an idle one, and in which line the time goes."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from scoper.probe.clock import Stopwatch
from scoper.probe.doctor.ledger import Ledger
from scoper.probe.doctor.tracing import SlowLines
from scoper.probe.places import Place

_SLOW_STEP_S, _SLOW_RESET_S = 0.03, 1.0
_STALL_FACTOR = 20.0
_STALLS = 2
_RISES, _SLOWER, _FELT_S = 1.15, 3.0, 3e-4
"""From quarter to quarter, from the first to the last, and from how long a step on it matters."""


class Timing(SlowLines):
    """Told of every call; a step is slow from 30 a second on: a million of them take 9 hours."""

    def __init__(self) -> None:
        super().__init__()
        self._seconds: dict[str, list[float]] = defaultdict(list)

    @contextmanager
    def call(self, what: str) -> Iterator[None]:
        """A call of `reset` or `step` lasts as long as this."""
        self.begin()
        watch = Stopwatch()
        try:
            yield
        finally:
            self._seconds[what].append(watch.own_s())
            self.end()

    @staticmethod
    def _slows_down(quarters: list[float]) -> bool:
        """Whether the steps get slower from quarter to quarter, the last one by far.

        Neighbours in the later half lie closer together than what a busy machine makes of them: they may stand still.
        """
        first, second, _, last = quarters
        rises = second > _RISES * first and last > _RISES * second
        falls = any(_RISES * later < earlier for earlier, later in itertools.pairwise(quarters))
        return rises and not falls and last > _SLOWER * first and last > _FELT_S

    def report(self, ledger: Ledger, patience_s: float, place_of_step: Place | None = None) -> None:
        """Write down what took long; `patience_s`: what one step may take at most."""
        steps, resets = np.array(self._seconds["step"] or [0.0]), np.array(self._seconds["reset"] or [0.0])
        median = float(np.median(steps))
        stalls = steps[steps > max(patience_s, _STALL_FACTOR * median)]
        quarters = [float(np.median(part)) if part.size else 0.0 for part in np.array_split(steps, 4)]
        if median > _SLOW_STEP_S:
            claim = f"a step takes {median:.2g} s in the median: 100,000 take {median * 1e5 / 3600:.2g} hours"
            ledger.add("step_slow", claim, self.place(), median_s=round(median, 4), steps=int(steps.size))
        elif self._slows_down(quarters):
            claim = f"steps get slower and slower: {quarters[0] * 1e3:.2g} ms in the first quarter of {steps.size}, "
            claim += f"{quarters[3] * 1e3:.2g} ms in the last"
            place = self.place() or place_of_step
            ledger.add("step_slows_down", claim, place, first_s=quarters[0], last_s=quarters[3], steps=int(steps.size))
        elif stalls.size >= _STALLS:
            claim = (
                f"{stalls.size} of {steps.size} steps took more than {patience_s:g} s, the longest {stalls.max():.2g} s"
            )
            ledger.add("step_stalls", claim, self.place(), longest_s=round(float(stalls.max()), 3), median_s=median)
        if float(np.median(resets)) > _SLOW_RESET_S:
            claim = f"a reset takes {np.median(resets):.2g} s in the median"
            ledger.add("reset_slow", claim, self.place(), median_s=round(float(np.median(resets)), 3))
