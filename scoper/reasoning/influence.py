"""How much hangs on each question: the exact prior probability that its answer alone decides.

A question is pivotal for the verdict in a case when two of its answers lead to different verdicts while all others stay
(Birnbaum 1969 calls the probability of that the structural importance). Probabilities are under the pack's prior.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations, product
from math import prod

from scoper.reasoning.diagram import Diagram
from scoper.reasoning.knowledge import Knowledge
from scoper.reasoning.pack import Rule, RulePack
from scoper.reasoning.witness import Allowed

_COLLECTED = ("readiness", "qualifier", "surrounding", "conflict")


@dataclass(frozen=True)
class Influence:
    """Probabilities that the answer decides the technique, the verdict (with the family), or a collected rule.

    `advice` is None for a question that also moves the technique: there it is not told apart.
    """

    signal: str
    technique: float
    verdict: float
    advice: float | None


def influences(pack: RulePack) -> tuple[Influence, ...]:
    """The influence of every question, in the order of the questions."""
    nothing = Knowledge(pack, {})
    on_technique = _Pivot(pack.technique_diagram, nothing.laws)
    on_verdict = _Pivot(pack.verdict_diagram, nothing.laws)
    found = []
    for signal in pack.questions:
        groups = _output_groups(pack, signal)
        technique, verdict = (
            sum(weight * pivot.probability(pack.facet_of[signal], group) for group, weight in groups.items())
            for pivot in (on_technique, on_verdict)
        )
        advice = _advice(pack, signal) if technique == 0.0 else None
        found.append(Influence(signal, technique, verdict, advice))
    return tuple(found)


def _output_groups(pack: RulePack, signal: str) -> dict[frozenset[str], float]:
    """The sets of values that the signal's variable runs through as the signal does, with their probability."""
    diagram = pack.facet_diagrams.get(pack.facet_of[signal])
    if diagram is None:
        return {frozenset(pack.known_values(signal)): 1.0}
    others = [v for v in diagram.variables if v.name != signal]
    groups: dict[frozenset[str], float] = {}
    for values in product(*(v.values for v in others)):
        around = dict(zip((v.name for v in others), values, strict=True))
        weight = prod(pack.prior[name].get(value, 0.0) for name, value in around.items())
        if weight:
            group = frozenset(diagram.evaluate({**around, signal: value}) for value in pack.known_values(signal))
            groups[group] = groups.get(group, 0.0) + weight
    return groups


class _Pivot:
    """Probability that a diagram's outcome is not the same for all values of a set, for one variable at a time."""

    def __init__(self, diagram: Diagram, laws: Mapping[str, Mapping[str, float]]) -> None:
        self.diagram = diagram
        self.weights = [[laws[v.name].get(value, 0.0) for value in v.values] for v in diagram.variables]
        self.depths = {v.name: depth for depth, v in enumerate(diagram.variables)}
        self.reach = self._reach()
        self.memo: dict[tuple[int, frozenset[int]], float] = {}

    def _reach(self) -> list[dict[int, float]]:
        reach: list[dict[int, float]] = [{0: 1.0}]
        for level, law in zip(self.diagram.levels, self.weights, strict=True):
            below: dict[int, float] = {}
            for node, mass in reach[-1].items():
                for child, weight in zip(level[node], law, strict=True):
                    if weight:
                        below[child] = below.get(child, 0.0) + mass * weight
            reach.append(below)
        return reach

    def probability(self, name: str, values: frozenset[str]) -> float:
        depth = self.depths.get(name)
        if depth is None or len(values) < 2:
            return 0.0
        chosen = [k for k, value in enumerate(self.diagram.variables[depth].values) if value in values]
        level = self.diagram.levels[depth]
        return sum(
            mass * self._apart(depth + 1, frozenset(level[node][k] for k in chosen))
            for node, mass in self.reach[depth].items()
        )

    def _apart(self, depth: int, nodes: frozenset[int]) -> float:
        if len(nodes) == 1:
            return 0.0
        if depth == len(self.diagram.levels):
            return 1.0
        key = (depth, nodes)
        if key not in self.memo:
            level = self.diagram.levels[depth]
            self.memo[key] = sum(
                weight * self._apart(depth + 1, frozenset(level[node][k] for node in nodes))
                for k, weight in enumerate(self.weights[depth])
                if weight
            )
        return self.memo[key]


def _advice(pack: RulePack, signal: str) -> float:
    """Probability that some collected rule hangs on the signal alone, by inclusion and exclusion over the rules."""
    tables = (table for table in pack.tables if table.kind in _COLLECTED)
    every = frozenset(pack.known_values(signal))
    boxes = [
        _around(rule, signal)
        for table in tables
        for rule in table.rules
        if frozenset() < rule.when.get(signal, every) < every
    ]
    kept = [box for k, box in enumerate(boxes) if box not in boxes[:k]]
    total = 0.0
    for size in range(1, len(kept) + 1):
        sign = 1.0 if size % 2 else -1.0
        total += sign * sum(_mass(pack, _meet(pack, chosen)) for chosen in combinations(kept, size))
    return max(0.0, total)


def _around(rule: Rule, signal: str) -> dict[str, frozenset[str]]:
    return {name: values for name, values in rule.when.items() if name != signal}


def _meet(pack: RulePack, boxes: tuple[Allowed, ...]) -> dict[str, frozenset[str]]:
    met: dict[str, frozenset[str]] = {}
    for box in boxes:
        for name, values in box.items():
            met[name] = met.get(name, values) & values
    return met


def _mass(pack: RulePack, box: Allowed) -> float:
    """The prior probability of a box of answers in which, where it names techniques, one of them is the verdict."""
    if not all(box.values()):
        return 0.0
    laws = {
        signal: {value: p for value, p in law.items() if signal not in box or value in box[signal]}
        for signal, law in pack.prior.items()
    }
    facets = {
        facet: d.distribution({v.name: laws[v.name] for v in d.variables}) for facet, d in pack.facet_diagrams.items()
    }
    inside = {v.name for v in pack.variables} | {s for f in pack.facets.values() for s in f.inputs}
    outside = prod(sum(laws[signal].values()) for signal in pack.questions if signal not in inside)
    unused = prod(sum(law.values()) for facet, law in facets.items() if facet not in {v.name for v in pack.variables})
    reached = pack.technique_diagram.distribution({v.name: facets.get(v.name) or laws[v.name] for v in pack.variables})
    techniques = box.get("technique")
    return outside * unused * sum(p for name, p in reached.items() if techniques is None or name in techniques)
