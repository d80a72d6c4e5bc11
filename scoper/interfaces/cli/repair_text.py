"""Repairs as plain text: what each changes, and what it did to the objective when it was audited again."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from scoper.domain.repairs import AuditedState, RepairSummary
from scoper.services.numbers import number, share

_WIDTH = 100


def repairs_text(repairs: Sequence[RepairSummary]) -> list[str]:
    """Lines about the repairs that passed; none without any."""
    lines: list[str] = []
    for repair in repairs:
        what = "repair" if repair.claimed else f"candidate, if {repair.defect} is a defect"
        lines += ["", *_wrapped(f"[+] {what}: {repair.words}", "    ", "")]
        lines += _wrapped(f"-> before: {_side(repair.before)}; after: {_side(repair.after)}", "       ", "    ")
        file = f", with {repair.wrapper_file} beside the environment" if repair.wrapper_file else ""
        lines += _wrapped(f"-> {repair.id}.patch{file}", "       ", "    ")
    return lines


def _side(state: AuditedState) -> str:
    said = [state.verdict.replace("_", " ")]
    said += [] if state.objective is None else [f"objective {number(state.objective)}"]
    said += [] if state.share is None else [f"{share(state.share)} of what can be had"]
    return ", ".join(said)


def _wrapped(text: str, later: str, first: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=first, subsequent_indent=later, break_long_words=False)
