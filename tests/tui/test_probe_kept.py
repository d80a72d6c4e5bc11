"""A finished probe is kept beside its case: found again, called old when the text changed, no other file replaced."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scoper.domain.probe import ProbeEvent
from scoper.interfaces.tui.app import ScoperApp
from tests.tui.on_screen import text_of

Maker = Callable[..., ScoperApp]
Example = Callable[[str], Path]
Replay = Callable[..., None]
Events = tuple[ProbeEvent, ...]


async def run_to_the_end(app: ScoperApp, case_step: str = "f6") -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(case_step, "r")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert app.session.saved.startswith("Probe finished; result in result.json")


@pytest.mark.slow
async def test_a_finished_probe_is_found_again_when_the_case_is_opened_again(
    app_on: Maker, example: Example, replay: Replay, recorded: Events
) -> None:
    replay(recorded)
    case = example("warehouse_reorder")
    first = app_on(case)
    await run_to_the_end(first)

    again = app_on(case)
    async with again.run_test(size=(80, 24)) as pilot:
        await pilot.press("f6")
        await pilot.pause()
        shown = text_of(again)
        await pilot.press("f7")
        await pilot.pause()

        assert again.session.probe.result == first.session.probe.result
        assert "Feasible" in shown
        assert "ceiling 779" in shown
        assert "changed since" not in shown
        assert "**Feasible.**" in again.session.report


@pytest.mark.slow
async def test_a_kept_result_of_another_text_is_shown_as_old(
    app_on: Maker, example: Example, folder: Path, replay: Replay, recorded: Events
) -> None:
    replay(recorded)
    case = example("warehouse_reorder")
    await run_to_the_end(app_on(case))
    spec = folder / "warehouse_reorder.mdp.yaml"
    spec.write_text(spec.read_text(encoding="utf-8").replace("timestep: 1 day", "timestep: 2 days"), encoding="utf-8")

    again = app_on(case)
    async with again.run_test(size=(80, 24)) as pilot:
        await pilot.press("f6")
        await pilot.pause()

        assert again.session.probe.result is not None
        assert "changed since" in text_of(again)


@pytest.mark.slow
async def test_the_result_of_another_spec_in_the_folder_is_not_shown(
    app_on: Maker, example: Example, folder: Path, replay: Replay, recorded: Events
) -> None:
    replay(recorded)
    case = example("warehouse_reorder")
    await run_to_the_end(app_on(case))
    spec = folder / "warehouse_reorder.mdp.yaml"
    text = spec.read_text(encoding="utf-8")
    spec.write_text(text.replace("name: One product, one warehouse", "name: Another"), encoding="utf-8")

    again = app_on(case)
    async with again.run_test(size=(80, 24)) as pilot:
        await pilot.press("f6")

        assert again.session.probe.status == "idle"


async def test_a_file_that_is_no_result_is_neither_read_nor_replaced(
    app_on: Maker, example: Example, folder: Path, replay: Replay, recorded: Events
) -> None:
    replay(recorded)
    (folder / "result.json").write_text('{"mine": 1}', encoding="utf-8")
    app = app_on(example("warehouse_reorder"))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("f6")
        assert app.session.probe.status == "idle"
        await pilot.press("r")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()

        assert "not kept" in app.session.saved
        assert app.session.probe.result is not None
    assert (folder / "result.json").read_text(encoding="utf-8") == '{"mine": 1}'
