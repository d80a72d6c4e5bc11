"""What the probe measured, offered as answers: a list to mark, and the verdict before and after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList

from scoper.interfaces.tui import steps, words
from scoper.interfaces.tui.dialogs import CLOSE, Dialog, Message
from scoper.interfaces.tui.keys import named, told
from scoper.interfaces.tui.session import Session
from scoper.interfaces.tui.widgets.safe import Choices, Words
from scoper.interfaces.wording import READINESS

if TYPE_CHECKING:
    from scoper.domain.decision import Verdict
    from scoper.interfaces.tui.app import ScoperApp
    from scoper.services.feedback import Offer

_WIDTH = 66


class Offers(Dialog[tuple[str, ...]]):
    """Offers with a mark each; returns the marked ones. What contradicts or presumes has no mark at first."""

    TITLE_TEXT = "Answers that the probe speaks for"
    AUTO_FOCUS = "#offers"
    BINDINGS: ClassVar[list[BindingType]] = named("offers", [Binding("a", "accept", "accept the marked ones")])

    def __init__(self, offered: Sequence[Offer]) -> None:
        super().__init__()
        self._offered = offered
        self._marked = {offer.signal for offer in offered if offer.relation == "new" and not offer.proposal.presumes}

    def contents(self) -> Iterator[Widget]:
        """The list, and what the keys do."""
        yield Choices(id="offers")
        hint = told(self, f"Enter marks, {{offers.accept}} accepts the marked ones, {CLOSE} changes nothing")
        yield Words((hint, "$text-muted"), classes="dialog-hint")

    def on_mount(self) -> None:
        """Fill the list."""
        self._fill()

    def action_accept(self) -> None:
        """Return what is marked."""
        self.dismiss(tuple(offer.signal for offer in self._offered if offer.signal in self._marked))

    @on(OptionList.OptionSelected, "#offers")
    def _toggled(self, event: OptionList.OptionSelected) -> None:
        self._marked ^= {str(event.option_id)}
        self._fill()

    def _fill(self) -> None:
        rows = [(offer.signal, _row(offer, offer.signal in self._marked)) for offer in self._offered]
        self.query_one("#offers", Choices).fill(rows)


class Compared(Message):
    """The verdict before and after answers were accepted."""

    TITLE_TEXT = "Measured answers are saved"

    def __init__(self, before: Verdict, after: Verdict) -> None:
        super().__init__()
        self._before, self._after = before, after

    def sentences(self) -> list[Content]:
        """Both verdicts, and what changed."""
        rows = [
            words.line((f"{when}  ", "bold $text-muted"), _headline(verdict))
            for when, verdict in (("before", self._before), ("after ", self._after))
        ]
        return [*rows, *(words.line(f"  {said}") for said in words.difference(self._before, self._after))]


def offer(app: ScoperApp) -> None:
    """Show what the probe's result speaks for, and put what is accepted into the case."""
    found = _found(app.session)
    if not found:
        app.session = replace(app.session, saved="The result speaks for no answer that the case does not hold")
        return
    app.push_screen(Offers(found), lambda names: _accept(app, found, names or ()))


def accept(session: Session, chosen: Sequence[Offer]) -> Session:
    """The session with the answers of these offers saved in its case; each can be undone."""
    from scoper.services.feedback import answers_with

    for each in chosen:
        session = steps.put(session, each.signal, answers_with(each))
    return replace(session, saved=f"Saved {len(chosen)} measured answers") if chosen else session


def _accept(app: ScoperApp, found: Sequence[Offer], names: Sequence[str]) -> None:
    chosen = [each for each in found if each.signal in names]
    interview = app.session.interview
    if not chosen or interview is None:
        return
    app.do(accept, chosen)
    after = app.session.interview
    if after is not None and after is not interview:
        app.push_screen(Compared(interview.verdict, after.verdict))


def _found(session: Session) -> tuple[Offer, ...]:
    from scoper.services.feedback import offers

    result = session.probe.result
    return offers(session.case, result, session.library.questions) if result and session.file else ()


def _row(offer: Offer, marked: bool) -> Content:
    head = words.line(
        ("[x] " if marked else "[ ] ", "bold $primary"),
        (f"{words.signal(offer.signal)}: {words.plain(offer.proposal.answer)}", "bold"),
    )
    rows = [head, words.hanging(words.line("    "), offer.proposal.evidence, _WIDTH)]
    if offer.proposal.presumes:
        rows.append(words.line((f"    only where {offer.proposal.presumes}", "bold $text-warning")))
    if offer.relation == "contradicts":
        rows.append(words.line((f"    contradicts: the case says {words.plain(offer.before())}", "bold $text-warning")))
    if offer.relation == "agrees":
        rows.append(words.line(("    the case says so already; this adds the evidence", "$text-muted")))
    return words.lines(rows)


def _headline(verdict: Verdict) -> str:
    family = f", {words.plain(verdict.family)}" if verdict.family else ""
    return f"{words.plain(verdict.technique)}{family}: {READINESS[verdict.readiness]}"
