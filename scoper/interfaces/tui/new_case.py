"""A new case: its title and, if wanted, a summary."""

from __future__ import annotations

from collections.abc import Iterator

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from scoper.interfaces.tui.dialogs import CLOSE, Dialog
from scoper.interfaces.tui.keys import told
from scoper.interfaces.tui.widgets.safe import Words
from scoper.interfaces.tui.widgets.typed import Line


class NewCase(Dialog[tuple[str, str]]):
    """Returns title and summary; a title must be given."""

    TITLE_TEXT = "New case"
    AUTO_FOCUS = "#title"

    def contents(self) -> Iterator[Widget]:
        """Two lines to type."""
        yield Words("Title: the decision, in a few words", classes="label")
        yield Line(id="title", max_length=200)
        yield Words("Summary: the problem as its owner tells it (optional)", classes="label")
        yield Line(id="summary")
        yield Words((self._way_on(), "$text-muted"), id="hint", classes="dialog-hint")

    @on(Input.Submitted, "#title")
    def _titled(self, event: Input.Submitted) -> None:
        self.query_one("#summary").focus() if event.value.strip() else self._want_title()

    @on(Input.Submitted, "#summary")
    def _summarised(self, event: Input.Submitted) -> None:
        title = self.query_one("#title", Line)
        self.dismiss((title.value, event.value)) if title.value.strip() else self._want_title()

    def _way_on(self) -> str:
        return told(self, f"Enter goes on, {CLOSE} goes back")

    @on(Input.Changed, "#title")
    def _typed(self) -> None:
        self.query_one("#hint", Words).say((self._way_on(), "$text-muted"))

    def _want_title(self) -> None:
        self.query_one("#hint", Words).say(("A case needs a title: the decision, in a few words.", "bold $error"))
        self.query_one("#title").focus()
