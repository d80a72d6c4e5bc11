"""The report as it would be written, and a way to save it."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Markdown

from scoper.domain.text import clean
from scoper.interfaces.tui import spec_steps
from scoper.interfaces.tui.base import STEP_KEYS, StepScreen, app_of, run_beside, while_here
from scoper.interfaces.tui.dialogs import AskLine, Sure
from scoper.interfaces.tui.keys import named
from scoper.interfaces.tui.session import Session
from scoper.interfaces.tui.widgets.safe import Words


class ReportScreen(StepScreen):
    """A preview; `ctrl+s` or `w` writes it to a file."""

    STEP = "report"
    HELP = "The report of this case. {report.save} saves it; the ending .md, .html or .json chooses the format."
    AUTO_FOCUS = "#report"
    BINDINGS: ClassVar[list[BindingType]] = named("report", [Binding("w,ctrl+s", "save", "save to a file"), *STEP_KEYS])

    _shown = ""

    def body(self) -> ComposeResult:
        """The rendered Markdown, and what is said until it is there."""
        yield Words("Making the report ...", id="making", classes="heading")
        with VerticalScroll(id="report", classes="page"):
            yield Markdown(id="report-text", open_links=False)

    def show(self, session: Session) -> None:
        """Show this session's report; one that is not made yet is made once the screen has said so."""
        if session.report:
            run_beside(self, "report", self._fill, session.report)
        else:
            self.call_after_refresh(self._make)

    def _make(self) -> None:
        session = app_of(self).session
        if session.step == self.STEP and not session.report:
            app_of(self).do(spec_steps.make_report)

    async def _fill(self, text: str) -> None:
        with while_here(self):
            if text != self._shown:
                self._shown = text
                await self.query_one(Markdown).update(clean(text))
            self.query_one("#making").display = False

    @on(Markdown.LinkClicked)
    def _to_section(self, event: Markdown.LinkClicked) -> None:
        if event.href.startswith("#"):
            self.query_one(Markdown).goto_anchor(event.href[1:])

    def action_save(self) -> None:
        """Ask for a name, then save."""
        file = app_of(self).session.file
        named = "_".join([file.path.stem, *([file.part] if file.part else []), "report.md"]) if file else "report.md"
        self.app.push_screen(AskLine("Save the report as (.md, .html or .json)", named), self._named)

    def _named(self, name: str | None) -> None:
        file = app_of(self).session.file
        if not name or file is None:
            return
        if (file.path.parent / name).exists():
            self.app.push_screen(Sure(f"Replace the file {name}?"), lambda sure: self._save(name, sure == "yes"))
        else:
            self._save(name, None)

    def _save(self, name: str, replace: bool | None) -> None:
        if replace is not False:
            app_of(self).do(spec_steps.save_report, str(Path(name)), bool(replace))


SCREEN = ReportScreen
