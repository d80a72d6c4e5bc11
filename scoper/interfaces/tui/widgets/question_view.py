"""One question: where it stands, its text, the answers to choose from by digit, and what is noted with the answer."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from scoper.domain.questionnaire import Question, by_person
from scoper.interfaces.tui import words
from scoper.interfaces.tui.keys import cap, told
from scoper.interfaces.tui.session import Session
from scoper.interfaces.tui.widgets.safe import Choices, LiveWords
from scoper.interfaces.wording import STILL_ABOUT

_NARROW = 64
WAYS_ON = {
    "review": "Check your answers",
    "verdict": "Read the verdict and its reasons",
    "jump": "Answer more",
    "follow": "Answer follow-up questions: how to go about it",
}


class QuestionView(Vertical):
    """Shows the current question of a session; the answers are an option list whose ids are the answer values."""

    def __init__(self) -> None:
        super().__init__(id="question-view")
        self._session: Session | None = None
        self._filled: tuple[object, ...] = ()

    def compose(self) -> ComposeResult:
        """Place, question, answers, annotations."""
        yield LiveWords(id="place")
        yield LiveWords(id="ask")
        yield Choices(id="answers")
        yield LiveWords(id="why")
        yield LiveWords(id="annotations")

    def show(self, session: Session) -> None:
        """Show this session's question, or that nothing is left to ask."""
        question = session.question
        self._session = session
        self.query_one("#place", LiveWords).say(*_place(session))
        self.query_one("#ask", LiveWords).say(
            (question.text if question else told(self, nothing_left(session)), "bold")
        )
        self.query_one("#annotations", LiveWords).say(*(_annotations(session) if question else ()))
        self.query_one("#why", LiveWords).say(*(_why(question) if question else ()))
        self._fill(question, session)

    def on_resize(self) -> None:
        """Wrap the answers to the new width."""
        if self._session is not None:
            self._fill(self._session.question, self._session)

    def _fill(self, question: Question | None, session: Session) -> None:
        answers = self.query_one("#answers", Choices)
        width = answers.scrollable_content_region.width or 60
        given = session.answers[0].answer if len(session.answers) == 1 else None
        keys = tuple(cap(self, f"interview.choose_{number}") for number in range(1, 10))
        ways = [] if question else _ways_on(keys, session)
        filled = (question, given, width, keys, ways)
        if filled == self._filled:
            return
        self._filled = filled
        options = options_of(question, given, width - 2, keys) if question else ways
        same = self._question_id == (question.id if question else None)
        answers.fill(options, given if not same else None)
        if not same and given is None:
            answers.highlighted = 0
        self._question_id = question.id if question else None

    _question_id: str | None = None


def options_of(
    question: Question, given: str | None, width: int, keys: Sequence[str] = "123456789"
) -> list[tuple[str, Content]]:
    """A question's answers: key, word, meaning; the one given says so."""
    name_width = max(len(words.plain(value)) for value in question.values)
    options = []
    for key, value in zip_longest(keys[: len(question.values)], question.values, fillvalue=" "):
        name = words.plain(value).ljust(name_width)
        mark = "●" if value == given else " "
        head = words.line((f" {key} {mark} {name}  ", "bold"))
        short = words.line((f" {key} {mark} {name.rstrip()}  ", "bold"))
        meaning = question.meanings[value]
        narrow = width < _NARROW
        options.append(
            (value, words.flowing(short, meaning, width, 5) if narrow else words.hanging(head, meaning, width))
        )
    return options


def _place(session: Session) -> tuple[tuple[str, str], ...]:
    counts = session.counts()
    question = session.question
    if question is not None and question.id not in session.library.questions:
        return _place_beside(session, question)
    if question is None:
        return ((f"{counts['answered']} answered", "$text-muted"),)
    number = f"Question {counts['answered'] + 1} of at most {counts['answered'] + counts['open'] + counts['skipped']}"
    state = session.state_of(question.id)
    stands = {"answered": "answered before", "skipped": "put off", "not needed": "cannot change the verdict"}.get(state)
    where = number if stands is None else stands.capitalize()
    return (
        (where, "$primary"),
        (f"  {words.plain(question.section)} · {words.signal(question.id)}", "$text-muted"),
    )


def _place_beside(session: Session, question: Question) -> tuple[tuple[str, str], ...]:
    worth = session.approach.open if session.approach else ()
    left = len([name for name in worth if name not in session.put_off])
    stands = {"answered": "answered before", "skipped": "put off"}.get(session.state_of(question.id))
    where = f"Follow-up, {stands}" if stands else f"Follow-up, at most {left} left"
    return ((where, "$primary"), (f"  {words.plain(question.section)} · {words.signal(question.id)}", "$text-muted"))


def _why(question: Question) -> tuple[tuple[str, str], ...]:
    return (
        ("Why we ask  ", "bold $text-muted"),
        (question.why, ""),
        ("\nExample  ", "bold $text-muted"),
        (question.example, ""),
        ("\nCounter-example  ", "bold $text-muted"),
        (question.counter_example, ""),
    )


def _annotations(session: Session) -> tuple[tuple[str, str], ...]:
    if len(session.answers) > 1:
        people = "; ".join(f"{name}: {words.plain(a.answer)}" for name, a in by_person(session.answers).items())
        return (("Several answered  ", "bold $text-muted"), (people, "$foreground"))
    return (
        ("Confidence  ", "bold $text-muted"),
        (session.noted.confidence or "not said", "$foreground"),
        ("   Evidence  ", "bold $text-muted"),
        (session.noted.evidence or "none", "$foreground"),
    )


def nothing_left(session: Session) -> str:
    """Why no question follows, and what those put off or answered with unknown can still change; for `told`."""
    if session.following:
        from scoper.interfaces.tui.following import why_none

        return why_none(session)
    interview = session.interview
    if interview is None or not interview.verdict.settled:
        return "Nothing is left to ask: every question is answered or put off."
    if not interview.verdict.next_questions:
        return "The verdict is settled: no open question can change it any more."
    put_off = len(interview.open)
    unknown = len(interview.verdict.next_questions) - put_off
    counted = [f"{put_off} put off"] if put_off else []
    counted += [f"{unknown} answered with unknown"] if unknown else []
    kind = "its kind, " if any(entry.matters == "family" for entry in interview.verdict.next_questions) else ""
    left = f"Open questions can still change {kind}{STILL_ABOUT}: {', '.join(counted)}"
    return f"The technique is settled. {left}; {{interview.jump}} leads to them."


def _ways_on(keys: Sequence[str], session: Session) -> list[tuple[str, Content]]:
    """What can be done when no question is left; follow-ups only where one is."""
    from scoper.interfaces.tui.following import left_to_ask

    known = WAYS_ON | ({"follow": "Back to the questions of the verdict"} if session.following else {})
    offered = [way for way in known if way != "follow" or session.following or left_to_ask(session)]
    return [(way, words.line((f" {key}  {known[way]}", "bold"))) for key, way in zip(keys, offered, strict=False)]
