"""Lines of a first-hit table that never decide, because earlier ones always do."""

from __future__ import annotations

from collections.abc import Iterator

from scoper.reasoning.checks import Check, RuleFinding
from scoper.reasoning.rule_table import RuleTable, bits


def inspect(table: RuleTable) -> Iterator[RuleFinding]:
    """Each masked line with one of its cases and the lines that take its cases away."""
    if table.hit_policy != "first":
        return
    coverage = table.coverage
    if coverage is None:
        message = "the table is too entangled to look for masked lines; split it into smaller tables"
        yield RuleFinding("masked", "caution", table.name, (), message, {})
        return
    for index, line in enumerate(table.lines):
        if coverage.decides >> index & 1 or not table.meeting(index):
            continue
        earlier = (1 << index) - 1
        over = table.covering(index) & earlier
        by = [next(bits(over))] if over else list(bits(table.meeting(index) & earlier))
        names = tuple(table.lines[k].id for k in by)
        what = f"{names[0]} always does" if len(by) == 1 else f"{', '.join(names)} together always do"
        message = f"{line.id} never decides: before it, {what}"
        yield RuleFinding("masked", "blocker", table.name, (line.id, *names), message, table.shared_case(index, by[0]))


CHECK = Check("masked", "Every line of a first-hit table decides some case.", of_table=inspect)
