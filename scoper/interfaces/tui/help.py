"""All keys that work on a screen, and what the screen is for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from scoper.interfaces.tui import words
from scoper.interfaces.tui.dialogs import Dialog
from scoper.interfaces.tui.widgets.safe import Words

_FRAMEWORK = {"tab", "shift+tab", "ctrl+c", "super+c", "ctrl+i"}
_EVERYWHERE = (
    ("arrows", "move; Home, End, Page up and Page down move further"),
    ("Enter", "choose what is under the cursor; the mouse does the same"),
    ("Tab", "next part of the screen"),
)


class HelpScreen(Dialog[None]):
    """Lists the active bindings of the screen below."""

    TITLE_TEXT = "Keys"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1,question_mark,enter,space", "dismiss(None)", "close", show=False)
    ]
    AUTO_FOCUS = ".dialog-text"

    def __init__(self, below: Screen[object]) -> None:
        super().__init__()
        self._below = below
        self._active = list(below.active_bindings.values())

    def contents(self) -> Iterator[Widget]:
        """What the screen is for, then key and description."""
        about = str(getattr(self._below, "HELP", ""))
        with VerticalScroll(classes="dialog-text"):
            if about:
                yield Words(about, classes="paragraph")
            yield Words(words.lines(self._rows()))

    def _rows(self) -> list[Content]:
        keys: dict[str, list[str]] = {}
        for item in self._active:
            if item.enabled and item.node in (self._below, self.app) and item.binding.key not in _FRAMEWORK:
                shown = self.app.get_key_display(item.binding)
                keys.setdefault(item.binding.tooltip or item.binding.description, []).append(shown)
        rows = [(_shortened(names), said) for said, names in keys.items()]
        return [_row(key, said) for key, said in (*rows, *_EVERYWHERE)]


def _row(key: str, said: str) -> Content:
    return words.hanging(words.line((f"{key.rjust(14)}  ", "bold $accent")), said, 66)


def _shortened(names: list[str]) -> str:
    return f"{names[0]} to {names[-1]}" if len(names) > 3 else " ".join(names)
