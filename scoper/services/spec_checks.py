"""What a spec says that it probably does not mean: names that nothing uses, variables that nothing changes.

Cautions only; what only an enumeration of the states can show is found in `scoper.modelling.checks`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from scoper.domain.mdp import MdpSpec
from scoper.modelling.expressions import parse_expression
from scoper.modelling.model import AFTER
from scoper.services.spec_format import Sheet, Vocabulary
from scoper.services.strict_yaml import Node

Entries = Mapping[str, tuple[Node, Node]]


def check_use(sheet: Sheet, spec: MdpSpec, groups: Mapping[str, Entries], known: Vocabulary) -> None:
    """Note names that are declared and make no difference."""
    used = _used(spec, known)
    moved = _mentioned([*spec.next.values(), *spec.reward.values(), *_objective(spec)], known)
    for name, key in _keys(groups["actions"]):
        if name not in moved:
            message = f"the action {name} changes nothing: no next state and no reward depends on it"
            sheet.caution(message, key, f"use {name} in next or reward, or remove it")
    for group, what in (("exogenous", "the exogenous variable"), ("tables", "the table")):
        for name, key in _keys(groups[group]):
            if name not in used:
                sheet.caution(f"{what} {name} is used nowhere", key, "use it or remove it")
    for name, key in _keys(groups["state"]):
        if spec.next[name].strip(" ()") == name and not _starts_apart(spec, name):
            remedy = "make it a number of the expressions, or say in next how it changes"
            sheet.caution(f"the state variable {name} never changes", key, remedy)
    for name, key in _keys(groups["reward"]):
        if _is_zero(spec.reward[name], known):
            sheet.caution(f"the reward term {name} is always 0", key, "remove it, or give it its amount")


def _keys(entries: Entries) -> Iterator[tuple[str, Node]]:
    return ((name, key) for name, (key, _) in entries.items())


def _starts_apart(spec: MdpSpec, name: str) -> bool:
    """Whether episodes begin with several values of the variable: then it says which kind of episode it is."""
    start = spec.start.get(name)
    return isinstance(start, Mapping) or len({str(point.state[name]) for point in spec.joint_start}) > 1


def _used(spec: MdpSpec, known: Vocabulary) -> frozenset[str]:
    texts = [*spec.next.values(), *spec.reward.values(), *_objective(spec), spec.terminated, *spec.invariants]
    texts += [spec.available] if spec.available else []
    texts += [*spec.observation.values(), *(text for rules in spec.baselines.values() for text in rules.values())]
    return _mentioned(texts, known)


def _objective(spec: MdpSpec) -> Iterator[str]:
    if spec.objective is not None and spec.objective.expression is not None:
        yield spec.objective.expression
    if spec.wanted.success is not None and spec.wanted.success.expression is not None:
        yield spec.wanted.success.expression
    yield from (statement.of for statement in spec.wanted.monotone)


def _mentioned(texts: Iterable[str], known: Vocabulary) -> frozenset[str]:
    names: set[str] = set()
    for text in texts:
        found = parse_expression(text, [*known.after, *known.reward], known.words, known.tables)
        names |= found.names | set(found.lookups)
    return frozenset(names | {name.removeprefix(AFTER) for name in names})


def _is_zero(text: str, known: Vocabulary) -> bool:
    found = parse_expression(text, known.after, known.words, known.tables)
    return not found.names and not found.lookups and float(found.evaluate({})) == 0.0
