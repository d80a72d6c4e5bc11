"""One probe as the child sees it: the plan, the clock, the seeds, and what has been found so far."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scoper.domain.findings import Finding
from scoper.domain.numbers import number
from scoper.domain.probe import FindingRaised, ProbeEvent, ProbePlan, ReturnMeasured, ReturnSummary, StageChanged
from scoper.domain.probe_progress import StageProgressed, StopRule
from scoper.modelling.success import with_success
from scoper.probe.clock import WAITS_DO_NOT_COUNT, Clock, Deadline
from scoper.probe.shelter import Pulse

_LEARNING_SHARE = 0.82
_STEPPING_SHARE = 0.88
"""Of the budget, by when learning and all stepping end; the rest is for the conclusion."""


@dataclass
class Session:
    """Lent to every stage and baseline; holds no result but the findings raised on the way."""

    plan: ProbePlan
    emit: Callable[[ProbeEvent], None]
    pulse: Pulse
    findings: list[Finding] = field(default_factory=list)
    reserved_s: float = 0.0
    batch: range = range(3)
    effort: float = 1.0
    first_seeds: int = 3
    most_seeds: int = 3
    share: float = 0.4
    memory: dict[str, Any] = field(default_factory=dict)
    started: float = field(default_factory=time.monotonic)
    clock: Clock = field(init=False)

    def __post_init__(self) -> None:
        if self.plan.sampling is None:
            self.plan = self.plan.model_copy(update={"spec": with_success(self.plan.spec)})
        self.clock = Clock(self.started)
        self.pulse.count_time(self.clock.elapsed_beside_s)

    def stage(self, stage: str, detail: str = "") -> None:
        """Say that another stage begins."""
        self.emit(StageChanged(stage=stage, detail=detail))

    def progress(self, stage: str, done: int, of: int, *, unit: str = "policies", doing: str = "") -> None:
        """Say how far a stage is; called at counts that the plan determines, never by the clock."""
        self.emit(StageProgressed(stage=stage, done=done, of=of, unit=unit, doing=doing))

    def stops(self, stage: str, *when: str) -> None:
        """Say what would end a stage."""
        self.emit(StopRule(stage=stage, when=when))

    def found(self, finding: Finding) -> None:
        """Keep and send a finding."""
        self.findings.append(finding)
        self.emit(FindingRaised(finding=finding))

    def measured(self, policy: str, summary: ReturnSummary) -> None:
        """Send a return."""
        self.emit(ReturnMeasured(policy=policy, summary=summary))

    def left_s(self) -> float:
        """Seconds of the probe's own clock until learning should end; the rest belongs to the diagnosis."""
        return self.plan.budget_s * _LEARNING_SHARE - self.clock.elapsed_s() - self.reserved_s

    @property
    def deadline(self) -> Deadline:
        """When even a half-finished measurement stops, so that the whole probe ends within its budget."""
        return self.clock.deadline(self.plan.budget_s * _STEPPING_SHARE)

    def own_work(self) -> AbstractContextManager[None]:
        """A section in which scoper's own code computes."""
        return self.pulse.own_work()

    def seeds(self, purpose: str, n: int) -> Sequence[int]:
        """`n` seeds below 2**31 that depend on the plan's seed and the purpose only."""
        sequence = np.random.SeedSequence([self.plan.seed, zlib.crc32(purpose.encode())])
        return [int(word >> 1) for word in sequence.generate_state(n)]


def learning_ends(plan: ProbePlan, target: float | None) -> tuple[str, ...]:
    """What ends learning when nothing else decides, in words; `target`: the return that counts as solved.

    The last one is by the probe's own clock, which a busy machine slows down: no time of day or of the wall is named,
    as only the plan is known here that is the same on every machine.
    """
    from scoper.probe.spending import ERROR, efforts_of, looks_of

    steps = "the planned timesteps" if plan.learning_steps is None else f"{plan.learning_steps:,} timesteps"
    most = looks_of(plan, 0, len(efforts_of(plan, has_table=False)))[-1]
    decided = f"it is decided whether a learner beats the floors (wrong in at most {ERROR:.0%} of probes)"
    solved = () if target is None else (f"every seed is at {number(target)}, where the task counts as solved",)
    return (
        decided,
        f"{most} seeds of each learner have taken {steps}",
        *solved,
        f"{plan.budget_s * _LEARNING_SHARE:.0f} s are used up, {WAITS_DO_NOT_COUNT}",
    )
