"""The nearest real projects as lines of plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from scoper.domain.questionnaire import Case
from scoper.interfaces.wording import words
from scoper.reasoning.precedents import MIN_COMPARED, Match
from scoper.services.precedent_bearing import Used, bearing

_WIDTH = 79
_LABEL = 10


def precedent_lines(case: Case, technique: str, matches: Sequence[Match], known: int) -> Iterator[str]:
    """The lines of a case's nearest projects and what they say about its verdict, or why there are none."""
    yield case.title
    if not matches:
        answered = len(case.facts())
        told = f"No project can be compared: {answered} answers known here, {MIN_COMPARED} shared ones are needed."
        yield from _wrapped(told, "  ", "  ")
        return
    yield from _wrapped(f"NEAREST of {known} real projects (mean agreement over the answers known in both)", "  ", "  ")
    used = [Used(each.precedent.worked, float(each.distance), each.precedent.arguable) for each in matches]
    said = bearing(technique, used, words)
    told = f"{said.alarm} {said.sentence}".strip()
    yield from _wrapped(told, "  ", "  ")
    for place, match in enumerate(matches, start=1):
        yield ""
        yield from _project(place, match)
    yield ""
    yield "  A second opinion: no verdict is made from precedents."


def _project(place: int, match: Match) -> Iterator[str]:
    precedent = match.precedent
    yield from _wrapped(f"{precedent.title} ({precedent.domain}, {precedent.year})", f"  {place}. ", " " * 5)
    yield from _labelled("Alike", f"{match.similarity:.0%} over {match.compared} answers")
    yield from _labelled("Problem", precedent.problem)
    yield from _labelled("Worked", _worked(match))
    yield from _labelled("Lesson", precedent.lesson)
    yield from _labelled("Same", ", ".join(match.same) or "nothing")
    differs = [f"{each.signal} ({each.ours} here, {each.theirs} there)" for each in match.different]
    yield from _labelled("Differs", ", ".join(differs) or "nothing")
    yield from _labelled("Source", precedent.source + ("" if precedent.source_seen else " (cited, not read for this)"))


def _worked(match: Match) -> str:
    precedent = match.precedent
    names = [words(precedent.worked)]
    if precedent.family:
        others = ", ".join(words(family) for family in precedent.family_alternatives)
        names.append(words(precedent.family) + (f" (or {others})" if others else ""))
    names += ["at research grade"] if precedent.research_grade else []
    names += ["experts could differ"] if precedent.arguable else []
    return "; ".join(names)


def _labelled(label: str, text: str) -> list[str]:
    first = f"     {label:<{_LABEL}}"
    return _wrapped(text, first, " " * len(first))


def _wrapped(text: str, first: str, later: str) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=later,
        break_on_hyphens=False,
        break_long_words=False,
    )
