"""What would change a verdict: all smallest sets of answers to change, and what that takes.

The contrastive explanations of a verdict (Miller 2019; Ignatiev et al. 2020), here for the technique that is named, so
that they exist for verdicts that are not settled as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from scoper.domain.decision import Flip
from scoper.domain.questionnaire import UNKNOWN
from scoper.reasoning.diagram import ROOT_MASS, Mass, mixture, push
from scoper.reasoning.knowledge import Knowledge, named

MAX_CHANGES = 3
_EFFORTS = ("answer", "minutes", "days", "weeks", "fixed")


@dataclass(frozen=True)
class Lever:
    """What a team can do about one answer: the values it can bring about, what that takes, and how."""

    to: frozenset[str]
    effort: str
    how: str


def flips(knowledge: Knowledge, levers: Mapping[str, Lever]) -> tuple[Flip, ...]:
    """All subset-minimal changes of at most `MAX_CHANGES` answers after which another technique is named.

    A change gives a known answer another value or an unknown one a value; no part of a flip is itself a flip. Of
    several values with the same effect the first in the question's order is listed.
    """
    search = _Search(knowledge)
    found: list[tuple[Mapping[str, str], str]] = []
    for size in range(1, MAX_CHANGES + 1):
        smaller = [set(answers) for answers, _ in found]
        for answers, to in search.changes_of_size(size, smaller):
            if to != knowledge.technique and not any(set(a) == set(answers) and t == to for a, t in found):
                found.append((answers, to))
    return tuple(Flip(change=a, to=t, effort=effort(knowledge, a, levers)) for a, t in found)


def effort(knowledge: Knowledge, answers: Mapping[str, str], levers: Mapping[str, Lever]) -> str:
    """The largest effort in a set of changes: `answer` when only unknowns are answered, `fixed` when none can do it."""
    needed = ["answer"]
    for signal, value in answers.items():
        if knowledge.facts.get(signal, UNKNOWN) != UNKNOWN:
            lever = levers.get(signal)
            needed.append(lever.effort if lever and value in lever.to else "fixed")
    return max(needed, key=_EFFORTS.index)


@dataclass(frozen=True)
class _Change:
    """One way to change one variable of the diagram: which answers, and the weights its values then have."""

    answers: Mapping[str, str]
    weights: Sequence[float]


class _Search:
    """Walks the technique diagram variable by variable, carrying the mass that the changes so far lead to."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.diagram = knowledge.pack.technique_diagram
        self.base = [[knowledge.laws[v.name].get(x, 0.0) for x in v.values] for v in self.diagram.variables]
        self.changes = [list(self._changes(depth)) for depth in range(len(self.base))]
        self.last = max((depth for depth, changes in enumerate(self.changes) if changes), default=-1)
        self.below = self._below()

    def changes_of_size(self, size: int, smaller: list[set[str]]) -> Iterator[tuple[dict[str, str], str]]:
        """Every change of exactly `size` answers that contains none of `smaller`, with the technique then named."""
        return self._extend(0, ROOT_MASS, {}, size, smaller)

    def _extend(
        self, depth: int, mass: Mass, answers: dict[str, str], left: int, smaller: list[set[str]]
    ) -> Iterator[tuple[dict[str, str], str]]:
        if left == 0:
            yield answers, self._named(depth, mass)
            return
        for here in range(depth, self.last + 1):
            for change in self.changes[here]:
                together = {**answers, **change.answers}
                if len(change.answers) <= left and not any(known <= together.keys() for known in smaller):
                    moved = push(self.diagram.levels[here], change.weights, mass)
                    yield from self._extend(here + 1, moved, together, left - len(change.answers), smaller)
            mass = push(self.diagram.levels[here], self.base[here], mass)

    def _named(self, depth: int, mass: Mass) -> str:
        rows = [self.below[depth][node] for node in mass]
        reached = mixture(rows, list(mass.values()), len(self.diagram.outcomes))
        return named(dict(zip(self.diagram.outcomes, reached, strict=True)))

    def _below(self) -> list[list[list[float]]]:
        n = len(self.diagram.outcomes)
        below = [[[1.0 if k == j else 0.0 for j in range(n)] for k in range(n)]]
        for level, weights in zip(reversed(self.diagram.levels), reversed(self.base), strict=True):
            under = below[-1]
            below.append([mixture([under[child] for child in children], weights, n) for children in level])
        return below[::-1]

    def _changes(self, depth: int) -> Iterator[_Change]:
        variable = self.diagram.variables[depth]
        facet = self.knowledge.pack.facets.get(variable.name)
        signals = facet.inputs if facet else (variable.name,)
        (technique,) = self.knowledge.pack.of_kind("technique")
        if variable.name not in technique.inputs:
            return
        seen: list[tuple[frozenset[str], list[float]]] = [(frozenset(), self.base[depth])]
        for size in range(1, MAX_CHANGES + 1):
            for chosen in combinations(signals, size):
                for change in self._changes_of(depth, chosen):
                    signals_changed = frozenset(chosen)
                    if not any(part <= signals_changed and change.weights == weights for part, weights in seen):
                        seen.append((signals_changed, list(change.weights)))
                        yield change

    def _changes_of(self, depth: int, chosen: tuple[str, ...]) -> Iterator[_Change]:
        variable, pack = self.diagram.variables[depth], self.knowledge.pack
        options = [[v for v in pack.known_values(s) if v != self.knowledge.facts.get(s)] for s in chosen]
        for values in product(*options):
            answers = dict(zip(chosen, values, strict=True))
            changed = self.knowledge
            for signal, value in answers.items():
                changed = changed.with_fact(signal, value)
            law = changed.law_of_variable(variable.name)
            yield _Change(answers, [law.get(value, 0.0) for value in variable.values])
