"""Keys and clicks that come before the one before them was dealt with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.css.query import NoMatches

from scoper.interfaces.tui import steps
from scoper.interfaces.tui.app import ScoperApp
from scoper.interfaces.tui.dialogs import AskLine, Sure
from scoper.interfaces.tui.interview import InterviewScreen
from scoper.interfaces.tui.palette import Palette
from scoper.interfaces.tui.verdict import VerdictScreen
from scoper.interfaces.tui.widgets.safe import Choices
from scoper.services.library import Library
from tests.tui.on_screen import answers_in

Maker = Callable[..., ScoperApp]
SIZE = (80, 24)


async def test_an_answer_chosen_twice_at_once_answers_one_question(app_on: Maker, case: Path, library: Library) -> None:
    app = app_on(case)
    async with app.run_test(size=SIZE) as pilot:
        asked = str(app.session.current)
        answers = app.screen.query_one("#answers", Choices)
        for _ in range(3):
            answers.action_select()
        await pilot.pause()

        assert app.session.current not in (None, asked)
    assert set(answers_in(case, library)) == {asked}


async def test_digits_that_come_at_once_answer_one_question_each(app_on: Maker, case: Path, library: Library) -> None:
    app = app_on(case)
    async with app.run_test(size=SIZE) as pilot:
        assert isinstance(app.screen, InterviewScreen)
        asked = []
        for number in (1, 2, 3):
            app.catch_up()
            asked.append(str(app.session.current))
            app.screen.action_choose(number)
        await pilot.pause()

    given = {signal: answer[0].answer for signal, answer in answers_in(case, library).items()}
    assert given == {signal: library.questions[signal].values[at] for at, signal in enumerate(asked)}


@pytest.mark.parametrize("keys", [2, 3])
async def test_the_last_answer_chosen_again_at_once_ends_nothing(
    app_on: Maker, case: Path, library: Library, keys: int
) -> None:
    app = app_on(case)
    async with app.run_test(size=SIZE) as pilot:
        last = str(app.session.current)
        while app.session.current is not None:
            app.do(steps.skip)
        app.do(steps.ask, last)
        answers = app.screen.query_one("#answers", Choices)
        for _ in range(keys):
            answers.action_select()
        await pilot.pause()

        assert app.session.current is None
        assert app.session.step == "interview"
    assert set(answers_in(case, library)) == {last}


async def test_a_second_choice_does_not_follow_to_the_page_it_came_from(
    app_on: Maker, case: Path, library: Library
) -> None:
    app = app_on(case)
    async with app.run_test(size=SIZE) as pilot:
        first = str(app.session.current)
        await pilot.press("1")
        app.do(steps.ask, first, "review")
        await pilot.pause()
        answers = app.screen.query_one("#answers", Choices)
        answers.highlighted = 1
        answers.action_select()
        answers.action_select()
        await pilot.pause()

        assert app.session.step == "review"
    assert answers_in(case, library)[first][0].answer == library.questions[first].values[1]


async def test_a_dialog_dismissed_twice_at_once_takes_no_other_screen_away(app_on: Maker, case: Path) -> None:
    app = app_on(case)
    async with app.run_test(size=SIZE) as pilot:
        given: list[str | None] = []
        below = list(app.screen_stack)
        dialog = Sure("Really?")
        app.push_screen(dialog, given.append)
        await pilot.pause()
        for way in ("yes", "no", None):
            dialog.dismiss(way)
        await pilot.pause()

        assert app.screen_stack == below
    assert given == ["yes"]


async def test_a_dialog_under_the_help_gives_its_answer_and_takes_the_help_along(app_on: Maker, case: Path) -> None:
    app = app_on(case)
    async with app.run_test(size=SIZE) as pilot:
        given: list[str | None] = []
        below = list(app.screen_stack)
        line = AskLine("What?")
        app.push_screen(line, given.append)
        await pilot.pause()
        await pilot.press("f1")
        line.dismiss("typed before the help came")
        await pilot.pause()

        assert app.screen_stack == below
    assert given == ["typed before the help came"]


async def test_another_step_takes_the_place_of_all_that_lies_over_the_one_before(app_on: Maker, case: Path) -> None:
    app = app_on(case)
    async with app.run_test(size=SIZE) as pilot:
        app.push_screen(Sure("Really?"))
        app.push_screen(Sure("Still?"))
        app.go("verdict")
        await pilot.pause()

        assert len(app.screen_stack) == 2
        assert isinstance(app.screen, VerdictScreen)
        await pilot.press("f2")
        assert isinstance(app.screen, InterviewScreen)


async def test_what_a_palette_misses_once_it_is_gone_ends_nothing(app_on: Maker, case: Path) -> None:
    app = app_on(case)
    async with app.run_test(size=SIZE) as pilot:
        below = list(app.screen_stack)
        gone = Palette()
        app.push_screen(gone)
        gone.dismiss()
        await pilot.pause()
        gone._gather_commands("typed late")
        await pilot.pause()

        assert app.screen_stack == below
    assert app.failure is None


async def test_what_is_missing_on_a_screen_that_stands_is_a_failure(app_on: Maker, case: Path) -> None:
    app = app_on(case)
    with pytest.raises(NoMatches):
        await _asking_for(app, "#nowhere")
    assert isinstance(app.failure, NoMatches)


async def _asking_for(app: ScoperApp, part: str) -> None:
    async with app.run_test(size=SIZE) as pilot:
        app.screen.call_next(lambda: app.screen.query_one(part))
        await pilot.pause()
