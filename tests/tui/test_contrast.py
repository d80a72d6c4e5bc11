"""Every character of every screen, lines and bars too, stands out from its ground (WCAG 2.1, 1.4.3 and 1.4.6)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rich.color import Color

from scoper.interfaces.tui.app import ScoperApp
from scoper.interfaces.tui.theme import THEMES

pytestmark = pytest.mark.slow

Maker = Callable[..., ScoperApp]
LEAST = {"scoper-dark": 4.5, "scoper-light": 4.5, "scoper-high-contrast": 7.0}


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


def test_the_themes_are_dark_light_and_high_contrast() -> None:
    assert [theme.name for theme in THEMES] == list(LEAST)


def faint(app: ScoperApp) -> list[str]:
    """Characters of the present screen below the theme's least contrast."""
    found = []
    for strip in app.screen._compositor.render_strips():
        for text, style, _ in strip:
            said = "".join(char for char in text if char.strip())
            if said and style is not None:
                assert style.color is not None
                assert style.bgcolor is not None
                colours = (style.bgcolor, style.color) if style.reverse else (style.color, style.bgcolor)
                ratio = contrast(*colours)
                if ratio < LEAST[app.theme] or style.dim:
                    found.append(f"{ratio:.2f} {said[:40]!r}")
    return found


@pytest.mark.parametrize("theme", list(LEAST))
@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
async def test_every_character_can_be_read(
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
        for keys in (["enter"], ["question_mark"], ["escape", "e"], ["escape", "f1"], ["escape", "f3"], ["p"]):
            await look(*keys)
        for keys in (["escape", "f4"], ["f5"], ["ctrl+e"], ["x"], ["escape", "f6"], ["r"], ["f7"], ["w"]):
            await look(*keys)
        await look("escape", "ctrl+p")

        assert found == []
