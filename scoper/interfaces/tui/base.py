"""What all step screens share: the edge lines, the keys that lead from step to step, and following the session."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import MountError, Widget
from textual.worker import Worker

from scoper.interfaces.tui import words
from scoper.interfaces.tui.keys import named
from scoper.interfaces.tui.session import STEPS, Session, Step
from scoper.interfaces.tui.widgets.chrome import CaseLine, KeyBar, StepBar

if TYPE_CHECKING:
    from scoper.interfaces.tui.app import ScoperApp


def app_of(widget: Widget) -> ScoperApp:
    """The running app, as what it is."""
    return cast("ScoperApp", widget.app)


def run_beside(node: DOMNode, group: str, work: Callable[..., Coroutine[None, None, None]], *arguments: object) -> None:
    """Run `work` beside the screen, in place of what else runs in its group, until it ends or the node is taken down.

    What is cancelled before its turn is never begun, so that no coroutine is left that nobody awaits.
    """
    begun: Callable[[], Coroutine[None, None, None]] = partial(work, *arguments)
    _: Worker[None] = node.run_worker(begun, group=group, exclusive=True)


@contextmanager
def while_here(screen: Screen[Any]) -> Iterator[None]:
    """Let missing widgets pass where the screen or the whole interface is being taken down meanwhile."""
    try:
        yield
    except (NoMatches, MountError):
        if screen.is_attached and not screen._pruning and screen.children:
            raise


def screen_of(step: Step) -> Screen[None]:
    """A new screen of the step."""
    screen: Screen[None] = import_module(f"scoper.interfaces.tui.{step}").SCREEN()
    return screen


STEP_KEYS: list[BindingType] = named(
    "step",
    [
        Binding("n", "next_step", "next step"),
        Binding("b", "previous_step", "step back"),
    ],
)


FOLLOW = Binding(
    "f",
    "follow",
    "follow-ups",
    show=False,
    tooltip="what narrows down how to go about it; again for the questions of the verdict",
)


SHORT = 22
"""Rows of a terminal from which on nothing has to be left out."""


class StepScreen(Screen[None]):
    """One step of the way through a case: `body` makes its widgets, `show` fills them from a session.

    LIT: the step that is lit in the line of steps, where it is not the screen's own.
    """

    STEP: ClassVar[Step]
    HELP: ClassVar[str] = ""
    LIT: ClassVar[str] = ""

    def compose(self) -> ComposeResult:
        """The edge lines around the screen's own widgets."""
        session = app_of(self).session
        yield StepBar(self.LIT or self.STEP, session.file is not None)
        yield CaseLine()
        yield from self.body()
        yield KeyBar()

    def body(self) -> ComposeResult:
        """The screen's own widgets."""
        raise NotImplementedError

    def show(self, session: Session) -> None:
        """Fill the widgets from `session`."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Follow the session from now on."""
        self.watch(self.app, "session", self._follow)

    def _follow(self, session: Session) -> None:
        if session.step == self.STEP:
            with while_here(self):
                self.query_one(CaseLine).show(session)
                self.show(session)

    def follow_size(self) -> None:
        """Show the session again once the layout has the new size."""
        self.call_after_refresh(lambda: self._follow(app_of(self).session))

    def brief(self, content: Content, rows: int) -> Content:
        """The content on at most `rows` rows where the terminal is short, with an ellipsis; all of it elsewhere."""
        width, height = self.app.size
        return words.clipped(content, width - 2, rows) if height < SHORT else content

    def action_next_step(self) -> None:
        """Go on to the following step."""
        place = STEPS.index(self.STEP)
        app_of(self).go(STEPS[min(place + 1, len(STEPS) - 1)])

    def action_follow(self) -> None:
        """Ask the follow-up questions, or again those that the verdict rests on."""
        from scoper.interfaces.tui import steps

        app_of(self).do(steps.follow)

    def action_previous_step(self) -> None:
        """Go back to the step before."""
        place, session = STEPS.index(self.STEP), app_of(self).session
        first: Step = "parts" if session.of_project else "welcome"
        app_of(self).action_go(STEPS[place - 1] if place else first)
