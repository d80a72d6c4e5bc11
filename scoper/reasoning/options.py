"""Choosing the first option that fits: rungs of a ladder, sub-types of a technique.

An option fits when nothing speaks against it and, where it `needs_reason`, something speaks for it. The first that fits
is the choice: by level, then by order. What open facts leave possible is exact, by way of one decision diagram over
all facts that the options name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from scoper.domain.approach import Choice, Ground, Standing
from scoper.reasoning.diagram import Diagram, Row, compile_rows
from scoper.reasoning.questions import pivotal_pairs
from scoper.reasoning.world import Line, World

NONE = "none"
_IN, _OUT = "in", "out"


@dataclass(frozen=True)
class Option:
    """Something to choose, with what speaks for it (`why`) and what rules it out (`why_not`)."""

    id: str
    group: str
    name: str
    summary: str
    order: int
    source: str
    basis: str
    level: int = 0
    needs_reason: bool = False
    why: tuple[Line, ...] = ()
    why_not: tuple[Line, ...] = ()
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def rows(self) -> tuple[tuple[Row, ...], str]:
        """Whether it fits, as a first-hit table: rows and default."""
        rows = [Row(line.when, _OUT) for line in self.why_not]
        if self.needs_reason:
            rows += [Row(line.when, _IN) for line in self.why]
        return tuple(rows), _OUT if self.needs_reason else _IN

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts on which it depends whether it fits."""
        return tuple(dict.fromkeys(fact for row in self.rows[0] for fact in row.when))


def first_diagram(options: Sequence[Option], world: World) -> Diagram:
    """The id of the first option that fits, or `none`, as a function of the facts. Options come in order."""
    names = tuple(dict.fromkeys(fact for option in options for fact in option.facts))
    variables = tuple(world.variable(name) for name in names)
    whole: Diagram | None = None
    for option in reversed(options):
        fits = compile_rows(variables, *option.rows)
        if whole is not None:
            fits = fits.refine(_OUT, whole)
        names_of = tuple(_named(name, option.id) for name in fits.outcomes)
        whole = Diagram(fits.variables, fits.levels, names_of)
    assert whole is not None
    return whole


def _named(outcome: str, option: str) -> str:
    if outcome == _IN:
        return option
    return outcome.partition("/")[2] or NONE


def in_order(options: Sequence[Option]) -> tuple[Option, ...]:
    """The options by level, order and id."""
    return tuple(sorted(options, key=lambda option: (option.level, option.order, option.id)))


def firsts(options: Sequence[Option], world: World, diagram: Diagram | None = None) -> frozenset[str]:
    """The options, or `none`, that come first in some completion of what is open; `diagram` is theirs if at hand."""
    diagram = diagram or first_diagram(options, world)
    return diagram.reachable({v.name: world.allowed[v.name] for v in diagram.variables})


def telling(options: Sequence[Option], world: World, diagram: Diagram | None = None) -> tuple[str, ...]:
    """The open facts of which some completion of the others makes the choice depend, in order of first use."""
    diagram = diagram or first_diagram(options, world)
    allowed = {v.name: world.allowed[v.name] for v in diagram.variables}
    pairs = pivotal_pairs(diagram, allowed)
    return tuple(name for name in allowed if pairs[name])


def fit_diagram(option: Option, world: World) -> Diagram:
    """Whether the option fits, as a function of the facts; the same whatever is known of them."""
    return compile_rows(tuple(world.variable(name) for name in option.facts), *option.rows)


def standing(option: Option, world: World, diagram: Diagram | None = None) -> Standing:
    """Whether the option fits in every completion, in some, or in none; `diagram` is its own if at hand."""
    diagram = diagram or fit_diagram(option, world)
    reached = diagram.reachable({each.name: world.allowed[each.name] for each in diagram.variables})
    return "open" if len(reached) > 1 else "fits" if _IN in reached else "excluded"


def judged(option: Option, world: World, diagram: Diagram | None = None) -> Choice:
    """The option with what certainly speaks for and against it, and what may; `diagram` is its own if at hand."""
    fors = [(line, line.state(world)) for line in option.why]
    against = [(line, line.state(world)) for line in option.why_not]
    return Choice(
        id=option.id,
        name=option.name,
        summary=option.summary,
        standing=standing(option, world, diagram),
        level=option.level,
        why=tuple(ground(line, world) for line, state in fors if state == "holds"),
        why_not=tuple(ground(line, world) for line, state in against if state == "holds"),
        open=tuple(ground(line, world, certain=False) for line, state in against if state == "open"),
        texts=option.texts,
        source=option.source,
        basis=option.basis,
    )


def ground(line: Line, world: World, *, certain: bool = True) -> Ground:
    """A line as a reason, with what is known of its facts."""
    return Ground(
        text=line.because,
        facts={fact: world.said(fact) for fact in sorted(line.when)},
        certain=certain,
        points=line.points,
        source=line.source,
        basis=line.basis,
    )
