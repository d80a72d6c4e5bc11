"""Which open question matters, and how much it is expected to tell.

The gain of a question is the mutual information between its answer and the verdict (technique and family), in bits,
under the prior (Shannon 1948). A question matters when some completion changes the verdict, or a rule about readiness,
qualifiers or surroundings, by its answer alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from math import log2
from typing import Any

from scoper.domain.decision import NextQuestion
from scoper.reasoning.diagram import Diagram
from scoper.reasoning.knowledge import Knowledge
from scoper.reasoning.pack import TableKind

_COLLECTED: tuple[TableKind, ...] = ("readiness", "qualifier", "surrounding")
_EFFORT_WEIGHT: Mapping[str, float] = {"minutes": 1.0, "days": 1.2, "weeks": 1.4}


def entropy(law: Mapping[Any, float]) -> float:
    """Shannon entropy in bits."""
    return -sum(p * log2(p) for p in law.values() if p > 0.0)


def ranked_questions(knowledge: Knowledge) -> tuple[NextQuestion, ...]:
    """The open questions that matter, the most information per effort first; ties in the order of the questions."""
    matters = mattering_signals(knowledge)
    pack = knowledge.pack
    given = pack.verdict_diagram.conditionals(knowledge.laws)
    found = [NextQuestion(signal=signal, gain=round(_gain(knowledge, signal, given), 6)) for signal in matters]
    return tuple(sorted(found, key=lambda q: -q.gain / _EFFORT_WEIGHT[pack.questions[q.signal].effort]))


def gain(knowledge: Knowledge, signal: str) -> float:
    """Expected reduction of the verdict's entropy by the answer to an open question, in bits."""
    return _gain(knowledge, signal, knowledge.pack.verdict_diagram.conditionals(knowledge.laws))


def _gain(knowledge: Knowledge, signal: str, given: Mapping[str, Mapping[str, Sequence[float]]]) -> float:
    variable = knowledge.pack.facet_of[signal]
    if variable not in given:
        return 0.0
    after = 0.0
    for value, probability in knowledge.law(signal).items():
        law = knowledge.with_fact(signal, value).law_of_variable(variable)
        columns = [(weight, given[variable][name]) for name, weight in law.items() if weight]
        mixed = [sum(weight * column[k] for weight, column in columns) for k in range(len(columns[0][1]))]
        after += probability * entropy(dict(enumerate(mixed)))
    return max(0.0, entropy(knowledge.verdict_support) - after)


def mattering_signals(knowledge: Knowledge) -> tuple[str, ...]:
    """The open signals whose answer can still change something, in the order of the questions."""
    pack = knowledge.pack
    pivotal = _pivotal_pairs(pack.verdict_diagram, knowledge.allowed)
    by_rules = _signals_in_open_rules(knowledge)
    return tuple(
        signal
        for signal in pack.questions
        if signal not in knowledge.facts and (signal in by_rules or _is_pivotal(knowledge, signal, pivotal))
    )


def _is_pivotal(knowledge: Knowledge, signal: str, pivotal: Mapping[str, frozenset[tuple[str, str]]]) -> bool:
    variable = knowledge.pack.facet_of[signal]
    pairs = pivotal.get(variable, frozenset())
    if not pairs:
        return False
    diagram = knowledge.pack.facet_diagrams.get(variable)
    if diagram is None:
        return True
    others = [v.name for v in diagram.variables if v.name != signal]
    for values in product(*(sorted(knowledge.allowed_values(other)) for other in others)):
        fixed = dict(zip(others, values, strict=True))
        outputs = {diagram.evaluate({**fixed, signal: v}) for v in knowledge.pack.known_values(signal)}
        if any((a, b) in pairs for a in outputs for b in outputs):
            return True
    return False


def _pivotal_pairs(diagram: Diagram, allowed: Mapping[str, frozenset[str]]) -> dict[str, frozenset[tuple[str, str]]]:
    """Per variable the pairs of values that some completion of the other variables tells apart."""
    below: list[int] = list(range(len(diagram.outcomes)))
    classes = [below]
    for variable, level in zip(reversed(diagram.variables), reversed(diagram.levels), strict=True):
        kept = [k for k, value in enumerate(variable.values) if value in allowed[variable.name]]
        names: dict[tuple[int, ...], int] = {}
        below = [names.setdefault(tuple(below[node[k]] for k in kept), len(names)) for node in level]
        classes.append(below)
    classes.reverse()
    pairs: dict[str, frozenset[tuple[str, str]]] = {}
    here = {0}
    for depth, (variable, level) in enumerate(zip(diagram.variables, diagram.levels, strict=True)):
        kept = [k for k, value in enumerate(variable.values) if value in allowed[variable.name]]
        under = classes[depth + 1]
        pairs[variable.name] = frozenset(
            (variable.values[a], variable.values[b])
            for node in here
            for a in kept
            for b in kept
            if under[level[node][a]] != under[level[node][b]]
        )
        here = {level[node][k] for node in here for k in kept}
    return pairs


def _signals_in_open_rules(knowledge: Knowledge) -> set[str]:
    pack = knowledge.pack
    found: set[str] = set()
    for kind in _COLLECTED:
        for table in pack.of_kind(kind):
            for rule in table.rules:
                techniques = rule.when.get("technique", knowledge.possible)
                signals = [name for name in rule.when if name != "technique"]
                if techniques & knowledge.possible and all(rule.when[s] & knowledge.allowed_values(s) for s in signals):
                    found |= {s for s in signals if not knowledge.allowed_values(s) <= rule.when[s]}
    return found
