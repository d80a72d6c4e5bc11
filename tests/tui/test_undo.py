"""What is taken back: answers, with what was typed beside them, one after another down to the first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scoper.domain.questionnaire import Answer
from scoper.interfaces.tui import steps
from scoper.interfaces.tui.app import ScoperApp
from scoper.services.library import Library
from tests.tui.on_screen import answers_in, text_of

Maker = Callable[..., ScoperApp]
SIZE = (80, 24)


@pytest.mark.slow
async def test_undo_takes_back_every_answer_down_to_the_first(app_on: Maker, case: Path, library: Library) -> None:
    text = case.read_text()
    app = app_on(case)
    async with app.run_test(size=SIZE) as pilot:
        first = app.session.current
        await pilot.press("1", "3", "2", "s", "1")
        assert len(answers_in(case, library)) == 4
        await pilot.press(*"uuuuu")

        assert app.session.current == first
        assert answers_in(case, library) == {}
        await pilot.press("u")
        assert "Nothing to undo" in app.session.saved
    assert text.splitlines()[:2] == case.read_text().splitlines()[:2]


@pytest.mark.slow
async def test_undo_brings_back_the_answer_that_was_there_before(app_on: Maker, case: Path, library: Library) -> None:
    app = app_on(case)
    async with app.run_test(size=SIZE) as pilot:
        asked = app.session.current
        assert asked is not None
        await pilot.press("1", "f3", "home", "enter", "3")
        changed = [s for s, a in answers_in(case, library).items() if a[0].answer == library.questions[s].values[2]]
        await pilot.press("u")

        assert changed == [asked]
        assert answers_in(case, library)[asked][0].answer == library.questions[asked].values[0]


@pytest.mark.slow
async def test_undo_keeps_what_was_typed_beside_the_answer(app_on: Maker, case: Path, library: Library) -> None:
    app = app_on(case)
    async with app.run_test(size=SIZE) as pilot:
        asked = str(app.session.current)
        await pilot.press("c", "e", *"ledger of May", "enter", "1", "u")

        assert app.session.current == asked
        assert asked not in answers_in(case, library)
        await pilot.press("2")
    values = library.questions[asked].values
    assert answers_in(case, library)[asked] == (Answer(answer=values[1], confidence="low", evidence="ledger of May"),)


async def test_an_answer_that_stands_already_is_nothing_to_undo(app_on: Maker, case: Path, library: Library) -> None:
    app = app_on(case)
    async with app.run_test(size=SIZE) as pilot:
        first = str(app.session.current)
        await pilot.press("1")
        app.do(steps.ask, first)
        await pilot.press("1")
        assert len(app.session.history) == 1
        await pilot.press("u")

        assert first not in answers_in(case, library)


@pytest.mark.slow
async def test_undoing_one_of_two_answers_says_what_was_taken_back(app_on: Maker, case: Path) -> None:
    app = app_on(case)
    async with app.run_test(size=(120, 40)) as pilot:
        first = app.session.current
        await pilot.press("1", "1", "u")
        await pilot.pause()

        assert app.session.changed[0].startswith("taken back, ")
        assert first in app.session.case.answers
        assert "nothing answered" not in text_of(app)


async def test_undo_on_the_review_stays_on_the_review(app_on: Maker, case: Path, library: Library) -> None:
    app = app_on(case)
    async with app.run_test(size=SIZE) as pilot:
        first = str(app.session.current)
        await pilot.press("1", "1", "f3", "u")
        await pilot.pause()
        assert app.session.step == "review"
        assert app.session.saved.startswith("Undone: ")
        assert set(answers_in(case, library)) == {first}
        await pilot.press("u", "u")
        assert (app.session.step, app.session.saved) == ("review", "Nothing to undo in this session")
    assert answers_in(case, library) == {}
