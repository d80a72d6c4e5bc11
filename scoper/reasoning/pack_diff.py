"""Two rule packs compared by what they say: where the verdict changes, how much prior mass that has, and a witness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scoper.domain.decision import TECHNIQUES, UNDECIDED
from scoper.reasoning.diagram import Diagram, Row, Variable, compile_rows
from scoper.reasoning.knowledge import Knowledge
from scoper.reasoning.outcome import READINESS
from scoper.reasoning.pack import Rule, RulePack
from scoper.reasoning.signal_diagram import signal_diagram
from scoper.reasoning.witness import BOTH, both, cheapest, differs, plain_base


@dataclass(frozen=True)
class Change:
    """A verdict that becomes another one; or, for a technique that stays, a readiness (`technique: go` -> `no`).

    `mass` is the prior probability of the answers for which it does. `witness` is a subset-minimal set of answers that
    alone, whatever the others are, brings the change about.
    """

    before: str
    after: str
    mass: float
    witness: Mapping[str, str]


@dataclass(frozen=True)
class PackDiff:
    """`vectors` counts the answer vectors whose verdict changes; rules are listed by id.

    `readiness` are the changes of readiness where the technique stays.
    """

    changes: tuple[Change, ...]
    readiness: tuple[Change, ...]
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
            "changes": [_change_document(change) for change in self.changes],
            "readiness_changes": [_change_document(change) for change in self.readiness],
            "rules": {"added": list(self.added), "removed": list(self.removed), "altered": list(self.altered)},
            "vocabulary": list(self.vocabulary),
        }

    def lines(self) -> list[str]:
        """The comparison as lines of text."""
        share = f"{self.mass:.3%} of the prior mass, {self.vectors:.3g} of {self.space:.3g} answer vectors"
        lines = [f"verdict changes: {share}" if self.changes else "no verdict changes, whatever the answers"]
        lines += [line for change in self.changes for line in _change_lines(change)]
        if self.readiness:
            mass = sum(change.mass for change in self.readiness)
            lines.append(f"readiness changes where the technique stays: {mass:.3%} of the prior mass")
            lines += [line for change in self.readiness for line in _change_lines(change)]
        for what, rules in (("added", self.added), ("removed", self.removed), ("altered", self.altered)):
            lines.append(f"rules {what}: {', '.join(rules) or 'none'}")
        return [*lines, *(f"not compared: {text}" for text in self.vocabulary)]


def _change_document(change: Change) -> dict[str, object]:
    return {"from": change.before, "to": change.after, "mass": change.mass, "witness": dict(change.witness)}


def _change_lines(change: Change) -> list[str]:
    case = ", ".join(f"{signal}={value}" for signal, value in change.witness.items())
    head = f"  {change.before} -> {change.after}: {change.mass:.3%}"
    return [head, f"      as soon as {case}" if case else "      always"]


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
    readiness = _readiness_changes(before, after, variables, pair, laws, plain)
    return PackDiff(
        changes=tuple(sorted(changes, key=lambda change: -change.mass)),
        readiness=tuple(sorted(readiness, key=lambda change: -change.mass)),
        vectors=_count(pair),
        space=_size(variables),
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        altered=tuple(sorted(name for name in old.keys() & new.keys() if _said(old[name]) != _said(new[name]))),
        vocabulary=vocabulary,
        nodes=pair.n_nodes,
    )


def _readiness_changes(
    before: RulePack,
    after: RulePack,
    variables: tuple[Variable, ...],
    verdicts: Diagram,
    laws: Mapping[str, Mapping[str, float]],
    plain: Mapping[str, str],
) -> list[Change]:
    """Changes of readiness for answers that both packs give the same technique."""
    found = []
    for technique in (*TECHNIQUES, UNDECIDED):
        rows = [_readiness_rows(pack, technique) for pack in (before, after)]
        if rows[0] == rows[1]:
            continue
        levels = both(*(compile_rows(variables, part, "go") for part in rows))
        whole = both(verdicts, levels)
        mass = whole.distribution(laws)
        moved: dict[tuple[str, str], list[str]] = {}
        for name in whole.outcomes:
            one, two, was, now = name.split(BOTH)
            if one.split("/")[0] == two.split("/")[0] == technique and was != now:
                moved.setdefault((was, now), []).append(name)
        for (was, now), names in moved.items():
            witness = _witness(whole, plain, *names)
            found.append(Change(f"{technique}: {was}", now, sum(mass[name] for name in names), witness))
    return found


def _readiness_rows(pack: RulePack, technique: str) -> list[Row]:
    """The readiness rules for one technique, the worst level first: the first that holds is the readiness."""
    rules = [rule for table in pack.of_kind("readiness") for rule in table.rules]
    about = [rule for rule in rules if technique in rule.when.get("technique", (technique,))]
    about.sort(key=lambda rule: -READINESS.index(rule.then))
    return [Row({name: v for name, v in rule.when.items() if name != "technique"}, rule.then) for rule in about]


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


def _witness(pair: Diagram, plain: Mapping[str, str], *names: str) -> dict[str, str]:
    costs = {v.name: {value: float(value != plain[v.name]) for value in v.values} for v in pair.variables}
    found = cheapest(pair, costs, names.__contains__)
    assert found is not None
    kept = dict(found[1])
    for signal in sorted(kept, key=lambda s: kept[s] != plain[s]):
        without = {s: v for s, v in kept.items() if s != signal}
        allowed = {v.name: frozenset((without[v.name],) if v.name in without else v.values) for v in pair.variables}
        if pair.reachable(allowed) <= set(names):
            kept = without
    return kept


def _rules(pack: RulePack) -> dict[str, Rule]:
    return {rule.id: rule for table in pack.tables for rule in table.rules}


def _said(rule: Rule) -> tuple[object, ...]:
    return rule.table, rule.order, dict(rule.when), rule.then, rule.advice
