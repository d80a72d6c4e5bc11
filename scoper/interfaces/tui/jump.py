"""All questions by section with how each stands; letters typed find one by its name, choosing one goes there.

Three states each: a section is not started, in progress or done; a question answered, open or not needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Key
from textual.widget import Widget
from textual.widgets import OptionList

from scoper.interfaces.tui import words
from scoper.interfaces.tui.base import while_here
from scoper.interfaces.tui.dialogs import Dialog
from scoper.interfaces.tui.following import heading_of, listed
from scoper.interfaces.tui.keys import named
from scoper.interfaces.tui.session import Session
from scoper.interfaces.tui.widgets.safe import Choices, Words

_LONGEST, _NAME, _STATE, _INDENT = 24, 34, 21, 5
_MARKS = {"answered": "●", "open": "○", "skipped": "○", "not needed": "·"}
_STATES = {"skipped": "open, put off"}


class JumpScreen(Dialog[str]):
    """Returns the id of the chosen question."""

    TITLE_TEXT = "Jump to a question"
    AUTO_FOCUS = "#jump"
    BINDINGS: ClassVar[list[BindingType]] = named(
        "jump",
        [
            Binding("escape", "back", "back", tooltip="forget the letters typed, else close"),
            Binding("tab", "find(1)", "next found", tooltip="the next name with these letters"),
            Binding("shift+tab", "find(-1)", "one before", show=False, tooltip="the name with these letters before"),
            Binding("backspace", "shorten", "one letter less", show=False),
        ],
    )

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._typed = ""

    def contents(self) -> Iterator[Widget]:
        """The list."""
        yield Choices(id="jump")

    def on_mount(self) -> None:
        """Fill in the list, the cursor on the current question."""
        self._fill(self._session.current)
        self._find("")

    def on_resize(self) -> None:
        """Wrap the rows to the new width."""
        self.call_after_refresh(self._fill)

    def _fill(self, highlight: str | None = None) -> None:
        with while_here(self):
            options = self.query_one("#jump", Choices)
            options.fill(rows(self._session, options.scrollable_content_region.width - 1), highlight)

    def on_key(self, event: Key) -> None:
        """A letter goes to the next name that has it, from where the cursor is."""
        if event.is_printable and event.character:
            event.stop()
            self._find((self._typed + event.character).lstrip()[:_LONGEST])

    def action_shorten(self) -> None:
        """Take the last letter back."""
        self._find(self._typed[:-1])

    def action_back(self) -> None:
        """Forget the letters; without any, close."""
        if self._typed:
            self._find("")
        else:
            self.dismiss(None)

    def action_find(self, step: int) -> None:
        """Go to the next name with these letters, or the one before."""
        self._find(self._typed, step)

    def _find(self, typed: str, step: int = 0) -> None:
        options = self.query_one("#jump", Choices)
        names = [option.id or "" for option in options.options]
        found = matching(names, typed)
        at, way = options.highlighted or 0, -1 if step < 0 else 1
        onward = ((at + step + way * far) % len(names) for far in range(len(names)))
        options.highlighted = next((place for place in onward if place in found), options.highlighted)
        self._typed = typed
        count = f"{len(found)} found" if found else "no name has this"
        told = f"{typed}  {count}" if typed else "letters find a name"
        self.query_one(".dialog-title", Words).say((f"{self.TITLE_TEXT}  ", "bold $primary"), (told, "$text-muted"))

    @on(OptionList.OptionSelected, "#jump")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(str(event.option_id))


def matching(names: Sequence[str], typed: str) -> tuple[int, ...]:
    """Places of the questions whose name begins with `typed`, else of those that have it anywhere; none for no letters.

    A name is that on the screen or the id in the case file, either case, spaces or underscores alike.
    """
    sought = typed.replace("_", " ").casefold()
    called = [(words.signal(name).casefold(), words.plain(name)) if name else () for name in names]
    begins = tuple(at for at, ways in enumerate(called) if any(way.startswith(sought) for way in ways))
    anywhere = tuple(at for at, ways in enumerate(called) if any(sought in way for way in ways))
    return (begins or anywhere) if sought else ()


def rows(session: Session, width: int) -> list[tuple[str, Content]]:
    """A heading with its progress per section, and a row per question: mark, name, state, answer; follow-ups last.

    What does not fit into `width` cells stands below the name.
    """
    found: list[tuple[str, Content]] = []
    for section, questions in groupby(session.library.questions.values(), key=lambda question: question.section):
        heading = words.plain(section).capitalize()
        found.append(("", words.line((f"{heading}: {session.progress_of(section)}", "bold"))))
        found += [(question.id, _row(session, question.id, width)) for question in questions]
    besides = listed(session)
    found += [("", words.line((heading_of(session, besides), "bold")))] if besides else []
    return [*found, *((name, _row(session, name, width)) for name in besides)]


def _row(session: Session, name: str, width: int) -> Content:
    state = session.state_of(name)
    given = ", ".join(words.plain(a.answer) for a in session.case.answers.get(name, ()))
    told = f"{state}: {given}" if given else _STATES.get(state, state)
    head = words.line(f" {_MARKS[state]} {words.signal(name).ljust(min(_NAME, width - _STATE))} ")
    if head.cell_length + words.cells(told) <= width:
        return words.line(head, told)
    return words.lines([head, words.hanging(words.line(" " * _INDENT), told, width)])
