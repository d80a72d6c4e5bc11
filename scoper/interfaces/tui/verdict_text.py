"""A verdict as a page of text: headings and wrapped paragraphs, most important first. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from textual.content import Content

from scoper.domain.decision import Cell, Flip, Verdict
from scoper.domain.questionnaire import Case, Question
from scoper.interfaces.tui import words
from scoper.interfaces.tui.widgets.verdict_panel import support
from scoper.interfaces.wording import SETTLED, UNSETTLED, telling, worth
from scoper.reasoning.verdict import TO_FIND_OUT
from scoper.services.scoping import DIFFER, TO_AGREE

_MOST_REASONS = 3
_MOST_FLIPS = 6  # one for each verdict that there can be instead
_SHORT = 26


def page(
    verdict: Verdict, case: Case, questions: Mapping[str, Question], width: int, about: Sequence[str] = ()
) -> Content:
    """All sections that have something to say, wrapped to `width` cells; `about` is how to go about it."""
    rows: list[Content] = []
    for title, paragraphs in _sections(verdict, case, questions, about):
        shown = list(paragraphs)
        if shown:
            rows += [Content(""), words.line((title, "bold $primary"))] if title else []
            rows += [_paragraph(words.line(head), body, width - 1) for head, body in shown]
    return words.lines(rows)


def _paragraph(head: Content, body: str, width: int) -> Content:
    if not body:
        return head
    return words.hanging(head, body, width) if head.cell_length <= _SHORT else words.flowing(head, body, width, 4)


Paragraph = tuple[tuple[str, str], str]


def _sections(
    verdict: Verdict, case: Case, questions: Mapping[str, Question], about: Sequence[str]
) -> Iterator[tuple[str, Iterator[Paragraph]]]:
    yield "", _top(verdict)
    yield "Why: each of these sets of answers is enough", _reasons(verdict, case)
    yield "What would change it", _flips(verdict)
    yield "How to go about it", ((("· ", "bold $accent"), said) for said in about)
    yield "Worth finding out next", _next(verdict, questions)
    yield "Support", _ranking(verdict)
    yield "Why not the others", _why_not(verdict)
    yield "The decision table of TechnoLynx (2025), with your answers", _cells(verdict.cells)
    yield "Notes", ((("· ", "$text-muted"), note) for note in (*(c.advice for c in verdict.conflicts), *verdict.notes))


def _condition(condition: str) -> str:
    """A condition with its questions called as the rest of the screen calls them."""
    for begins, ends in ((TO_FIND_OUT, "."), (TO_AGREE, DIFFER)):
        if condition.startswith(begins) and condition.endswith(ends):
            signals = condition.removeprefix(begins).removesuffix(ends).split(", ")
            return f"{begins}{', '.join(words.signal(signal) for signal in signals)}{ends}"
    return condition


def _top(verdict: Verdict) -> Iterator[Paragraph]:
    yield (f"{words.technique(verdict.technique)}  ", "bold $success"), SETTLED if verdict.settled else UNSETTLED
    if words.unsure(verdict):
        yield ("  but  ", "bold $warning"), words.unsure(verdict)
    yield ("Readiness  ", "bold"), words.title("readiness", verdict.readiness)
    for condition in verdict.conditions:
        yield ("  if  ", "bold $warning"), _condition(condition)
    if verdict.family:
        rest = (entry for entry in verdict.family_ranking if entry.support > 0 and entry.family != verdict.family)
        others = [f"{words.name('families', entry.family)} {words.percent(entry.support)}" for entry in rest]
        also = f" (also possible: {', '.join(others)})" if others else ""
        yield ("Method family  ", "bold"), f"{words.name('families', verdict.family)}{also}"
    if verdict.close_to:
        yield ("Close to  ", "bold"), words.technique(verdict.close_to)
    for title, kind, named in (
        ("Mark as  ", "qualifiers", verdict.qualifiers),
        ("Around it  ", "techniques", verdict.surroundings),
    ):
        if named:
            yield (title, "bold"), "; ".join(words.name(kind, key) for key in named)


def _reasons(verdict: Verdict, case: Case) -> Iterator[Paragraph]:
    for number, reason in enumerate(verdict.reasons[:_MOST_REASONS], start=1):
        given = (f"{words.signal(signal)}: {words.plain(case.value_of(signal))}" for signal in reason)
        yield (f"{number}. ", "bold $accent"), ", ".join(given)
    if len(verdict.reasons) > _MOST_REASONS:
        yield ("   ", ""), f"and {len(verdict.reasons) - _MOST_REASONS} more such sets"


def _flips(verdict: Verdict) -> Iterator[Paragraph]:
    for flip in telling(verdict.flips)[:_MOST_FLIPS]:
        yield ("· ", "bold $accent"), _flip(flip)
    if len(verdict.flips) > _MOST_FLIPS:
        yield ("  ", ""), f"and {len(verdict.flips) - _MOST_FLIPS} more; scoper assess FILE --all lists every one"


def _flip(flip: Flip) -> str:
    change = " and ".join(f"{words.signal(signal)}: {words.plain(value)}" for signal, value in flip.change.items())
    return f"{change} → {words.technique(flip.to)} ({words.name('efforts', flip.effort)})"


def _next(verdict: Verdict, questions: Mapping[str, Question]) -> Iterator[Paragraph]:
    for entry in verdict.next_questions[:5]:
        question = questions.get(entry.signal)
        how = entry.find_out or (question.find_out if question else "")
        yield (f"{words.signal(entry.signal)} ({worth(entry)})  ", "bold"), how


def _ranking(verdict: Verdict) -> Iterator[Paragraph]:
    for entry in verdict.ranking:
        name = words.technique(entry.technique).ljust(24)
        yield (f"{name}{words.bar(entry.support, 20)}  {support(verdict, entry)}", ""), ""


def _why_not(verdict: Verdict) -> Iterator[Paragraph]:
    for name, reasons in verdict.why_not.items():
        yield (f"{words.technique(name)}  ", "bold"), "; ".join(words.spelled(reason) for reason in reasons)


def _cells(cells: tuple[Cell, ...]) -> Iterator[Paragraph]:
    for cell in sorted(cells, key=lambda cell: (cell.row, not cell.spoke)):
        if cell.spoke:
            what = f"row {cell.row}, {words.signal(cell.signal)}: {words.plain(cell.answer)}  "
            mark = f"{words.name('marks', cell.mark)} ({words.name('basis', cell.basis)})"
            yield (what, "bold"), f"{words.technique(cell.technique)}: {mark}. {cell.reason}"
