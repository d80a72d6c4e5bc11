"""A comparison as lines of plain text: the verdict first, then what moved it, then everything that changed."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scoper.domain.numbers import number
from scoper.domain.questionnaire import UNKNOWN, people
from scoper.domain.text import one_line
from scoper.interfaces.cli.approach_text import headline
from scoper.interfaces.wording import READINESS, words
from scoper.reasoning.moves import Move
from scoper.services.diffing import uncounted
from scoper.services.diffing_measures import MeasureChanges, NumberChange
from scoper.services.diffing_values import AnswerChange, Difference, PartDifference

_WIDTH = 75
_PARTS = {"alone": "moves the verdict alone", "together": "moves it with others", "no": "moves nothing"}
_WAY = "moves how to go about it, not the verdict"
_MOST = 12


def diff_lines(difference: Difference) -> Iterator[str]:
    """The lines of a comparison."""
    d = difference
    yield f"A  {_side(d.before.name, d.before.title, d.before.date)}"
    yield f"B  {_side(d.after.name, d.after.title, d.after.date)}"
    if d.empty:
        yield "  No difference."
        yield from _wrapped("  ", d.notes)
        return
    for part in d.parts:
        yield from _part(part)
    if d.verdicts is not None and not d.both_in_parts:
        yield from _verdicts(d.verdicts)
        yield from _moves(d)
    if d.both_in_parts:
        yield from _section("Answers that the parts share", [_shared(change) for change in d.answers], 40)
    else:
        yield from _answers(d)
        yield from _solutions(d)
    yield from _lines(d)
    yield from _rules(d)
    if d.approach:
        kinds = ", ".join(kind.replace("_", " ") for kind in d.approach)
        yield from _section("Beside the rules (no verdict rests on these)", [f"changed: {kinds}"])
    if d.measures is not None and not d.measures.empty:
        yield from _measures(d.measures)
    yield from _section("Notes", d.notes)


def _part(part: PartDifference) -> Iterator[str]:
    """What became of a part, its answers and measurements indented under it."""
    before, after = part.verdicts
    head = f"  PART  {part.title} [{part.id}]"
    if before is None or after is None:
        told = _verdict(before or after or {})
        yield from textwrap.wrap(f"{head} {part.change}: {told}", _WIDTH, subsequent_indent="        ")
        return
    if part.change == "same":
        yield from textwrap.wrap(f"{head} the same: {_verdict(before)}", _WIDTH, subsequent_indent="        ")
        return
    yield head
    inner = [*_verdicts((before, after))]
    if part.difference is not None:
        inner += [*_moves(part.difference), *_answers(part.difference)]
        inner += [*_solutions(part.difference), *_lines(part.difference)]
        if part.difference.measures is not None and not part.difference.measures.empty:
            inner += _measures(part.difference.measures)
        inner += _section("Notes", part.difference.notes)
    if part.hands_to[0] != part.hands_to[1]:
        old, new = (", ".join(names) or "none" for names in part.hands_to)
        inner += _section("Hands over to", [f"{old} -> {new}"])
    yield from (f"    {line}" for line in inner)


def _lines(d: Difference) -> Iterator[str]:
    """Title, summary and the like; parts are told one by one."""
    rows = [f"{key}: {_said(old)} -> {_said(new)}" for key, old, new in d.lines if key != "parts"]
    if any(key == "parts" for key, _, _ in d.lines) and all(part.change == "same" for part in d.parts):
        rows.append("parts: in another order")
    yield from _section("Other lines of the case", rows)


def _shared(change: AnswerChange) -> str:
    counts, (before, after) = change.counts, _states(change)
    same = counts[0] == counts[1]
    return f"{change.signal}: {after}, details differ" if same else f"{change.signal}: {before} -> {after}"


def _side(name: str, title: str, date: str | None) -> str:
    return f"{name}{f' of {date}' if date else ''}: {one_line(title)}"


def _verdict(told: Mapping[str, Any]) -> str:
    family = f", {words(told['family'])}" if told["family"] else ""
    settled = "settled" if told["settled"] else "not settled"
    return f"{words(told['technique'])}{family} - {READINESS[told['readiness']]} ({settled})"


def _verdicts(verdicts: tuple[dict[str, Any], dict[str, Any]]) -> Iterator[str]:
    first, second = verdicts
    if first == second:
        yield f"  VERDICT  the same: {_verdict(first)}"
    else:
        yield from textwrap.wrap(_verdict(first), _WIDTH, initial_indent="  VERDICT  ", subsequent_indent=" " * 11)
        yield from textwrap.wrap(_verdict(second), _WIDTH, initial_indent="       ->  ", subsequent_indent=" " * 11)


def _moves(d: Difference) -> Iterator[str]:
    if d.moves is None or d.verdicts is None:
        return
    rows = [_move(move, d.verdicts) for move in d.moves.moves]
    title = "What moved it (each line is a smallest set of changes that alone, applied to A, moves its verdict)"
    if rows:
        yield from _section(title, rows)
    elif d.answers:
        yield "  No change of an answer, and no set of them, moves A's verdict."
    if d.back and d.verdicts[0]["technique"] != d.verdicts[1]["technique"]:
        held = [f"{' and '.join(signals)}  =>  {words(to or 'none')}" for signals, to in d.back]
        yield from _section("What B's verdict rests on (each line, taken back in B, moves its verdict)", held)
    limits = [(aspect, size) for aspect, size in d.moves.up_to.items() if size is not None]
    for aspect, size in limits:
        yield f"    ({aspect}: sets of up to {size} changes were tried, larger ones not)"


def _move(move: Move, verdicts: tuple[dict[str, Any], dict[str, Any]]) -> str:
    parts = [*move.signals, *(["the change of rules"] if move.rules else [])]
    to = (
        READINESS.get(move.to or "", words(move.to or "none"))
        if move.aspect == "readiness"
        else words(move.to or "none")
    )
    aspect = "" if move.aspect == "technique" else f"{move.aspect} "
    away = "" if move.to == verdicts[1][move.aspect] else ", not where B is"
    return f"{' and '.join(parts)}  =>  {aspect}{to}{away}"


def _answers(d: Difference) -> Iterator[str]:
    silent = set(uncounted(d))
    ways = {signal for solution in d.solutions for signal in solution.by}
    rows = [_answer(change, change.signal in silent, change.signal in ways) for change in d.answers]
    yield from _section("Answers", rows, 40)


def _answer(change: AnswerChange, silent: bool, way: bool) -> str:
    before, after = _states(change)
    if change.counts[0] != change.counts[1]:
        moved = _WAY if way and change.moves == "no" else _PARTS[change.moves]
        return f"{change.signal}: {before} -> {after} - {moved}"
    note = "" if not silent else "; what counts is the same"
    if not change.before or not change.after:
        return f"{change.signal}: {before} -> {after}{note}"
    moved = "" if silent or change.moves == "no" else f" - {_PARTS[change.moves]}"
    return f"{change.signal}: {after}, with other {_details(change)}{note}{moved}"


def _states(change: AnswerChange) -> tuple[str, str]:
    """Both sides as they are told: what counts, who said what where respondents differ, and whether anybody answered.

    A side without an answer counts as unknown and is told so beside a known one.
    """
    same = change.counts[0] == change.counts[1]
    before, after = (
        "unanswered" if same and not entries else _state(entries, counts)
        for entries, counts in zip((change.before, change.after), change.counts, strict=True)
    )
    return before, after


def _state(entries: Sequence[Mapping[str, str]], counts: str) -> str:
    if len({entry["answer"] for entry in entries} - {UNKNOWN}) < 2:
        return counts
    called = people(entry.get("by") for entry in entries)
    said = ", ".join(f"{name}: {entry['answer']}" for name, entry in zip(called, entries, strict=True))
    return f"disputed ({said}), counts as {counts}"


def _solutions(d: Difference) -> Iterator[str]:
    rows = [
        f"{headline(each.before)}  ->  {headline(each.after)}" + (f" - by {' and '.join(each.by)}" if each.by else "")
        for each in d.solutions
    ]
    yield from _section("How to go about it", rows)


def _details(change: AnswerChange) -> str:
    if len(change.before) != len(change.after):
        return "respondents"
    keys = {
        key
        for old, new in zip(change.before, change.after, strict=True)
        for key in (*old, *new)
        if old.get(key) != new.get(key)
    }
    names = {"by": "name", "answer": "respondents' answers"}
    return " and ".join(names.get(key, key) for key in sorted(keys)) or "order"


def _rules(d: Difference) -> Iterator[str]:
    rules = d.rules
    if rules is None or rules.before == rules.after:
        return
    rows = [f"{rules.before} -> {rules.after}"]
    for what, ids in (("added", rules.added), ("removed", rules.removed), ("altered", rules.altered)):
        rows += [f"{what}: {', '.join(ids)}"] if ids else []
    yield from _section("Rules", rows)


def _measures(m: MeasureChanges) -> Iterator[str]:
    rows = []
    if m.verdict:
        rows.append(f"probe: {_word(m.verdict[0])} -> {_word(m.verdict[1])}")
    if m.spec:
        rows.append(f"measured on another spec: {m.spec[0] or 'none'} -> {m.spec[1] or 'none'}")
    rows += [f"{name}: {old or 'not told'} -> {new or 'not told'}" for name, old, new in m.settings]
    rows += [f"new {severity} {code}: {claim}" for code, severity, claim in m.appeared]
    rows += [f"gone {severity} {code}: {claim}" for code, severity, claim in m.gone]
    if m.untold:
        rows.append(f"findings or numbers differ; {' and '.join(m.untold)} does not tell which (a .json report does)")
    yield from _section("Measurements", rows, 30)
    yield from _section("Numbers", [_number(change) for change in m.numbers], 30)


def _number(change: NumberChange) -> str:
    words_ = {True: " - apart", False: " - may be chance: the intervals meet", None: ""}
    return f"{change.name}: {_range(change.before)} -> {_range(change.after)}{words_[change.apart]}"


def _range(told: Mapping[str, float] | None) -> str:
    if told is None:
        return "not measured"
    mean = number(told["mean"])
    if "low" not in told or told["low"] == told["high"]:
        return mean
    return f"{mean} ({number(told['low'])} to {number(told['high'])})"


def _word(verdict: str | None) -> str:
    return words(verdict) if verdict else "none"


def _said(text: str) -> str:
    line = one_line(text)
    return f"'{line[:77]}…'" if len(line) > 78 else f"'{line}'" if line else "nothing"


def _section(title: str, rows: Sequence[str], shown: int = _MOST) -> Iterator[str]:
    if not rows:
        return
    yield from textwrap.wrap(title, _WIDTH, initial_indent="  ", subsequent_indent="  ")
    for row in rows[:shown]:
        yield from textwrap.wrap(one_line(row), _WIDTH, initial_indent="    - ", subsequent_indent="      ")
    if len(rows) > shown:
        yield f"    ({len(rows) - shown} more in --json)"


def _wrapped(indent: str, texts: Sequence[str]) -> Iterator[str]:
    for text in texts:
        yield from textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=indent)
