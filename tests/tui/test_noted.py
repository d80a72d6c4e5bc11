"""What is noted before its question is answered: it waits for the answer, and is told where none came."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scoper.domain.questionnaire import Answer
from scoper.interfaces.cli.commands import tui
from scoper.interfaces.tui import steps, words
from scoper.interfaces.tui.app import ScoperApp
from scoper.interfaces.tui.session import Session
from scoper.services.library import Library
from tests.in_process import scoper
from tests.tui.on_screen import answers_in, text_of

Maker = Callable[..., ScoperApp]


@pytest.mark.parametrize("away", [("s",), ("j", "end", "enter"), ("u",), ("f3",), ("ctrl+o",)], ids=str)
async def test_a_note_waits_for_the_answer_to_its_question(
    app_on: Maker, case: Path, library: Library, away: tuple[str, ...]
) -> None:
    app = app_on(case)
    async with app.run_test(size=(80, 24)) as pilot:
        app.do(steps.answer, "unknown")
        asked = str(app.session.current)
        await pilot.press("e", *"a meter", "enter", "c", *away)
        assert asked not in answers_in(case, library)
        if app.session.current != asked:
            assert "a meter" not in text_of(app)
        app.do(steps.ask, asked)
        await pilot.pause()
        assert "a meter" in text_of(app)
        await pilot.press("1")

    value = library.questions[asked].values[0]
    assert answers_in(case, library)[asked] == (Answer(answer=value, confidence="low", evidence="a meter"),)
    assert not app.session.pending


def test_a_note_waits_while_another_case_is_open(case: Path, library: Library) -> None:
    noted = steps.note(steps.open_case(Session(library), case), "a meter")
    elsewhere = steps.new_case(noted, "Another", "")
    assert (elsewhere.current, elsewhere.noted.evidence) == (noted.current, "")
    assert steps.open_case(elsewhere, case).noted.evidence == "a meter"


def test_a_note_under_one_name_does_not_go_with_the_answer_of_another(case: Path, library: Library) -> None:
    noted = steps.note(steps.answer_as(steps.open_case(Session(library), case), "Ana"), "a meter")
    assert steps.answer_as(noted, "Ben").noted.evidence == ""
    assert steps.answer_as(steps.answer_as(noted, "Ben"), "Ana").noted.evidence == "a meter"


def test_leaving_says_what_was_noted_and_not_saved_as_plain_lines_do(
    case: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = steps.skip(steps.next_confidence(steps.note(steps.open_case(Session(library), case), "a meter")))
    monkeypatch.setattr("scoper.interfaces.tui.app.run", lambda *_, **__: (0, left))
    monkeypatch.setattr(tui, "_can_draw", lambda common: True)
    said = scoper("tui", case).stderr
    told = scoper("ask", case, input="n a meter\nc low\nq\n").stdout
    warnings = [line for line in said.splitlines() if line.startswith("Not saved")]
    assert warnings == [
        "Not saved, as no answer followed it: the note 'a meter'.",
        "Not saved, as no answer followed it: the confidence 'low'.",
    ]
    assert all(line in told for line in warnings)


@pytest.mark.parametrize("size", [(80, 24), (60, 16)], ids=str)
async def test_the_line_for_evidence_names_its_question(app_on: Maker, case: Path, size: tuple[int, int]) -> None:
    app = app_on(case)
    async with app.run_test(size=size) as pilot:
        await pilot.press("1", "e")
        await pilot.pause()
        assert f"Evidence: {words.signal(str(app.session.current))}" in text_of(app)


async def test_confidence_before_the_answer_names_its_question(app_on: Maker, case: Path) -> None:
    app = app_on(case)
    async with app.run_test(size=(60, 16)) as pilot:
        await pilot.press("1", "c")
        await pilot.pause()
        assert f"Noted for the answer: {words.signal(str(app.session.current))}" in text_of(app)
