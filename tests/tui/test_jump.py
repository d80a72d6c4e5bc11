"""Letters in the list of all questions go to a name as they do in lists of files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scoper.interfaces.tui.app import ScoperApp
from scoper.interfaces.tui.jump import matching
from scoper.interfaces.tui.widgets.safe import Choices, Words
from scoper.services.library import Library

Maker = Callable[..., ScoperApp]
SIZES = [(60, 16), (80, 24)]


def title_of(app: ScoperApp) -> str:
    return str(app.screen.query_one(".dialog-title").render())


def under_cursor(app: ScoperApp) -> str | None:
    option = app.screen.query_one("#jump", Choices).highlighted_option
    return option.id if option else None


def test_names_that_begin_with_the_letters_come_before_those_that_have_them() -> None:
    names = ["", "sequential_delayed", "state_space", "known_rules", "", "steps_fixed"]

    assert matching(names, "ST") == (2, 5), "`state space` begins with it, and the id of `fixed steps`"
    assert matching(names, "ules") == (3,)
    assert matching(names, "state sp") == matching(names, "state_sp") == (2,)
    assert matching(names, "zz") == matching(names, "") == ()


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_letters_go_to_the_next_name_and_round(
    app_on: Maker, case: Path, library: Library, size: tuple[int, int]
) -> None:
    app = app_on(case)
    listed = list(library.questions)
    begin = [name for name in ("exploration_safe", "expert_demonstrations") if name in listed]
    async with app.run_test(size=size) as pilot:
        await pilot.press("j")
        assert "letters find a name" in title_of(app)

        await pilot.press(*"eXp")
        assert under_cursor(app) == begin[0]
        assert title_of(app).endswith("eXp  2 found")
        await pilot.press("tab")
        assert under_cursor(app) == begin[1]
        await pilot.press("tab")
        assert under_cursor(app) == begin[0]
        await pilot.press("shift+tab")
        assert under_cursor(app) == begin[1]

        await pilot.press("enter")
        assert app.session.current == begin[1]


@pytest.mark.slow
async def test_what_no_name_has_moves_nothing_and_escape_forgets_it_before_it_closes(app_on: Maker, case: Path) -> None:
    app = app_on(case)
    async with app.run_test(size=(80, 24)) as pilot:
        asked = app.session.current
        await pilot.press("j", *"horix")
        assert title_of(app).endswith("horix  no name has this")
        assert under_cursor(app) == "horizon"
        await pilot.press("backspace")
        assert title_of(app).endswith("hori  1 found")

        await pilot.press("escape")
        assert "letters find a name" in title_of(app)
        await pilot.press("escape")
        assert not app.screen.query("#jump")
        assert app.session.current == asked


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_rows_keep_clear_of_the_scroll_bar_and_what_does_not_fit_stands_below_the_name(
    app_on: Maker, example: Callable[[str], Path], size: tuple[int, int]
) -> None:
    app = app_on(example("warehouse_reorder"))
    async with app.run_test(size=size) as pilot:
        await pilot.press("j")
        await pilot.pause()
        listed = app.screen.query_one("#jump", Choices)
        width = listed.scrollable_content_region.width
        found = [str(option.prompt).split("\n") for option in listed.options if option.id]
        assert all(len(line.rstrip()) < width for lines in found for line in lines)
        assert all(line.startswith("     ") for _, *below in found for line in below)
        assert any(line.rstrip().endswith("answered: discrete small") for lines in found for line in lines)


async def test_help_on_a_dialog_without_a_sentence_of_its_own_has_no_line_for_it(app_on: Maker, case: Path) -> None:
    app = app_on(case)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("j", "f1")
        said = [str(part.render()) for part in app.screen.query(Words)]

        assert any("All questions" in part for part in said)
        assert not any("None" in part or "This screen" in part for part in said)
