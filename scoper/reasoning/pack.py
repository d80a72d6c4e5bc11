"""A rule pack as values: facets, the technique table, the family table, and the tables that qualify a verdict.

Every signal belongs to at most one facet, so the facets are independent of each other whatever is known; that is what
keeps exact reasoning small. Reading packs from files is `scoper.services.library`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from scoper.domain.decision import TECHNIQUES, UNDECIDED
from scoper.domain.questionnaire import UNKNOWN, Question
from scoper.reasoning.diagram import Diagram, Row, Variable, compile_rows
from scoper.reasoning.memo import Memo

HitPolicy = Literal["unique", "any", "first", "collect"]
HIT_POLICIES: tuple[HitPolicy, ...] = ("unique", "any", "first", "collect")
TableKind = Literal["facet", "technique", "family", "readiness", "qualifier", "surrounding", "conflict"]


@dataclass(frozen=True)
class Rule:
    """One row of a table: when every input has one of the listed values, `then` is concluded.

    `advice` is the sentence a hit contributes to the report (a condition to meet, a hybrid to build), if any.
    """

    id: str
    table: str
    order: int
    when: Mapping[str, frozenset[str]]
    then: str
    because: str
    source: str
    basis: str
    advice: str = ""


@dataclass(frozen=True)
class Table:
    """Rules with one hit policy: `first` (the lowest order that holds decides) or `collect` (every hit counts).

    `unique` and `any` promise that at most one rule holds, or that all that hold agree; `scoper rules check` proves it.
    """

    id: str
    kind: TableKind
    hit_policy: HitPolicy
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    default: str
    because: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class ArticleCell:
    """One cell of the article's table as reconstructed, with the rules that encode it (none when soft or silent)."""

    row: int
    signal: str
    technique: str
    mark: Literal["needs", "favours", "excludes", "redirects", "soft", "silent"]
    basis: str
    reason: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class VocabularyTrap:
    """Words in a title or summary that sound like a technique; `note` is raised unless a fact bears them out."""

    words: tuple[str, ...]
    unless: Mapping[str, frozenset[str]]
    note: str


@dataclass(frozen=True)
class RulePack:
    """All tables of a pack, the questions' vocabulary and the prior over unknown answers.

    `prior[signal][value]` is a probability; values missing there have none but remain possible. `reliability` says how
    far an answer of a stated confidence can be relied on.
    """

    tables: tuple[Table, ...]
    questions: Mapping[str, Question]
    prior: Mapping[str, Mapping[str, float]]
    prior_source: str
    cells: tuple[ArticleCell, ...]
    digest: str
    reliability: Mapping[str, float] = field(default_factory=dict)

    def of_kind(self, kind: TableKind) -> tuple[Table, ...]:
        """The tables of one kind, in order of their ids."""
        return tuple(table for table in self.tables if table.kind == kind)

    @cached_property
    def facets(self) -> Mapping[str, Table]:
        """Facet tables by id."""
        return {table.id: table for table in self.of_kind("facet")}

    @cached_property
    def facet_of(self) -> Mapping[str, str]:
        """The facet that a signal belongs to; a signal outside every facet is its own."""
        owner = {signal: facet.id for facet in self.facets.values() for signal in facet.inputs}
        return {signal: owner.get(signal, signal) for signal in self.questions}

    def known_values(self, signal: str) -> tuple[str, ...]:
        """The values that a completion may give to a signal: all but unknown."""
        return tuple(value for value in self.questions[signal].values if value != UNKNOWN)

    def signal_variable(self, signal: str) -> Variable:
        """A signal as a variable of a diagram."""
        return Variable(signal, self.known_values(signal))

    def input_variable(self, name: str) -> Variable:
        """An input of any table: a facet, a signal, or the technique."""
        if name == "technique":
            return Variable(name, (*TECHNIQUES, UNDECIDED))
        return Variable(name, self.facets[name].outputs) if name in self.facets else self.signal_variable(name)

    @cached_property
    def facet_diagrams(self) -> Mapping[str, Diagram]:
        """Facet id to its diagram over signals."""
        return {
            facet.id: compile_rows(
                tuple(self.signal_variable(signal) for signal in facet.inputs), rows_of(facet), facet.default
            )
            for facet in self.facets.values()
        }

    @cached_property
    def facet_laws(self) -> Memo[Mapping[str, float]]:
        """The laws of facets worked out so far, by facet and what is known of its signals; `Knowledge` fills it."""
        return Memo()

    @cached_property
    def facet_values(self) -> Memo[frozenset[str]]:
        """The values of facets that remain possible, as far as worked out, by facet and what is known in it."""
        return Memo()

    @cached_property
    def variables(self) -> tuple[Variable, ...]:
        """The variables of the verdict diagram: the inputs of technique and family table, in the tables' order."""
        (technique,), (family,) = self.of_kind("technique"), self.of_kind("family")
        names = dict.fromkeys((*technique.inputs, *family.inputs))
        return tuple(
            Variable(name, self.facets[name].outputs) if name in self.facets else self.signal_variable(name)
            for name in names
        )

    @cached_property
    def technique_diagram(self) -> Diagram:
        """Technique (or undecided) as a function of the facets."""
        (table,) = self.of_kind("technique")
        return compile_rows(self.variables, rows_of(table), UNDECIDED)

    @cached_property
    def verdict_diagram(self) -> Diagram:
        """Technique, and for reinforcement learning `reinforcement_learning/family`, as a function of the facets."""
        (family,) = self.of_kind("family")
        families = compile_rows(self.variables, rows_of(family), family.default)
        return self.technique_diagram.refine("reinforcement_learning", families)


def rows_of(table: Table) -> tuple[Row, ...]:
    """A table's rules as rows in order of priority."""
    return tuple(Row(rule.when, rule.then) for rule in table.rules)
