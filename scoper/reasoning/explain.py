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


class Subsets:
    """What subsets of the known answers leave possible, remembered for one `Knowledge`."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.universe = tuple(signal for signal in relevant_signals(knowledge) if signal in knowledge.facts)
        self._signals = {variable.name: self._known_in(variable.name) for variable in knowledge.pack.variables}
        self._cells: dict[tuple[str, Signals], frozenset[str]] = {}
        self._possible: dict[Signals, frozenset[str]] = {}

    def possible(self, kept: Signals) -> frozenset[str]:
        """The techniques that some completion of the answers in `kept` reaches."""
        if kept not in self._possible:
            allowed = {variable: self._cell(variable, kept & known) for variable, known in self._signals.items()}
            self._possible[kept] = self.knowledge.pack.technique_diagram.reachable(allowed)
        return self._possible[kept]

    def _known_in(self, variable: str) -> Signals:
        facet = self.knowledge.pack.facets.get(variable)
        return frozenset(facet.inputs if facet else (variable,)) & frozenset(self.knowledge.facts)

    def _cell(self, variable: str, kept: Signals) -> frozenset[str]:
        key = (variable, kept)
        if key not in self._cells:
            part = Knowledge(self.knowledge.pack, {signal: self.knowledge.facts[signal] for signal in kept})
            self._cells[key] = part.allowed_variable(variable)
        return self._cells[key]


def reasons(subsets: Subsets) -> tuple[tuple[str, ...], ...]:
    """All subset-minimal sets of known answers that alone allow no technique beyond those possible now.

    For a settled verdict these are its sufficient reasons. Empty when the answers exclude nothing.
    """
    limit = subsets.knowledge.possible
    return _minimal_sets(subsets, lambda possible: possible <= limit)


def exclusions(subsets: Subsets, technique: str) -> tuple[tuple[str, ...], ...]:
    """All subset-minimal sets of known answers that alone rule `technique` out; empty when it is still possible."""
    if technique in subsets.knowledge.possible:
        return ()
    return _minimal_sets(subsets, lambda possible: technique not in possible)


def _minimal_sets(subsets: Subsets, holds: Callable[[Signals], bool]) -> tuple[tuple[str, ...], ...]:
    found = minimal_sufficient(subsets.universe, lambda kept: holds(subsets.possible(kept)))
    return tuple(tuple(s for s in subsets.universe if s in chosen) for chosen in found if chosen)


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
