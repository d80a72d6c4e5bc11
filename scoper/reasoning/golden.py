"""Golden cases found rather than guessed: for every mutant of a rule, the nearest case that notices it.

A mutant that no case whatever notices is proved so: the condition or rule at fault is superfluous.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from scoper.domain.decision import TECHNIQUES, UNDECIDED
from scoper.reasoning.diagram import Diagram, compile_rows
from scoper.reasoning.mutation import Bench, Mutant, mutants, mutated
from scoper.reasoning.outcome import RL, GoldenCase, outcome
from scoper.reasoning.pack import RulePack, Table, rows_of
from scoper.reasoning.witness import BOTH, Allowed, Space, both, differs, fixed

Found = tuple[float, dict[str, str]]


def noticing_case(space: Space, mutant: Mutant) -> dict[str, str] | None:
    """The nearest complete answers whose outcome the mutant changes; None when there are none at all."""
    pack = space.pack
    table = next(table for table in pack.tables if table.id == mutant.table)
    if table.hit_policy == "collect":
        found = _nearest_of(_collected(space, table, mutant))
    elif table.kind == "facet":
        found = _nearest_of(_facet(space, table, mutant))
    else:
        pair = both(pack.verdict_diagram, _verdict_diagram(pack, mutated(table, mutant)))
        found = space.nearest(pair, differs, {})
    return found[1] if found else None


def _nearest_of(found: Iterator[Found | None]) -> Found | None:
    return min((one for one in found if one is not None), key=lambda one: one[0], default=None)


def _verdict_diagram(pack: RulePack, changed: Table) -> Diagram:
    (family,) = pack.of_kind("family")
    if changed.kind == "technique":
        first = compile_rows(pack.variables, rows_of(changed), UNDECIDED)
        return first.refine(RL, compile_rows(pack.variables, rows_of(family), family.default))
    return pack.technique_diagram.refine(RL, compile_rows(pack.variables, rows_of(changed), changed.default))


def _facet(space: Space, facet: Table, mutant: Mutant) -> Iterator[Found | None]:
    """Answers of the facet that the mutant reads otherwise, and the nearest surroundings in which that tells."""
    pack = space.pack
    diagram = pack.facet_diagrams[facet.id]
    changed = compile_rows(diagram.variables, rows_of(mutated(facet, mutant)), facet.default)
    pair = both(diagram, changed)
    for name in pair.outcomes:
        if not differs(name):
            continue
        before, _, after = name.partition(BOTH)
        inside = space.least(pair, name)
        if inside is None or facet.id not in {v.name for v in pack.variables}:
            continue
        verdicts = both(*(fixed(pack.verdict_diagram, facet.id, value) for value in (before, after)))
        around = space.nearest(verdicts, differs, {}, free=facet.id)
        if around is not None:
            yield inside[0] + around[0], {**around[1], **inside[1]}


def _collected(space: Space, table: Table, mutant: Mutant) -> Iterator[Found | None]:
    """Cases in which exactly one of rule and mutant holds, and no other rule of the table hides it."""
    rule = next(rule for rule in table.rules if rule.id == mutant.rule)
    told = dict(rule.when)
    if mutant.kind == "condition negated":
        del told[mutant.condition]  # one of the two holds whatever the condition's input is
    elif mutant.kind == "value dropped":
        told[mutant.condition] = frozenset((mutant.value,))
    elif mutant.kind == "condition dropped":
        every = frozenset(space.pack.input_variable(mutant.condition).values)
        told[mutant.condition] = every - rule.when[mutant.condition]
    hiding = [
        other
        for other in table.rules
        if table.kind in ("qualifier", "surrounding") and other.id != rule.id and other.then == rule.then
    ]
    for way in product(*(tuple(other.when.items()) for other in hiding)):
        boxed = dict(told)
        for name, values in way:
            inside = boxed.get(name, frozenset(space.pack.input_variable(name).values))
            boxed[name] = inside - values
        if all(boxed.values()):
            yield _in_box(space, boxed)


def _in_box(space: Space, box: Mapping[str, frozenset[str]]) -> Found | None:
    techniques = box.get("technique", frozenset((*TECHNIQUES, UNDECIDED)))
    allowed: Allowed = {name: values for name, values in box.items() if name != "technique"}
    return space.nearest(space.pack.technique_diagram, techniques.__contains__, allowed)


@dataclass(frozen=True)
class Suite:
    """Golden cases and the mutants that no case can notice."""

    cases: tuple[GoldenCase, ...]
    superfluous: tuple[Mutant, ...]


def make_suite(space: Space, kept: Sequence[GoldenCase]) -> Suite:
    """A suite that notices every mutant that can be noticed: `kept` cases that still help, and new ones.

    Outcomes of kept cases are those that the rules give now.
    """
    pack = space.pack
    every = tuple(mutants(pack))
    cases = [GoldenCase(c.id, c.table, c.answers, outcome(pack, c.answers), c.because) for c in kept]
    superfluous = []
    bench = Bench(pack, [case.answers for case in cases])
    for mutant in every:
        if bench.noticed(mutant):
            continue
        answers = noticing_case(space, mutant)
        if answers is None:
            superfluous.append(mutant)
            continue
        name = _free_name(mutant.rule, {case.id for case in cases})
        because = f"Notices when {mutant.sentence()}."
        cases.append(GoldenCase(name, mutant.table, answers, outcome(pack, answers), because))
        bench = Bench(pack, [case.answers for case in cases])
    return Suite(tuple(_needed(pack, every, cases)), tuple(superfluous))


def _free_name(rule: str, taken: set[str]) -> str:
    number = 1
    while f"{rule}-{number}" in taken:
        number += 1
    return f"{rule}-{number}"


def _needed(pack: RulePack, every: Sequence[Mutant], cases: Sequence[GoldenCase]) -> list[GoldenCase]:
    """The cases without those that notice nothing that another does not notice too, the latest kept last."""
    bench = Bench(pack, [case.answers for case in cases])
    noticed = [mask for mutant in every if (mask := bench.noticed(mutant))]
    kept = (1 << len(cases)) - 1
    for index in range(len(cases)):
        without = kept & ~(1 << index)
        if all(mask & without for mask in noticed):
            kept = without
    return [case for index, case in enumerate(cases) if kept >> index & 1]
