"""Small questions and messages over a screen; each returns its answer when it is dismissed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, OptionList

from scoper.errors import ScoperError
from scoper.interfaces.tui import words
from scoper.interfaces.tui.keys import cap, named, told
from scoper.interfaces.tui.stack import Once
from scoper.interfaces.tui.widgets.chrome import KeyBar
from scoper.interfaces.tui.widgets.safe import Choices, Words
from scoper.interfaces.tui.widgets.typed import Line

Result = TypeVar("Result")
CLOSE = "{dialog.dismiss_None}"  # the key that closes a dialog, for `told`


class Dialog(Once, ModalScreen[Result], Generic[Result]):
    """A framed box with a title; Escape dismisses it without an answer."""

    TITLE_TEXT: ClassVar[str] = ""
    BINDINGS: ClassVar[list[BindingType]] = named("dialog", [Binding("escape", "dismiss(None)", "close")])

    def compose(self) -> ComposeResult:
        """Title and contents."""
        with Vertical(classes="dialog"):
            yield Words((self.heading(), "bold $primary"), classes="dialog-title")
            yield from self.contents()
        yield KeyBar(listed=False)

    def heading(self) -> str:
        """What stands over the box."""
        return self.TITLE_TEXT

    def contents(self) -> Iterator[Widget]:
        """What stands in the box."""
        raise NotImplementedError


class Choose(Dialog[str]):
    """Sentences and ways to go on; returns the key of the chosen way."""

    WAYS: ClassVar[tuple[tuple[str, str], ...]]
    BINDINGS: ClassVar[list[BindingType]] = named(
        "dialog", [Binding(str(n), f"way({n})", "choose", show=False) for n in range(1, 4)]
    )
    AUTO_FOCUS = "#ways"

    def sentences(self) -> list[Content]:
        """What is said above the ways."""
        return []

    def contents(self) -> Iterator[Widget]:
        """Sentences that scroll, then the ways."""
        with VerticalScroll(classes="dialog-text", can_focus=False):
            yield Words(words.lines(self.sentences()))
        yield Choices(id="ways")

    def on_mount(self) -> None:
        """Fill in the ways."""
        options = [
            (key, words.line((f" {cap(self, f'dialog.way_{number}')}  {text}", "bold")))
            for number, (key, text) in enumerate(self.WAYS, start=1)
        ]
        self.query_one("#ways", Choices).fill(options)

    def action_way(self, number: int) -> None:
        """A digit chooses."""
        if number <= len(self.WAYS):
            self.dismiss(self.WAYS[number - 1][0])

    @on(OptionList.OptionSelected, "#ways")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(str(event.option_id))


class Message(Dialog[None]):
    """Sentences to read, with nothing to choose: Enter closes them too."""

    BINDINGS: ClassVar[list[BindingType]] = named(
        "message", [Binding("enter,space", "dismiss(None)", "close", show=False)]
    )
    AUTO_FOCUS = ".dialog-text"

    def sentences(self) -> list[Content]:
        """What is said."""
        raise NotImplementedError

    def contents(self) -> Iterator[Widget]:
        """Sentences that scroll."""
        with VerticalScroll(classes="dialog-text"):
            yield Words(words.lines(self.sentences()))


class Trouble(Message):
    """What went wrong: every problem with its place and remedy."""

    TITLE_TEXT = "This did not work"

    def __init__(self, error: ScoperError) -> None:
        super().__init__()
        self._error = error

    def sentences(self) -> list[Content]:
        """One problem a paragraph."""
        return problem_lines(self._error)


class _Conflict(Choose):
    """A file was changed by somebody else while it was open here."""

    def __init__(self, error: ScoperError) -> None:
        super().__init__()
        self._error = error

    def sentences(self) -> list[Content]:
        """What happened and that nothing is lost yet."""
        said = "Somebody, or another program, wrote the file after it was read here. Nothing has been overwritten."
        return [words.line(said), Content(""), *problem_lines(self._error)]


class CaseConflict(_Conflict):
    """The case file was changed by somebody else while it was open here."""

    TITLE_TEXT = "The case file changed on the disk"
    WAYS = (("again", "Read it again, then save my answer in it"), ("drop", "Read it again, drop my answer"))


class SpecConflict(_Conflict):
    """The spec file was changed by somebody else while it was open here."""

    TITLE_TEXT = "The spec file changed on the disk"
    WAYS = (
        ("keep", "Go on writing, save nothing yet"),
        ("mine", "Save my text over it"),
        ("theirs", "Read it again, drop my text"),
    )


class Unsaved(Choose):
    """Text of the spec has not been saved."""

    TITLE_TEXT = "The spec is not saved"
    WAYS = (("stay", "Stay here"), ("save", "Save it and leave"), ("leave", "Leave, drop what was written"))

    def sentences(self) -> list[Content]:
        """What is at stake; answers are not."""
        return [words.line("What was written in the spec would be lost. The answers are all saved.")]


class Probing(Choose):
    """A probe is running."""

    TITLE_TEXT = "The probe is still running"
    WAYS = (("stay", "Stay here"), ("leave", "Leave, end the probe without a result"))

    def sentences(self) -> list[Content]:
        """What is at stake."""
        return [words.line("Leaving ends it and loses what it measured. Once it has finished, its result is kept.")]


class Beside(Choose):
    """Several people answered this question already."""

    TITLE_TEXT = "Several people answered this question"
    WAYS = (("beside", "Put this answer beside theirs"), ("replace", "Let this answer replace all of them"))

    def sentences(self) -> list[Content]:
        """What a disagreement means."""
        return [words.line("Answers that disagree count as unknown until the people agree.")]


class Sure(Choose):
    """A question with yes and no; `say` is what is at stake."""

    TITLE_TEXT = "Are you sure?"
    WAYS = (("no", "No"), ("yes", "Yes"))

    def __init__(self, *say: str) -> None:
        super().__init__()
        self._say = say

    def sentences(self) -> list[Content]:
        """What is at stake."""
        return [words.line(sentence) for sentence in self._say]


class AskLine(Dialog[str]):
    """One line of text to type; Enter accepts it, closing keeps what was. `about` is the heading."""

    AUTO_FOCUS = "#typed"

    def __init__(self, say: str, value: str = "", about: str = "") -> None:
        super().__init__()
        self._say = say
        self._value = value
        self._about = about

    def heading(self) -> str:
        """What the line is about."""
        return self._about

    def contents(self) -> Iterator[Widget]:
        """What is asked, and the line."""
        yield Words((self._say, ""), classes="dialog-text")
        yield Line(self._value, id="typed")
        hint = told(self, f"Enter accepts, {CLOSE} changes nothing")
        yield Words((hint, "$text-muted"), classes="dialog-hint")

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)


def problem_lines(error: ScoperError) -> list[Content]:
    """Every problem: place, sentence, remedy."""
    rows: list[Content] = []
    for problem in error.problems:
        rows.append(words.line((problem.place() or problem.code, "bold $text-warning")))
        rows.append(words.line(f"  {problem.message}"))
        rows += [words.line((f"  {problem.remedy}", "$text-muted"))] if problem.remedy else []
    return rows
