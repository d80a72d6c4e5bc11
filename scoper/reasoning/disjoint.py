"""A first-hit table rewritten so that at most one row holds in any case: what the hit policy UNIQUE asks for.

The rows are the paths of the table's diagram, values that lead the same way together. How many there are depends on the
order of the variables, so each variable is tried at every place (sifting, Rudell 1993).
"""

from __future__ import annotations

from collections.abc import Sequence

from scoper.reasoning.diagram import Diagram, Row, Variable, compile_rows


def disjoint_rows(variables: Sequence[Variable], rows: Sequence[Row], default: str) -> tuple[Row, ...]:
    """Rows that exclude each other, cover every case, and conclude what the first-hit `rows` do."""
    used = [v for v in variables if any(v.name in row.when for row in rows)]
    order = _sifted(used, rows, default)
    diagram = compile_rows(tuple(order), rows, default)
    position = {v.name: place for place, v in enumerate(variables)}
    return tuple(
        Row(dict(sorted(row.when.items(), key=lambda item: position[item[0]])), row.then) for row in _paths(diagram)
    )


def _sifted(variables: list[Variable], rows: Sequence[Row], default: str) -> list[Variable]:
    best, fewest, before = variables, _count(compile_rows(tuple(variables), rows, default)), 0
    while fewest != before:
        before = fewest
        for variable in variables:
            rest = [v for v in best if v.name != variable.name]
            for place in range(len(rest) + 1):
                order = [*rest[:place], variable, *rest[place:]]
                number = _count(compile_rows(tuple(order), rows, default))
                if number < fewest:
                    best, fewest = order, number
    return best


def _count(diagram: Diagram) -> int:
    below = [1] * len(diagram.outcomes)
    for level in reversed(diagram.levels):
        below = [sum(below[child] for child in set(children)) for children in level]
    return below[0]


def _paths(diagram: Diagram) -> list[Row]:
    found: list[Row] = []

    def walk(depth: int, node: int, when: dict[str, frozenset[str]]) -> None:
        if depth == len(diagram.levels):
            found.append(Row(when, diagram.outcomes[node]))
            return
        variable, children = diagram.variables[depth], diagram.levels[depth][node]
        ways: dict[int, list[str]] = {}
        for value, child in zip(variable.values, children, strict=True):
            ways.setdefault(child, []).append(value)
        for child, values in ways.items():
            free = len(ways) == 1
            walk(depth + 1, child, when if free else {**when, variable.name: frozenset(values)})

    walk(0, 0, {})
    return found
