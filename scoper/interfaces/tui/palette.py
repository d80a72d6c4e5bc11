"""What the command palette (Ctrl+P) offers: everything that has a key somewhere, and what needs none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from textual.app import SystemCommand
from textual.command import CommandList, CommandPalette

from scoper.interfaces.tui.session import STEPS
from scoper.interfaces.tui.stack import Once
from scoper.interfaces.tui.theme import THEMES

if TYPE_CHECKING:
    from scoper.interfaces.tui.app import ScoperApp


class Palette(Once, CommandPalette):
    """The palette of the framework, in a list of which no row can be seen there are no pages."""

    def _action_command_list(self, action: str) -> None:
        """Pass an action on to the list; a page up or down only where a row can be seen."""
        if not action.startswith("page_") or self.query_one(CommandList).scrollable_content_region:
            super()._action_command_list(action)


def show(app: ScoperApp) -> None:
    """Show the palette, unless one is open already, at the front or below the help.

    It has no id: one that is just being closed would stand in the way of the next.
    """
    if not any(isinstance(screen, CommandPalette) for screen in app.screen_stack):
        app.push_screen(Palette())


def commands(app: ScoperApp) -> Iterable[SystemCommand]:
    """The commands that mean something now."""
    if app.session.file:
        for step in STEPS:
            yield SystemCommand(f"Go to {step}", f"Show the step {step}", lambda step=step: app.go(step))
        if app.session.of_project:
            yield SystemCommand("Parts of the project", "All parts with their verdicts", lambda: app.action_go("parts"))
        yield SystemCommand("Follow-up questions", "What narrows down how to go about it", lambda: _follow(app))
        yield SystemCommand("Compare respondents", "Who said what, and where it leads", lambda: _compare(app))
        yield SystemCommand("Answer as", "The name under which answers are recorded", lambda: _answer_as(app))
    yield SystemCommand("Open another case", "Back to the first screen", lambda: app.action_go("welcome"))
    for theme in THEMES:
        name = theme.name.removeprefix("scoper-").replace("-", " ")
        yield SystemCommand(f"Colours: {name}", "Change the colours", _to_theme(app, theme.name))
    motion = "Motion on" if app.still else "Motion off"
    yield SystemCommand(motion, "Smooth scrolling and a blinking cursor", lambda: app.set_still(not app.still))
    yield SystemCommand("Help", "What has the focus is for, and all keys", app.action_help)
    yield SystemCommand("Quit", "Leave scoper; every saved answer stays", app.action_quit)


def _to_theme(app: ScoperApp, name: str) -> Callable[[], None]:
    return lambda: setattr(app, "theme", name)


def _follow(app: ScoperApp) -> None:
    from scoper.interfaces.tui import steps

    app.do(steps.follow)


def _compare(app: ScoperApp) -> None:
    from scoper.interfaces.tui.compare import CompareScreen

    app.push_screen(CompareScreen(app.session))


def _answer_as(app: ScoperApp) -> None:
    from scoper.interfaces.tui import steps
    from scoper.interfaces.tui.dialogs import AskLine

    say = "Under which name are your answers recorded? They then stand beside those of others. Empty: under none."
    app.push_screen(
        AskLine(say, app.session.by), lambda name: app.do(steps.answer_as, name) if name is not None else None
    )
