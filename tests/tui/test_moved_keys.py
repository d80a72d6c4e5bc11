"""A key that the configuration moved: every place that names it names where it is now, and none where it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from scoper.interfaces.tui import steps
from scoper.interfaces.tui.app import ScoperApp
from scoper.interfaces.tui.keys import called, cap, told
from scoper.interfaces.tui.preferences import Preferences
from scoper.interfaces.tui.session import Session
from scoper.interfaces.tui.widgets.safe import Choices, Words
from scoper.services.library import Library

pytestmark = pytest.mark.slow

Made = Callable[..., ScoperApp]


@pytest.fixture
def moved(library: Library, case: Path) -> Made:
    """An app on a case, with a keymap."""

    def make(keymap: Mapping[str, str], path: Path = case) -> ScoperApp:
        return ScoperApp(steps.open_case(Session(library), path), Preferences(keymap=keymap))

    return make


def shown(app: ScoperApp) -> list[str]:
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


def told_words(app: ScoperApp) -> str:
    """All that is shown, without frames and line breaks."""
    return " ".join(" ".join(shown(app)).replace("│", " ").split())


@pytest.mark.parametrize(
    ("key", "name"),
    [("ctrl+e", "Ctrl+E"), ("escape", "Escape"), ("f10", "F10"), ("question_mark", "?"), ("u", "u"), ("U", "U")],
)
def test_a_key_is_named_as_it_is_written_on_the_keyboard(key: str, name: str) -> None:
    assert called(key) == name


async def test_steps_and_help_are_named_at_the_edges_with_the_keys_they_have_now(moved: Made) -> None:
    app = moved({"app.review": "f8", "app.help": "f9"})
    async with app.run_test(size=(120, 40)) as pilot:
        top, bottom = shown(app)[0], shown(app)[-1]
        assert "F8 Review" in top
        assert "F3" not in top
        assert "F9 all keys" in bottom
        assert "F1" not in bottom.split()
        await pilot.click(offset=(top.index("F8"), 0))
        assert app.session.step == "review"


async def test_answers_stand_beside_the_keys_that_choose_them(moved: Made) -> None:
    app = moved({"interview.choose_1": "a", "interview.choose_2": "ctrl+b"})
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        question = app.session.question
        assert question is not None
        answers = app.screen.query_one("#answers", Choices)
        labels = [str(answers.get_option_at_index(n).prompt).split()[0] for n in range(3)]
        assert labels == ["a", "Ctrl+B", "3"]
        await pilot.press("a")
        assert app.session.case.answers[question.id][0].answer == question.values[0]


async def test_dialogs_name_the_key_that_closes_them(moved: Made) -> None:
    app = moved({"dialog.dismiss_None": "f12", "dialog.way_1": "y"})
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("e")
        await pilot.pause()
        assert "Enter accepts, F12 changes nothing" in "\n".join(shown(app))
        await pilot.press("f12")
        from scoper.interfaces.tui.dialogs import Sure
        from scoper.interfaces.tui.new_case import NewCase

        await app.push_screen(NewCase())
        await pilot.pause()
        assert "Enter goes on, F12 goes back" in "\n".join(shown(app))
        await pilot.press("f12")
        await app.push_screen(Sure("Is it?"))
        await pilot.pause()
        ways = app.screen.query_one("#ways", Choices)
        assert [str(ways.get_option_at_index(n).prompt).split() for n in range(2)] == [["y", "No"], ["2", "Yes"]]


async def test_help_and_the_probe_screen_name_the_keys_of_now(moved: Made, example: Callable[[str], Path]) -> None:
    keymap = {"spec.edit": "f11", "spec.save": "ctrl+w", "probe.run": "z", "probe.budget": "ctrl+g"}
    app = moved(keymap, example("warehouse_reorder"))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("f5", "f1")
        await pilot.pause()
        said = " ".join(str(part.content) for part in app.screen.query(Words))
        assert "F11 edits, Ctrl+W saves" in said
        await pilot.press("escape", "f6")
        await pilot.pause()
        page = told_words(app)
        assert "z runs the probe" in page
        assert "Ctrl+G changes it" in page


async def test_a_binding_whose_key_was_taken_by_another_is_not_named_with_it(moved: Made) -> None:
    app = moved({"interview.undo": "s"})
    async with app.run_test(size=(80, 24)):
        assert cap(app.screen, "interview.undo") == "s"
        assert cap(app.screen, "interview.skip") == ""
        assert told(app.screen, "{interview.undo}: {interview.skip}") == "s: no key"
