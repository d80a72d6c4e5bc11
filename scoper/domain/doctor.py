"""What the environment doctor found: one table of faults, and what other checkers say of the same environment.

Values only. A fault is a blocker (no measurement survives it), a caution (a condition to settle) or an info (worth
knowing, decides nothing).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from scoper.domain.findings import Finding, Severity
from scoper.domain.questionnaire import Value

CheckerVerdict = Literal["passed", "warned", "refused", "ended", "absent"]
Matters = Literal["verdict", "condition", "no"]
Soundness = Literal["sound", "usable", "unusable"]
CHECKERS: Mapping[str, str] = {"gymnasium": "gymnasium", "stable_baselines3": "SB3"}
"""Checkers that stand beside the doctor, by package; the words are the columns' headings."""
SECTIONS: tuple[str, ...] = ("spaces", "stepping", "seeding", "memory")
"""The doctor's own sections, in their order."""


class Fault(Value):
    """One row: `place` is file:line in function of the environment's code, empty where there is no single line.

    gymnasium, stable_baselines3: what that checker said of the same fault; empty when it said nothing.
    """

    id: str
    severity: Severity
    claim: str
    place: str = ""
    evidence: Mapping[str, Any] = {}
    remedy: str = ""
    gymnasium: str = ""
    stable_baselines3: str = ""


class Checker(Value):
    """Another checker: passed, warned, refused (raised), ended (it did not come to its end) or absent.

    messages: in the order in which they came, the refusal last.
    """

    name: str
    verdict: CheckerVerdict
    messages: tuple[str, ...] = ()


class Examination(Value):
    """The table of faults, worst first. steps: timesteps of the environment that were taken for it.

    not_examined: a sentence for every question that could not be asked or was not answered. replay: an episode in
    numbers, for another process to compare with; not for users.
    """

    format: Literal[1] = 1
    name: str = ""
    faults: tuple[Fault, ...] = ()
    checkers: tuple[Checker, ...] = ()
    steps: int = 0
    not_examined: tuple[str, ...] = ()
    replay: tuple[float, ...] = ()

    @property
    def soundness(self) -> Soundness:
        """Unusable with a blocker, usable with a caution, else sound."""
        severities = {fault.severity for fault in self.faults}
        return "unusable" if "blocker" in severities else "usable" if "caution" in severities else "sound"


class DoctorRow(Value):
    """One row of the table that a probe keeps of its first stage.

    check: scoper, or one of `CHECKERS`. kind: the fault's id; of a checker its verdict, or not_run; not_examined where
    a question stayed open. where: file:line in function. matters: the verdict follows from it, it is a condition to
    settle, or no.
    """

    check: str
    kind: str
    says: str = ""
    where: str = ""
    matters: Matters = "no"


class ExaminationPlan(Value):
    """What one child examines: some of the doctor's `SECTIONS`, or one of `CHECKERS`.

    hash_seed: by which words hash in that child; replay: an episode of another child that must come again in this one.
    """

    sections: tuple[str, ...] = SECTIONS
    steps: int = 30_000
    seconds: float = 12.0
    hash_seed: int = 0
    replay: tuple[float, ...] = ()


_RANK: Mapping[str, int] = {"blocker": 0, "caution": 1, "info": 2}


def worst_first(faults: tuple[Fault, ...]) -> tuple[Fault, ...]:
    """`faults` by severity, otherwise in their order."""
    return tuple(sorted(faults, key=lambda fault: _RANK[fault.severity]))


def as_finding(fault: Fault, defect: str | None = None) -> Finding:
    """The fault as the probe raises it; the place stands in the claim and in the evidence."""
    claim = f"{fault.claim}, at {fault.place}" if fault.place else fault.claim
    evidence = {**fault.evidence, **({"place": fault.place} if fault.place else {})}
    return Finding(
        code=fault.id, defect=defect, severity=fault.severity, claim=claim, evidence=evidence, remedy=fault.remedy
    )
