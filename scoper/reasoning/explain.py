"""Why a verdict stands and what would change it: all subset-minimal reasons, exclusions and flips.

A reason is a smallest set of known answers that alone keeps the verdict within what is possible now (a sufficient
reason, or abductive explanation, of the settled verdict: Darwiche and Hirth 2020; Ignatiev et al. 2019). Reasons are
found as the minimal hitting sets of the answers' correction sets (Reiter 1987).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations, product

from scoper.domain.decision import Flip
from scoper.domain.questionnaire import UNKNOWN
from scoper.reasoning.knowledge import Knowledge, named

Signals = frozenset[str]
MAX_CHANGES = 2


def relevant_signals(knowledge: Knowledge) -> tuple[str, ...]:
    """The signals that the technique can depend on at all, in the order of the questions."""
    pack = knowledge.pack
    (table,) = pack.of_kind("technique")
    inputs = {s for name in table.inputs for s in (pack.facets[name].inputs if name in pack.facets else (name,))}
    return tuple(signal for signal in pack.questions if signal in inputs)


def reasons(knowledge: Knowledge) -> tuple[tuple[str, ...], ...]:
    """All subset-minimal sets of known answers that alone allow no technique beyond those possible now.

    For a settled verdict these are its sufficient reasons. Empty when the answers exclude nothing.
    """
    return _minimal_sets(knowledge, lambda possible: possible <= knowledge.possible)


def exclusions(knowledge: Knowledge, technique: str) -> tuple[tuple[str, ...], ...]:
    """All subset-minimal sets of known answers that alone rule `technique` out; empty when it is still possible."""
    if technique in knowledge.possible:
        return ()
    return _minimal_sets(knowledge, lambda possible: technique not in possible)


def _minimal_sets(knowledge: Knowledge, holds: Callable[[Signals], bool]) -> tuple[tuple[str, ...], ...]:
    universe = tuple(signal for signal in relevant_signals(knowledge) if signal in knowledge.facts)
    cache: dict[Signals, bool] = {}

    def suffices(kept: Signals) -> bool:
        if kept not in cache:
            part = Knowledge(knowledge.pack, {s: v for s, v in knowledge.facts.items() if s in kept})
            cache[kept] = holds(part.possible)
        return cache[kept]

    found = minimal_sufficient(universe, suffices)
    return tuple(tuple(s for s in universe if s in chosen) for chosen in found if chosen)


def minimal_sufficient(universe: Iterable[str], suffices: Callable[[Signals], bool]) -> list[Signals]:
    """All minimal subsets of `universe` for which the monotone predicate `suffices` holds.

    Every candidate is a minimal hitting set of the correction sets known so far; one that fails yields a new one.
    """
    everything = frozenset(universe)
    if not suffices(everything):
        return []
    candidates: list[Signals] = [frozenset()]
    proven: set[Signals] = set()
    while True:
        failing = next((c for c in candidates if c not in proven and not suffices(c)), None)
        if failing is None:
            return sorted(candidates, key=lambda chosen: (len(chosen), sorted(chosen)))
        proven |= {c for c in candidates if suffices(c)}
        correction = everything - _grow(failing, everything, suffices)
        candidates = _hit(candidates, correction)


def _grow(failing: Signals, everything: Signals, suffices: Callable[[Signals], bool]) -> Signals:
    for signal in sorted(everything - failing):
        larger = failing | {signal}
        if not suffices(larger):
            failing = larger
    return failing


def _hit(candidates: list[Signals], correction: Signals) -> list[Signals]:
    hitting = [c for c in candidates if c & correction]
    for missed in (c for c in candidates if not c & correction):
        for signal in sorted(correction):
            larger = missed | {signal}
            if not any(kept <= larger for kept in hitting):
                hitting.append(larger)
    return hitting


@dataclass(frozen=True)
class _Change:
    """One way to change one facet: which answers, and the law the facet then follows."""

    variable: str
    answers: Mapping[str, str]
    law: Mapping[str, float]


def flips(knowledge: Knowledge, levers: Mapping[str, Lever]) -> tuple[Flip, ...]:
    """Subset-minimal changes of at most `MAX_CHANGES` answers after which another technique is named.

    A change gives a known answer another value or an unknown one a value. Of several values with the same effect the
    first in the question's order is listed.
    """
    changes = _changes(knowledge)
    found: list[tuple[Mapping[str, str], str]] = []
    for size in range(1, MAX_CHANGES + 1):
        for parts in _bundles(changes, size):
            answers = {s: v for part in parts for s, v in part.answers.items()}
            if any(set(known) <= set(answers) for known, _ in found if len(known) < size):
                continue
            laws = {**knowledge.laws, **{part.variable: part.law for part in parts}}
            to = named(knowledge.pack.technique_diagram.distribution(laws))
            if to != knowledge.technique and not any(set(a) == set(answers) and t == to for a, t in found):
                found.append((answers, to))
    return tuple(Flip(change=a, to=t, effort=effort(knowledge, a, levers)) for a, t in found)


def _changes(knowledge: Knowledge) -> list[_Change]:
    changes = []
    for variable in _technique_variables(knowledge):
        signals = _signals_of(knowledge, variable)
        for size in range(1, MAX_CHANGES + 1):
            for chosen in combinations(signals, size):
                changes += _changes_of(knowledge, variable, chosen)
    return changes


def _changes_of(knowledge: Knowledge, variable: str, chosen: tuple[str, ...]) -> list[_Change]:
    options = [
        [value for value in knowledge.pack.known_values(signal) if value != knowledge.facts.get(signal)]
        for signal in chosen
    ]
    seen: list[Mapping[str, float]] = [knowledge.laws[variable]]
    found = []
    for values in product(*options):
        answers = dict(zip(chosen, values, strict=True))
        changed = knowledge
        for signal, value in answers.items():
            changed = changed.with_fact(signal, value)
        law = changed.law_of_variable(variable)
        if law not in seen:
            seen.append(law)
            found.append(_Change(variable, answers, law))
    return found


def _bundles(changes: list[_Change], size: int) -> Iterable[tuple[_Change, ...]]:
    if size == 1:
        return ((change,) for change in changes if len(change.answers) == 1)
    pairs = combinations([change for change in changes if len(change.answers) == 1], 2)
    apart = ((a, b) for a, b in pairs if a.variable != b.variable)
    return (*((change,) for change in changes if len(change.answers) == 2), *apart)


def _technique_variables(knowledge: Knowledge) -> tuple[str, ...]:
    (table,) = knowledge.pack.of_kind("technique")
    return table.inputs


def _signals_of(knowledge: Knowledge, variable: str) -> tuple[str, ...]:
    facet = knowledge.pack.facets.get(variable)
    return facet.inputs if facet else (variable,)


@dataclass(frozen=True)
class Lever:
    """What a team can do about one answer: the values it can bring about, what that takes, and how."""

    to: frozenset[str]
    effort: str
    how: str


_EFFORTS = ("answer", "minutes", "days", "weeks", "fixed")


def effort(knowledge: Knowledge, answers: Mapping[str, str], levers: Mapping[str, Lever]) -> str:
    """The largest effort in a set of changes: `answer` when only unknowns are answered, `fixed` when none can do it."""
    needed = ["answer"]
    for signal, value in answers.items():
        if knowledge.facts.get(signal, UNKNOWN) != UNKNOWN:
            lever = levers.get(signal)
            needed.append(lever.effort if lever and value in lever.to else "fixed")
    return max(needed, key=_EFFORTS.index)
