"""What is known of a running or ended probe, as one value; `watching` makes it from the events.

Apart from `watching`, which knows every event's model, so that a display can start without loading them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from scoper.domain.findings import Finding
    from scoper.domain.probe import ProbeResult, ReturnSummary

ProbeStatus = Literal["idle", "running", "finished", "failed"]
Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Pace:
    """`done` of `of` units since `began_s`, the last of them at `at_s`; both in seconds of the probe."""

    done: float
    of: float
    began_s: float
    at_s: float

    @property
    def share(self) -> float:
        """How much is behind, 0 to 1."""
        return min(1.0, self.done / self.of) if self.of > 0 else 0.0

    def left_s(self, now_s: float) -> float | None:
        """Seconds still to go when it goes on as fast as so far; None before anything is done."""
        spent_s = self.at_s - self.began_s
        if self.done <= 0 or spent_s <= 0:
            return None
        return max(0.0, (self.of - self.done) * spent_s / self.done - (now_s - self.at_s))


@dataclass(frozen=True)
class ProbeView:
    """What is known of a running or ended probe; `curves` maps learner to seed to (timesteps, return) points.

    `of_spec` is the digest of the spec that is measured; `path` its file, None for a result that was read again and
    for a recording. `ended` holds the seeds of the present learner that take no more timesteps; `stops` says by stage
    what would end it; `entered` when it began; `waited_s` how long it waited for a busy processor, by its last
    heartbeat. `pace` is that of the present stage, None where nothing is counted.
    """

    status: ProbeStatus = "idle"
    stage: str = ""
    detail: str = ""
    passed: tuple[str, ...] = ()
    returns: Mapping[str, ReturnSummary] = field(default_factory=dict)
    curves: Mapping[str, Mapping[int, Points]] = field(default_factory=dict)
    of_steps: int = 0
    findings: tuple[Finding, ...] = ()
    result: ProbeResult | None = None
    of_spec: str = ""
    path: Path | None = None
    code: str = ""
    message: str = ""
    t_s: float = 0.0
    budget_s: float = 0.0
    waited_s: float = 0.0
    n_seeds: int = 0
    doing: str = ""
    stops: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    entered: Mapping[str, float] = field(default_factory=dict)
    ended: frozenset[int] = frozenset()
    pace: Pace | None = None

    def left_s(self) -> float | None:
        """Estimated seconds to the end of what is being done, if nothing ends it sooner; None when unknown."""
        if self.status != "running" or self.pace is None:
            return None
        return self.pace.left_s(self.t_s)

    def budget_left_s(self) -> float:
        """Seconds of the budget that are left, if the processor has time; below zero when it was not kept."""
        return self.budget_s - (self.t_s - self.waited_s)
