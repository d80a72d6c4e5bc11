"""Check your answers: all of them by section, each with a way to change it."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList

from scoper.domain.questionnaire import Answer, Question
from scoper.interfaces.tui import steps, words
from scoper.interfaces.tui.base import FOLLOW, STEP_KEYS, StepScreen, app_of
from scoper.interfaces.tui.compare import CompareScreen
from scoper.interfaces.tui.following import heading_of, listed
from scoper.interfaces.tui.keys import named
from scoper.interfaces.tui.session import Session
from scoper.interfaces.tui.widgets.safe import Choices, Words
from scoper.services.follow_ups import follow_ups_of

_NAME, _ACTION = 36, "Change"


class ReviewScreen(StepScreen):
    """Enter changes the answer under the cursor and comes straight back."""

    STEP = "review"
    HELP = "Check your answers. Enter changes the one under the cursor and comes back here."
    AUTO_FOCUS = "#review"
    BINDINGS: ClassVar[list[BindingType]] = named(
        "review",
        [
            Binding("u", "undo", "undo", tooltip="take the last answer back; again for the one before"),
            Binding("p", "compare", "people", tooltip="compare respondents: who said what, and where it leads"),
            replace(FOLLOW, show=True),
            *STEP_KEYS,
        ],
    )

    def body(self) -> ComposeResult:
        """A summary line and the list."""
        yield Words(id="review-head", classes="heading")
        yield Choices(id="review")

    def show(self, session: Session) -> None:
        """Show this session's answers."""
        counts = session.counts()
        without = sum(1 for given in _signals(session).values() if not any(a.evidence for a in given))
        said = f"{counts['answered']} answered, {counts['open'] + counts['skipped']} open, {without} without evidence"
        self.query_one("#review-head", Words).say(("Check your answers", "bold $primary"), f"   {said}")
        self._fill(session)

    def on_resize(self) -> None:
        """Wrap the rows to the new width, once the layout has it."""
        self.follow_size()

    def _fill(self, session: Session) -> None:
        rows = self.query_one("#review", Choices)
        rows.fill(rows_of(session, rows.scrollable_content_region.width - 2), session.current)

    @on(OptionList.OptionSelected, "#review")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        app_of(self).do(steps.ask, str(event.option_id), "review")

    def action_undo(self) -> None:
        """Take the last answer back, and stay here."""
        app_of(self).do(steps.undo_in_review)

    def action_compare(self) -> None:
        """Who said what."""
        self.app.push_screen(CompareScreen(app_of(self).session))


def rows_of(session: Session, width: int) -> list[tuple[str, Content]]:
    """A heading per section; per question its name, answer, confidence and evidence, wrapped to `width`."""
    found: list[tuple[str, Content]] = []
    for section, questions in groupby(session.library.questions.values(), key=lambda question: question.section):
        heading = words.plain(section).capitalize()
        found.append(("", words.line((f"{heading}: {session.progress_of(section)}", "bold"))))
        found += [(question.id, _row(session, question, width)) for question in questions]
    besides = listed(session)
    if besides:
        asked = follow_ups_of(session.library.questions)
        found.append(("", words.line((heading_of(session, besides), "bold"))))
        found += [(name, _row(session, asked[name], width)) for name in besides]
    return found


def _signals(session: Session) -> dict[str, tuple[Answer, ...]]:
    return {s: given for s, given in session.case.answers.items() if s in session.library.questions}


def _row(session: Session, question: Question, width: int) -> Content:
    given = session.case.answers.get(question.id, ())
    room = max(8, width - _NAME - len(_ACTION) - 3)
    said = words.fit(_answers(session, question), room)
    gap = " " * max(1, room - words.cells(said) + 1)
    name = words.fit(words.signal(question.id), _NAME - 3).ljust(_NAME - 2)
    head = words.line(f"  {name}", (said, "bold"), gap, (_ACTION, "bold $accent"))
    notes = [note for answer in given if (note := _note(answer))]
    return words.lines([head, *(words.hanging(words.line("      "), note, width) for note in notes)])


def _answers(session: Session, question: Question) -> str:
    given = session.case.answers.get(question.id, ())
    if given:
        return " / ".join(words.plain(a.answer) for a in given)
    if session.state_of(question.id) != "not needed":
        return "not provided"
    return "not provided; a follow-up" if session.approach and question.id in session.approach.open else "not needed"


def _note(answer: Answer) -> str:
    sure = f"{answer.confidence} confidence" if answer.confidence else None
    about = ", ".join(part for part in (answer.by, sure) if part)
    return f"{about}: {answer.evidence}" if about and answer.evidence else answer.evidence or about


SCREEN = ReviewScreen
