"""The app: holds the session, shows the screen of its step, runs the probe, and leaves the terminal as it found it.

It decides nothing. A handler anywhere calls `do` with a function of `steps`; errors of the services become a message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import ClassVar

from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.screen import Screen

from scoper.errors import ScoperError
from scoper.interfaces.tui import conflicts, leaving, palette, spec_steps, stack, steps
from scoper.interfaces.tui.base import SHORT, screen_of
from scoper.interfaces.tui.ink import NoInk
from scoper.interfaces.tui.keys import named
from scoper.interfaces.tui.preferences import Preferences
from scoper.interfaces.tui.session import STEPS, Session, Step, no_session
from scoper.interfaces.tui.soon import SoonApp
from scoper.interfaces.tui.theme import following, install, lit_grounds
from scoper.services.library import Library


class ScoperApp(SoonApp):
    """Scope a problem: interview, verdict, spec, probe, report."""

    TITLE = "scoper"
    CSS_PATH = "style.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (78, "-normal"), (100, "-wide")]  # noqa: RUF012  so declared by the base class
    VERTICAL_BREAKPOINTS = [(0, "-short"), (SHORT, "-medium"), (34, "-tall")]  # noqa: RUF012  so declared by the base class
    BINDINGS: ClassVar[list[BindingType]] = named(
        "app",
        [
            Binding("f1", "help", "help", priority=True),
            *(
                Binding(f"f{n}", f"go('{step}')", step, show=False, priority=True, id=f"app.{step}")
                for n, step in enumerate(STEPS, start=2)
            ),
            Binding("ctrl+o", "go('welcome')", "open another case", show=False),
            Binding("ctrl+t", "next_theme", "dark, light, high contrast", show=False),
            Binding("ctrl+q", "quit", "quit", show=False, priority=True, id="app.leave"),
        ],
    )

    session: reactive[Session] = reactive(no_session, init=False, repaint=False)

    def __init__(self, session: Session, wish: Preferences | None = None) -> None:
        super().__init__()
        self.driver_class = leaving.lasting(self.driver_class)
        wish = wish or Preferences()
        install(self, wish.theme)
        self.still = wish.reduced_motion
        self._filters = [NoInk(lit_grounds())] if self.no_color else self._filters
        self.set_keymap(dict(wish.keymap or {}))
        self.set_reactive(ScoperApp.session, session)
        self.failure: Exception | None = None

    def on_mount(self) -> None:
        """Show the first screen."""
        self.set_still(self.still)
        self.push_screen(screen_of(self.session.step))
        if not self.is_headless and not self.is_web:
            leaving.watch_terminal(self)

    def set_still(self, still: bool) -> None:
        """Without motion: nothing slides, scrolls smoothly or blinks."""
        self.still = still
        self.animation_level = "none" if still else "full"

    def do(self, change: Callable[..., Session], *arguments: object) -> None:
        """Replace the session by what `change` makes of it; say why when it cannot."""
        self.catch_up()
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
        if before.file and after.file and before.file.named != after.file.named:
            self.workers.cancel_group(self, "probe")
        if before.step != after.step:
            stack.replace(self, screen_of(after.step))

    def action_go(self, step: Step) -> None:
        """Show another step, unless a dialog waits for its answer."""
        if not self.screen.is_modal:
            conflicts.unless_left(self, step, lambda: self.go(step))

    async def action_quit(self) -> None:
        """Leave; every answer is saved already, a running probe would be lost."""
        conflicts.unless_unsaved(self, lambda: conflicts.unless_probing(self, self.exit))

    def action_help(self) -> None:
        """What the focused part is for and all keys; again to close it."""
        from scoper.interfaces.tui.help import HelpScreen

        shown = isinstance(self.screen, HelpScreen)
        self.screen.dismiss(None) if shown else self.push_screen(HelpScreen(self.screen))

    def action_command_palette(self) -> None:
        """Show the command palette."""
        palette.show(self)

    def action_next_theme(self) -> None:
        """Dark, light, high contrast, and round again."""
        self.theme = following(self.theme)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """What the command palette offers."""
        return palette.commands(self)

    def _handle_exception(self, error: Exception) -> None:
        if stack.unmissed(self, error):
            return
        self.failure = self.failure or error
        super()._handle_exception(error)
        self._exit_renderables.clear()


def run(
    case_path: Path | None,
    library: Library,
    *,
    first: Callable[[ScoperApp], object] | None = None,
    start: Session | None = None,
    wish: Preferences | None = None,
) -> tuple[int, Session]:
    """Run the interface until the user leaves; the exit code and what was left, or raises what went wrong inside.

    A case that cannot be read raises before anything is drawn. `first` is called once the app runs, from `start` on.
    """
    welcome = start or Session(library)
    app = ScoperApp(conflicts.opened(welcome, case_path) if case_path else welcome, wish)
    app.own_process = True
    if first is not None:
        app.call_later(first, app)
    app.run()
    return leaving.ended(app), app.session
