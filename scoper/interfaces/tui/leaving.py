"""How the interface ends when it is not by a key: signals, and a terminal that goes away.

Textual has no handlers for these; without them the terminal would keep the other screen, the mouse and a hidden cursor.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.driver import Driver

    from scoper.interfaces.tui.app import ScoperApp
    from scoper.interfaces.tui.soon import SoonApp

_LOOK_S = 1.0


def listen(app: SoonApp) -> None:
    """Leave in good order on SIGINT, SIGTERM and SIGHUP; from before the terminal is taken."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, leave, app, number)


def watch_terminal(app: ScoperApp) -> None:
    """Leave in good order once the terminal is gone."""
    app.set_interval(_LOOK_S, lambda: _leave_when_orphaned(app))


class _Lasting:
    """A terminal's stream that may go away: what is written to nobody is no failure."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        """Write where somebody still reads."""
        with suppress(OSError):
            self._stream.write(text)

    def flush(self) -> None:
        """Flush where somebody still reads."""
        with suppress(OSError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def lasting(driver: type[Driver]) -> type[Driver]:
    """The driver, with a thread that writes until the end.

    Textual's own dies with the terminal, and once thirty texts wait for it, whoever writes another waits for ever.
    """

    class Lasting(driver):  # type: ignore[valid-type, misc]
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            if (stream := self.__dict__.get("_file")) is not None:
                self.__dict__["_file"] = _Lasting(stream)

    return Lasting


def leave(app: SoonApp, number: signal.Signals) -> None:
    """End with the exit code of this signal; the terminal is restored on the way."""
    app.exit(return_code=128 + number)


def ended(app: ScoperApp) -> int:
    """The exit code of the app, which has ended; raises what went wrong inside.

    The thread that reads keys is told to end: where the terminal went away nobody else does, and it would read from the
    lost terminal for ever while the interpreter waits for it.
    """
    event = getattr(app._driver, "exit_event", None)
    if event is not None:
        event.set()
    if app.failure is not None:
        raise app.failure
    return app.return_code or 0


def _leave_when_orphaned(app: ScoperApp) -> None:
    if not os.isatty(sys.__stdin__.fileno()):  # type: ignore[union-attr]
        leave(app, signal.SIGHUP)
