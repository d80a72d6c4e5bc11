"""Techniques and families that no answers lead to, and collected rules that no verdict lets speak."""

from __future__ import annotations

from collections.abc import Iterator

from scoper.domain.decision import FAMILIES, TECHNIQUES, UNDECIDED
from scoper.reasoning.checks import Check, RuleFinding
from scoper.reasoning.knowledge import Knowledge
from scoper.reasoning.outcome import RL
from scoper.reasoning.subject import Subject


def inspect(subject: Subject) -> Iterator[RuleFinding]:
    """Each verdict that cannot be reached, and each collected rule that cannot hold together with its technique."""
    pack = subject.pack
    reached = pack.verdict_diagram.reachable(Knowledge(pack, {}).allowed)
    for name in (*(t for t in TECHNIQUES if t != RL), UNDECIDED, *(f"{RL}/{family}" for family in FAMILIES)):
        if name not in reached:
            message = f"no answers lead to {name.replace('/', ' by ')}"
            yield RuleFinding("unreachable", "blocker", "technique", (), message, {})
    for table in pack.tables:
        for rule in table.rules if table.hit_policy == "collect" else ():
            answers = {name: values for name, values in rule.when.items() if name != "technique"}
            if subject.reached(answers) & rule.when.get("technique", subject.reached({})):
                continue
            message = f"{rule.id} can never hold: with its answers the verdict is never one that it is about"
            case = {name: sorted(values)[0] for name, values in answers.items()}
            yield RuleFinding("dead", "blocker", table.id, (rule.id,), message, case)


CHECK = Check("unreachable", "Every verdict can be reached, and every collected rule can speak.", of_pack=inspect)
