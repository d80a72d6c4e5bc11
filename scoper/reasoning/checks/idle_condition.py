"""Conditions that allow every value, or none: the first should be left out, the second can never hold."""

from __future__ import annotations

from collections.abc import Iterator

from scoper.reasoning.checks import Check, RuleFinding
from scoper.reasoning.rule_table import RuleTable


def inspect(table: RuleTable) -> Iterator[RuleFinding]:
    """Each such condition."""
    for index, line in enumerate(table.lines):
        for variable in table.variables:
            values = line.when.get(variable.name)
            if values is None:
                continue
            if not values:
                message = f"{line.id} can never hold: it allows no value of {variable.name}"
                yield RuleFinding("impossible", "blocker", table.name, (line.id,), message, {})
            elif len(values) == len(variable.values):
                message = f"{line.id} names every value of {variable.name}"
                case = table.shared_case(index, index)
                remedy = f"leave {variable.name} out"
                yield RuleFinding("idle-condition", "caution", table.name, (line.id,), message, case, remedy=remedy)


CHECK = Check("idle-condition", "No condition names all values of its input.", of_table=inspect)
