"""Lines that say the same twice."""

from __future__ import annotations

from collections.abc import Iterator

from scoper.reasoning.checks import Check, RuleFinding
from scoper.reasoning.rule_table import RuleTable


def inspect(table: RuleTable) -> Iterator[RuleFinding]:
    """Each line whose condition and conclusion an earlier line has too."""
    seen: dict[tuple[object, str], int] = {}
    for index, line in enumerate(table.lines):
        key = (frozenset(line.when.items()), line.then)
        first = seen.setdefault(key, index)
        if first != index:
            message = f"{line.id} repeats {table.lines[first].id}"
            case = table.shared_case(first, index)
            yield RuleFinding(
                "duplicate", "blocker", table.name, (line.id, table.lines[first].id), message, case, remedy="delete one"
            )


CHECK = Check("duplicate", "No line stands twice.", of_table=inspect)
