"""Pages after the terminal changed its size: what they hold fills the new room."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.command import CommandList, CommandPalette

from scoper.interfaces.tui.app import ScoperApp
from scoper.interfaces.tui.widgets.safe import Words

SIZES = [((80, 24), (40, 10), (120, 40)), ((120, 40), (40, 10), (120, 40)), ((120, 40), (60, 15), (90, 30))]


def body(app: ScoperApp) -> list[str]:
    """The rows between the edge lines, without the scroll bar."""
    rows = [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]
    return [row[:-2].strip() for row in rows[2:-1]]


@pytest.mark.slow
@pytest.mark.parametrize("sizes", SIZES, ids=str)
async def test_the_end_of_the_verdict_page_is_shown_at_every_size(
    app_on: Callable[..., ScoperApp], example: Callable[[str], Path], sizes: tuple[tuple[int, int], ...]
) -> None:
    app = app_on(example("warehouse_reorder"))
    async with app.run_test(size=sizes[0]) as pilot:
        await pilot.press("f4", "end")
        await pilot.pause()
        for size in sizes[1:]:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            text = app.screen.query_one("#verdict-text", Words)

            assert sum(map(bool, body(app))) > len(body(app)) / 2
            assert text.size.height < 1.1 * len(str(text.content).splitlines())


@pytest.mark.slow
@pytest.mark.parametrize("key", ["f2", "f3", "f5", "ctrl+o", "j", "ctrl+p"])
async def test_lists_and_panels_survive_terminals_of_a_few_columns(
    app_on: Callable[..., ScoperApp], example: Callable[[str], Path], key: str
) -> None:
    app = app_on(example("warehouse_reorder"))
    async with app.run_test(size=(80, 24)) as pilot:
        for height in (100, 5):
            for width in (12, *range(6, 0, -1)):
                await pilot.resize_terminal(width, height)
                await pilot.press(key, "down")
                await pilot.pause()
                await pilot.press("escape")

        assert app.failure is None


@pytest.mark.slow
async def test_the_palette_opens_once_also_below_the_help_and_again_after_it_was_closed(
    app_on: Callable[..., ScoperApp], case: Path
) -> None:
    app = app_on(case)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+p", "f1", "ctrl+p")
        await pilot.pause()
        open_ones = [screen for screen in app.screen_stack if isinstance(screen, CommandPalette)]
        assert len(open_ones) == 1
        await pilot.press("escape", "escape", "ctrl+p")
        await pilot.pause()

        assert CommandPalette.is_open(app)
        assert app.failure is None


@pytest.mark.slow
@pytest.mark.parametrize("size", [(20, 5), (1, 1), (300, 3), (5, 100)], ids=str)
async def test_every_list_takes_page_keys_where_none_of_its_rows_can_be_seen(
    app_on: Callable[..., ScoperApp], example: Callable[[str], Path], size: tuple[int, int]
) -> None:
    app = app_on(example("warehouse_reorder"))
    async with app.run_test(size=size) as pilot:
        for key in ("ctrl+p", "f3", "j", "ctrl+o"):
            await pilot.press(key)
            await pilot.pause()
            await pilot.press("pagedown", "pageup", "end", "pagedown")
            await pilot.pause()
            await pilot.press("escape")

            assert app.failure is None, key


@pytest.mark.slow
async def test_the_palette_shows_its_first_row_after_pages_in_a_terminal_too_low_for_it(
    app_on: Callable[..., ScoperApp], case: Path
) -> None:
    app = app_on(case)
    async with app.run_test(size=(300, 3)) as pilot:
        await pilot.press("ctrl+p")
        await pilot.pause(0.5)
        await pilot.press("pagedown", "pagedown", "pageup")
        await pilot.resize_terminal(80, 24)
        await pilot.pause()

        assert app.failure is None
        assert app.screen.query_one(CommandList).highlighted == 0


@pytest.mark.parametrize("key", ["ctrl+o", "f3", "f4", "f5", "f6", "p"])
async def test_a_page_that_is_taken_down_while_its_size_changes_is_no_failure(
    app_on: Callable[..., ScoperApp], example: Callable[[str], Path], key: str
) -> None:
    app = app_on(example("warehouse_reorder"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f2", key)
        await pilot.pause()
        screen = app.screen
        await screen.remove_children()
        screen.on_resize()  # type: ignore[attr-defined]
        screen.refresh()
        await pilot.pause()

        assert app.failure is None
