"""The verdict so far, beside or below the question: who leads and whether to go, what moved it and would flip it.

Everything is said in words; bars repeat the numbers.
"""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from scoper.domain.decision import Technique, Verdict
from scoper.interfaces.tui import words
from scoper.interfaces.tui.session import Session

_NAME_WIDTH = 22
_FLIPS, _REVISIONS, _MOST_FLIPS = "Flips with  ", "Only if an answer changes  ", 4
"""What leads elsewhere: open answers too, or once settled only another answer in place of one given."""
_ABOUT = "How to go about it"
_PENDING = "being worked out ..."
_NO_FLIP = "nothing: no answer leads elsewhere"
NO_ANSWER = ("nothing answered in this session",)


class VerdictPanel(Widget):
    """Draws the session's verdict into whatever room it has."""

    def __init__(self) -> None:
        super().__init__(id="verdict-panel")
        self._verdict: Verdict | None = None
        self._changed: tuple[str, ...] = ()
        self._flips: tuple[str, ...] | None = None
        self._about: tuple[str, ...] = ()
        self._shown: tuple[object, ...] = ()

    def show(self, session: Session) -> None:
        """Show this session's verdict; nothing happens when it stands there."""
        shown = (session.interview, session.verdict, session.changed, session.following and session.approach)
        if shown == self._shown:
            return
        self._shown = shown
        self._verdict = session.interview.verdict if session.interview else None
        self._changed = session.changed
        self._flips = flip_words(session.verdict) if session.verdict else None
        self._about = session.approach.said if session.following and session.approach else ()
        self.refresh()

    def render(self) -> Content:
        """Tall, low or lowest, as the room allows."""
        if self._verdict is None:
            return Content("")
        width, height = max(1, self.content_size.width), self.content_size.height
        if height >= 16:
            return tall(self._verdict, self._changed, self._flips, width, self._about)
        if height < 5:
            return lowest(self._verdict, width)
        return low(self._verdict, self._changed, self._flips, width, self._about)


def flip_words(verdict: Verdict) -> tuple[str, ...]:
    """The smallest changes of answers that lead elsewhere, fewest answers first."""
    return tuple(
        " and ".join(f"{words.signal(s)}: {words.plain(value)}" for s, value in flip.change.items())
        + f" → {words.technique(flip.to)}"
        for flip in verdict.flips
    )


def tall(
    verdict: Verdict, changed: tuple[str, ...], flips: tuple[str, ...] | None, width: int, about: tuple[str, ...] = ()
) -> Content:
    """One technique below the other, for a panel at the side; `about`, where given, stands in place of the flips."""
    rows = [words.line(("Verdict so far", "bold $text-muted")), *_headline(verdict, width), Content("")]
    for entry in verdict.ranking:
        value = support(verdict, entry)
        name = words.technique(entry.technique)
        rows.append(words.line((name.ljust(width - len(value)), _name_style(verdict, entry)), value))
        if entry.technique in words.alive(verdict):
            rows.append(words.line((words.bar(entry.support, width), "$primary")))
    open_share = words.undecided(verdict)
    if open_share:
        value = words.percent(open_share)
        rows.append(words.line(("No technique".ljust(width - len(value)), "$text-muted"), value))
    rows += [Content(""), words.line(("Last change", "bold $text-muted"))]
    rows += words.line("; ".join(changed or NO_ANSWER)).wrap(width)
    heading = _REVISIONS.rstrip() if verdict.settled else "What would flip it"
    rows += [Content(""), words.line((_ABOUT if about else heading, "bold $text-muted"))]
    told = about or _flips_told(flips)[:_MOST_FLIPS]
    rows += [words.hanging(words.line(("· ", "$accent")), said, width) for said in told]
    return words.lines(rows)


def _flips_told(flips: tuple[str, ...] | None) -> tuple[str, ...]:
    return (_PENDING,) if flips is None else flips or (_NO_FLIP,)


def low(
    verdict: Verdict, changed: tuple[str, ...], flips: tuple[str, ...] | None, width: int, about: tuple[str, ...] = ()
) -> Content:
    """Three rows of two techniques, what moved and what would flip it, for a panel of six lines below the question."""
    headline = words.headline(verdict)
    said = words.longest(words.outlooks(verdict), width - len(headline) - 2)
    head = words.line((headline, "bold $success"), f"  {said}")
    half = len(verdict.ranking) // 2
    column = (width - 2) // 2
    pairs = zip(verdict.ranking[:half], verdict.ranking[half:], strict=False)
    rows = [words.line(_entry(verdict, a, column), "  ", _entry(verdict, b, column)) for a, b in pairs]
    last = words.as_fits(changed or NO_ANSWER, width)
    head_of_last, told = (
        (f"{_ABOUT}  ", about)
        if about
        else (
            _REVISIONS if verdict.settled else _FLIPS,
            _flips_told(flips),
        )
    )
    would = words.as_fits(told, width - len(head_of_last))
    foot = [words.line((last, "$text-muted")), words.line((head_of_last, "bold $text-muted"), would)]
    return words.lines([head, *rows, *foot])


def lowest(verdict: Verdict, width: int) -> Content:
    """Two lines for the smallest terminals."""
    headline = words.headline(verdict)
    head = f"{headline}; {words.longest(words.outlooks(verdict), width - len(headline) - 2)}"
    left = [entry for entry in verdict.ranking if entry.technique in words.alive(verdict)]
    rest = " · ".join(f"{words.technique(entry.technique)} {support(verdict, entry)}" for entry in left)
    return words.lines([words.line((words.fit(head, width), "bold $success")), words.line(words.fit(rest, width))])


def support(verdict: Verdict, entry: Technique) -> str:
    """A technique's support in words: a percentage, or that it is ruled out when nothing leads to it."""
    return words.percent(entry.support) if entry.technique in words.alive(verdict) else "ruled out"


def _headline(verdict: Verdict, width: int) -> list[Content]:
    rows: list[words.Part] = [
        (words.headline(verdict), "bold $success"),
        words.outlook(verdict),
        words.unsure(verdict),
    ]
    return [line for row in rows if row for line in words.line(row).wrap(width)]


def _entry(verdict: Verdict, entry: Technique, width: int) -> Content:
    value = support(verdict, entry)
    room = width - _NAME_WIDTH - 11
    shown = room > 2 and entry.technique in words.alive(verdict)
    bar = words.bar(entry.support, room) if shown else " " * max(0, room)
    name = words.technique(entry.technique).ljust(_NAME_WIDTH)
    return words.line((name, _name_style(verdict, entry)), " ", (bar, "$primary"), value.rjust(10))


def _name_style(verdict: Verdict, entry: Technique) -> str:
    if entry.technique == verdict.technique:
        return "bold $foreground"
    return "$foreground" if entry.technique in words.alive(verdict) else "$text-muted"
