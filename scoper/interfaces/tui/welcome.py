"""The first screen: a new case, the cases of this folder, the examples."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList

from scoper.interfaces.tui import shelf, steps, words
from scoper.interfaces.tui.base import StepScreen, app_of
from scoper.interfaces.tui.keys import named
from scoper.interfaces.tui.session import Session
from scoper.interfaces.tui.widgets.safe import Choices, Words


class WelcomeScreen(StepScreen):
    """Choose what to work on; nothing is written before a title is given."""

    STEP = "welcome"
    HELP = "Start a new case, go on with one of this folder, or take a copy of an example."
    AUTO_FOCUS = "#cases"
    BINDINGS: ClassVar[list[BindingType]] = named(
        "welcome",
        [
            Binding("n", "new", "new case"),
            Binding("ctrl+t", "app.toggle_theme", "light or dark"),
            Binding("ctrl+p", "app.command_palette", "commands"),
            Binding("ctrl+q", "app.quit", "quit"),
        ],
    )

    def body(self) -> ComposeResult:
        """A greeting and the list."""
        count = len(app_of(self).session.library.questions)
        yield Words(
            ("Reinforcement learning, LLM orchestration or plain automation?", "bold $primary"),
            f"\nAt most {count} questions about the problem; every answer is saved at once.",
            id="greeting",
        )
        yield Choices(id="cases")

    def show(self, session: Session) -> None:
        """List what can be opened."""
        cases = self.query_one("#cases", Choices)
        cases.fill(rows(session.folder, cases.scrollable_content_region.width))

    def on_resize(self) -> None:
        """Use the new width."""
        self.follow_size()

    @on(OptionList.OptionSelected, "#cases")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        kind, _, name = str(event.option_id).partition(":")
        if kind == "new":
            self.action_new()
        else:
            app_of(self).do(steps.open_case if kind == "open" else steps.copy_example, Path(name))

    def action_new(self) -> None:
        """Ask for a title, then start the interview."""
        from scoper.interfaces.tui.new_case import NewCase

        self.app.push_screen(NewCase(), self._created)

    def _created(self, named: tuple[str, str] | None) -> None:
        if named is not None:
            app_of(self).do(steps.new_case, *named)


def rows(folder: Path, width: int) -> list[tuple[str, Content]]:
    """The new case, then the cases of the folder, then the examples."""
    found: list[tuple[str, Content]] = [("new:", words.line((" + New case", "bold")))]
    for kind, title, cases in (
        ("open", "Cases in this folder", shelf.cases_in(folder)),
        ("copy", "Examples (opens a copy)", shelf.examples()),
    ):
        found += [("", words.line((title, "bold")))] if cases else []
        found += [(f"{kind}:{entry.path}", _row(entry, width)) for entry in cases]
    return found


def _row(entry: shelf.Entry, width: int) -> Content:
    names = max(20, min(48, width // 3))
    titles = max(20, width - names - 6)
    title = words.fit(entry.title, titles)
    gap = " " * (titles - words.cells(title) + 2)
    return words.line((f"   {title}", "bold"), gap, words.fit(entry.path.name, names))


SCREEN = WelcomeScreen
