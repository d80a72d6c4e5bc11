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
            if item.enabled and item.binding.description:
                shown = self.app.get_key_display(item.binding)
                names = keys.setdefault(item.binding.description, [])
                names += [shown] if shown not in names else []
        rows = [(" ".join(names[:4]), said) for said, names in keys.items()]
        return [words.hanging(words.line((f"{key.rjust(16)}  ", "bold $accent")), said, 60) for key, said in rows]
