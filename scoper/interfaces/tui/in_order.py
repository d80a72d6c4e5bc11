"""Keys, pastes and clicks one after the other: the next is given once all that the one before led to is done.

The framework gives a key to whatever has the focus when it is read. What is typed ahead then reaches a screen that has
no parts yet and is lost, or overtakes the key before it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import events
from textual.message_pump import MessagePump

if TYPE_CHECKING:
    from scoper.interfaces.tui.soon import SoonApp

ORDERED = (events.Key, events.Paste, events.MouseDown, events.MouseUp)
"""A moving mouse and its wheel are not waited for."""
_ROUNDS = 3
"""A key goes up to the app and acts; what that sends goes up again; a screen that it shows gets parts and the focus."""
_GIVE_UP_S = 1.0
_ALONE_S = 0.1
"""Whether an event that nothing follows is done with is asked this long after it, to leave its redraw the time."""


class InOrder:
    """What was typed and not given yet; `give` hands an event to whatever has the focus."""

    def __init__(self, app: SoonApp, give: Callable[[events.Event], Awaitable[None]]) -> None:
        self._app, self._give = app, give
        self._waiting: deque[events.Event] = deque()
        self._number, self._busy, self._asked = 0, False, False

    async def take(self, event: events.Event) -> None:
        """Give the event now, or once the one before it is done with."""
        self._waiting.append(event)
        if not self._busy:
            await self._next()
        elif len(self._waiting) == 1:
            self._at_last()
            await self._ask(self._number)

    def forget(self) -> None:
        """Drop what waits: it was typed before a question came up that it would answer."""
        self._waiting.clear()

    async def _next(self) -> None:
        self._busy = bool(self._waiting)
        if not self._busy:
            return
        self._number, self._asked = self._number + 1, False
        before = self._app.screen
        self._app.catch_up()
        if self._waiting and self._app.screen is before:
            await self._give(self._waiting.popleft())
        if self._waiting:
            self._at_last()
            await self._ask(self._number)
        else:
            self._app.set_timer(_ALONE_S, partial(self._app.call_later, self._ask, self._number))

    async def _ask(self, number: int) -> None:
        """Send behind the event what comes back once it is done with, unless that is on its way.

        A timer asks for it by `call_later`, which is dropped once the screens are gone.
        """
        if number == self._number and not self._asked:
            self._asked = True
            await self._hop(number, _ROUNDS, ())

    async def _hop(self, number: int, rounds: int, nodes: Sequence[MessagePump]) -> None:
        """Go up behind the event from node to node, each of which deals with what came before first."""
        for at, node in enumerate(nodes, start=1):
            if node.call_later(self._hop, number, rounds, nodes[at:]):
                return
        if nodes:  # not even the app takes anything any more
            self.forget()
        elif rounds:
            node = self._app.focused or self._app.screen
            await self._hop(number, rounds - 1, tuple(node.ancestors_with_self))
        else:
            await self._go_on(number)

    def _at_last(self) -> None:
        self._app.set_timer(_GIVE_UP_S, partial(self._app.call_later, self._go_on, self._number))

    async def _go_on(self, number: int) -> None:
        if number == self._number:
            await self._next()
