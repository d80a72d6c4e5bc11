"""Several respondents side by side: what each said on every question, where they differ, and where each leads.

Nothing is decided here; the verdict's own comparison is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from scoper.domain.questionnaire import Answer, Case, by_person
from scoper.interfaces.tui import steps, words
from scoper.interfaces.tui.base import while_here
from scoper.interfaces.tui.dialogs import Dialog
from scoper.interfaces.tui.keys import named
from scoper.interfaces.tui.session import Session
from scoper.interfaces.tui.widgets.safe import Words

_WIDE = 118
_NAME = 30
_LEAST, _EASY = 12, 18


class CompareScreen(Dialog[None]):
    """A table to read; a star marks where people differ."""

    TITLE_TEXT = "Who said what"
    HELP = "Compares the respondents of this case. A star marks a question on which they differ."
    AUTO_FOCUS = ".dialog-text"
    BINDINGS: ClassVar[list[BindingType]] = named(
        "compare", [Binding("p,enter,space", "dismiss(None)", "close", show=False)]
    )

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = steps.explain(session)

    def contents(self) -> Iterator[Widget]:
        """The table."""
        with VerticalScroll(classes="dialog-text"):
            yield Words(id="compared")

    def on_mount(self) -> None:
        """Fill in the table."""
        self.call_after_refresh(self._fill)

    def on_resize(self) -> None:
        """Use the new width."""
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        with while_here(self):
            width = min(_WIDE, self.query_one(".dialog-text").scrollable_content_region.width)
            self.query_one("#compared", Words).update(words.lines(table(self._session, width)))


def people(case: Case) -> tuple[str, ...]:
    """Everybody who answered something, by name; those without a name come last."""
    everybody = {name: answer for given in case.answers.values() for name, answer in by_person(given).items()}
    return tuple(sorted(everybody, key=lambda name: (everybody[name].by is None, name)))


def table(session: Session, width: int) -> list[Content]:
    """Where each respondent leads, then a row per answered question, those who differ first; wrapped to `width`."""
    case, verdict = session.case, session.verdict
    who = people(case)
    if len(who) < 2:
        said = "Only one respondent so far. Answers carry a name with Answer as (in the palette, Ctrl+P), or --by NAME."
        return list(words.line(said).wrap(max(20, width)))
    leads = verdict.respondents if verdict else ()
    rows = [words.line(("Where each leads", "bold $primary"))] if leads else []
    rows += [words.line((f"  {each.by}  ", "bold"), words.technique(each.technique)) for each in leads]
    differ = {signal: given for signal, given in case.answers.items() if len({a.answer for a in given}) > 1}
    alike = {signal: given for signal, given in case.answers.items() if signal not in differ}
    longest = max((len(words.signal(signal)) for signal in case.answers), default=0) + 1
    name = max(_NAME, min(longest, width - 3 - _EASY * len(who)))
    for title, part in ((f"They differ on {len(differ)}", differ), (f"Not contradicted: {len(alike)}", alike)):
        if part:
            rows += [
                Content(""),
                words.line((title, "bold $primary")),
                *_rows(part, who, (name, width), star=part is differ),
            ]
    return rows


def _rows(
    part: Mapping[str, tuple[Answer, ...]], who: tuple[str, ...], widths: tuple[int, int], *, star: bool
) -> Iterator[Content]:
    """widths: of the column of questions, and of the whole."""
    column, width = widths
    room = (width - column - 3) // len(who)
    if room < _LEAST:
        yield from _stacked(part, width, star=star)
        return
    yield words.line((" " * (column + 3), ""), *((words.fit(name, room - 1).ljust(room), "bold") for name in who))
    for signal, given in part.items():
        said = by_person(given)
        cells = (words.fit(_told(said.get(name)), room - 1).ljust(room) for name in who)
        yield words.line(
            (f" {'*' if star else ' '} {words.fit(words.signal(signal), column - 1).ljust(column)}", "bold"), *cells
        )


def _stacked(part: Mapping[str, tuple[Answer, ...]], width: int, *, star: bool) -> Iterator[Content]:
    """One respondent a line, where there is no room for columns."""
    for signal, given in part.items():
        yield words.line((f" {'*' if star else ' '} {words.signal(signal)}", "bold"))
        for name, answer in by_person(given).items():
            yield words.line("     ", words.fit(f"{name}: {_told(answer)}", width - 5))


def _told(answer: Answer | None) -> str:
    if answer is None:
        return "-"
    sure = f" ({answer.confidence})" if answer.confidence else ""
    return f"{words.plain(answer.answer)}{sure}"
