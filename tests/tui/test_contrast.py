"""Every character of every screen has a contrast of at least 4.5 to 1 (WCAG 2.1, 1.4.3) in both themes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rich.color import Color

from scoper.interfaces.tui.app import ScoperApp
from scoper.interfaces.tui.theme import THEMES

pytestmark = pytest.mark.slow

Maker = Callable[..., ScoperApp]
LEAST = 4.5


def luminance(color: Color) -> float:
    """Relative luminance, WCAG 2.1."""
    parts = [value / 255 for value in color.get_truecolor()]
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def test_the_measure_gives_the_published_extremes() -> None:
    assert contrast(Color.parse("#000000"), Color.parse("#ffffff")) == pytest.approx(21.0)
    assert contrast(Color.parse("#777777"), Color.parse("#ffffff")) == pytest.approx(4.48, abs=0.01)


def faint(app: ScoperApp) -> list[str]:
    """Texts of the present screen below the least contrast; box drawing and blocks are no text."""
    found = []
    for strip in app.screen._compositor.render_strips():
        for text, style, _ in strip:
            words = "".join(c for c in text if c.strip() and not 0x2500 <= ord(c) <= 0x28FF)
            if words and style is not None:
                assert style.color is not None
                assert style.bgcolor is not None
                colours = (style.bgcolor, style.color) if style.reverse else (style.color, style.bgcolor)
                ratio = contrast(*colours)
                if ratio < LEAST or style.dim:
                    found.append(f"{ratio:.2f} {words[:40]!r}")
    return found


@pytest.mark.parametrize("theme", [theme.name for theme in THEMES])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
async def test_every_text_can_be_read(
    app_on: Maker,
    example: Callable[[str], Path],
    replay: Callable[..., None],
    recorded: tuple,
    theme: str,
    size: tuple[int, int],
) -> None:
    replay(recorded)
    app = app_on()
    example("warehouse_reorder")
    async with app.run_test(size=size) as pilot:
        app.theme = theme
        found: list[str] = []

        async def look(*keys: str) -> None:
            await pilot.press(*keys)
            await pilot.pause()
            found.extend(f"after {'+'.join(keys)}: {words}" for words in faint(app))

        await look("down")
        await look("n")
        await look("escape", "enter")
        await look("j")
        for keys in (["enter"], ["question_mark"], ["escape", "e"], ["escape", "f1"], ["escape", "f3"], ["f4"], ["f5"]):
            await look(*keys)
        for keys in (["ctrl+e"], ["escape", "f6"], ["r"], ["f7"], ["w"], ["escape", "ctrl+p"]):
            await look(*keys)

        assert found == []
