"""Declared monotonicity, proved over the whole answer space or refuted by two cases that differ in one answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise, product

from scoper.reasoning.outcome import READINESS
from scoper.reasoning.pack import Rule, RulePack
from scoper.reasoning.subject import Monotone
from scoper.reasoning.witness import BOTH, Allowed, Space, both, fixed

Pair = tuple[dict[str, str], dict[str, str]]


def counter_example(space: Space, claim: Monotone) -> Pair | None:
    """Two complete cases, alike but for the signal, that refute the claim; None when it is proved."""
    steps = pairwise(claim.order)
    if claim.never_lowers == "readiness":
        found = (pair for low, high in steps for pair in _worse(space, claim.signal, low, high))
    else:
        found = (pair for low, high in steps for pair in _lost(space, claim, low, high))
    return min(found, key=lambda pair: _distance(space, pair[0]), default=None)


def _distance(space: Space, answers: Mapping[str, str]) -> float:
    return sum(space.signal_costs[signal][value] for signal, value in answers.items())


def _lost(space: Space, claim: Monotone, low: str, high: str) -> Iterator[Pair]:
    """Cases whose verdict is the technique (or technique/family) at the lower answer and not at the higher."""

    def wanted(name: str) -> bool:
        before, _, after = name.partition(BOTH)
        return _is(before, claim.never_lowers) and not _is(after, claim.never_lowers)

    yield from _switched(space, claim.signal, low, high, wanted, {})


def _is(verdict: str, wanted: str) -> bool:
    return verdict == wanted or verdict.startswith(f"{wanted}/")


def _switched(
    space: Space, signal: str, low: str, high: str, wanted: Callable[[str], bool], allowed: Allowed
) -> Iterator[Pair]:
    """Pairs of cases that differ in the signal only and whose two verdicts together are wanted."""
    pack = space.pack
    owner = pack.facet_of[signal]
    diagram = pack.facet_diagrams.get(owner)
    others = [v.name for v in diagram.variables if v.name != signal] if diagram else []
    inside = owner in {v.name for v in pack.variables}
    options = (pack.known_values(s) if s not in allowed else sorted(allowed[s]) for s in others)
    seen: set[tuple[str, str]] = set()
    for values in product(*options):
        around = dict(zip(others, values, strict=True))
        ends = [diagram.evaluate({**around, signal: v}) if diagram else v for v in (low, high)]
        if (ends[0], ends[1]) in seen:
            continue
        seen.add((ends[0], ends[1]))
        sides = [fixed(pack.verdict_diagram, owner, end) if inside else pack.verdict_diagram for end in ends]
        found = space.nearest(both(*sides), wanted, allowed, free=owner if inside else "")
        if found is not None:
            yield {**found[1], **around, signal: low}, {**found[1], **around, signal: high}


def _worse(space: Space, signal: str, low: str, high: str) -> Iterator[Pair]:
    """Cases with the same technique whose readiness is worse at the higher answer."""
    rules = [rule for table in space.pack.of_kind("readiness") for rule in table.rules]
    for rule in rules:
        allowed = rule.when.get(signal)
        if allowed is None or high not in allowed or low in allowed:
            continue
        level = READINESS.index(rule.then)
        rivals = [r for r in rules if READINESS.index(r.then) >= level and low in r.when.get(signal, (low,))]
        box = {name: values for name, values in rule.when.items() if name != signal}
        for way in _avoiding(space.pack, box, rivals, signal):
            techniques = way.get("technique")
            answers = {name: values for name, values in way.items() if name != "technique"}

            def same(name: str, techniques: frozenset[str] | None = techniques) -> bool:
                before, after = (half.split("/")[0] for half in name.split(BOTH))
                return before == after and (techniques is None or before in techniques)

            yield from _switched(space, signal, low, high, same, answers)


def _avoiding(
    pack: RulePack, box: dict[str, frozenset[str]], rivals: list[Rule], signal: str
) -> Iterator[dict[str, frozenset[str]]]:
    """The parts of a box in which none of the rivals holds; `signal` itself is left open."""
    if not all(box.values()):
        return
    if not rivals:
        yield box
        return
    first, rest = rivals[0], rivals[1:]
    conditions = {name: values for name, values in first.when.items() if name != signal}
    if any(name in box and not box[name] & values for name, values in conditions.items()):
        yield from _avoiding(pack, box, rest, signal)
        return
    for name, values in conditions.items():
        inside = box.get(name, frozenset(pack.input_variable(name).values))
        yield from _avoiding(pack, {**box, name: inside - values}, rest, signal)
