"""Lines that hold together against the hit policy: UNIQUE forbids all, ANY those that conclude otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from scoper.reasoning.checks import Check, RuleFinding
from scoper.reasoning.rule_table import RuleTable, bits


def inspect(table: RuleTable) -> Iterator[RuleFinding]:
    """Each forbidden pair with a case that both hold in; identical lines are left to the check of duplicates."""
    if table.hit_policy not in ("unique", "any"):
        return
    for index, line in enumerate(table.lines):
        for other in bits(table.meeting(index) >> (index + 1)):
            second = table.lines[index + 1 + other]
            conflict = line.then != second.then
            if not conflict and (table.hit_policy == "any" or line.when == second.when):
                continue
            what = f"conclude {line.then} and {second.then}" if conflict else f"both conclude {line.then}"
            message = f"{line.id} and {second.id} hold together and {what}; the hit policy is {table.hit_policy}"
            case = table.shared_case(index, index + 1 + other)
            kind = "conflict" if conflict else "overlap"
            yield RuleFinding(kind, "blocker", table.name, (line.id, second.id), message, case)


CHECK = Check("overlap", "No two lines hold together where the hit policy forbids it.", of_table=inspect)
