"""Screens that are taken down while they are still being filled: nothing of that is a failure."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.css.query import NoMatches
from textual.pilot import Pilot
from textual.widgets import Markdown

from scoper.interfaces.tui.app import ScoperApp
from scoper.interfaces.tui.base import while_here
from scoper.interfaces.tui.report import ReportScreen

Maker = Callable[..., ScoperApp]


@pytest.mark.slow
async def test_a_report_that_is_left_before_its_text_is_shown_ends_nothing(
    app_on: Maker, case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filling, left = asyncio.Event(), asyncio.Event()

    update = Markdown.update

    async def slow(self: Markdown, text: str) -> None:
        if not text:
            await update(self, text)
            return
        filling.set()
        await left.wait()

    monkeypatch.setattr(Markdown, "update", slow)
    app = app_on(case)
    async with app.run_test(size=(80, 24)) as pilot:
        app.action_go("report")
        await asyncio.wait_for(filling.wait(), 20.0)
        screen = app.screen
        await screen.remove_children()
        left.set()
        await pilot.pause()

        assert app.failure is None
        await screen.mount(Markdown())
        with pytest.raises(NoMatches), while_here(screen):
            screen.query_one("#making")


async def test_an_interface_that_ends_while_a_screen_comes_up_has_not_failed(app_on: Maker, case: Path) -> None:
    app = app_on(case)
    async with app.run_test(size=(80, 24)):
        screen = ReportScreen()
        app.push_screen(screen)
        app.exit()
        with while_here(screen):
            screen.query_one("#making")
    assert app.failure is None


@pytest.mark.slow
@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
async def test_a_report_screen_that_goes_at_once_leaves_no_work_behind(app_on: Maker, case: Path) -> None:
    app = app_on(case)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await _with_report(app, pilot)
        screen.show(app.session)
        screen.show(app.session)  # in place of the one before, which has not begun
        await pilot.pause()
        gc.collect()

        assert app.failure is None
        assert screen.query_one(Markdown).source


async def _with_report(app: ScoperApp, pilot: Pilot[None]) -> ReportScreen:
    app.action_go("report")
    while not app.session.report:
        await pilot.pause(0.02)
    assert isinstance(app.screen, ReportScreen)
    return app.screen
