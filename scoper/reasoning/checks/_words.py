"""Cases, regions and lines in words."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

from scoper.reasoning.diagram import Variable
from scoper.reasoning.rule_table import RuleTable, Spans


def region(table: RuleTable, values: Mapping[str, frozenset[str]]) -> str:
    """A region of cases in one line: `stock < 5 and season is summer`."""
    parts = [condition(v, values[v.name]) for v in table.variables if v.name in values]
    return " and ".join(parts) or "any case"


def condition(variable: Variable, values: frozenset[str]) -> str:
    """One variable's part of a region."""
    if not isinstance(variable, Spans):
        return f"{variable.name} is {' or '.join(value for value in variable.values if value in values)}"
    chosen = [bounds for value, bounds in zip(variable.values, variable.bounds, strict=True) if value in values]
    return " or ".join(_span(variable.name, *bounds) for bounds in _merged(chosen))


def _merged(spans: list[tuple[float, bool, float, bool]]) -> list[tuple[float, bool, float, bool]]:
    merged: list[tuple[float, bool, float, bool]] = []
    for low, low_in, high, high_in in spans:
        if merged and merged[-1][2] == low and (merged[-1][3] or low_in):
            merged[-1] = (merged[-1][0], merged[-1][1], high, high_in)
        else:
            merged.append((low, low_in, high, high_in))
    return merged


def _span(name: str, low: float, low_in: bool, high: float, high_in: bool) -> str:
    if low == high:
        return f"{name} = {low:g}"
    left = "" if low == -inf else f"{low:g} {'<=' if low_in else '<'} "
    right = "" if high == inf else f" {'<=' if high_in else '<'} {high:g}"
    if left and not right:
        return f"{name} {'>=' if low_in else '>'} {low:g}"
    return f"{left}{name}{right}"


def case_in(table: RuleTable, values: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """One case of a region; what the region leaves open stays open."""
    return {
        v.name: next(value for value in v.values if value in values[v.name])
        for v in table.variables
        if v.name in values
    }
