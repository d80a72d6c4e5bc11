"""Demands that were written by hand, not found: the rules follow them, never the other way round."""

from __future__ import annotations

from collections.abc import Iterator

from scoper.reasoning.checks import Check, RuleFinding
from scoper.reasoning.knowledge import Knowledge
from scoper.reasoning.subject import Subject


def inspect(subject: Subject) -> Iterator[RuleFinding]:
    """Each demand for whose answers another technique is named now."""
    for demand in subject.demands:
        now = Knowledge(subject.pack, demand.answers).technique
        if now != demand.technique:
            text = f"{demand.id}: {demand.technique} is demanded, {now} is named ({demand.because})"
            remedy = f"mend the rules; the demand rests on: {demand.source}"
            yield RuleFinding("demand", "blocker", "technique", (), text, demand.answers, remedy=remedy)


CHECK = Check("demand", "Every demand written by hand is met.", of_pack=inspect)
