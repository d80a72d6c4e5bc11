"""Faults in the rules that no golden case would notice, and parts of rules that nothing hangs on."""

from __future__ import annotations

from collections.abc import Iterator

from scoper.reasoning.checks import Check, RuleFinding
from scoper.reasoning.golden import noticing_case
from scoper.reasoning.subject import Subject


def inspect(subject: Subject) -> Iterator[RuleFinding]:
    """Each surviving mutant: with the case that is missing, or as superfluous when no case at all can tell."""
    for mutant in subject.survivors if subject.golden else ():
        answers = noticing_case(subject.space, mutant)
        if answers is None and mutant.value:
            message = f"{mutant.sentence()}: nothing that is concluded hangs on it, at most which rule gives the reason"
            yield RuleFinding("idle-value", "info", mutant.table, (mutant.rule,), message, {})
        elif answers is None:
            part = f"condition on {mutant.condition}" if mutant.condition else "rule"
            message = f"{mutant.sentence()}: this changes no verdict anywhere, so the {part} is superfluous"
            kind, remedy = "superfluous", "delete it, or say in the rule what it was meant to do"
            yield RuleFinding(kind, "blocker", mutant.table, (mutant.rule,), message, {}, remedy=remedy)
        else:
            message = f"{mutant.sentence()}: no golden case notices; this one would"
            witness = subject.telling(answers)
            remedy = "scoper rules check --write-golden"
            yield RuleFinding("survivor", "blocker", mutant.table, (mutant.rule,), message, witness, remedy=remedy)


CHECK = Check(
    "mutation", "Every rule, condition or value dropped and every condition negated is noticed.", of_pack=inspect
)
