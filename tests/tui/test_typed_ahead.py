"""Keys and clicks that come before the one before them was dealt with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from textual import events, messages
from textual.css.query import NoMatches

from scoper.interfaces.tui import in_order, steps
from scoper.interfaces.tui.app import ScoperApp
from scoper.interfaces.tui.dialogs import AskLine, CaseConflict, Sure
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


def _at_once(app: ScoperApp, *keys: str) -> None:
    """Keys as a terminal sends them that were all typed before the first is read; one in brackets is pasted."""
    for key in keys:
        pasted = key.startswith("[")
        app.post_message(events.Paste(key[1:-1]) if pasted else events.Key(key, key if len(key) == 1 else None))


FIRST, SECOND = "language_and_tools", "known_rules"


@pytest.mark.parametrize(
    ("keys", "given", "evidence"),
    [
        (("1", "f3"), {FIRST: "yes"}, ""),
        (("1", "2", "f3", "f2"), {FIRST: "yes", SECOND: "partly"}, ""),
        (("1", "ctrl+q"), {FIRST: "yes"}, ""),
        (("e", *"hello", "enter", "1"), {FIRST: "yes"}, "hello"),
        (("e", "[what was copied]", "enter", "2"), {FIRST: "partly"}, "what was copied"),
        (("1", "e", "[for the second]", "enter", "2"), {FIRST: "yes", SECOND: "partly"}, "for the second"),
        (("j", "down", "enter", "1"), {SECOND: "yes"}, ""),
        (("f4", "f2", "1", "f6", "f2", "2"), {FIRST: "yes", SECOND: "partly"}, ""),
        (("f1", "escape", "1"), {FIRST: "yes"}, ""),
    ],
)
async def test_what_is_typed_ahead_comes_where_it_was_meant_for(
    app_on: Maker, case: Path, library: Library, keys: tuple[str, ...], given: dict[str, str], evidence: str
) -> None:
    app = app_on(case)
    async with app.run_test(size=SIZE) as pilot:
        _at_once(app, *keys)
        for _ in range(5):
            await pilot.pause(0.1)

    answers = answers_in(case, library)
    assert {signal: answer[0].answer for signal, answer in answers.items()} == given
    assert (list(answers.values())[-1][0].evidence or "") == evidence


async def test_a_new_case_is_typed_ahead(app_on: Maker, folder: Path) -> None:
    app = app_on()
    async with app.run_test(size=SIZE) as pilot:
        _at_once(app, "n", *"Parcels", "enter", "enter", "1")
        for _ in range(5):
            await pilot.pause(0.1)

        assert app.session.file is not None
        assert app.session.file.case.title == "Parcels"
        assert len(app.session.file.case.answers) == 1


async def test_a_command_of_the_palette_entered_twice_runs_once(app_on: Maker, case: Path) -> None:
    app = app_on(case)
    async with app.run_test(size=SIZE) as pilot:
        before = app.still
        _at_once(app, "ctrl+p", *"motion")
        await pilot.pause(0.7)
        _at_once(app, "enter", "enter")
        for _ in range(5):
            await pilot.pause(0.1)

        assert app.still is not before
        assert len(app.screen_stack) == 2


async def test_keys_typed_before_a_question_came_up_do_not_answer_it(
    app_on: Maker, case: Path, library: Library
) -> None:
    app = app_on(case)
    async with app.run_test(size=SIZE) as pilot:
        case.write_text(case.read_text(encoding="utf-8") + "# from outside\n", encoding="utf-8")
        _at_once(app, "1", "2", "f3")
        for _ in range(5):
            await pilot.pause(0.1)

        assert isinstance(app.screen, CaseConflict)
        await pilot.press("1")
        await pilot.pause(0.2)
    assert {signal: answer[0].answer for signal, answer in answers_in(case, library).items()} == {FIRST: "yes"}
    assert "# from outside" in case.read_text(encoding="utf-8")


async def test_a_node_that_never_answers_does_not_hold_up_the_keys(
    app_on: Maker, case: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = app_on(case)
    async with app.run_test(size=SIZE) as pilot:
        choices = app.screen.query_one("#answers", Choices)
        as_ever = choices.call_later
        monkeypatch.setattr(
            choices, "call_later", lambda call, *arguments: call.__name__ == "_hop" or as_ever(call, *arguments)
        )
        _at_once(app, "1", "2")
        await pilot.pause(2.0)

    assert len(answers_in(case, library)) == 2


async def test_a_key_that_comes_alone_is_drawn_first_and_the_next_waits_for_no_clock(
    app_on: Maker, case: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    as_ever = in_order.InOrder._hop
    monkeypatch.setattr(in_order, "_ALONE_S", 600.0)
    monkeypatch.setattr(in_order.InOrder, "_hop", lambda *given: asked.append(given[1]) or as_ever(*given))
    app = app_on(case)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("1")
        await pilot.pause(0.2)
        assert asked == []
        assert len(answers_in(case, library)) == 1
        await pilot.press("2")
        await pilot.pause(0.2)

    assert asked
    assert len(answers_in(case, library)) == 2


async def test_a_clock_that_strikes_once_the_screens_are_gone_ends_in_nothing(app_on: Maker, case: Path) -> None:
    app = app_on(case)
    close = app._close_all

    async def slowly() -> None:
        await close()
        for _ in range(10):
            await asyncio.sleep(0.03)
            app.post_message(messages.Prompt())

    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app._close_all = slowly  # type: ignore[method-assign]
        _at_once(app, "down")
        await asyncio.sleep(0)

    assert app.screen_stack == []
    assert app.failure is None
