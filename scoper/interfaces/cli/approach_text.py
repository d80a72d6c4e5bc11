"""How to go about a verdict as lines of plain text: methods, rungs, sub-types, what is missing, the risk register."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from scoper.domain.approach import Approach, Choice, Entry, Ground, Selection
from scoper.interfaces.wording import words

NOTHING_MORE = "No further follow-up question tells anything more."
ALL_PUT_OFF = "Every follow-up question that is left was put off."
_WIDTH = 79
_BRIEF = 3
_TITLES = {
    "methods": "Methods, best first",
    "rung": "Rungs, the lowest first",
    "sub_type": "Kinds",
    "missing": "What is missing first",
}
_WORK = ("check", "scaffold", "first_week", "kill", "come_back")
_TEXTS = ("steps", "compute", "effort", "libraries", "in_scoper", "limits", "costs", *_WORK)
_STANDING = {"fits": "fits", "open": "open", "excluded": "no"}


def brief_approach(approach: Approach) -> Iterator[str]:
    """A line or two for each selection: what comes first, and what may come instead."""
    if approach.selections:
        yield "  How to go about it (more: scoper methods CASE)"
    for said in headlines(approach):
        yield from _indented(said, 4, "- ")


def headlines(approach: Approach) -> tuple[str, ...]:
    """What to take of every selection; methods say for which technique where there are others."""
    several = len({each.technique for each in approach.selections if each.kind != "missing"}) > 1
    return tuple(
        f"{words(each.technique)}: {headline(each)}" if several and each.kind == "methods" else headline(each)
        for each in approach.selections
    )


def headline(selection: Selection) -> str:
    """What to take, in one sentence."""
    chosen = selection.choice(selection.chosen)
    if chosen is None:
        return (
            "no rung fits as answered; what forbids them stands below" if selection.kind == "rung" else "nothing fits"
        )
    others = [c.name for name in selection.possible if name != chosen.id and (c := selection.choice(name))]
    if selection.kind == "methods":
        then = f"; then {', '.join(others[: _BRIEF - 1])}" if others else ""
        return f"start with {chosen.name}{then}"
    if selection.kind == "rung":
        if selection.settled:
            return f"lowest rung that fits: {chosen.level}, {chosen.name}"
        most = max((c.level for name in selection.possible if (c := selection.choice(name))), default=chosen.level)
        up = f", up to rung {most}" if most > chosen.level else ""
        return f"lowest rung that may fit: {chosen.level}, {chosen.name}; open facts can force another{up}"
    word = "first" if selection.kind == "missing" else words(selection.technique)
    named = chosen.name if chosen.name == word else f"{word}: {chosen.name}"
    if selection.settled:
        return named
    left = f"{len(others)} other kinds are" if len(others) > 1 else "one other kind is"
    return f"{named}, as far as answered; {left} still possible"


def approach_lines(approach: Approach, *, everything: bool) -> Iterator[str]:
    """Every selection with its choices; those that are ruled out only with `everything`."""
    for selection in approach.selections:
        yield ""
        yield from _indented(f"{_TITLES[selection.kind]} ({words(selection.technique)}): {headline(selection)}", 0)
        shown = [c for c in selection.choices if everything or c.standing != "excluded" or selection.kind == "rung"]
        for choice in shown:
            yield from _choice_lines(choice, selection)
        if hidden := len(selection.choices) - len(shown):
            yield f"  ({hidden} more are ruled out; --all says why)"
        if selection.asks:
            yield "  Would tell them apart"
            for ask in selection.asks:
                yield from _indented(f"{ask.id}: {ask.text}", 4, "- ")


def _choice_lines(choice: Choice, selection: Selection) -> Iterator[str]:
    mark = ">" if choice.id == selection.chosen else " "
    level = f"{choice.level} " if selection.kind == "rung" else ""
    yield f"{mark} [{_STANDING[choice.standing]:<4}] {level}{choice.name}"
    if choice.standing == "excluded":
        said = [_said(reason) for reason in choice.why_not] or ["nothing in the answers calls for it"]
        for text in said:
            yield from _indented(text, 9, "- not: ")
        return
    yield from _indented(choice.summary, 9)
    for reason in [g for g in choice.why if g.basis != "needed"]:
        points = f" (+{reason.points})" if reason.points else ""
        yield from _indented(f"{_said(reason)}{points}", 9, "- why: ")
    if choice.id == selection.chosen or selection.kind == "methods":
        for reason in choice.open:
            yield from _indented(_said(reason), 9, "- open: ")
    if choice.id == selection.chosen:
        yield from _text_lines(choice)


def _text_lines(choice: Choice) -> Iterator[str]:
    """What the file says besides."""
    for key in _TEXTS:
        if said := choice.texts.get(key):
            yield from _indented(f"{words(key)}: {', '.join(said)}", 9, "- ")
    for said_climb in choice.texts.get("climb", ()):
        yield from _indented(said_climb, 9, "- climb when: ")


def _said(reason: Ground) -> str:
    facts = ", ".join(f"{words(fact)}: {words(value)}" for fact, value in reason.facts.items())
    return f"{reason.text} [{facts}]" if facts else reason.text


def risk_lines(risks: Sequence[Entry]) -> Iterator[str]:
    """The register: what certainly applies in full, what may apply with the facts that decide."""
    certain = [entry for entry in risks if entry.standing == "fits"]
    for entry in certain:
        listed = f" [{entry.catalogue}]" if entry.catalogue else ""
        yield ""
        yield from _indented(f"{entry.id}: {entry.title}{listed}", 0)
        for key in ("trigger", "detection", "mitigation", "owner", "source"):
            yield from _indented(f"{key:<11}{getattr(entry, key)}", 2)
    still_open = [entry for entry in risks if entry.standing == "open"]
    if still_open:
        yield ""
        yield "May apply, depending on what is open"
    for entry in still_open:
        listed = f" [{entry.catalogue}]" if entry.catalogue else ""
        facts = ", ".join(f"{words(fact)}: {words(value)}" for fact, value in entry.facts.items())
        yield from _indented(f"{entry.id}: {entry.title}{listed} ({facts})", 2, "- ")


def _indented(text: str, indent: int, mark: str = "") -> list[str]:
    first = " " * indent + mark
    return textwrap.wrap(text, _WIDTH, initial_indent=first, subsequent_indent=" " * len(first), break_on_hyphens=False)
