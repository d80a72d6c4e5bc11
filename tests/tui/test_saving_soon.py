"""What is to be saved soon is saved before anything else, and said to be saved only then."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from signal import SIGTERM

import pytest

from scoper.interfaces.tui import leaving, steps
from scoper.interfaces.tui.app import ScoperApp
from scoper.interfaces.tui.widgets.chrome import CaseLine
from scoper.services.library import Library
from tests.tui.on_screen import answers_in

Maker = Callable[..., ScoperApp]
SIZE = (80, 24)


@pytest.mark.slow
async def test_an_answer_is_in_the_file_before_whatever_comes_next(app_on: Maker, case: Path, library: Library) -> None:
    app = app_on(case)
    async with app.run_test(size=SIZE):
        asked = app.session.current
        assert asked is not None
        app.soon("Saving ...", steps.answer, "yes")
        assert asked not in answers_in(case, library)
        app.do(steps.skip)

        assert answers_in(case, library)[asked][0].answer == "yes"
        assert app.session.history[0].signal == asked


async def test_what_was_to_be_saved_soon_is_saved_by_whatever_ends_the_interface(
    app_on: Maker, case: Path, library: Library
) -> None:
    app = app_on(case)
    async with app.run_test(size=SIZE):
        asked = app.session.current
        app.soon("Saving ...", steps.answer, "yes")
        leaving.leave(app, SIGTERM)

    assert asked is not None
    assert answers_in(case, library)[asked][0].answer == "yes"


async def test_an_acknowledgement_is_not_drawn_before_the_file_holds_the_answer(app_on: Maker, case: Path) -> None:
    app = app_on(case)
    async with app.run_test(size=SIZE) as pilot:
        app.soon("Saving this ...", steps.answer, "yes")
        line = app.screen.query_one(CaseLine)
        assert "Saving this ..." in line.render().plain
        assert "Saved" not in line.render().plain
        await pilot.pause()

        assert "Saved" in line.render().plain
