"""Golden cases whose outcome is no longer the reviewed one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from scoper.reasoning.checks import Check, RuleFinding
from scoper.reasoning.outcome import Outcome, outcome
from scoper.reasoning.subject import Subject


def inspect(subject: Subject) -> Iterator[RuleFinding]:
    """Each golden case that the rules now read otherwise, and in what."""
    for case in subject.golden:
        now = outcome(subject.pack, case.answers)
        if now != case.expect:
            changed = "; ".join(
                f"{field.name} {_said(case.expect, field.name)}, now {_said(now, field.name)}"
                for field in fields(Outcome)
                if getattr(case.expect, field.name) != getattr(now, field.name)
            )
            remedy = "review it, then write the cases anew with --write-golden"
            witness = subject.telling(case.answers)
            yield RuleFinding("golden", "blocker", case.table, (), f"{case.id}: {changed}", witness, remedy=remedy)


def _said(said: Outcome, name: str) -> str:
    value = getattr(said, name)
    if isinstance(value, frozenset):
        return "[" + ", ".join(sorted(value)) + "]"
    return str(value)


CHECK = Check("golden", "Every golden case has its reviewed outcome.", of_pack=inspect)
