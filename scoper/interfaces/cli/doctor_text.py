"""The doctor's tables as plain text: one row a fault, then what each means, then the other checkers' words."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from scoper.domain.doctor import CHECKERS, DoctorRow, Examination, Fault, Matters
from scoper.interfaces import console
from scoper.services.numbers import count

_WIDTH = 100
_MARKS = {"blocker": "[x]", "caution": "[!]", "info": "[i]"}
_SOUNDNESS = {
    "sound": "sound",
    "usable": "usable, with conditions",
    "unusable": "not usable as it is",
}
_MATTERS: Mapping[Matters, str] = {"verdict": "decides", "condition": "a condition", "no": "no"}
_VERDICTS = {
    "passed": "passed it",
    "warned": "warned",
    "refused": "refused it",
    "ended": "did not come to its end",
    "absent": "is not installed",
}


def examination_text(examination: Examination) -> str:
    """How sound the environment is first, then the table."""
    lines = [console.emphasis(f"{examination.name}: {_SOUNDNESS[examination.soundness]}")]
    if examination.faults:
        lines += ["", *_table(examination)]
    else:
        lines += ["", f"No fault in {count(examination.steps)} timesteps."]
    for fault in examination.faults:
        lines += ["", *_details(fault)]
    if examination.checkers:
        lines += ["", *_checkers(examination)]
    if examination.not_examined:
        lines += ["", *_wrapped(f"Not examined: {'; '.join(examination.not_examined)}", "  ")]
    return "\n".join(lines)


def contract_text(rows: Sequence[DoctorRow]) -> list[str]:
    """A probe's table of its first stage; the words of faults stand among the findings, those of checkers here."""
    if not rows:
        return []
    cells = [("  check", "what", "place", "matters")]
    cells += [
        (f"  {CHECKERS.get(row.check, row.check)}", row.kind, row.where or "-", _MATTERS[row.matters]) for row in rows
    ]
    widths = [max(len(row[column]) for row in cells) for column in range(4)]
    lines = ["Contract of the environment:"]
    for place, row in enumerate(cells):
        lines.append("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        told = rows[place - 1] if place else None
        if told is not None and told.says and (told.check in CHECKERS or told.kind == "not_examined"):
            lines += _wrapped(told.says, "      ", "      ")
    return lines


def _table(examination: Examination) -> list[str]:
    """The faults as rows: mark, id, place, and which other checker speaks of it."""
    asked = [name for name in CHECKERS if any(checker.name == name for checker in examination.checkers)]
    rows = [("    fault", "place", *(CHECKERS[name] for name in asked))]
    for fault in examination.faults:
        named = (_named(fault, name) for name in asked)
        rows.append((f"{_MARKS[fault.severity]} {fault.id}", fault.place or "-", *named))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _named(fault: Fault, checker: str) -> str:
    return "named" if getattr(fault, checker) else "-"


def _details(fault: Fault) -> list[str]:
    where = f", at {fault.place}" if fault.place else ""
    times = fault.evidence.get("times")
    often = f" ({count(times)} times)" if isinstance(times, int) else ""
    lines = _wrapped(f"{_MARKS[fault.severity]} {fault.id}: {fault.claim}{where}{often}", "    ")
    return [*lines, *_wrapped(f"-> {fault.remedy}", "       ", "    ")] if fault.remedy else lines


def _checkers(examination: Examination) -> list[str]:
    lines = []
    for checker in examination.checkers:
        first = f": {checker.messages[-1 if checker.verdict == 'refused' else 0]}" if checker.messages else ""
        lines += _wrapped(f"{CHECKERS[checker.name]}'s check_env {_VERDICTS[checker.verdict]}{first}", "  ")
    return lines


def _wrapped(text: str, later: str = "", first: str = "") -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=first, subsequent_indent=later) or [""]
