"""Themes, motion, the live verdict and keys as a person wants them; what cannot be is told and left out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.binding import Binding

from scoper.interfaces.tui import steps
from scoper.interfaces.tui.app import ScoperApp
from scoper.interfaces.tui.keys import ids
from scoper.interfaces.tui.preferences import Preferences, preferences
from scoper.interfaces.tui.session import Session
from scoper.services.library import Library


def test_options_win_over_the_environment_and_that_over_the_defaults() -> None:
    environment = {"SCOPER_THEME": "light", "SCOPER_REDUCED_MOTION": "1"}

    assert preferences({}).theme == "dark"
    assert preferences(environment).theme == "light"
    assert preferences(environment, {"theme": "high-contrast"}).theme == "high-contrast"
    assert preferences(environment).reduced_motion
    assert not preferences(environment, {"reduced_motion": False}).reduced_motion
    assert preferences({"TEXTUAL_ANIMATIONS": "none"}).reduced_motion
    assert not preferences({"SCOPER_LIVE_VERDICT": "off"}).live_verdict


def test_keys_come_as_a_table_or_as_pairs() -> None:
    known = frozenset({"interview.undo", "app.help"})

    assert preferences({}, {"keymap": {"interview.undo": "z"}}, known).keymap == {"interview.undo": "z"}
    assert preferences({"SCOPER_KEYMAP": "interview.undo=z;app.help=f8"}, {}, known).keymap == {
        "interview.undo": "z",
        "app.help": "f8",
    }


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"theme": "drak"}, "did you mean 'dark'"),
        ({"keymap": {"interview.undoo": "z"}}, "interview.undo"),
        ({"keymap": {"interview.undo": "ctrl+"}}, "is no key"),
        ({"keymap": {"interview.undo": "ctrl+q"}}, "always leaves"),
    ],
)
def test_what_cannot_be_is_told_and_left_out(table: dict[str, object], said: str) -> None:
    wish = preferences({}, table, frozenset({"interview.undo"}))

    assert len(wish.doubts) == 1
    assert said in wish.doubts[0]
    assert (wish.theme, wish.keymap) == ("dark", {})


def test_leaving_can_be_moved_and_still_works_where_it_was() -> None:
    wish = preferences({}, {"keymap": {"app.leave": "f10"}}, frozenset({"app.leave"}))

    assert wish.keymap == {"app.leave": "f10,ctrl+q"}


def test_every_binding_of_the_interface_has_an_id_of_its_own_screen() -> None:
    names = ids()

    assert {"app.help", "interview.undo", "interview.choose_1", "review.compare", "probe.run", "report.save"} <= names
    assert all("." in name for name in names)
    from scoper.interfaces.tui.interview import InterviewScreen

    assert all(isinstance(binding, Binding) and binding.id for binding in InterviewScreen.BINDINGS)


async def test_a_moved_key_works_and_is_what_the_line_of_keys_shows(library: Library, folder: Path, case: Path) -> None:
    session = steps.open_case(Session(library), case)
    app = ScoperApp(session, Preferences(theme="light", reduced_motion=True, keymap={"interview.undo": "z"}))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        assert app.session.case.answers
        await pilot.press("u")
        assert app.session.case.answers
        await pilot.press("z")
        assert not app.session.case.answers
        keys = [strip.text for strip in app.screen._compositor.render_strips()][-1]

        assert "z undo" in keys
        assert app.theme == "scoper-light"
        assert app.animation_level == "none"


@pytest.mark.slow
async def test_the_palette_and_a_key_go_round_all_themes(app_on: Callable[..., ScoperApp], case: Path) -> None:
    app = app_on(case)
    async with app.run_test(size=(80, 24)) as pilot:
        seen = []
        for _ in range(3):
            seen.append(app.theme)
            await pilot.press("ctrl+t")

        assert seen == ["scoper-dark", "scoper-light", "scoper-high-contrast"]
        assert app.theme == "scoper-dark"
        titles = [command.title for command in app.get_system_commands(app.screen)]
        assert {"Colours: high contrast", "Motion off", "Compare respondents", "Answer as"} <= set(titles)
