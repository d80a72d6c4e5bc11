"""Questions whose answer never changes anything."""

from __future__ import annotations

from collections.abc import Iterator

from scoper.reasoning.checks import Check, RuleFinding
from scoper.reasoning.knowledge import Knowledge
from scoper.reasoning.questions import mattering_signals
from scoper.reasoning.subject import Subject


def inspect(subject: Subject) -> Iterator[RuleFinding]:
    """Each question that matters in no completion of no answers."""
    matters = set(mattering_signals(Knowledge(subject.pack, {})))
    for signal in subject.pack.questions:
        if signal not in matters:
            message = f"no answer to {signal} ever changes a verdict, a condition, a qualifier or a surrounding"
            yield RuleFinding("dead-question", "blocker", "questions", (), message, {})


CHECK = Check("dead-question", "Every question can matter.", of_pack=inspect)
