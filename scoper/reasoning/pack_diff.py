"""Two rule packs compared by what they say: where the verdict changes, how much prior mass that has, and a witness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scoper.reasoning.diagram import Diagram, Variable
from scoper.reasoning.knowledge import Knowledge
from scoper.reasoning.pack import Rule, RulePack
from scoper.reasoning.signal_diagram import signal_diagram
from scoper.reasoning.witness import BOTH, both, cheapest, differs, plain_base


@dataclass(frozen=True)
class Change:
    """A verdict that becomes another one. `mass` is the prior probability of the answers for which it does.

    `witness` is a subset-minimal set of answers that alone, whatever the others are, brings the change about.
    """

    before: str
    after: str
    mass: float
    witness: Mapping[str, str]


@dataclass(frozen=True)
class PackDiff:
    """`vectors` counts the answer vectors whose verdict changes; rules are listed by id."""

    changes: tuple[Change, ...]
    vectors: int
    space: int
    added: tuple[str, ...]
    removed: tuple[str, ...]
    altered: tuple[str, ...]
    vocabulary: tuple[str, ...]
    nodes: int

    @property
    def mass(self) -> float:
        """The prior probability that the verdict changes."""
        return sum(change.mass for change in self.changes)

    def as_document(self) -> dict[str, object]:
        """The comparison as plain JSON values."""
        return {
            "changed_mass": self.mass,
            "changed_vectors": self.vectors,
            "answer_vectors": self.space,
            "changes": [
                {"from": c.before, "to": c.after, "mass": c.mass, "witness": dict(c.witness)} for c in self.changes
            ],
            "rules": {"added": list(self.added), "removed": list(self.removed), "altered": list(self.altered)},
            "vocabulary": list(self.vocabulary),
        }

    def lines(self) -> list[str]:
        """The comparison as lines of text."""
        share = f"{self.mass:.3%} of the prior mass, {self.vectors:.3g} of {self.space:.3g} answer vectors"
        lines = [f"verdict changes: {share}" if self.changes else "no verdict changes, whatever the answers"]
        for change in self.changes:
            lines.append(f"  {change.before} -> {change.after}: {change.mass:.3%}")
            case = ", ".join(f"{signal}={value}" for signal, value in change.witness.items())
            lines.append(f"      as soon as {case}" if case else "      always")
        for what, rules in (("added", self.added), ("removed", self.removed), ("altered", self.altered)):
            lines.append(f"rules {what}: {', '.join(rules) or 'none'}")
        return [*lines, *(f"not compared: {text}" for text in self.vocabulary)]


def compare(before: RulePack, after: RulePack) -> PackDiff:
    """Compare two packs over all signals and values that both know, weighted by the prior of the second."""
    variables, vocabulary = _shared(before, after)
    pair = both(signal_diagram(before, variables), signal_diagram(after, variables))
    laws = {v.name: _law(after if v.name in after.questions else before, v) for v in variables}
    mass = pair.distribution(laws)
    plain = {**plain_base(before), **plain_base(after)}
    changes = []
    for name in filter(differs, pair.outcomes):
        was, _, now = name.partition(BOTH)
        changes.append(Change(was, now, mass[name], _witness(pair, plain, name)))
    old, new = _rules(before), _rules(after)
    return PackDiff(
        changes=tuple(sorted(changes, key=lambda change: -change.mass)),
        vectors=_count(pair),
        space=_size(variables),
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        altered=tuple(sorted(name for name in old.keys() & new.keys() if _said(old[name]) != _said(new[name]))),
        vocabulary=vocabulary,
        nodes=pair.n_nodes,
    )


def _shared(before: RulePack, after: RulePack) -> tuple[tuple[Variable, ...], tuple[str, ...]]:
    """The signals of both packs, grouped as the second groups them, with the values that both know."""
    order = dict.fromkeys(s for v in after.variables for s in _feeding(after, v.name))
    order |= dict.fromkeys(s for v in before.variables for s in _feeding(before, v.name))
    variables, notes = [], []
    for signal in (*order, *(s for s in {**before.questions, **after.questions} if s not in order)):
        owners = [pack for pack in (before, after) if signal in pack.questions]
        values = tuple(v for v in owners[-1].known_values(signal) if all(v in p.known_values(signal) for p in owners))
        if len(owners) == 1:
            notes.append(f"{signal} is asked in one of the two only")
        elif any(len(p.known_values(signal)) > len(values) for p in owners):
            notes.append(f"{signal} has other values in the two; only the common ones are compared")
        variables.append(Variable(signal, values))
    return tuple(variables), tuple(notes)


def _feeding(pack: RulePack, name: str) -> tuple[str, ...]:
    return pack.facets[name].inputs if name in pack.facets else (name,)


def _law(pack: RulePack, variable: Variable) -> dict[str, float]:
    law = {value: Knowledge(pack, {}).law(variable.name).get(value, 0.0) for value in variable.values}
    total = sum(law.values()) or 1.0
    return {value: weight / total for value, weight in law.items()}


def _size(variables: tuple[Variable, ...]) -> int:
    size = 1
    for variable in variables:
        size *= len(variable.values)
    return size


def _count(pair: Diagram) -> int:
    """The number of assignments for which the two halves differ."""
    below = [int(differs(name)) for name in pair.outcomes]
    for level in reversed(pair.levels):
        below = [sum(below[child] for child in children) for children in level]
    return below[0]


def _witness(pair: Diagram, plain: Mapping[str, str], name: str) -> dict[str, str]:
    costs = {v.name: {value: float(value != plain[v.name]) for value in v.values} for v in pair.variables}
    found = cheapest(pair, costs, name.__eq__)
    assert found is not None
    kept = dict(found[1])
    for signal in sorted(kept, key=lambda s: kept[s] != plain[s]):
        without = {s: v for s, v in kept.items() if s != signal}
        allowed = {v.name: frozenset((without[v.name],) if v.name in without else v.values) for v in pair.variables}
        if pair.reachable(allowed) == {name}:
            kept = without
    return kept


def _rules(pack: RulePack) -> dict[str, Rule]:
    return {rule.id: rule for table in pack.tables for rule in table.rules}


def _said(rule: Rule) -> tuple[object, ...]:
    return rule.table, rule.order, dict(rule.when), rule.then, rule.advice
