"""The parts of a project: what each calls for, what it hands over, and which of them to open; decided by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList

from scoper.domain.project import PartVerdict, Project
from scoper.interfaces.tui import steps, words
from scoper.interfaces.tui.base import StepScreen, app_of
from scoper.interfaces.tui.keys import cap, named
from scoper.interfaces.tui.session import Session
from scoper.interfaces.tui.widgets.safe import Choices, Words
from scoper.interfaces.wording import READINESS

_DIGITS = range(1, 10)
SHARED = "shared"
_ALL = "What all parts share"


class PartsScreen(StepScreen):
    """Enter or a digit opens a part as a case of its own."""

    STEP = "parts"
    LIT = "verdict"
    HELP = "A project in parts: each is decided by its own answers and the shared ones. Enter opens the one to work on."
    AUTO_FOCUS = "#parts"
    BINDINGS: ClassVar[list[BindingType]] = named(
        "parts",
        [
            *(
                Binding(str(n), f"choose({n})", "open", show=False, tooltip="open the part of this number")
                for n in _DIGITS
            ),
            Binding("r", "app.go('report')", "report of the whole"),
            Binding("b", "app.go('welcome')", "step back"),
        ],
    )

    def body(self) -> ComposeResult:
        """A summary line and the list."""
        yield Words(id="parts-head", classes="heading")
        yield Choices(id="parts")

    def show(self, session: Session) -> None:
        """List the parts of this session's project."""
        parts = self.query_one("#parts", Choices)
        if session.project is not None:
            said = f"   {len(session.project.parts)} parts, each decided by its own answers and the shared ones"
            self.query_one("#parts-head", Words).say(("Which part?", "bold $primary"), said)
            keys = [cap(self, f"parts.choose_{number}") for number in _DIGITS]
            parts.fill(rows_of(session, session.project, parts.scrollable_content_region.width - 2, keys))

    def on_resize(self) -> None:
        """Wrap the rows to the new width, once the layout has it."""
        self.follow_size()

    def action_choose(self, number: int) -> None:
        """Open the part of this number."""
        parts = self.query_one("#parts", Choices)
        enabled = [place for place, option in enumerate(parts.options) if not option.disabled]
        if number <= len(enabled):
            parts.highlighted = enabled[number - 1]
            parts.action_select()

    @on(OptionList.OptionSelected, "#parts")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        chosen = str(event.option_id)
        app_of(self).do(steps.open_part, "" if chosen == SHARED else chosen.removeprefix("part:"))


def rows_of(session: Session, project: Project, width: int, keys: Sequence[str]) -> list[tuple[str, Content]]:
    """Per part its title, verdict and hand-overs, wrapped to `width`; what all share, how they hang together."""
    titles = {part.id: part.title for part in project.parts}
    heads = [f" {key}  " for key in keys] + ["    "] * (len(project.parts) + 1)
    found = [
        (f"part:{part.id}", words.lines(list(_part(head, part, titles, width))))
        for head, part in zip(heads, project.parts, strict=False)
    ]
    shared = sum(signal in session.library.questions for signal in session.case.answers)
    said = f"{shared} answer{'' if shared == 1 else 's'} that hold for every part that gives none itself"
    found.append((SHARED, words.lines([_title(heads[len(project.parts)], _ALL, width), _row("", said, width)])))
    found += [("", words.flowing(words.line(("", "")), note, width, 0)) for note in _whole(project, titles)]
    return found


def _part(head: str, part: PartVerdict, titles: dict[str, str], width: int) -> Iterator[Content]:
    verdict = part.verdict
    yield _title(head, part.title, width)
    settled = "settled" if verdict.settled else words.outlook(verdict)
    yield _row(words.technique(verdict.technique), f"{READINESS[verdict.readiness]}; {settled}", width)
    for over in part.hands_to:
        what = f": {over.what}" if over.what else ""
        yield words.hanging(words.line("    → "), f"hands over to {titles[over.to]}{what}", width)


def _title(head: str, title: str, width: int) -> Content:
    return words.line((head, "bold $accent"), (words.fit(title, max(8, width - len(head))), "bold"))


def _row(name: str, said: str, width: int) -> Content:
    head = words.line("    ", (f"{name}  " if name else "", "bold $success"))
    return words.flowing(head, said, width, 4)


def _whole(project: Project, titles: dict[str, str]) -> Iterator[str]:
    for group in project.circles:
        names = ", ".join(titles[name] for name in group)
        yield f"A circle: {names} hand over to each other in the end; something has to stop it."
    for name in project.alone:
        yield f"On its own: {titles[name]} neither hands over nor takes over anything."


SCREEN = PartsScreen
