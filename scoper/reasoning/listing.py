"""A rule pack as lines of text."""

from __future__ import annotations

from scoper.reasoning.pack import Rule, Table


def table_lines(table: Table) -> list[str]:
    """A table's head and one line a rule, in order of priority."""
    lines = [f"{table.id} ({table.kind}, {table.hit_policy}): {table.because}"]
    lines += [f"  {rule.id}: {condition(rule)} -> {rule.then}" for rule in table.rules]
    return [*lines, f"  otherwise -> {table.default}"] if table.default else lines


def rule_lines(rule: Rule) -> list[str]:
    """Everything a rule says."""
    lines = [f"{rule.id} (table {rule.table})", f"  when     {condition(rule)}", f"  then     {rule.then}"]
    lines += [f"  because  {rule.because}", f"  source   {rule.source}", f"  basis    {rule.basis}"]
    return [*lines, f"  advice   {rule.advice}"] if rule.advice else lines


def condition(rule: Rule) -> str:
    """A rule's condition in one line."""
    parts = (f"{name} is {' or '.join(sorted(values))}" for name, values in rule.when.items())
    return " and ".join(parts) or "always"
