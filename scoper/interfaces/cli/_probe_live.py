"""A probe told on stderr while it runs or is replayed: a line for what matters, and a live line where a terminal is."""

from __future__ import annotations

import time

from scoper.domain.probe import ProbeEvent
from scoper.interfaces import console
from scoper.interfaces.cli._probe_text import event_line, live_line
from scoper.interfaces.cli.dialogue_lines import terminal_width, wrapped
from scoper.interfaces.watching import ProbeView, fold

_REDRAW_S = 0.1


class Teller:
    """Call it with every event; `view` is what is known so far. Lines are broken at the width of the terminal."""

    def __init__(self) -> None:
        self.view = ProbeView()
        self._drawn = 0.0

    def __call__(self, event: ProbeEvent) -> None:
        """Say what `event` brings."""
        before, self.view = self.view, fold(self.view, event)
        if line := event_line(event, before):
            console.say(wrapped(line, terminal_width()))
            self._drawn = 0.0
        now = time.monotonic()
        if now - self._drawn >= _REDRAW_S:
            console.live(live_line(self.view))
            self._drawn = now
