"""Help on what has the focus: what it is for and its keys; then all keys of the screen, and what the screen is for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget

from scoper.interfaces.tui import words
from scoper.interfaces.tui.dialogs import CLOSE, Dialog
from scoper.interfaces.tui.keys import named, told
from scoper.interfaces.tui.widgets.safe import Words

_SIDEWAYS = frozenset({"scroll_left", "scroll_right", "page_left", "page_right"})
"""What every part that scrolls has, and no part needs: lines are wrapped."""
_FRAMEWORK = {"tab", "shift+tab", "ctrl+c", "super+c", "ctrl+i"}
_EVERYWHERE = (
    ("arrows", "move; Home, End, Page up and Page down move further"),
    ("Enter", "choose what is under the cursor; the mouse does the same"),
    ("Tab", "next part of the screen"),
    ("Ctrl+P", "the palette: everything by name"),
)
ABOUT: Mapping[str, tuple[str, str]] = {
    "answers": (
        "The answers",
        "The key before an answer chooses it at once. Unknown is an answer and never counts as no; not applicable is "
        "one as well.",
    ),
    "cases": ("The cases", "Enter opens the case under the cursor; of an example it opens a copy in this folder."),
    "review": ("Your answers", "Enter changes the answer under the cursor and comes back here."),
    "jump": (
        "All questions",
        "Letters go to the next name that begins with them, or has them. ● answered, ○ open, · not needed: no answer "
        "to it can change the verdict any more.",
    ),
    "sheet": (
        "The spec",
        "A cross beside a line says that something is wrong there; what it is stands at the end of the line and in the "
        "list below. Every pause in typing checks.",
    ),
    "problems": ("What is left to settle", "Enter goes to the line of the problem under the cursor."),
    "findings": ("What the probe found", "Blockers first, each with what to do about it. Arrow keys scroll."),
    "verdict": ("The verdict", "A page to read: why, what would change it, why not the others. Arrow keys scroll."),
    "report": ("The report", "As it would be written to a file. Arrow keys scroll; Enter on a link goes there."),
    "offers": ("Measured answers", "Enter marks or unmarks one; only what is marked is put into the case."),
    "ways": ("Ways to go on", f"The key before a way chooses it, as Enter does; {CLOSE} changes nothing."),
    "typed": ("A line of text", f"Enter accepts it, {CLOSE} keeps what was."),
    "title": ("The title", "The decision in a few words; it names the file. Enter goes on."),
    "summary": ("The summary", "The problem as its owner tells it, optional; it helps to find a fitting template."),
}
_TEXT_KEYS = ("typing", "writes; Ctrl+A and Ctrl+E go to the ends, Ctrl+W deletes a word, Ctrl+V pastes")


class HelpScreen(Dialog[None]):
    """Lists the active bindings of the screen below, those of the focused part first."""

    TITLE_TEXT = "Help"
    BINDINGS: ClassVar[list[BindingType]] = named(
        "help", [Binding("f1,question_mark,enter,space", "dismiss(None)", "close", show=False, priority=True)]
    )
    AUTO_FOCUS = ".dialog-text"

    def __init__(self, below: Screen[object]) -> None:
        super().__init__()
        self._below = below
        self._focused = below.focused
        self._active = list(below.active_bindings.values())

    def contents(self) -> Iterator[Widget]:
        """What has the focus, what the screen is for, then key and description."""
        about = told(self._below, str(getattr(self._below, "HELP", None) or ""))
        with VerticalScroll(classes="dialog-text"):
            title, said = ABOUT.get((self._focused.id or "") if self._focused else "", ("", ""))
            if title:
                yield Words((f"{title}  ", "bold $accent"), told(self._below, said), classes="paragraph")
            own = self._own_rows()
            if own:
                yield Words(words.lines(own), classes="paragraph")
            if about:
                yield Words(("This screen  ", "bold $accent"), about, classes="paragraph")
            yield Words(words.lines(self._rows((self._below, self.app), _EVERYWHERE)))

    def _own_rows(self) -> list[Content]:
        if self._focused is None:
            return []
        writes = hasattr(self._focused, "cursor_blink") and not getattr(self._focused, "read_only", False)
        return self._rows((self._focused,), (_TEXT_KEYS,)) if writes else self._rows((self._focused,), ())

    def _rows(self, nodes: tuple[DOMNode, ...], more: tuple[tuple[str, str], ...]) -> list[Content]:
        keys: dict[str, list[str]] = {}
        for item in self._active:
            told = item.binding.tooltip or item.binding.description
            if item.binding.key in _FRAMEWORK or item.binding.action in _SIDEWAYS:
                continue
            if told and item.enabled and item.node in nodes:
                keys.setdefault(told, []).append(self.app.get_key_display(item.binding))
        rows = [(_shortened(names), said) for said, names in keys.items()]
        return [_row(key, said) for key, said in (*rows, *more)]


def _row(key: str, said: str) -> Content:
    return words.hanging(words.line((f"{key.rjust(14)}  ", "bold $accent")), said, 66)


def _shortened(names: list[str]) -> str:
    return f"{names[0]} to {names[-1]}" if len(names) > 3 else " ".join(names)
