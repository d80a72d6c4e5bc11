"""Methods, rungs and sub-types as something to be verified: the groups of options, the capabilities, the methods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scoper.reasoning.diagram import Diagram, compile_rows
from scoper.reasoning.methods import MethodRule
from scoper.reasoning.options import Option, first_diagram
from scoper.reasoning.rule_table import Line, RuleTable
from scoper.reasoning.world import Capability, World


@dataclass(frozen=True)
class GuideRules:
    """`values` are all facts with their values; `groups` the options by group, in order.

    `ladder` names the group with rungs: only there nothing may fit.
    """

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    groups: Mapping[str, tuple[Option, ...]] = field(default_factory=dict)
    ladder: str = ""
    capabilities: tuple[Capability, ...] = ()
    methods: tuple[MethodRule, ...] = ()

    @property
    def world(self) -> World:
        """Nothing is known."""
        return World(self.values, {name: frozenset(values) for name, values in self.values.items()})

    def contest(self, group: str, option: Option) -> Diagram:
        """Which option comes first among `option` and those that it must not be hidden by.

        On a ladder these are the lower rungs; the patterns of one rung stand side by side.
        """
        options = self.groups[group]
        if group == self.ladder:
            options = (*(other for other in options if other.level < option.level), option)
        return first_diagram(options, self.world)

    def fits(self, option: Option, facts: tuple[str, ...]) -> Diagram:
        """Whether an option fits, as a function of `facts`, which hold all of its own."""
        rows, default = option.rows
        return compile_rows(tuple(self.world.variable(name) for name in facts), rows, default)

    def table(self, capability: Capability) -> RuleTable:
        """A capability in the form in which decision tables are checked."""
        lines = tuple(
            Line(f"{capability.id}-{k}", line.when, then)
            for k, (line, then) in enumerate(zip(capability.lines, capability.thens, strict=True), start=1)
        )
        variables = tuple(self.world.variable(name) for name in capability.inputs)
        return RuleTable(f"capabilities/{capability.id}", variables, lines, "first", capability.default)
