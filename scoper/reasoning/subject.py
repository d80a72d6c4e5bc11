"""A rule pack to be verified, with what it is verified against: golden cases and declared monotonicity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from scoper.domain.decision import TECHNIQUES, UNDECIDED
from scoper.reasoning.diagram import Variable
from scoper.reasoning.outcome import GoldenCase
from scoper.reasoning.pack import RulePack, Table
from scoper.reasoning.rule_table import Line, RuleTable


@dataclass(frozen=True)
class Monotone:
    """A declaration: moving the answer to `signal` up `order` never takes a verdict away from `never_lowers`.

    `never_lowers` is a technique, or `readiness`: then no higher answer makes the readiness worse while the technique
    stays the same.
    """

    id: str
    signal: str
    order: tuple[str, ...]
    never_lowers: str
    because: str
    source: str


@dataclass(frozen=True)
class Subject:
    """`golden` and `monotone` may be empty; then nothing is said about them."""

    pack: RulePack
    golden: tuple[GoldenCase, ...] = ()
    monotone: tuple[Monotone, ...] = ()

    @cached_property
    def tables(self) -> tuple[RuleTable, ...]:
        """The pack's tables in the form that one table is checked in."""
        return tuple(rule_table(self.pack, table) for table in self.pack.tables)


def rule_table(pack: RulePack, table: Table) -> RuleTable:
    """A pack's table over the inputs that its rules name; what a collected rule concludes includes its advice."""
    named = dict.fromkeys(name for rule in table.rules for name in rule.when)
    order = [name for name in table.inputs if name in named]
    order += [name for name in named if name not in order]
    collects = table.hit_policy == "collect"
    lines = tuple(
        Line(rule.id, rule.when, f"{rule.then} ({rule.advice})" if collects and rule.advice else rule.then)
        for rule in table.rules
    )
    variables = tuple(variable(pack, name) for name in order)
    return RuleTable(table.id, variables, lines, table.hit_policy, table.default or None)


def variable(pack: RulePack, name: str) -> Variable:
    """An input of a table: a facet, a signal, or the technique."""
    if name == "technique":
        return Variable(name, (*TECHNIQUES, UNDECIDED))
    facet: Mapping[str, Table] = pack.facets
    return Variable(name, facet[name].outputs) if name in facet else pack.signal_variable(name)
