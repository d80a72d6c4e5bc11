"""The table that a probe keeps of its first stage: faults, what other checkers say, what was not looked at. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from scoper.domain.doctor import CHECKERS, Checker, DoctorRow, Fault, Matters, worst_first
from scoper.domain.findings import Finding, Severity
from scoper.probe.doctor.kinds import ASKS_FOR_ENDS, KINDS, says

if TYPE_CHECKING:
    from scoper.probe.session import Session

_MATTERS: Mapping[Severity, Matters] = {"blocker": "verdict", "caution": "condition", "info": "no"}
_RANK: Mapping[Matters, int] = {"verdict": 0, "condition": 1, "no": 2}
_MOST_MESSAGES = 5
_ANSWERED = {"no_episode_end": ASKS_FOR_ENDS}
"""How questions begin that the pass left open and that a finding of the whole probe answers."""
_NOT_RUN = {
    "gymnasium": "not run: a fault had ended the pass, or the time for it was over",
    "stable_baselines3": "not run: it would load torch, which nothing else here needs; `scoper doctor` asks it",
}


def table_of(
    faults: Sequence[Fault], checkers: Sequence[Checker], open_questions: Sequence[str], findings: Sequence[Finding]
) -> tuple[DoctorRow, ...]:
    """Rows: faults by how much they matter to `findings`, which may know more of them, then the checkers' words."""
    matters: dict[str, Matters] = {}
    for finding in findings:
        found = _MATTERS[finding.severity]
        known = matters.get(finding.code, "no")
        matters[finding.code] = min(found, known, key=lambda word: _RANK[word])
    ids = {fault.id for fault in faults}
    late = {f.code: _as_fault(f) for f in reversed(findings) if f.code in KINDS and f.code not in ids}
    rows = [
        DoctorRow(check="scoper", kind=f.id, says=f.claim, where=f.place, matters=matters.get(f.id, "no"))
        for f in worst_first((*faults, *reversed(late.values())))
    ]
    rows.sort(key=lambda row: _RANK[row.matters])
    answered = tuple(words for code, words in _ANSWERED.items() if code in matters)
    still_open = (question for question in open_questions if not question.startswith(answered))
    rows += [DoctorRow(check="scoper", kind="not_examined", says=question) for question in still_open]
    for name in CHECKERS:
        checker = next((checker for checker in checkers if checker.name == name), None)
        if checker is None:
            rows.append(DoctorRow(check=name, kind="not_run", says=_NOT_RUN[name]))
        else:
            rows += _words(checker, rows, matters)
    return tuple(rows)


def doctor_table(session: Session) -> tuple[DoctorRow, ...]:
    """The table of a probe that came to its conclusion; empty when nobody examined anything."""
    visit = session.memory.get("doctor")
    return () if visit is None else visit.table(session)


def _words(checker: Checker, rows: Sequence[DoctorRow], matters: Mapping[str, Matters]) -> list[DoctorRow]:
    """A row for every message, as important as the fault that it speaks of; one without words where there is none."""
    if not checker.messages:
        return [DoctorRow(check=checker.name, kind=checker.verdict)]
    faults = [row.kind for row in rows if row.check == "scoper" and row.kind in KINDS]
    found = []
    for place, message in enumerate(checker.messages):
        about = [matters.get(fault, "no") for fault in faults if says((message,), fault)]
        last = place == len(checker.messages) - 1
        kind = "warned" if checker.verdict == "refused" and not last else checker.verdict
        weight: Matters = min(about, key=lambda word: _RANK[word], default="no")
        found.append(DoctorRow(check=checker.name, kind=kind, says=message, matters=weight))
    if len(found) > _MOST_MESSAGES:
        left = len(found) - _MOST_MESSAGES
        found = [
            *found[: _MOST_MESSAGES - 1],
            found[-1],
            DoctorRow(check=checker.name, kind="more", says=f"{left} more"),
        ]
    return found


def _as_fault(finding: Finding) -> Fault:
    """A fault that is only known as a finding."""
    evidence = finding.evidence
    place = str(evidence.get("place", ""))
    if not place and "file" in evidence:
        place = f"{evidence['file']}:{evidence.get('line')} in {evidence.get('function')}"
    claim = finding.claim.removesuffix(f", at {place}") if place else finding.claim
    return Fault(id=finding.code, severity=finding.severity, claim=claim, place=place)
