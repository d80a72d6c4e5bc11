"""The conditions of a tree's leaf as a person would write them."""

from __future__ import annotations

from collections.abc import Sequence

from scoper.domain.text import shown
from scoper.numerics.case_columns import Column


def rule_text(columns: Sequence[Column], path: Sequence[tuple[int, float, bool]]) -> str:
    """`amount <= 100 and kind = standard`; bounds of one column are joined, `always` without conditions."""
    parts: dict[int, list[tuple[float, bool]]] = {}
    for index, cut, side in path:
        parts.setdefault(index, []).append((cut, side))
    texts = [_one(columns[index], tests) for index, tests in parts.items()]
    return " and ".join(texts) or "always"


def _one(column: Column, tests: Sequence[tuple[float, bool]]) -> str:
    name = shown(column.name, 30)
    if not column.numeric:
        equal = [column.words[int(cut)] for cut, side in tests if side]
        if equal:
            return f"{name} = {shown(equal[-1], 30)}"
        others = ", ".join(shown(column.words[int(cut)], 20) for cut, _ in tests)
        return f"{name} is not {others}"
    high = min((cut for cut, side in tests if side), default=None)
    low = max((cut for cut, side in tests if not side), default=None)
    if low is None:
        return f"{name} <= {high:g}"
    return f"{name} > {low:g}" if high is None else f"{low:g} < {name} <= {high:g}"
