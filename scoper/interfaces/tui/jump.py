"""All questions by section with how each stands; choosing one goes there.

Three states each: a section is not started, in progress or done; a question answered, open or not needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList

from scoper.interfaces.tui import words
from scoper.interfaces.tui.dialogs import Dialog
from scoper.interfaces.tui.following import heading_of, listed
from scoper.interfaces.tui.keys import named
from scoper.interfaces.tui.session import Session
from scoper.interfaces.tui.widgets.safe import Choices

_MARKS = {"answered": "●", "open": "○", "skipped": "○", "not needed": "·"}
_STATES = {"skipped": "open, put off"}


class JumpScreen(Dialog[str]):
    """Returns the id of the chosen question."""

    TITLE_TEXT = "Jump to a question"
    AUTO_FOCUS = "#jump"
    BINDINGS: ClassVar[list[BindingType]] = named("jump", [Binding("j", "dismiss(None)", "close", show=False)])

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def contents(self) -> Iterator[Widget]:
        """The list."""
        yield Choices(id="jump")

    def on_mount(self) -> None:
        """Fill in the list, the cursor on the current question."""
        self.query_one("#jump", Choices).fill(rows(self._session), self._session.current)

    @on(OptionList.OptionSelected, "#jump")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(str(event.option_id))


def rows(session: Session) -> list[tuple[str, Content]]:
    """A heading with its progress per section, and a row per question: mark, name, state, answer; follow-ups last."""
    found: list[tuple[str, Content]] = []
    for section, questions in groupby(session.library.questions.values(), key=lambda question: question.section):
        heading = words.plain(section).capitalize()
        found.append(("", words.line((f"{heading}: {session.progress_of(section)}", "bold"))))
        found += [(question.id, _row(session, question.id)) for question in questions]
    besides = listed(session)
    found += [("", words.line((heading_of(session, besides), "bold")))] if besides else []
    return [*found, *((name, _row(session, name)) for name in besides)]


def _row(session: Session, name: str) -> Content:
    state = session.state_of(name)
    given = ", ".join(words.plain(a.answer) for a in session.case.answers.get(name, ()))
    told = f"{state}: {given}" if given else _STATES.get(state, state)
    return words.line(f" {_MARKS[state]} {words.signal(name).ljust(34)} {told}")
