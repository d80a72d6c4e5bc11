"""Lines that another line with the same conclusion makes superfluous."""

from __future__ import annotations

from collections.abc import Iterator

from scoper.reasoning.checks import Check, RuleFinding
from scoper.reasoning.rule_table import RuleTable, bits


def inspect(table: RuleTable) -> Iterator[RuleFinding]:
    """Each line that can go: a wider one says the same, and (first hit) none between them says otherwise."""
    for index, line in enumerate(table.lines):
        for other in bits(table.covering(index) & ~(1 << index)) if table.meeting(index) else ():
            wider = table.lines[other]
            if wider.then != line.then or dict(wider.when) == dict(line.when):
                continue
            if table.hit_policy == "first" and (other < index or not _undisturbed(table, index, other)):
                continue
            message = f"{line.id} is a part of {wider.id}, which concludes the same"
            case = table.shared_case(index, other)
            yield RuleFinding(
                "subsumed", "caution", table.name, (line.id, wider.id), message, case, remedy=f"delete {line.id}"
            )
            break


def _undisturbed(table: RuleTable, index: int, other: int) -> bool:
    between = ((1 << other) - 1) & ~((1 << (index + 1)) - 1)
    return all(table.lines[k].then == table.lines[index].then for k in bits(table.meeting(index) & between))


CHECK = Check("subsumed", "No line is a part of another that concludes the same.", of_table=inspect)
