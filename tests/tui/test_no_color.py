"""NO_COLOR: no colour at all is written, and nothing that colour says is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from scoper.interfaces.tui.app import ScoperApp
from scoper.interfaces.tui.session import STEPS

Maker = Callable[..., ScoperApp]


@pytest.fixture(autouse=True)
def no_color(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")


def rows(app: ScoperApp) -> list[str]:
    return [strip.text for strip in app.screen._compositor.render_strips()]


def coloured(app: ScoperApp) -> list[str]:
    """Texts that are written in a colour, or dimmed."""
    found = []
    for strip in app.screen._compositor.render_strips():
        for text, style, _ in strip:
            colours = [c for c in (style.color, style.bgcolor) if c is not None] if style else []
            if any(not colour.is_default for colour in colours) or (style and style.dim):
                found.append(text)
    return found


def reversed_rows(app: ScoperApp) -> list[int]:
    strips = enumerate(app.screen._compositor.render_strips())
    return [row for row, strip in strips if any(style and style.reverse for _, style, _ in strip)]


async def look(app: ScoperApp, pilot: Pilot[None], *keys: str) -> list[str]:
    await pilot.press(*keys)
    await pilot.pause()
    assert coloured(app) == []
    return rows(app)


@pytest.mark.slow
async def test_no_screen_writes_a_colour_and_each_says_where_one_is(
    app_on: Maker, example: Callable[[str], Path], replay: Callable[..., None], recorded: tuple
) -> None:
    replay(recorded)
    app = app_on(example("warehouse_reorder"))
    async with app.run_test(size=(80, 24)) as pilot:
        for number, step in enumerate(STEPS, start=2):
            text = await look(app, pilot, f"f{number}")

            assert f"▸F{number} {step.capitalize()}" in text[0]
            assert 0 in reversed_rows(app)
        await pilot.press("f6", "r")
        await pilot.app.workers.wait_for_complete()
        text = await look(app, pilot)
        for level in ("floor", "ceiling"):  # told apart by colour elsewhere, here by the name on each line
            assert any("╌" in row and level in row for row in text)


@pytest.mark.slow
async def test_the_row_under_the_cursor_is_reversed_and_carries_a_sign(app_on: Maker, case: Path) -> None:
    app = app_on(case)
    async with app.run_test(size=(80, 24)) as pilot:
        for presses in range(3):
            text = await look(app, pilot, *(["down"] if presses else []))
            pointed = [row for row, line in enumerate(text) if row > 1 and "▸" in line]

            assert len(pointed) == 1
            assert pointed[0] in reversed_rows(app)
            assert f"▸{presses + 1}" in text[pointed[0]].replace(" ", "")


@pytest.mark.slow
async def test_a_faulty_line_of_the_spec_has_a_cross_and_says_what_is_wrong(
    app_on: Maker, example: Callable[[str], Path]
) -> None:
    app = app_on(example("warehouse_reorder"))
    async with app.run_test(size=(120, 40)) as pilot:
        await look(app, pilot, "f5", "ctrl+e", "ctrl+home", "x", "enter")
        await pilot.pause(0.4)
        text = await look(app, pilot)
        faulty = next(row for row in text if "✗" in row)

        assert app.session.spec is not None
        first = app.session.spec.problems[0]
        assert first.message[:12] in faulty
        assert str(first.line) in faulty


@pytest.mark.slow
async def test_what_is_wrong_in_a_line_without_room_for_it_is_said_below(
    app_on: Maker, example: Callable[[str], Path]
) -> None:
    case = example("warehouse_reorder")
    spec = case.with_name("warehouse_reorder.mdp.yaml")
    spec.write_text(f"# note: {'long ' * 21}\n{spec.read_text(encoding='utf-8')}", encoding="utf-8")
    app = app_on(case)
    async with app.run_test(size=(120, 40)) as pilot:
        await look(app, pilot, "f5", "ctrl+e", "ctrl+home", "x")
        await pilot.pause(0.4)
        text = await look(app, pilot)

        assert app.session.spec is not None
        first = app.session.spec.problems[0]
        marked = next(row for row, said in enumerate(text) if "✗" in said)
        assert "x# note: long" in text[marked]
        assert first.message[:12] not in text[marked]
        assert any(f":{first.line}:{first.column}" in row and first.message[:12] in row for row in text[marked + 1 :])
