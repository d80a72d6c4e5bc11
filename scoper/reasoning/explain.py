"""Why a verdict stands: all subset-minimal reasons, and all that rule another technique out.

A reason is a smallest set of known answers that alone keeps the verdict within what is possible now (a sufficient
reason, or abductive explanation, of the settled verdict: Darwiche and Hirth 2020; Ignatiev et al. 2019). Reasons are
found as the minimal hitting sets of the answers' correction sets (Reiter 1987).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from scoper.reasoning.knowledge import Knowledge

Signals = frozenset[str]


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
