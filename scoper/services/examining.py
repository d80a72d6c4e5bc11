"""The environment doctor: one examination in several children, so that no fault hides another.

A child examines; where the environment kills it or hangs, that is a fault, and another child goes on with the next
section. gymnasium's checker and Stable-Baselines3's each have a child of their own.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from typing import Any

from scoper.domain.doctor import CHECKERS, SECTIONS, Checker, Examination, ExaminationPlan, Fault, worst_first
from scoper.domain.findings import Finding
from scoper.domain.probe import Examined, Failed, FindingRaised, ProbeEvent, ProbePlan, StageChanged
from scoper.errors import ProbeError, Problem
from scoper.probe.doctor.kinds import KINDS, says
from scoper.probe.runner import run
from scoper.services.probing import result_of

_FAULTS = {
    "crash": "environment_crash",
    "output": "environment_crash",
    "hang": "environment_hang",
    "memory": "environment_memory",
}
_SILENCE_S = 10.0
_BUDGET_S = 90.0
_IMPATIENT_S = 4.0
"""After a first hang: how long the rest may be silent."""


def examine(
    plan: ProbePlan, on_event: Callable[[ProbeEvent], None] | None = None, *, checkers: bool = True
) -> Examination:
    """The table of faults of the plan's environment, beside what the other checkers say.

    Raises InputError when the spec turns out to be wrong, ProbeError when nothing could be examined at all (no
    consent, an error of scoper).
    """
    return asyncio.run(_examine(plan, on_event or (lambda event: None), checkers))


async def _examine(plan: ProbePlan, on_event: Callable[[ProbeEvent], None], checkers: bool) -> Examination:
    spec_pace = getattr(plan.spec, "seconds_per_step", 1.0)
    silence_s = max(_SILENCE_S, _SILENCE_S * spec_pace)
    plan = plan.model_copy(update={"silence_s": silence_s, "budget_s": _BUDGET_S})
    faults: dict[str, Fault] = {}
    notes: list[str] = []
    steps, left, alone = 0, SECTIONS[:-1], SECTIONS[-1:]
    replay: tuple[float, ...] = ()
    while left:
        part = ExaminationPlan(sections=left, hash_seed=0 if alone else 2, replay=replay)
        last, raised, reached = await _one_child(plan, part, on_event)
        _keep(faults, (_as_fault(finding) for finding in raised if finding.code in KINDS))
        if isinstance(last, Examined):
            _keep(faults, last.examination.faults, over=True)
            notes += last.examination.not_examined
            steps += last.examination.steps
            replay = last.examination.replay or replay
            ended = bool({"reset_signature", "step_signature", "space_missing", "method_missing"} & faults.keys())
            unmade = "the constructor" in (f.evidence.get("doing") for f in faults.values())
            left, alone = alone if not (ended or unmade) else (), ()
            continue
        done = left.index(reached) if reached in left else 0
        if isinstance(last, Failed) and last.code == "deadline":
            notes.append(f"the rest of '{left[done]}': the time was over")
        else:
            _keep(faults, [_fatal(last, plan)])
            notes.append(f"the rest of '{left[done]}': the environment ended it")
        left = () if reached in ("", "spaces") else left[done + 1 :]
        left, alone = (left, alone) if left else (alone, ())
        if last is not None and getattr(last, "code", "") == "hang":
            plan = plan.model_copy(update={"silence_s": min(plan.silence_s, _IMPATIENT_S * max(1.0, spec_pace))})
    found = []
    for number, name in enumerate(CHECKERS if checkers else (), 3):
        part = ExaminationPlan(sections=(name,), hash_seed=number, replay=replay)
        checker, elsewhere = await _checker(plan, part, on_event)
        found.append(checker)
        _keep(faults, elsewhere)
    rows = tuple(_beside(fault, found) for fault in faults.values())
    return Examination(
        name=plan.spec.name,
        faults=worst_first(rows),
        checkers=tuple(found),
        steps=steps,
        not_examined=tuple(dict.fromkeys(notes)),
    )


async def _one_child(
    plan: ProbePlan, part: ExaminationPlan, on_event: Callable[[ProbeEvent], None]
) -> tuple[ProbeEvent | None, list[Finding], str]:
    """The last event of a child, the findings on the way, and the section that it had reached."""
    last, raised, reached = None, [], ""
    async with contextlib.aclosing(run(plan.model_copy(update={"examination": part}))) as events:
        async for event in events:
            last = event
            on_event(event)
            if isinstance(event, FindingRaised):
                raised.append(event.finding)
            if isinstance(event, StageChanged):
                reached = event.detail
    return last, raised, reached


def _keep(faults: dict[str, Fault], found: Iterable[Fault], *, over: bool = False) -> None:
    """Keep each fault once, as it was first seen; with `over`, with the later knowledge of how often it came."""
    for fault in found:
        if fault.id not in faults or (over and fault.claim == faults[fault.id].claim):
            faults[fault.id] = fault


def _as_fault(finding: Finding) -> Fault:
    """The fault that a child raised as a finding before it ended."""
    place = str(finding.evidence.get("place", ""))
    claim = finding.claim.removesuffix(f", at {place}") if place else finding.claim
    evidence = {name: value for name, value in finding.evidence.items() if name != "place"}
    return Fault(
        id=finding.code, severity=finding.severity, claim=claim, place=place, evidence=evidence, remedy=finding.remedy
    )


def _fatal(last: ProbeEvent | None, plan: ProbePlan) -> Fault:
    """The fault that ended the child; raises when it was not the environment."""
    if not isinstance(last, Failed) or last.code not in _FAULTS:
        result_of(last, plan.spec_source)
        raise ProbeError(Problem("probe-ended", "the examination ended without a result", plan.spec_source))
    finding = last.result.findings[0] if last.result else None
    evidence: dict[str, Any] = dict(finding.evidence) if finding else {}
    place = ""
    if "file" in evidence:
        place = f"{evidence.pop('file')}:{evidence.pop('line')} in {evidence.pop('function')}"
    claim = last.message.removesuffix(f", at {place}") if place else last.message
    remedy = finding.remedy if finding else ""
    fault_id = _FAULTS[last.code]
    return Fault(id=fault_id, severity="blocker", claim=claim, place=place, evidence=evidence, remedy=remedy)


async def _checker(
    plan: ProbePlan, part: ExaminationPlan, on_event: Callable[[ProbeEvent], None]
) -> tuple[Checker, tuple[Fault, ...]]:
    """What the checker says; "ended" with the reason where the environment did not let it come to its end.

    With it, what the plan's episode showed in that process.
    """
    last, _, _ = await _one_child(plan, part, on_event)
    if isinstance(last, Examined) and last.examination.checkers:
        return last.examination.checkers[0], last.examination.faults
    words = (last.message,) if isinstance(last, Failed) else ()
    return Checker(name=part.sections[0], verdict="ended", messages=words), ()


def _beside(fault: Fault, checkers: Iterable[Checker]) -> Fault:
    """The fault with what the checkers said of it."""
    told = {checker.name: says(checker.messages, fault.id) for checker in checkers}
    return fault.model_copy(update={name: words for name, words in told.items() if words})


def document(examination: Examination) -> dict[str, Any]:
    """The examination as `scoper doctor --json` prints it."""
    return {**examination.model_dump(mode="json", exclude={"replay"}), "soundness": examination.soundness}
