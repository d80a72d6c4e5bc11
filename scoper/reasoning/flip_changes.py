"""The changes that a search for flips can make: one variable of the technique diagram at a time.

Facets share no signals, so a change of answers inside one counts only through the law that the facet's outcome then
has; of changes with the same law only those of the fewest signals are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import combinations, product
from operator import or_

from scoper.reasoning.diagram import Variable
from scoper.reasoning.knowledge import Knowledge

Weights = tuple[float, ...]
_SAME = 1e-12  # what rounding may make of equal shares


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

    @cached_property
    def law(self) -> tuple[tuple[int, float], ...]:
        """The values that carry weight, with it."""
        return tuple((k, share) for k, share in enumerate(self.weights) if share)


def all_changes(knowledge: Knowledge, depth: int) -> list[Change]:
    """No change, and then every change of one variable's signals, those of few signals first."""
    pack = knowledge.pack
    variable = pack.technique_diagram.variables[depth]
    (technique,) = pack.of_kind("technique")
    facet = pack.facets.get(variable.name)
    signals = (facet.inputs if facet else (variable.name,)) if variable.name in technique.inputs else ()
    bit = {signal: 1 << k for k, signal in enumerate(pack.questions)}
    found: list[Change] = []
    for size in range(len(signals) + 1):
        for chosen in combinations(signals, size):
            options = [[v for v in pack.known_values(s) if v != knowledge.facts.get(s)] for s in chosen]
            for values in product(*options):
                answers = dict(zip(chosen, values, strict=True))
                effect = _effect(knowledge, variable, answers)
                found.append(Change(answers, sum(bit[s] for s in chosen), *effect, len(found)))
    return found


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


@dataclass(frozen=True)
class Options:
    """The changes of one variable within some signals: `every` one, the `extreme` ones, the `narrowest` ones.

    The narrowest leave the smallest sets of values possible; `widest` are all values that any of them leaves possible,
    `values` those that carry weight in an extreme law.
    """

    every: tuple[Change, ...]
    extreme: tuple[Change, ...]
    narrowest: tuple[Change, ...]
    widest: tuple[int, ...]
    values: tuple[int, ...]

    @staticmethod
    def of(changes: Sequence[Change], distinct: Sequence[Change], free: int, unanswered: int) -> Options:
        """The options within the signals `free` out of all changes, and of those that are distinct."""
        every = [change for change in distinct if not change.signals & ~free]
        best = extreme([change for change in changes if not change.signals & ~free], free & unanswered)
        opens = {frozenset(change.open): change for change in reversed(every)}
        narrowest = [change for values, change in opens.items() if not any(other < values for other in opens)]
        widest = frozenset().union(*opens)
        values = {k for change in best for k, _ in change.law}
        return Options(tuple(every), tuple(best), tuple(narrowest), tuple(sorted(widest)), tuple(sorted(values)))


def extreme(changes: Sequence[Change], unanswered: int) -> list[Change]:
    """Of changes of one variable those whose laws all others are mixtures of; one for every law, of few signals.

    What is linear in a variable's law is least and greatest at these. A question that is open and may be answered is
    answered here: leaving it open is the mixture of its answers. Requires all changes within some set of signals, of
    which `unanswered` holds those that are open (and others).
    """
    laws: dict[Weights, Change] = {}
    for change in changes:
        first = laws.setdefault(change.weights, change)
        if len(change.open) > len(first.open):
            laws[change.weights] = change
    here = unanswered & union(changes)
    kept = {change.weights for change in changes if not here & ~change.signals}
    points = {k for law in kept for k, share in enumerate(law) if share >= 1.0}
    best = sorted(kept, key=lambda law: laws[law].number)
    for law in tuple(best):
        if max(law) < 1.0 and (
            all(k in points for k, share in enumerate(law) if share)
            or any(max(other) < 1.0 and _between(law, other, points) for other in best)
        ):
            best.remove(law)
    return [laws[law] for law in best]


def _between(law: Weights, other: Weights, points: set[int]) -> bool:
    """Whether a law is a mixture of another one and of some values that are certain."""
    part = next((a / b for k, (a, b) in enumerate(zip(law, other, strict=True)) if b and k not in points), 2.0)
    return (
        law != other
        and part <= 1.0 + _SAME
        and all(
            a >= part * b - _SAME if k in points else abs(a - part * b) <= _SAME
            for k, (a, b) in enumerate(zip(law, other, strict=True))
        )
    )
