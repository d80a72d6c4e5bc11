"""The changes that a search for flips can make: one variable of the technique diagram at a time.

Facets share no signals, so a change of answers inside one counts only through the law that the facet's outcome then
has; of changes with the same law only those of the fewest signals are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import combinations, product
from operator import or_

from scoper.reasoning.diagram import Variable
from scoper.reasoning.knowledge import Knowledge

Weights = tuple[float, ...]


@dataclass(frozen=True)
class Change:
    """Answers to set within one variable (none of them: it stays), and what the variable's values then weigh.

    `signals` is the set of changed signals as bits; `open` the positions of the values that remain possible, told only
    where answers are doubted: then a technique can be the only one possible and yet improbable.
    """

    answers: Mapping[str, str]
    signals: int
    weights: Weights
    open: tuple[int, ...]
    number: int


def all_changes(knowledge: Knowledge, depth: int) -> Iterator[Change]:
    """No change, and then every change of one variable's signals that has an effect which none of its parts has."""
    pack = knowledge.pack
    variable = pack.technique_diagram.variables[depth]
    (technique,) = pack.of_kind("technique")
    facet = pack.facets.get(variable.name)
    signals = (facet.inputs if facet else (variable.name,)) if variable.name in technique.inputs else ()
    bit = {signal: 1 << k for k, signal in enumerate(pack.questions)}
    number = 0
    for size in range(len(signals) + 1):
        for chosen in combinations(signals, size):
            options = [[v for v in pack.known_values(s) if v != knowledge.facts.get(s)] for s in chosen]
            for values in product(*options):
                answers = dict(zip(chosen, values, strict=True))
                yield Change(answers, sum(bit[s] for s in chosen), *_effect(knowledge, variable, answers), number)
                number += 1


def _effect(knowledge: Knowledge, variable: Variable, answers: Mapping[str, str]) -> tuple[Weights, tuple[int, ...]]:
    changed = knowledge
    for signal, value in answers.items():
        changed = changed.with_fact(signal, value)
    law = changed.law_of_variable(variable.name)
    weights = tuple(law.get(value, 0.0) for value in variable.values)
    if not knowledge.reliability:
        return weights, ()
    allowed = changed.allowed_variable(variable.name)
    return weights, tuple(k for k, value in enumerate(variable.values) if value in allowed)


def distinct(changes: Iterable[Change]) -> list[Change]:
    """The changes without those that have the same effect as one of a part of their signals."""
    seen: dict[tuple[object, ...], list[int]] = {}
    kept = []
    for change in changes:
        parts = seen.setdefault((change.open, *change.weights), [])
        if not any(part & change.signals == part for part in parts):
            parts.append(change.signals)
            kept.append(change)
    return kept


def union(changes: Iterable[Change]) -> int:
    """All signals of some changes, as bits."""
    return reduce(or_, (change.signals for change in changes))
