"""80x24 is complete, 60x16 is usable, and 200x60 is not lost in space."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.containers import ScrollableContainer
from textual.widget import Widget

from scoper.interfaces.tui.app import ScoperApp
from scoper.services.library import Library
from tests.tui.on_screen import rows

pytestmark = pytest.mark.slow

Maker = Callable[..., ScoperApp]
SMALL, STANDARD, VAST = (60, 16), (80, 24), (200, 60)


def cut_off(app: ScoperApp) -> list[str]:
    """Shown widgets that reach beyond the edge of the terminal; what stands in a scrolling page may."""
    found = []
    for widget in app.screen.walk_children(Widget):
        above = [node for node in widget.ancestors if isinstance(node, Widget)]
        scrolled = any(isinstance(node, ScrollableContainer) for node in above)
        if widget.display and all(node.display for node in above) and not scrolled:
            beyond = widget.region.right > app.size.width or widget.region.bottom > app.size.height
            found += [str(widget)] if beyond else []
    return found


@pytest.mark.parametrize("size", [SMALL, STANDARD, VAST], ids=str)
async def test_every_question_shows_its_text_and_all_its_answers(
    app_on: Maker, case: Path, library: Library, size: tuple[int, int]
) -> None:
    from scoper.interfaces.tui import steps

    app = app_on(case)
    async with app.run_test(size=size) as pilot:
        for signal, question in library.questions.items():
            app.do(steps.ask, signal)
            await pilot.pause()
            text = " ".join(" ".join(rows(app)).split())
            answers = app.screen.query_one("#answers")

            assert question.text.split()[0] in text
            assert cut_off(app) == []
            if size == SMALL:
                assert answers.size.height >= 3
            else:
                hidden = answers.virtual_size.height - answers.size.height
                assert hidden <= 0, f"{signal}: {hidden} rows of answers are hidden"


@pytest.mark.parametrize("size", [SMALL, STANDARD, VAST], ids=str)
async def test_every_screen_fits_and_names_its_keys(
    app_on: Maker,
    example: Callable[[str], Path],
    replay: Callable[..., None],
    recorded: tuple,
    size: tuple[int, int],
) -> None:
    replay(recorded)
    app = app_on(example("warehouse_reorder"))
    async with app.run_test(size=size) as pilot:
        for keys in (["f2"], ["f3"], ["f4"], ["f5"], ["f6"], ["r"], ["f7"], ["f1"], ["escape", "f2", "j"]):
            await pilot.press(*keys)
            await pilot.pause()

            assert cut_off(app) == [], keys
            assert rows(app)[-1].strip(), f"no keys after {keys}"
            assert max(map(len, rows(app))) <= size[0]


async def test_on_a_vast_terminal_lines_of_text_stay_readable(app_on: Maker, example: Callable[[str], Path]) -> None:
    app = app_on(example("warehouse_reorder"))
    async with app.run_test(size=VAST) as pilot:
        for key, widget in (("f4", "#verdict"), ("f3", "#review"), ("f2", "#answers"), ("f7", "#report")):
            await pilot.press(key)
            await pilot.pause()

            assert app.screen.query_one(widget).size.width <= 132, widget


async def test_on_a_vast_terminal_the_curve_uses_the_room(
    app_on: Maker, example: Callable[[str], Path], replay: Callable[..., None], recorded: tuple
) -> None:
    replay(recorded)
    app = app_on(example("warehouse_reorder"))
    async with app.run_test(size=VAST) as pilot:
        await pilot.press("f6", "r")
        await pilot.pause()

        assert app.screen.query_one("#curve").size.height >= 20
