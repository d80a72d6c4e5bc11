"""What is said when the probe could not come to its end.

Every failure is one sentence, one code, and a result with the verdict not_shown and a blocker, so that a report can
show it: a crash of the environment is a finding about the environment, not an accident of the probe.
"""

from __future__ import annotations

import signal
from collections.abc import Sequence

from scoper.domain.findings import Finding
from scoper.domain.probe import Failed, FailureCode, ProbePlan, ProbeResult
from scoper.domain.text import one_line
from scoper.probe.crash_remedies import CANNOT_BE_MADE
from scoper.probe.doctor.table import table_of
from scoper.probe.places import Place

_FINDING_CODES: dict[FailureCode, str] = {
    "crash": "environment_crash",
    "hang": "environment_hang",
    "memory": "environment_memory",
    "deadline": "budget_exhausted",
    "output": "environment_output",
    "missing_extra": "missing_extra",
    "bad_spec": "bad_spec",
    "untrusted": "code_not_trusted",
    "cancelled": "cancelled",
    "internal": "internal_error",
}
_REMEDIES: dict[FailureCode, str] = {
    "crash": "make the environment survive the probe's random actions: run a few thousand random steps on your own",
    "hang": "find out why this line does not return; a slow simulator needs more limits.seconds_per_step and --budget",
    "memory": "find the leak, or raise limits.memory_mb in the spec",
    "deadline": "raise --budget, or make the environment faster",
    "output": "nothing but the probe may write to its private pipe: do not touch inherited file descriptors",
    "missing_extra": "pip install 'problem-scoper[deep]'",
    "bad_spec": "mend the spec",
    "untrusted": "look at the code, then run again with --trust",
    "cancelled": "run the probe again",
    "internal": "this is a bug of scoper: please report it with the spec",
}
_HANGS_EXAMINED = "find out why this line does not return; a slow simulator needs more limits.seconds_per_step"
"""The doctor knows no budget."""
_OF_ENVIRONMENT: frozenset[FailureCode] = frozenset({"crash", "hang", "memory", "output"})


def failed(
    plan: ProbePlan,
    code: FailureCode,
    what: str,
    *,
    place: Place | None = None,
    log_tail: str = "",
    known: Sequence[Finding] = (),
    evidence: dict[str, object] | None = None,
    remedy: str = "",
) -> Failed:
    """The closing event for a probe that failed, with a result around the finding that says so.

    remedy: what fits better than the code's own one.
    """
    claim = one_line(f"{what}, at {place}" if place else what)
    details = dict(evidence or {})
    if place:
        details |= {"file": place.file, "line": place.line, "function": place.function}
    in_the_making = code == "crash" and place is not None and place.function == "__init__"
    usual = _HANGS_EXAMINED if code == "hang" and plan.examination else _REMEDIES[code]
    remedy = remedy or (CANNOT_BE_MADE if in_the_making else usual)
    finding = Finding(code=_FINDING_CODES[code], severity="blocker", claim=claim, evidence=details, remedy=remedy)
    result = ProbeResult(
        spec={"name": plan.spec.name, "digest": plan.spec_digest},
        verdict="not_shown",
        because=f"the probe did not come to its end: {claim}",
        criterion="no return was measured",
        findings=(finding, *known),
        doctor=table_of((), (), (), (finding, *known)) if code in _OF_ENVIRONMENT else (),
        returns={},
        provenance={"seed": plan.seed, "budget": plan.budget},
    )
    return Failed(code=code, message=claim, log_tail=log_tail, result=result)


def death(return_code: int) -> tuple[str, dict[str, object]]:
    """In words and as evidence: how a process ended that should not have ended."""
    if return_code < 0:
        try:
            name = signal.Signals(-return_code).name
        except ValueError:
            name = f"signal {-return_code}"
        hint = ", perhaps by the system for lack of memory" if name == "SIGKILL" else ""
        return f"the environment's process was killed by {name}{hint}", {"signal": name}
    if return_code == LOST_PIPE:
        return "the environment closed the probe's own file descriptors", {"exit_code": return_code}
    return f"the environment ended the probe's process with exit code {return_code}", {"exit_code": return_code}


LOST_PIPE = 71
"""Exit code of a child that can no longer write to its private pipe."""
