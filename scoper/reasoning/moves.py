"""Which of the changes between two states of knowledge moved the verdict: all smallest sets of them, exactly.

Every change is one answer (its value and how far it is relied on), or the rules. A set counts when it alone, applied to
the first state, makes the verdict another one; no part of it does. The technique is searched as flips are (the same
bounds, Reiter 1987), whatever the number of changes. Family and readiness are tried set by set, small ones first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Literal

from scoper.domain.questionnaire import UNKNOWN
from scoper.reasoning.flip_changes import Change
from scoper.reasoning.flip_search import flips_among
from scoper.reasoning.knowledge import Knowledge
from scoper.reasoning.verdict import headline

Aspect = Literal["technique", "family", "readiness"]
ASPECTS: tuple[Aspect, ...] = ("technique", "family", "readiness")
RULES = "rules"
MOST_TRIED = 16_384
"""Sets that are tried for one aspect: all of those of fourteen changes."""


@dataclass(frozen=True)
class Move:
    """A smallest set of changes after which `aspect` is `to`; `rules` says that the rules are one of them."""

    aspect: Aspect
    signals: tuple[str, ...]
    rules: bool
    to: str | None


@dataclass(frozen=True)
class Moves:
    """All smallest moves, technique first; per aspect the size up to which nothing was left out (None: all sizes)."""

    moves: tuple[Move, ...]
    up_to: Mapping[Aspect, int | None]


def differing(before: Knowledge, after: Knowledge) -> tuple[str, ...]:
    """The signals that count otherwise: another value, or the same one relied on more or less; in asking order."""
    names = dict.fromkeys((*before.pack.questions, *after.pack.questions))
    return tuple(signal for signal in names if _said(before, signal) != _said(after, signal))


def applied(before: Knowledge, after: Knowledge, signals: Iterable[str]) -> Knowledge:
    """`before` with these signals as they are in `after`; the rules stay."""
    facts, reliability = dict(before.facts), dict(before.reliability)
    for signal in signals:
        facts.pop(signal, None)
        reliability.pop(signal, None)
        if signal in after.facts and signal in before.pack.questions:
            facts[signal] = after.facts[signal]
            if signal in after.reliability:
                reliability[signal] = after.reliability[signal]
    return Knowledge(before.pack, facts, reliability)


def moves(before: Knowledge, after: Knowledge, renewed: tuple[Knowledge, Knowledge] | None = None) -> Moves:
    """The smallest sets of changes from `before` to `after` that alone move the verdict of `before`.

    Both are under the same rules. Where the rules changed as well, `renewed` are the two under the new ones, and the
    change of rules is one change among the others. A set that moves family or readiness has no part that moves the
    technique, which would move them along.
    """
    found: list[Move] = []
    up_to: dict[Aspect, int | None] = {}
    for aspect in ASPECTS:
        barred = [_set(move) for move in found if move.aspect == "technique"]
        sets, up_to[aspect] = _of(aspect, before, after, barred)
        found += [Move(aspect, signals, False, to) for signals, to in sets]
        if renewed is None or frozenset((RULES,)) in barred:
            continue
        now = _aspect(aspect, renewed[0])
        if now != _aspect(aspect, before):
            found.append(Move(aspect, (), True, now))
            continue
        inside = [known - {RULES} for known in barred]
        further, limit = _of(aspect, *renewed, inside)
        up_to[aspect] = min((each for each in (up_to[aspect], limit) if each is not None), default=None)
        held = [frozenset(signals) for signals, _ in sets]
        found += [
            Move(aspect, signals, True, to)
            for signals, to in further
            if not any(other <= frozenset(signals) for other in held)
        ]
    return Moves(tuple(found), up_to)


def _set(move: Move) -> frozenset[str]:
    return frozenset((*move.signals, *((RULES,) if move.rules else ())))


def _said(knowledge: Knowledge, signal: str) -> tuple[str, float]:
    value = knowledge.facts.get(signal, UNKNOWN)
    return value, 1.0 if value == UNKNOWN else knowledge.reliability.get(signal, 1.0)


def _aspect(aspect: Aspect, knowledge: Knowledge) -> str | None:
    return headline(knowledge)[ASPECTS.index(aspect)]


def _of(
    aspect: Aspect, before: Knowledge, after: Knowledge, barred: Sequence[frozenset[str]]
) -> tuple[list[tuple[tuple[str, ...], str | None]], int | None]:
    """The smallest sets that move one aspect, with where to; and the size up to which all were tried (None: all).

    Sets that hold a `barred` one are left out.
    """
    signals = [signal for signal in differing(before, after) if signal in before.pack.questions]
    if aspect == "technique":
        return list(technique_moves(before, after, signals)), None
    start = _aspect(aspect, before)
    return _smallest(signals, lambda chosen: _aspect(aspect, applied(before, after, chosen)), start, barred)


def technique_moves(
    before: Knowledge, after: Knowledge, signals: Sequence[str]
) -> list[tuple[tuple[str, ...], str | None]]:
    """All smallest sets of `signals` that, as they are in `after`, make `before` name another technique."""
    doubted = bool(before.reliability) or any(signal in after.reliability for signal in signals)
    depths = range(len(before.pack.technique_diagram.variables))
    changes = [_changes(before, after, depth, signals, doubted=doubted) for depth in depths]
    found = flips_among(before, changes, unanswered=0, doubted=doubted)
    order = list(signals)
    return [(tuple(sorted(change, key=order.index)), to) for change, to in found]


def _changes(before: Knowledge, after: Knowledge, depth: int, signals: Sequence[str], *, doubted: bool) -> list[Change]:
    """No change, and every set of the given changes within one variable, small ones first."""
    pack = before.pack
    variable = pack.technique_diagram.variables[depth]
    (technique,) = pack.of_kind("technique")
    facet = pack.facets.get(variable.name)
    inside = (facet.inputs if facet else (variable.name,)) if variable.name in technique.inputs else ()
    mine = [signal for signal in inside if signal in signals]
    bit = {signal: 1 << k for k, signal in enumerate(pack.questions)}
    found: list[Change] = []
    for size in range(len(mine) + 1):
        for chosen in combinations(mine, size):
            changed = applied(before, after, chosen)
            law = changed.law_of_variable(variable.name)
            weights = tuple(law.get(value, 0.0) for value in variable.values)
            allowed = changed.allowed_variable(variable.name) if doubted else frozenset()
            left = tuple(k for k, value in enumerate(variable.values) if value in allowed)
            answers = {signal: after.facts.get(signal, UNKNOWN) for signal in chosen}
            found.append(Change(answers, sum(bit[s] for s in chosen), weights, left, len(found)))
    return found


def _smallest(
    signals: Sequence[str],
    value: Callable[[tuple[str, ...]], str | None],
    start: str | None,
    barred: Sequence[frozenset[str]],
) -> tuple[list[tuple[tuple[str, ...], str | None]], int | None]:
    found: list[tuple[tuple[str, ...], str | None]] = []
    closed, tried = [known for known in barred if known], 0
    for size in range(1, len(signals) + 1):
        if tried + comb(len(signals), size) > MOST_TRIED:
            return found, size - 1
        tried += comb(len(signals), size)
        for chosen in combinations(signals, size):
            if any(known <= frozenset(chosen) for known in closed):
                continue
            to = value(chosen)
            if to != start:
                found.append((chosen, to))
                closed.append(frozenset(chosen))
    return found, None
