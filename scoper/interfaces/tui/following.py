"""The follow-up questions on the screens: what narrows down how to go about a verdict, and never changes it.

They are asked, saved, skipped and taken back as the others are; which of them still tell anything is worked out again
after every answer, as for plain lines.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scoper.errors import InputError
from scoper.interfaces.cli.approach_text import ALL_PUT_OFF, NOTHING_MORE, headlines
from scoper.services.approach import approach_of, open_questions
from scoper.services.follow_ups import follow_ups_of
from scoper.services.guide import GUIDE

if TYPE_CHECKING:
    from scoper.interfaces.tui.session import Session


@dataclass(frozen=True)
class Approaching:
    """How to go about the verdict: a sentence for each selection, and what is worth asking to narrow it down."""

    said: tuple[str, ...] = ()
    open: tuple[str, ...] = ()


def known(session: Session) -> Session:
    """The session with how to go about its verdict; files of rules that cannot be read are told in its place."""
    if session.approach is not None or session.interview is None:
        return session
    case, library = session.case, session.library
    try:
        approach = approach_of(case, library, session.interview.verdict)
        left = tuple(question.id for question in open_questions(case, library, approach))
        found = Approaching(headlines(approach), left)
    except InputError as error:
        found = Approaching(tuple(f"not worked out: {problem.sentence()}" for problem in error.problems))
    return replace(session, approach=found)


def prepare(session: Session) -> None:
    """Read what `known` and the lists over the question need, so that the first key that asks for them waits less."""
    from scoper.interfaces.tui import jump, why  # noqa: F401  a first import takes longer than a redraw

    if GUIDE not in session.library.made:
        known(session)


def why_none(session: Session) -> str:
    """Why no follow-up question is asked any more."""
    return ALL_PUT_OFF if session.approach and session.approach.open else NOTHING_MORE


def left_to_ask(session: Session) -> tuple[str, ...]:
    """What is worth asking and not put off, best first; nothing before it was worked out."""
    worth = session.approach.open if session.approach else ()
    return tuple(name for name in worth if name not in session.put_off)


def listed(session: Session) -> tuple[str, ...]:
    """The follow-up questions that the case answers or that are worth asking, in their order."""
    concerned = {*session.case.answers, *(session.approach.open if session.approach else ())}
    return tuple(name for name in follow_ups_of(session.library.questions) if name in concerned)


def heading_of(session: Session, names: tuple[str, ...]) -> str:
    """The heading over `names` in a list of questions, with how many are answered."""
    answered = sum(name in session.case.answers for name in names)
    return f"Follow-ups, how to go about it: {answered} answered, {len(names) - answered} open"


def about(session: Session) -> tuple[str, ...]:
    """How to go about the verdict in sentences, and how many questions would tell more; empty before it is known."""
    if session.approach is None:
        return ()
    left = len(left_to_ask(session))
    more = f"{left} follow-up question{'s' if left > 1 else ''} would narrow it down" if left else ""
    return (*session.approach.said, *((more,) if more else ()))
