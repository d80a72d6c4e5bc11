"""What the interview says once nothing is left to ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from scoper.interfaces.tui import steps
from scoper.interfaces.tui.app import ScoperApp
from scoper.interfaces.tui.session import Session
from scoper.interfaces.tui.widgets.question_view import nothing_left
from scoper.services.library import Library
from tests.tui.on_screen import words_of

Maker = Callable[..., ScoperApp]
SIZE = (80, 24)
SETTLED_EARLY = "language_and_tools: no\n  known_rules: no\n  solver_formulation: yes\n"


def ended(text: str, case: Path, library: Library, *, unknown: bool = False) -> Session:
    case.write_text(f"scoper: 1\ntitle: Plan\nanswers:\n  {text}", encoding="utf-8")
    session = steps.open_case(Session(library), case)
    while session.current is not None:
        session = steps.answer(session, "unknown") if unknown else steps.skip(session)
    return session


def test_the_end_says_what_questions_put_off_or_unknown_can_still_change(case: Path, library: Library) -> None:
    put_off = ended(SETTLED_EARLY, case, library)
    assert put_off.interview is not None
    assert put_off.interview.verdict.settled
    said = nothing_left(put_off)
    assert f"how ready it is and what belongs around it: {len(put_off.interview.open)} put off" in said
    assert "{interview.jump} leads to them" in said

    said = nothing_left(ended(SETTLED_EARLY, case, library, unknown=True))
    assert "answered with unknown; {interview.jump}" in said
    assert "put off" not in said


def test_the_end_calls_the_verdict_settled_where_nothing_can_change_it(case: Path, library: Library) -> None:
    session = ended(SETTLED_EARLY, case, library)
    assert session.interview is not None
    verdict = session.interview.verdict.model_copy(update={"next_questions": ()})
    session = replace(session, interview=replace(session.interview, verdict=verdict, open=()))

    assert nothing_left(session) == "The verdict is settled: no open question can change it any more."


async def test_the_end_names_the_key_that_leads_to_what_was_put_off(app_on: Maker, case: Path) -> None:
    case.write_text(f"scoper: 1\ntitle: Plan\nanswers:\n  {SETTLED_EARLY}", encoding="utf-8")
    app = app_on(case)
    async with app.run_test(size=SIZE) as pilot:
        while app.session.current is not None:
            await pilot.press("s")
        assert "put off; j leads to them." in words_of(app)
