"""The stack of screens, for keys that come before the one before them was dealt with.

A screen that is being taken down still gets messages; none of them may end another screen, or the interface.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual._context import active_message_pump
from textual.await_complete import AwaitComplete
from textual.css.query import NoMatches
from textual.dom import NoScreen
from textual.widget import MountError, Widget
from textual.worker import WorkerFailed, active_worker

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import Screen

    _Screen = Screen[Any]
else:
    _Screen = object

_BELOW_STEP = 1  # the framework's own empty screen, under that of the step
_MISSED = (NoMatches, MountError, NoScreen)


class Once(_Screen):
    """Mixed into a screen put over another: it is dismissed once, together with what was put over it meanwhile.

    The framework takes away the uppermost screen, whichever was dismissed. No widget itself, as the framework takes
    styles and keys from the first base that is one, and from no other.
    """

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Give the result to whoever asked; nothing where that was done already."""
        if self not in self.app.screen_stack:
            return AwaitComplete()
        _bare(self.app, self.app.screen_stack.index(self) + 1)
        given: AwaitComplete = super().dismiss(result)
        return given


def replace(app: App[Any], screen: Screen[Any]) -> None:
    """Show the screen of another step in place of that before and of all that was put over it."""
    _bare(app, _BELOW_STEP + 1)
    app.switch_screen(screen)


def unmissed(app: App[Any], error: Exception) -> bool:
    """Whether the error is only that parts are missing where the screen, or the whole interface, is taken down."""
    cause: BaseException = error
    node: object = active_message_pump.get(None)
    if isinstance(error, WorkerFailed):  # which runs in the name of whoever showed the screen
        cause, node = error.error, active_worker.get().node
    if not isinstance(cause, _MISSED):
        return False
    gone = isinstance(node, Widget) and not set(node.ancestors_with_self) & set(app.screen_stack)
    return gone or app._exit


def _bare(app: App[Any], n_screens: int) -> None:
    while len(app.screen_stack) > n_screens:
        app.pop_screen()
