"""Pairs of lines that could be one: they differ in one input and conclude the same."""

from __future__ import annotations

from collections.abc import Iterator

from scoper.reasoning.checks import Check, RuleFinding
from scoper.reasoning.checks._words import condition
from scoper.reasoning.rule_table import RuleTable, bits


def inspect(table: RuleTable) -> Iterator[RuleFinding]:
    """Each pair that can be joined without changing any conclusion, with the condition that joins it."""
    for variable in table.variables:
        seen: dict[tuple[object, str], int] = {}
        for index, line in enumerate(table.lines):
            if variable.name not in line.when:
                continue
            rest = frozenset((name, values) for name, values in line.when.items() if name != variable.name)
            first = seen.setdefault((rest, line.then), index)
            before = table.lines[first].when[variable.name]
            if first == index or before == line.when[variable.name] or not _joinable(table, first, index):
                continue
            words = condition(variable, before | line.when[variable.name])
            message = f"{table.lines[first].id} and {line.id} differ in {variable.name} only and conclude the same"
            pair = (table.lines[first].id, line.id)
            other = _case(table, index)
            yield RuleFinding(
                "contractible", "info", table.name, pair, message, _case(table, first), other, f"one line with {words}"
            )


def _case(table: RuleTable, index: int) -> dict[str, str]:
    return table.shared_case(index, index)


def _joinable(table: RuleTable, first: int, second: int) -> bool:
    if table.hit_policy != "first":
        return True
    between = ((1 << second) - 1) & ~((1 << (first + 1)) - 1)
    then = table.lines[first].then
    return any(
        all(table.lines[k].then == then for k in bits(table.meeting(moved) & between)) for moved in (first, second)
    )


CHECK = Check("contractible", "No two lines could be one.", of_table=inspect)
