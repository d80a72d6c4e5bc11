"""Why a question is asked: its reason, an example, a counter-example, how to find out, where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget

from scoper.domain.questionnaire import Question
from scoper.interfaces.tui.dialogs import Dialog
from scoper.interfaces.tui.keys import named
from scoper.interfaces.tui.widgets.safe import Words


class WhyScreen(Dialog[None]):
    """The long text of one question."""

    TITLE_TEXT = "Why we ask"
    BINDINGS: ClassVar[list[BindingType]] = named(
        "why", [Binding("question_mark,enter,space", "dismiss(None)", "close", show=False)]
    )
    AUTO_FOCUS = ".dialog-text"

    def __init__(self, question: Question) -> None:
        super().__init__()
        self._question = question

    def contents(self) -> Iterator[Widget]:
        """One paragraph each."""
        question = self._question
        paragraphs = (
            ("", question.why),
            ("Example", question.example),
            ("Counter-example", question.counter_example),
            ("How to find out", f"{question.find_out} ({question.effort})" if question.find_out else ""),
            ("Source", question.source),
        )
        with VerticalScroll(classes="dialog-text"):
            for head, text in paragraphs:
                if text:
                    yield Words(*((f"{head}\n", "bold $accent"),) if head else (), text, classes="paragraph")
