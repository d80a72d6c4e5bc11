"""Two scopings compared: which answers, rules and measurements changed, and which of the changes moved the verdict.

The last is exact: all smallest sets of changes that alone, applied to the first, make its verdict another one. Where
the rules changed and both packs are at hand, the change of rules is one of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

from scoper.domain.questionnaire import Answer, Case
from scoper.errors import Problem, UsageError
from scoper.reasoning.knowledge import Knowledge
from scoper.reasoning.moves import Move, Moves, differing, moves, technique_moves
from scoper.reasoning.verdict import headline
from scoper.services.diffing_measures import measure_changes
from scoper.services.diffing_solutions import solution_changes
from scoper.services.diffing_values import AnswerChange, Difference, Part, PartChange, PartDifference, RulesChange
from scoper.services.guide_digest import changed_kinds
from scoper.services.library import Library
from scoper.services.scoping import knowledge_of
from scoper.services.scopings import Scoping, parts_of

_LINES = ("title", "summary", "domain", "spec", "review_by", "update_when", "parts")


def diff(before: Scoping, after: Scoping, library: Library) -> Difference:
    """What changed from one scoping to another; `library` reads answers whose own rules are not at hand.

    Raises UsageError when the two have nothing that can be compared.
    """
    whole = _diff(before, after, library)
    if whole.verdicts is None:
        return whole
    approach = changed_kinds(before.guide_digests, after.guide_digests)
    return replace(whole, parts=tuple(_parts(before, after, library)), approach=approach)


def _parts(before: Scoping, after: Scoping, library: Library) -> Iterator[PartDifference]:
    """The parts in the order of the second, then those that are gone."""
    sides = [dict(parts_of(side)) for side in (before, after)]
    overs = [{part.id: part for part in (side.case.parts if side.case else None) or ()} for side in (before, after)]
    for name in dict.fromkeys((*sides[1], *sides[0])):
        one, two = sides[0].get(name), sides[1].get(name)
        hands = tuple(tuple(over.to for over in parts[name].hands_to) if name in parts else () for parts in overs)
        title = next(parts[name].title for parts in reversed(overs) if name in parts)
        found = _diff(*_comparable(one, two), library) if one is not None and two is not None else None
        told = found.verdicts if found else None
        verdicts = told or (_alone(one, library), _alone(two, library))
        same = found is not None and found.empty and overs[0][name] == overs[1][name]
        change: PartChange = "added" if one is None else "removed" if two is None else "same" if same else "changed"
        yield PartDifference(name, title, change, verdicts, (hands[0], hands[1]), found)


def _comparable(one: Scoping, two: Scoping) -> tuple[Scoping, Scoping]:
    """Of a part that was recorded with its project no measurements are kept; then those of the other do not count."""
    if one.kind == two.kind == "case":
        return one, two
    return (
        replace(one, result=None, spec_digest=None, told=None),
        replace(two, result=None, spec_digest=None, told=None),
    )


def _alone(side: Scoping | None, library: Library) -> dict[str, Any] | None:
    if side is None or side.case is None:
        return None
    return _headline(side, knowledge_of(side.case, side.library or library))


def _diff(before: Scoping, after: Scoping, library: Library) -> Difference:
    measures = measure_changes(before, after)
    if before.case is None or after.case is None:
        if measures is None:
            message = "one is a probe result, the other has none"
            remedy = "compare two results, or two cases"
            raise UsageError(Problem("diff-kinds", message, f"{before.name}, {after.name}", remedy=remedy))
        return Difference(before, after, None, (), (), None, None, (), measures, ())
    first, second, renewed, notes = _knowledge(before, after, library)
    found = moves(first, second, renewed)
    last = renewed or (first, second)
    back = tuple(technique_moves(last[1], last[0], differing(*last)))
    verdicts = (_headline(before, first), _headline(after, last[1]))
    if before.library is None and verdicts[0] != _plain(first):
        now = dict(zip(("technique", "family", "readiness"), headline(first), strict=True))
        told: list[Move] = [
            Move(aspect, (), True, now[aspect])
            for aspect in ("technique", "family", "readiness")
            if verdicts[0][aspect] != now[aspect]
        ]
        found = Moves((*told[:1], *found.moves), found.up_to)
    return Difference(
        before,
        after,
        verdicts,
        tuple(_answers(before.case, after.case, found, back)),
        tuple(_lines(before.case, after.case)),
        _rules(before, after),
        found,
        back,
        measures,
        notes,
        solutions=tuple(solution_changes(before.case, after.case, before.library or library, after.library or library)),
    )


def document(difference: Difference) -> dict[str, Any]:
    """What `scoper diff --json` prints."""
    d = difference
    return {
        "format": 1,
        "a": _side(d.before),
        "b": _side(d.after),
        "empty": d.empty,
        "verdict": None if d.verdicts is None else {"a": d.verdicts[0], "b": d.verdicts[1], "moved": d.verdict_moved},
        "moves": [move_document(move) for move in d.moves.moves] if d.moves else [],
        "rests_on": [{"answers": list(signals), "to": to} for signals, to in d.back],
        "moves_complete_up_to": dict(d.moves.up_to) if d.moves else {},
        "answers": [asdict(change) for change in d.answers],
        "lines": [{"key": key, "before": old, "after": new} for key, old, new in d.lines],
        "rules": asdict(d.rules) if d.rules else None,
        "measurements": d.measures.document() if d.measures else None,
        "notes": list(d.notes),
        **({"parts": [_part_document(part) for part in d.parts]} if d.parts else {}),
        **({"solutions": [each.document() for each in d.solutions]} if d.solutions else {}),
        **({"approach": {"changed": list(d.approach)}} if d.approach else {}),
    }


def _part_document(part: PartDifference) -> dict[str, Any]:
    """A part with its verdicts; where it changed, everything that `document` says of a case."""
    told = document(part.difference) if part.difference is not None else {}
    kept = ("moves", "rests_on", "moves_complete_up_to", "answers", "lines", "measurements", "notes", "solutions")
    return {
        "part": part.id,
        "title": part.title,
        "change": part.change,
        "verdict": {"a": part.verdicts[0], "b": part.verdicts[1], "moved": part.moved},
        "hands_to": {"a": list(part.hands_to[0]), "b": list(part.hands_to[1])},
        **{key: told[key] for key in kept if key in told},
    }


def move_document(move: Move) -> dict[str, Any]:
    """One smallest set of changes: answers by signal, and whether the rules are part of it."""
    return {"aspect": move.aspect, "answers": list(move.signals), "rules": move.rules, "to": move.to}


def _side(side: Scoping) -> dict[str, Any]:
    case = {"title": side.title, "digest": side.case.digest()} if side.case is not None else None
    return {
        "name": side.name,
        "kind": side.kind,
        "date": side.date,
        "case": case,
        "rules_digest": side.rules_digest or None,
        "spec_digest": side.spec_digest,
    }


def _knowledge(
    before: Scoping, after: Scoping, library: Library
) -> tuple[Knowledge, Knowledge, tuple[Knowledge, Knowledge] | None, tuple[str, ...]]:
    """Both under the rules of the first, and under those of the second where they are others; notes on what lacks."""
    assert before.case is not None
    assert after.case is not None
    notes = [
        f"The rules of {side.name} ({side.rules_digest}) are not at hand: its answers are read by those that are."
        for side in (before, after)
        if side.library is None
    ]
    old = before.library or after.library or library
    new = after.library or before.library or library
    first, second = knowledge_of(before.case, old), knowledge_of(after.case, old)
    if old.digest == new.digest:
        return first, second, None, tuple(notes)
    return first, second, (knowledge_of(before.case, new), knowledge_of(after.case, new)), tuple(notes)


def _plain(knowledge: Knowledge) -> dict[str, Any]:
    technique, family, readiness = headline(knowledge)
    return {"technique": technique, "family": family, "readiness": readiness, "settled": knowledge.settled}


def _headline(side: Scoping, knowledge: Knowledge) -> dict[str, Any]:
    return dict(side.headline) if side.headline else _plain(knowledge)


def _answers(
    before: Case, after: Case, found: Moves, back: tuple[tuple[tuple[str, ...], str | None], ...]
) -> Iterator[AnswerChange]:
    alone = {move.signals[0] for move in found.moves if len(move.signals) == 1 and not move.rules}
    together = {
        signal for signals in [*(move.signals for move in found.moves), *(s for s, _ in back)] for signal in signals
    }
    for signal in dict.fromkeys((*before.answers, *after.answers)):
        old, new = before.answers.get(signal, ()), after.answers.get(signal, ())
        if old != new:
            part: Part = "alone" if signal in alone else "together" if signal in together else "no"
            counts = (before.value_of(signal), after.value_of(signal))
            yield AnswerChange(signal, _told(old), _told(new), counts, part)


def _told(answers: tuple[Answer, ...]) -> tuple[dict[str, str], ...]:
    return tuple(answer.model_dump(mode="json", exclude_none=True) for answer in answers)


def _lines(before: Case, after: Case) -> Iterator[tuple[str, str, str]]:
    for key in _LINES:
        old, new = getattr(before, key), getattr(after, key)
        if old != new:
            yield key, _line(old), _line(new)


def _line(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(str(entry.model_dump(mode="json", exclude_none=True)) for entry in value)
    return str(value or "")


def _rules(before: Scoping, after: Scoping) -> RulesChange:
    same = before.rules_digest == after.rules_digest
    if same or before.library is None or after.library is None:
        return RulesChange(before.rules_digest, after.rules_digest, same)
    from scoper.reasoning.pack_diff import compare

    found = compare(before.library.pack, after.library.pack)
    return RulesChange(before.rules_digest, after.rules_digest, True, found.added, found.removed, found.altered)


def uncounted(difference: Difference) -> tuple[str, ...]:
    """Signals whose entries differ although what counts of them is the same: evidence, names, comments of people."""
    d = difference
    if d.before.case is None or d.after.case is None or d.before.library is None:
        return ()
    first, second = (knowledge_of(side.case, d.before.library) for side in (d.before, d.after) if side.case)
    counted = set(differing(first, second))
    return tuple(
        change.signal for change in d.answers if change.signal not in counted and change.counts[0] == change.counts[1]
    )
