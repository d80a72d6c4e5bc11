"""The interview: one question a screen, saved on each answer, the verdict beside it."""

from __future__ import annotations

from asyncio import to_thread
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.timer import Timer
from textual.widgets import OptionList

from scoper.interfaces.tui import following, steps, words
from scoper.interfaces.tui.base import FOLLOW, STEP_KEYS, StepScreen, app_of, run_beside
from scoper.interfaces.tui.keys import named
from scoper.interfaces.tui.session import Session
from scoper.interfaces.tui.widgets.question_view import WAYS_ON, QuestionView
from scoper.interfaces.tui.widgets.safe import Choices
from scoper.interfaces.tui.widgets.verdict_panel import VerdictPanel

_PAUSE_S = 0.2
_EVIDENCE = "What does this answer rest on? A file, a person, a measurement."


class InterviewScreen(StepScreen):
    """Digits choose, the answer is on the disk before "Saved" is said."""

    STEP = "interview"
    HELP = "One question at a time, the most telling one first. Every answer is in the file before it says Saved."
    AUTO_FOCUS = "#answers"
    _explaining: Timer | None = None
    BINDINGS: ClassVar[list[BindingType]] = named(
        "interview",
        [
            *(
                Binding(str(n), f"choose({n})", "choose", show=False, tooltip="choose the answer with this number")
                for n in range(1, 10)
            ),
            Binding("question_mark", "why", "why", key_display="?", tooltip="why we ask, with an example"),
            Binding("u", "undo", "undo", tooltip="take the last answer back; again for the one before"),
            Binding("s", "skip", "skip", tooltip="put the question off; it stays unknown"),
            Binding("j", "jump", "jump", tooltip="all questions and how they stand"),
            Binding("e", "evidence", "evidence", tooltip="note what the answer rests on"),
            Binding("c", "confidence", "confidence", tooltip="low, medium, high, or not said, which counts as sure"),
            Binding("p", "compare", "people", show=False, tooltip="compare respondents: who said what"),
            Binding("v", "verdict", "verdict on/off", tooltip="hide or show the verdict so far"),
            FOLLOW,
            *STEP_KEYS,
        ],
    )

    def body(self) -> ComposeResult:
        """The question and the verdict panel."""
        with Container(id="interview"):
            yield QuestionView()
            yield VerdictPanel()

    def show(self, session: Session) -> None:
        """Show this session's question and verdict."""
        self.query_one(QuestionView).show(session)
        panel = self.query_one(VerdictPanel)
        panel.show(session)
        panel.set_class(not session.panel, "hidden")
        if session.panel and session.verdict is None:
            if self._explaining is not None:
                self._explaining.stop()
            self._explaining = self.set_timer(_PAUSE_S, self._explain)

    def _explain(self) -> None:
        """Work out what would flip the verdict, beside the screen and once no key has come for a moment."""
        if app_of(self).session.panel:
            run_beside(self, "reasons", self._reasons, app_of(self).session)

    async def _reasons(self, asked: Session) -> None:
        found = await to_thread(steps.explain, asked)
        app_of(self).do(steps.explained, found)
        await to_thread(following.prepare, found)

    def action_choose(self, number: int) -> None:
        """Choose the answer with this number, once the one before it is saved and its question gone."""
        app_of(self).catch_up()
        answers = self.query_one("#answers", Choices)
        if self.is_current and number <= answers.option_count:
            answers.highlighted = number - 1
            self._choose(str(answers.get_option_at_index(number - 1).id))

    @on(OptionList.OptionSelected, "#answers")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        app_of(self).catch_up()
        shown = event.option_list.options
        if self.is_current and any(option is event.option for option in shown):  # of this question, not the one before
            self._choose(str(event.option_id))

    def _choose(self, value: str) -> None:
        if value in WAYS_ON:
            self._lead_on(value)
        elif len(app_of(self).session.answers) > 1 and not app_of(self).session.by:
            self._ask_beside(value)
        else:
            self._save(value)

    def _ask_beside(self, value: str) -> None:
        from scoper.interfaces.tui.dialogs import Beside

        self.app.push_screen(Beside(), lambda how: self._answer(value, how))

    def _lead_on(self, way: str) -> None:
        if way in ("jump", "follow"):
            self.action_jump() if way == "jump" else self.action_follow()
        else:
            app_of(self).go("review" if way == "review" else "verdict")

    def _answer(self, value: str, how: str | None) -> None:
        if how:
            self._save(value, beside=how == "beside")

    def _save(self, value: str, *, beside: bool = False) -> None:
        name = words.signal(app_of(self).session.current or "")
        app_of(self).soon(f"Saving {name}: {words.plain(value)} ...", steps.answer, value, beside)

    def action_why(self) -> None:
        """Why the question is asked, with an example and a counter-example."""
        from scoper.interfaces.tui.why import WhyScreen

        question = app_of(self).session.question
        if question is not None:
            self.app.push_screen(WhyScreen(question))

    def action_undo(self) -> None:
        """Take the last answer back."""
        app_of(self).soon("Undoing ...", steps.undo)

    def action_skip(self) -> None:
        """Put the question off."""
        app_of(self).do(steps.skip)

    def action_jump(self) -> None:
        """Choose a question from the list of all."""
        from scoper.interfaces.tui.following import known
        from scoper.interfaces.tui.jump import JumpScreen

        self.app.push_screen(JumpScreen(known(app_of(self).session)), self._jumped)

    def _jumped(self, signal: str | None) -> None:
        if signal is not None:
            app_of(self).do(steps.ask, signal)

    def action_evidence(self) -> None:
        """Note what the answer rests on."""
        if (signal := app_of(self).session.current) is not None:
            self._ask_evidence(f"Evidence: {words.signal(signal)}")

    def _ask_evidence(self, about: str) -> None:
        from scoper.interfaces.tui.dialogs import AskLine

        self.app.push_screen(AskLine(_EVIDENCE, app_of(self).session.noted.evidence, about), self._noted)

    def _noted(self, text: str | None) -> None:
        if text is not None:
            app_of(self).do(steps.note, text)

    def action_confidence(self) -> None:
        """Low, medium, high, not said."""
        app_of(self).do(steps.next_confidence)

    def action_compare(self) -> None:
        """Who said what."""
        from scoper.interfaces.tui.compare import CompareScreen

        self.app.push_screen(CompareScreen(app_of(self).session))

    def action_verdict(self) -> None:
        """Hide the verdict panel, or show it again."""
        app_of(self).do(steps.toggle_panel)


SCREEN = InterviewScreen
