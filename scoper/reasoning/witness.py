"""The nearest case with a wanted property: few answers differ from a plain base case, so a reader sees what matters.

Exact: the nearest assignment of a diagram is one dynamic programme over its nodes; facets are independent, so the
cheapest answers of each facet value can be found alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import inf

from scoper.reasoning.diagram import Diagram
from scoper.reasoning.pack import RulePack

Allowed = Mapping[str, frozenset[str]]
Costs = Mapping[str, Mapping[str, float]]
BOTH = "\0"


def cheapest(diagram: Diagram, costs: Costs, wanted: Callable[[str], bool]) -> tuple[float, dict[str, str]] | None:
    """The assignment of least total cost whose outcome is `wanted`, or None; values without a cost are forbidden."""
    best: list[float] = [0.0 if wanted(name) else inf for name in diagram.outcomes]
    choices: list[list[int]] = []
    for variable, level in zip(reversed(diagram.variables), reversed(diagram.levels), strict=True):
        price = [costs[variable.name].get(value, inf) for value in variable.values]
        totals = [[price[k] + best[child] for k, child in enumerate(children)] for children in level]
        best = [min(row) for row in totals]
        choices.append([row.index(low) for row, low in zip(totals, best, strict=True)])
    if best[0] == inf:
        return None
    node, assignment = 0, {}
    for variable, level, choice in zip(diagram.variables, diagram.levels, reversed(choices), strict=True):
        assignment[variable.name] = variable.values[choice[node]]
        node = level[node][choice[node]]
    return best[0], assignment


def both(first: Diagram, second: Diagram) -> Diagram:
    """Two diagrams over the same variables as one; its outcomes are the pairs, joined by `BOTH`."""
    names: dict[str, int] = {}
    pairs: list[list[tuple[int, int]]] = [[(0, 0)]]
    for ours, theirs in zip(first.levels, second.levels, strict=True):
        found = (pair for i, j in pairs[-1] for pair in zip(ours[i], theirs[j], strict=True))
        pairs.append(list(dict.fromkeys(found)))
    below = {
        (i, j): names.setdefault(f"{first.outcomes[i]}{BOTH}{second.outcomes[j]}", len(names)) for i, j in pairs[-1]
    }
    levels: list[tuple[tuple[int, ...], ...]] = []
    for depth in range(len(first.levels) - 1, -1, -1):
        unique: dict[tuple[int, ...], int] = {}
        here = {}
        for i, j in pairs[depth]:
            under = zip(first.levels[depth][i], second.levels[depth][j], strict=True)
            here[i, j] = unique.setdefault(tuple(below[pair] for pair in under), len(unique))
        levels.append(tuple(unique))
        below = here
    return Diagram(first.variables, tuple(reversed(levels)), tuple(names))


def differs(name: str) -> bool:
    """Whether the two halves of an outcome of `both` differ."""
    one, _, two = name.partition(BOTH)
    return one != two


def fixed(diagram: Diagram, name: str, value: str) -> Diagram:
    """The diagram in which a variable counts as `value` whatever it is."""
    levels = []
    for variable, level in zip(diagram.variables, diagram.levels, strict=True):
        if variable.name == name:
            k = variable.values.index(value)
            level = tuple((children[k],) * len(children) for children in level)
        levels.append(level)
    return Diagram(diagram.variables, tuple(levels), diagram.outcomes)


@dataclass(frozen=True)
class Space:
    """A pack's answers around a base case, the complete answers `rest`; distance is the number of other answers."""

    pack: RulePack
    rest: Mapping[str, str]
    _facets: dict[tuple[str, tuple[frozenset[str] | None, ...]], dict[str, tuple[float, dict[str, str]]]] = field(
        default_factory=dict, compare=False
    )

    @cached_property
    def signal_costs(self) -> Costs:
        """0 for the base case's answer to a signal, 1 for every other known one."""
        return {
            signal: {value: float(value != self.rest[signal]) for value in self.pack.known_values(signal)}
            for signal in self.pack.questions
        }

    def nearest(
        self, diagram: Diagram, wanted: Callable[[str], bool], allowed: Allowed, free: str = ""
    ) -> tuple[float, dict[str, str]] | None:
        """The complete answers nearest to the base case, within `allowed`, whose outcome is wanted; with the distance.

        `diagram` is over the pack's variables. Answers that feed only the variable `free` are left as they are.
        """
        by_variable = {v.name: self._ways(v.name, allowed) for v in diagram.variables if v.name != free}
        costs: dict[str, dict[str, float]] = {
            name: {value: cost for value, (cost, _) in ways.items()} for name, ways in by_variable.items()
        }
        if free:
            costs[free] = dict.fromkeys(next(v.values for v in diagram.variables if v.name == free), 0.0)
        found = cheapest(diagram, costs, wanted)
        if found is None:
            return None
        answers = dict(self.rest)
        for signal, values in allowed.items():
            if answers[signal] not in values:
                if not values:
                    return None
                answers[signal] = next(v for v in self.pack.known_values(signal) if v in values)
        for name, value in found[1].items():
            if name != free:
                answers |= by_variable[name][value][1]
        distance = sum(self.signal_costs[signal][value] for signal, value in answers.items())
        return distance, answers

    def least(self, diagram: Diagram, outcome: str) -> tuple[float, dict[str, str]] | None:
        """The answers nearest to the base case that give `outcome` in a diagram over signals."""
        return cheapest(diagram, self.signal_costs, outcome.__eq__)

    def _ways(self, name: str, allowed: Allowed) -> dict[str, tuple[float, dict[str, str]]]:
        """For every value of a variable that can be had, the cheapest answers that give it."""
        diagram = self.pack.facet_diagrams.get(name)
        signals = [v.name for v in diagram.variables] if diagram else [name]
        key = (name, tuple(allowed.get(signal) for signal in signals))
        if key in self._facets:
            return self._facets[key]
        costs = {signal: self._within(signal, allowed) for signal in signals}
        if diagram is None:
            ways = {value: (cost, {name: value}) for value, cost in costs[name].items()}
        else:
            found = {value: cheapest(diagram, costs, value.__eq__) for value in diagram.outcomes}
            ways = {value: way for value, way in found.items() if way is not None}
        self._facets[key] = ways
        return ways

    def _within(self, signal: str, allowed: Allowed) -> dict[str, float]:
        values = allowed.get(signal)
        return {v: cost for v, cost in self.signal_costs[signal].items() if values is None or v in values}


def plain_base(pack: RulePack) -> dict[str, str]:
    """A base case: per signal the value that the fewest collected rules ask for, then the most probable one."""
    rules = [rule for table in pack.tables if table.hit_policy == "collect" for rule in table.rules]

    def busy(signal: str, value: str) -> int:
        return sum(value in rule.when.get(signal, ()) for rule in rules)

    return {
        signal: min(
            pack.known_values(signal),
            key=lambda value: (busy(signal, value), value == "not_applicable", -pack.prior[signal].get(value, 0.0)),
        )
        for signal in pack.questions
    }
