"""The app: holds the session, shows the screen of its step, runs the probe, and leaves the terminal as it found it.

It decides nothing. A handler anywhere calls `do` with a function of `steps`; errors of the services become a message.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.screen import Screen

from scoper.errors import ScoperError
from scoper.interfaces.tui import conflicts, spec_steps, steps
from scoper.interfaces.tui.session import STEPS, Session, Step
from scoper.interfaces.tui.theme import DARK, LIGHT, THEMES
from scoper.services.library import Library

_WIDTHS = [(0, "-narrow"), (78, "-normal"), (100, "-wide")]
_HEIGHTS = [(0, "-short"), (22, "-medium"), (34, "-tall")]


def _no_session() -> Session:
    raise LookupError("the app is given a session when it is made")


class ScoperApp(App[None]):
    """Scope a problem: interview, verdict, spec, probe, report."""

    TITLE = "scoper"
    CSS_PATH = "style.tcss"
    HORIZONTAL_BREAKPOINTS = _WIDTHS
    VERTICAL_BREAKPOINTS = _HEIGHTS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "all keys", priority=True),
        *(Binding(f"f{n}", f"go('{step}')", step, show=False, priority=True) for n, step in enumerate(STEPS, start=2)),
        Binding("ctrl+o", "go('welcome')", "open another case", show=False),
        Binding("ctrl+t", "toggle_theme", "light or dark", show=False),
        Binding("ctrl+q", "quit", "quit", show=False, priority=True),
    ]

    session: reactive[Session] = reactive(_no_session, init=False, repaint=False)

    def __init__(self, session: Session) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DARK.name
        for name in set(self.available_themes) - {theme.name for theme in THEMES}:
            self.unregister_theme(name)
        self.set_reactive(ScoperApp.session, session)
        self.failure: Exception | None = None

    def on_mount(self) -> None:
        """Show the first screen and listen for the signals that end a program."""
        self.push_screen(self._screen_of(self.session.step))
        if not self.is_headless:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                asyncio.get_running_loop().add_signal_handler(number, self._leave, number)
            self.set_interval(1.0, self._leave_when_orphaned)

    def do(self, change: Callable[..., Session], *arguments: object) -> None:
        """Replace the session by what `change` makes of it; say why when it cannot."""
        try:
            self.session = change(self.session, *arguments)
        except ScoperError as error:
            conflicts.explain(self, error, lambda: self.do(change, *arguments))

    def go(self, step: Step) -> None:
        """Show another step."""
        self.do(steps.go, step)
        self.do(spec_steps.notice)

    def watch_session(self, before: Session, after: Session) -> None:
        """Show the screen of the session's step; a probe ends with the case it belongs to."""
        if before.file and after.file and before.file.path != after.file.path:
            self.workers.cancel_group(self, "probe")
        if before.step != after.step:
            self.switch_screen(self._screen_of(after.step))

    def action_go(self, step: Step) -> None:
        """Show another step, unless a dialog waits for its answer."""
        if not self.screen.is_modal:
            conflicts.unless_unsaved(self, lambda: self.go(step)) if step == "welcome" else self.go(step)

    async def action_quit(self) -> None:
        """Leave; every answer is saved already, a running probe would be lost."""
        conflicts.unless_unsaved(self, lambda: conflicts.unless_probing(self, self.exit))

    def action_help(self) -> None:
        """All keys of this screen."""
        from scoper.interfaces.tui.help import HelpScreen

        if not self.screen.is_modal:
            self.push_screen(HelpScreen(self.screen))

    def action_toggle_theme(self) -> None:
        """Light to dark and back."""
        self.theme = LIGHT.name if self.theme == DARK.name else DARK.name

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """What the command palette offers."""
        for step in STEPS if self.session.file else ():
            yield SystemCommand(f"Go to {step}", f"Show the step {step}", lambda step=step: self.go(step))
        yield SystemCommand("Open another case", "Back to the first screen", lambda: self.action_go("welcome"))
        yield SystemCommand("Light or dark", "Change the colours", self.action_toggle_theme)
        yield SystemCommand("Keys", "All keys of this screen", self.action_help)
        yield SystemCommand("Quit", "Leave scoper; every saved answer stays", self.action_quit)

    def _screen_of(self, step: Step) -> Screen[None]:
        screen: Screen[None] = import_module(f"scoper.interfaces.tui.{step}").SCREEN()
        return screen

    def _leave(self, number: signal.Signals) -> None:
        self.exit(return_code=128 + number)

    def _leave_when_orphaned(self) -> None:
        if not os.isatty(sys.__stdin__.fileno()):  # type: ignore[union-attr]
            self._leave(signal.SIGHUP)

    def _handle_exception(self, error: Exception) -> None:
        self.failure = self.failure or error
        super()._handle_exception(error)
        self._exit_renderables.clear()


def run(case_path: Path | None, library: Library, *, first: Callable[[ScoperApp], object] | None = None) -> int:
    """Run the interface until the user leaves; returns the exit code, raises what went wrong inside.

    A case that cannot be read raises before anything is drawn. `first` is called once the app runs.
    """
    welcome = Session(library)
    app = ScoperApp(steps.open_case(welcome, case_path) if case_path else welcome)
    if first is not None:
        app.call_later(first, app)
    app.run()
    if app.failure is not None:
        raise app.failure
    return app.return_code or 0
