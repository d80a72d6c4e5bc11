"""Declared monotonicity that does not hold."""

from __future__ import annotations

from collections.abc import Iterator

from scoper.reasoning.checks import Check, RuleFinding
from scoper.reasoning.monotone import counter_example
from scoper.reasoning.outcome import outcome
from scoper.reasoning.subject import Subject


def inspect(subject: Subject) -> Iterator[RuleFinding]:
    """Each refuted declaration with the pair of cases that refutes it."""
    for claim in subject.monotone:
        pair = counter_example(subject.space, claim)
        if pair is None:
            continue
        ends = [outcome(subject.pack, answers) for answers in pair]
        said = [end.readiness if claim.never_lowers == "readiness" else end.technique for end in ends]
        low, high = (answers[claim.signal] for answers in pair)
        message = f"{claim.id} is refuted: {claim.signal} from {low} to {high} turns {said[0]} into {said[1]}"
        low_case, high_case = ({**subject.telling(a), claim.signal: a[claim.signal]} for a in pair)
        yield RuleFinding("monotonicity", "blocker", "monotonicity", (claim.id,), message, low_case, high_case)


CHECK = Check("monotonicity", "Every declared monotonicity holds.", of_pack=inspect)
