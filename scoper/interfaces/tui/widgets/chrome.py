"""The lines at the edges of every screen: where one is, which case it is, which keys work.

Each is one line that shows as much as fits and drops whole entries, never half a word. Entries can be clicked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from scoper.domain.text import one_line
from scoper.interfaces.tui import words
from scoper.interfaces.tui.keys import bound, called
from scoper.interfaces.tui.session import STEPS, Session

HELP = "app.help"


@dataclass(frozen=True)
class Entry:
    """A clickable piece of a line: key cap, words, the key that a click presses; `lit` for where one is."""

    cap: str
    label: str
    key: str
    lit: bool = False

    def parts(self) -> tuple[tuple[str, str], ...]:
        """The entry with its styles, a space around it."""
        if self.lit:
            said = f"▸{self.cap} {self.label} " if self.cap else f"▸{self.label} "
            return ((said, "bold $block-cursor-foreground on $primary"),)
        cap = ((f" {self.cap}", "bold $accent"),) if self.cap else ()
        return (*cap, (f" {self.label} ", "$foreground"))

    @property
    def width(self) -> int:
        """Cells taken."""
        return sum(len(text) for text, _ in self.parts())


class ClickLine(Widget):
    """A line of entries; a click on one presses its key."""

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown: tuple[Entry, ...] = ()

    def entries(self, width: int) -> Sequence[Entry]:
        """The entries that fit into `width` cells."""
        raise NotImplementedError

    def render(self) -> Content:
        """The entries, as they fit."""
        self._shown = tuple(self.entries(self.size.width))
        return Content.assemble(*(part for entry in self._shown for part in entry.parts()))

    def on_click(self, event: events.Click) -> None:
        """Press the key of the entry under the pointer."""
        ends = accumulate(entry.width for entry in self._shown)
        hit = next((entry for entry, end in zip(self._shown, ends, strict=True) if event.x < end), None)
        if hit and hit.key:
            self.app.simulate_key(hit.key)


class StepBar(ClickLine):
    """The way through a case, the present step lit; function keys lead to each step."""

    def __init__(self, step: str, open_case: bool) -> None:
        super().__init__(id="steps")
        self._step = step
        self._open_case = open_case

    def entries(self, width: int) -> Sequence[Entry]:
        """All steps with their keys, without keys where there is no room for them."""
        if not self._open_case:
            key = _key(self, HELP)
            return (Entry("", "scoper", key, True), Entry("", "what does this problem call for?", key))
        keyed = [
            Entry(called(key), name.capitalize(), key, name == self._step)
            for name in STEPS
            for key in (_key(self, f"app.{name}"),)
        ]
        if sum(entry.width for entry in keyed) <= width:
            return keyed
        short = [Entry("", entry.label, entry.key, entry.lit) for entry in keyed]
        return short if sum(entry.width for entry in short) <= width else [e for e in short if e.lit]


class CaseLine(Widget):
    """The case's title at the left, what was saved last or else how things stand at the right."""

    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__(id="case-line")
        self._title = ""
        self._said = ""
        self._state = ""

    def show(self, session: Session) -> None:
        """Show this session's case and its last acknowledgement."""
        shared = ", what its parts share" if session.in_parts and session.step in ("interview", "review") else ""
        self._title = one_line(session.case.title) + shared if session.file else ""
        self._said = one_line(session.saved)
        self._state = _state(session)
        self.refresh()

    def tell(self, doing: str) -> None:
        """Say what is being done, in place of the last acknowledgement."""
        self._said, self._state = "", one_line(doing)
        self.refresh()

    def render(self) -> Content:
        """Both ends as they fit; the acknowledgement has precedence."""
        width = self.size.width - 2
        said = words.fit(self._said or self._state, width)
        title = words.fit(self._title, width - words.cells(said) - 2)
        gap = " " * max(0, width - words.cells(title) - words.cells(said))
        return Content.assemble(
            " ", (title, "bold $foreground"), gap, (said, "$success" if self._said else "$text-muted"), " "
        )


def _state(session: Session) -> str:
    """What is said when nothing was saved just now: the probe's state, else the file."""
    if session.probe.status == "running":
        return "probe running"
    if session.probe.result is not None:
        return f"probe: {words.name('probe_verdicts', session.probe.result.verdict)}"
    return session.file.named.name if session.file else ""


class KeyBar(ClickLine):
    """The keys that work here, most useful first, as many as fit; the help lists them all."""

    def __init__(self, *, listed: bool = True) -> None:
        super().__init__(id="keys")
        self._listed = listed

    def on_mount(self) -> None:
        """Follow the bindings of whatever has the focus."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.refresh())

    def entries(self, width: int) -> Sequence[Entry]:
        """Bindings that want to be shown, then the one of the help."""
        key = _key(self, HELP) if self._listed else ""
        last = (Entry(called(key), "all keys", key),) if key else ()
        left = width - sum(entry.width for entry in last)
        kept: list[Entry] = []
        for entry in self._offered():
            if sum(e.width for e in kept) + entry.width > left:
                break
            kept.append(entry)
        return (*kept, *last)

    def _offered(self) -> list[Entry]:
        active = self.screen.active_bindings.values()
        wanted = [item for item in active if item.binding.show and item.enabled and item.binding.id != HELP]
        shown = {item.binding.action: item for item in reversed(wanted)}
        order = declared(type(self.screen))
        inorder = sorted(reversed(shown.values()), key=lambda item: order.get(item.binding.action, -1))
        return [
            Entry(self.app.get_key_display(item.binding), item.binding.description, item.binding.key)
            for item in inorder
        ]


def _key(widget: Widget, name: str) -> str:
    """The key that a binding has now; empty when it has none."""
    binding = bound(widget, name)
    return binding.key if binding is not None else ""


@cache
def declared(screen: type[Screen[object]]) -> dict[str, int]:
    """The places of a screen's actions as declared: a key that was moved stays where it stood in the line."""
    own = (binding for cls in screen.__mro__ for binding in cls.__dict__.get("BINDINGS", ()))
    actions = dict.fromkeys(binding.action for binding in own if isinstance(binding, Binding))
    return {action: place for place, action in enumerate(actions)}
