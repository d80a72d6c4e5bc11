"""Pages after the terminal changed its size: what they hold fills the new room."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

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
