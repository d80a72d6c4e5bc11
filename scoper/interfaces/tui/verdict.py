"""The verdict with everything it rests on: readiness, reasons, flips, why not the others, the article's table."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from scoper.interfaces.tui import verdict_text
from scoper.interfaces.tui.base import FOLLOW, STEP_KEYS, StepScreen
from scoper.interfaces.tui.following import about
from scoper.interfaces.tui.keys import named
from scoper.interfaces.tui.session import Session
from scoper.interfaces.tui.widgets.safe import Words


class VerdictScreen(StepScreen):
    """A page to read; it computes nothing."""

    STEP = "verdict"
    HELP = "The verdict and what it rests on. Arrow keys and Page keys scroll."
    AUTO_FOCUS = "#verdict"
    BINDINGS: ClassVar[list[BindingType]] = named(
        "verdict",
        [
            *STEP_KEYS,
            replace(FOLLOW, show=True),
            Binding("f2", "app.go('interview')", "answer more"),
        ],
    )

    def body(self) -> ComposeResult:
        """Room for the paragraphs."""
        with VerticalScroll(id="verdict", classes="page"):
            yield Words(id="verdict-text")

    def show(self, session: Session) -> None:
        """Show this session's verdict."""
        self._fill(session)

    def on_resize(self) -> None:
        """Wrap to the new width, once the layout has it: text put in before would keep the height of the old one."""
        self.follow_size()

    def _fill(self, session: Session) -> None:
        width = self.query_one("#verdict").scrollable_content_region.width
        if width and session.verdict is not None:
            text = verdict_text.page(session.verdict, session.case, session.library.questions, width, about(session))
            self.query_one("#verdict-text", Words).update(text)


SCREEN = VerdictScreen
