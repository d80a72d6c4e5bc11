"""An app that draws first that something is being done, and does it then.

Writing a file and working out a verdict take longer than a redraw. What is to be done soon is done before the next key
or click, before anything else is done, and before the end, whatever ends it; nothing is said to be saved before it is.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import App

from scoper.interfaces.tui import leaving
from scoper.interfaces.tui.in_order import ORDERED, InOrder
from scoper.interfaces.tui.session import Session
from scoper.interfaces.tui.widgets.chrome import CaseLine

if TYPE_CHECKING:
    from rich.console import RenderableType

_TURN_S = 0.001
"""What is worked out beside the screen gives way to a key after this time, not after Python's own 5 ms."""
_COLLECTIONS = (20_000, 10, 10)


class SoonApp(App[None]):
    """`soon` for what takes a moment; `do` does it."""

    own_process = False
    _due: tuple[Any, ...] | None = None

    def __init__(self) -> None:
        super().__init__()
        self._in_order = InOrder(self, super().on_event)

    def on_load(self) -> None:
        """Listen for the signals that end a program, where the process is the app's own."""
        if self.own_process:
            leaving.listen(self)

    def do(self, change: Callable[..., Session], *arguments: object) -> None:
        """Replace the session by what `change` makes of it."""
        raise NotImplementedError

    def soon(self, doing: str, change: Callable[..., Session], *arguments: object) -> None:
        """Say what is being done, draw that, and do it then."""
        self.catch_up()
        self._due = (change, *arguments)
        for line in self.screen.query(CaseLine):
            line.tell(doing)
            line.call_after_refresh(self.call_next, self.catch_up)  # of the line: it is dirty before it is asked
            return
        self.catch_up()

    def catch_up(self) -> None:
        """Do at once what was to be done soon."""
        due, self._due = self._due, None
        if due is not None:
            self.do(*due)

    def interrupted(self) -> None:
        """What was typed ahead is no answer to a question that comes up unasked."""
        self._in_order.forget()

    async def on_event(self, event: events.Event) -> None:
        """What is still to be done comes before the next key and the next click, and these one after the other."""
        if isinstance(event, ORDERED) and not event.is_forwarded:
            await self._in_order.take(event)
        else:
            await super().on_event(event)

    def on_ready(self) -> None:
        """Once the first screen stands, keys come first; not where the process is somebody else's."""
        if not self.is_headless:
            _calm()

    def exit(self, result: None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """End, with everything done that was to be done soon; end also where that fails."""
        try:
            self.catch_up()
        finally:
            super().exit(result, return_code, message)

    def _handle_exception(self, error: Exception) -> None:
        with suppress(Exception):  # what a person answered counts more than one failure more
            self.catch_up()
        super()._handle_exception(error)


def _calm() -> None:
    """Let nothing hold up a key for long: no turn of other work, no collection over what the first screen made."""
    sys.setswitchinterval(_TURN_S)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECTIONS)
