"""Faults of rungs, sub-types, capabilities and methods: what is never chosen, what nothing fits, idle lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from scoper.reasoning.checks import Check, RuleFinding
from scoper.reasoning.checks.gap import inspect as gaps
from scoper.reasoning.checks.idle_condition import inspect as idle_conditions
from scoper.reasoning.checks.masked import inspect as masked
from scoper.reasoning.checks.subsumed import inspect as subsumed
from scoper.reasoning.diagram import Diagram
from scoper.reasoning.guide_rules import GuideRules
from scoper.reasoning.options import NONE, Option, first_diagram
from scoper.reasoning.subject import Subject
from scoper.reasoning.witness import both, cheapest, differs

_ID = "guide"
Condition = Mapping[str, frozenset[str]]


def inspect(subject: Subject) -> Iterator[RuleFinding]:
    """Every fault of the guide: groups of options first, then capabilities and methods."""
    guide = subject.guide
    for group, options in guide.groups.items():
        if options and group != guide.ladder:
            yield from _nothing_fits(guide, group, options)
        for option in options:
            yield from _never_first(guide, group, option)
            yield from _idle_lines(guide, group, option)
    for capability in guide.capabilities:
        for check in (gaps, masked, subsumed, idle_conditions):
            yield from check(guide.table(capability))
    yield from _shared_answers(guide)
    yield from _empty_needs(guide)


def _nothing_fits(guide: GuideRules, group: str, options: tuple[Option, ...]) -> Iterator[RuleFinding]:
    found = _case(first_diagram(options, guide.world), NONE)
    if found is not None:
        message = f"no option of {group} fits some case"
        yield RuleFinding(_ID, "blocker", group, (), message, found, remedy="add one that needs no reason")


def _never_first(guide: GuideRules, group: str, option: Option) -> Iterator[RuleFinding]:
    if option.id not in guide.contest(group, option).outcomes:
        what = "a lower rung always fits" if group == guide.ladder else "another always comes first"
        message = f"{option.id} is never chosen: wherever it fits, {what}"
        yield RuleFinding(_ID, "blocker", group, (option.id,), message, {})


def _idle_lines(guide: GuideRules, group: str, option: Option) -> Iterator[RuleFinding]:
    """Lines that hold only where another line of the same kind does, and exclusions that exclude nothing.

    Where an option needs a reason, exclusions may only say why there is none; where facts are open, reasons say which
    option is the likeliest. So these are looked at for repetitions alone.
    """
    for kind, lines in (("why_not", option.why_not), ("why", option.why)):
        for index, line in enumerate(lines):
            others = [other for k, other in enumerate(lines) if k != index]
            if any(_covers(other.when, line.when) for other in others):
                message = f"{option.id}: '{line.because}' ({kind}) holds only where another line does"
                yield RuleFinding(_ID, "caution", group, (option.id,), message, {})
    if option.needs_reason:
        return
    whole = guide.fits(option, option.facts)
    for index, line in enumerate(option.why_not):
        without = replace(option, why_not=(*option.why_not[:index], *option.why_not[index + 1 :]))
        if not any(differs(name) for name in both(whole, guide.fits(without, option.facts)).outcomes):
            message = f"{option.id}: '{line.because}' (why_not) excludes nothing that the others do not"
            yield RuleFinding(_ID, "caution", group, (option.id,), message, {})


def _covers(wide: Condition, narrow: Condition) -> bool:
    return all(fact in narrow and narrow[fact] <= values for fact, values in wide.items())


def _shared_answers(guide: GuideRules) -> Iterator[RuleFinding]:
    owners: dict[str, str] = {}
    for capability in guide.capabilities:
        for name in capability.inputs:
            if name in owners:
                message = f"'{name}' belongs to {owners[name]} and {capability.id}; capabilities must not share answers"
                yield RuleFinding(_ID, "blocker", "capabilities", (owners[name], capability.id), message, {})
            owners.setdefault(name, capability.id)


def _empty_needs(guide: GuideRules) -> Iterator[RuleFinding]:
    levels = {capability.id: frozenset(capability.levels) for capability in guide.capabilities}
    for method in guide.methods:
        for need in method.needs:
            if need.levels >= levels[need.capability]:
                message = f"{method.id} needs nothing of {need.capability}: every level will do"
                yield RuleFinding(_ID, "caution", "methods", (method.id,), message, {})


def _case(diagram: Diagram, outcome: str) -> dict[str, str] | None:
    costs = {v.name: {value: float(k > 0) for k, value in enumerate(v.values)} for v in diagram.variables}
    found = cheapest(diagram, costs, lambda name: name == outcome)
    return found[1] if found else None


CHECK = Check(_ID, "Every rung, sub-type and method can be chosen, and something fits every case.", of_pack=inspect)
