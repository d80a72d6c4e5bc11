"""A rule pack to be verified, with what it is verified against: golden cases and declared monotonicity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from scoper.reasoning.guide_rules import GuideRules
from scoper.reasoning.mutation import Mutant, survivors
from scoper.reasoning.outcome import GoldenCase
from scoper.reasoning.pack import RulePack, Table
from scoper.reasoning.rule_table import Line, RuleTable
from scoper.reasoning.witness import Space, plain_base


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
class Demand:
    """What the rules must say, whoever wrote them: the technique named for some answers, the others being unknown."""

    id: str
    answers: Mapping[str, str]
    technique: str
    because: str
    source: str


@dataclass(frozen=True)
class Subject:
    """`golden` and `monotone` may be empty; then nothing is said about them. `rest` is the plain case of witnesses.

    `guide` are the methods, rungs and sub-types that come with the pack, if any.
    """

    pack: RulePack
    golden: tuple[GoldenCase, ...] = ()
    monotone: tuple[Monotone, ...] = ()
    rest: Mapping[str, str] = field(default_factory=dict)
    demands: tuple[Demand, ...] = ()
    guide: GuideRules = field(default_factory=GuideRules)

    @cached_property
    def tables(self) -> tuple[RuleTable, ...]:
        """The pack's tables in the form that one table is checked in."""
        return tuple(rule_table(self.pack, table) for table in self.pack.tables)

    @cached_property
    def space(self) -> Space:
        """The answers around the plain case; a signal that it leaves out gets a value that few rules ask for."""
        return Space(self.pack, {**plain_base(self.pack), **self.rest})

    @cached_property
    def survivors(self) -> tuple[Mutant, ...]:
        """The mutants of the rules that no golden case notices."""
        return survivors(self.pack, [case.answers for case in self.golden])

    def reached(self, answers: Mapping[str, frozenset[str]]) -> frozenset[str]:
        """The techniques that some case with one of these answers leads to."""
        laws = {s: answers.get(s, frozenset(self.pack.known_values(s))) for s in self.pack.questions}
        allowed = {}
        for part in self.pack.variables:
            diagram = self.pack.facet_diagrams.get(part.name)
            allowed[part.name] = (
                diagram.reachable({v.name: laws[v.name] for v in diagram.variables}) if diagram else laws[part.name]
            )
        return self.pack.technique_diagram.reachable(allowed)

    def telling(self, answers: Mapping[str, str]) -> dict[str, str]:
        """The answers in which a case differs from the plain one."""
        return {signal: value for signal, value in answers.items() if value != self.space.rest[signal]}


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
    variables = tuple(pack.input_variable(name) for name in order)
    return RuleTable(table.id, variables, lines, table.hit_policy, table.default or None)
