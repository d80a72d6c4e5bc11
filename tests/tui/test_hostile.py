"""Text of users and rules on every screen: never markup, never an escape, at any size."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from scoper.domain.findings import Finding
from scoper.domain.probe import Failed, FindingRaised, Started
from scoper.interfaces.tui.app import ScoperApp

pytestmark = pytest.mark.slow

Maker = Callable[..., ScoperApp]
HOSTILE = (
    "[/] [bold [@click=app.quit] [link=x] $primary \\x1b[31m\\x1b]0;owned\\x07\\x9b2J 日本語 \\u202e {{x}} | `a` <b>"
)
SIZES = [(80, 24), (120, 40), (60, 16), (30, 8)]
CASE = f"""scoper: 1
title: "{HOSTILE}"
summary: "{HOSTILE}"
answers:
  reward_measurable: {{answer: yes, confidence: low, evidence: "{HOSTILE}", by: "{HOSTILE}"}}
  sequential_delayed: [{{answer: yes, by: "{HOSTILE}"}}, {{answer: no, by: "{HOSTILE}"}}]
"""


def written(app: ScoperApp) -> str:
    """Every character that the present screen would send to the terminal, without the terminal's own codes."""
    rows = app.screen._compositor.render_strips()
    return "\n".join(strip.text for strip in rows)


def assert_safe(text: str) -> None:
    bad = [f"U+{ord(c):04X}" for c in text if c != "\n" and (ord(c) < 32 or 127 <= ord(c) < 160 or c == "\u202e")]
    assert not bad, f"control characters on the screen: {bad}"


async def look(app: ScoperApp, pilot: Pilot[None]) -> str:
    await pilot.pause()
    text = written(app)
    assert_safe(text)
    return text


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_hostile_text_is_only_text_on_every_screen(app_on: Maker, folder: Path, size: tuple[int, int]) -> None:
    path = folder / "hostile.yaml"
    path.write_text(CASE, encoding="utf-8")
    app = app_on()
    async with app.run_test(size=size) as pilot:
        welcome = await look(app, pilot)
        await pilot.press("down", "enter")
        seen = [welcome]
        for keys in (["j"], ["escape", "e"], ["escape", "question_mark"], ["escape", "f1"], ["escape"]):
            await pilot.press(*keys)
            seen.append(await look(app, pilot))
        for key in ("f3", "f4", "f5", "f6", "f7", "f2"):
            await pilot.press(key)
            seen.append(await look(app, pilot))
        assert app.session.file is not None
    if size[0] >= 80:
        assert any("[/] [bold [@click=app.quit]" in text for text in seen)


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_hostile_words_of_a_child_process_are_only_text(
    app_on: Maker, example: Callable[[str], Path], replay: Callable[..., None], size: tuple[int, int]
) -> None:
    said = HOSTILE.encode().decode("unicode_escape")
    finding = Finding(code="x", severity="caution", claim=said, remedy=said)
    replay((Started(name=said), FindingRaised(finding=finding), Failed(code="crash", message=said, log_tail=said)))
    app = app_on(example("warehouse_reorder"))
    async with app.run_test(size=size) as pilot:
        await pilot.press("f6", "r")
        await look(app, pilot)

        assert app.session.probe.status == "failed"


async def test_pasted_escapes_do_not_enter_the_typed_line(app_on: Maker, case: Path) -> None:
    from textual import events

    app = app_on(case)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("e")
        app.screen.focused.post_message(events.Paste("\x1b]0;owned\x07gauge\x9b31m\r\n[/b] meter"))  # type: ignore[union-attr]
        await look(app, pilot)
        await pilot.press("enter")

        assert app.session.noted.evidence == "gauge [/b] meter"


async def test_pasted_escapes_do_not_enter_the_spec(app_on: Maker, example: Callable[[str], Path]) -> None:
    from textual import events

    app = app_on(example("warehouse_reorder"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f5", "ctrl+e")
        app.screen.focused.post_message(events.Paste("# \x1b[31mred\x9b0m\n"))  # type: ignore[union-attr]
        await look(app, pilot)
        await pilot.press("escape")

        assert app.session.spec is not None
        assert app.session.spec.text.startswith("# red\n")
