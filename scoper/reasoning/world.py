"""What is possible as far as is known: for every fact the values that it can still take.

A fact is an answer, a follow-up answer, what the verdict says, or a capability derived from answers. Facts are taken as
independent of each other, which holds as long as no two capabilities share an answer; the files are checked for that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from scoper.reasoning.diagram import Row, Variable, compile_rows

State = Literal["holds", "open", "fails"]


@dataclass(frozen=True)
class World:
    """`values[fact]` is everything a fact could ever be, `allowed[fact]` what it can still be, `basis[fact]` why."""

    values: Mapping[str, tuple[str, ...]]
    allowed: Mapping[str, frozenset[str]]
    basis: Mapping[str, str] = field(default_factory=dict)

    def variable(self, fact: str) -> Variable:
        """A fact as a variable of a diagram."""
        return Variable(fact, self.values[fact])

    def known(self, fact: str) -> str | None:
        """The one value left, if only one is."""
        values = self.allowed[fact]
        return next(iter(values)) if len(values) == 1 else None

    def said(self, fact: str) -> str:
        """What is known of a fact in words: "yes", "yes or partly", "unknown" where everything is possible."""
        left = [value for value in self.values[fact] if value in self.allowed[fact]]
        return "unknown" if len(left) == len(self.values[fact]) > 1 else " or ".join(left)

    def with_facts(
        self, values: Mapping[str, tuple[str, ...]], allowed: Mapping[str, frozenset[str]], basis: Mapping[str, str]
    ) -> World:
        """The same with further facts, or with more known about some."""
        return World({**self.values, **values}, {**self.allowed, **allowed}, {**self.basis, **basis})


@dataclass(frozen=True)
class Line:
    """A condition on facts, all of them together, and what it means; `points` weigh it as a preference."""

    when: Mapping[str, frozenset[str]]
    because: str
    source: str = ""
    basis: str = ""
    points: int = 0

    def state(self, world: World) -> State:
        """Whether the condition holds in every completion, in some, or in none. The empty condition holds."""
        state: State = "holds"
        for fact, values in self.when.items():
            allowed = world.allowed[fact]
            if not allowed & values:
                return "fails"
            if not allowed <= values:
                state = "open"
        return state


@dataclass(frozen=True)
class Capability:
    """What an environment affords in one respect, as a first-hit table over answers.

    `levels` go from least to most. On a `chain` each level affords what those before it do, so that a method can ask
    for at least one of them. `meanings` say what a level is.
    """

    id: str
    order: int
    question: str
    levels: tuple[str, ...]
    meanings: Mapping[str, str]
    chain: bool
    lines: tuple[Line, ...]
    thens: tuple[str, ...]
    default: str
    source: str

    @property
    def inputs(self) -> tuple[str, ...]:
        """The answers it is derived from."""
        return tuple(dict.fromkeys(fact for line in self.lines for fact in line.when))

    def reached(self, world: World) -> frozenset[str]:
        """The levels that some completion of the open answers leads to; exact."""
        rows = [Row(line.when, then) for line, then in zip(self.lines, self.thens, strict=True)]
        diagram = compile_rows(tuple(world.variable(name) for name in self.inputs), rows, self.default)
        return diagram.reachable({name: world.allowed[name] for name in self.inputs})

    def at_least(self, level: str) -> frozenset[str]:
        """The levels of a chain from `level` on."""
        return frozenset(self.levels[self.levels.index(level) :])


def with_capabilities(world: World, capabilities: tuple[Capability, ...]) -> World:
    """The world with what the environment affords derived from its answers."""
    return world.with_facts(
        {each.id: each.levels for each in capabilities},
        {each.id: each.reached(world) for each in capabilities},
        {each.id: "declared" for each in capabilities},
    )
