"""Cases that no line of a table covers and no default answers."""

from __future__ import annotations

from collections.abc import Iterator

from scoper.reasoning.checks import Check, RuleFinding
from scoper.reasoning.checks._words import case_in, region
from scoper.reasoning.rule_table import RuleTable


def inspect(table: RuleTable) -> Iterator[RuleFinding]:
    """Each uncovered region; nothing for a table with a default, nor for one that collects."""
    if table.default is not None or table.hit_policy == "collect":
        return
    coverage = table.coverage
    if coverage is None:
        message = "the table is too entangled to look for gaps; split it into smaller tables"
        yield RuleFinding("gap", "caution", table.name, (), message, {})
        return
    share = coverage.uncovered / table.size
    for gap in coverage.gaps:
        message = f"no line covers {region(table, gap)} (all gaps together: {share:.2%} of the cases)"
        yield RuleFinding("gap", "blocker", table.name, (), message, case_in(table, gap), remedy="add a line for it")


CHECK = Check("gap", "Every case is covered by a line or a default.", of_table=inspect)
