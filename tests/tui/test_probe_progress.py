"""A probe on the screen while it runs and when a recording is shown: pace, what ends it, few drawings, nothing kept."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from scoper.domain.probe import CurvePoint, ProbeEvent, ProbePlan, StageChanged, Started
from scoper.domain.probe_progress import StopRule
from scoper.interfaces.tui import probe
from scoper.interfaces.tui.app import ScoperApp
from tests.tui.on_screen import words_of

Maker = Callable[..., ScoperApp]
Example = Callable[[str], Path]
Events = tuple[ProbeEvent, ...]


def learning(*steps: int) -> Events:
    """One seed of two that takes a hundred timesteps a second, 4 s after the start of the probe."""
    head = (
        Started(name="x", budget_s=60.0, n_seeds=2),
        StageChanged(stage="learn", t_s=4.0),
        StopRule(stage="learn", when=("2 seeds are done", "at 53 s"), t_s=4.0),
    )
    return (
        *head,
        *(
            CurvePoint(learner="ppo", seed=0, steps=n, of_steps=1000, mean_return=n / 10, t_s=4.0 + n / 100)
            for n in steps
        ),
    )


@pytest.mark.slow
async def test_the_screen_says_how_far_how_long_and_what_ends_it(
    app_on: Maker, example: Example, replay: Callable[..., None]
) -> None:
    replay(learning(250, 500), endless=True)
    app = app_on(example("warehouse_reorder"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f6", "r")
        await pilot.pause(0.3)
        shown = words_of(app)

    assert "25 %" in shown
    assert "about 15 s left (estimate), budget left: 51 s" in shown
    assert "stops when 2 seeds are done, or at 53 s" in shown


@pytest.mark.slow
async def test_events_that_come_at_once_are_drawn_at_once(app_on: Maker, example: Example, monkeypatch: object) -> None:
    app = app_on(example("warehouse_reorder"))
    drawn: list[object] = []

    async def many() -> AsyncIterator[ProbeEvent]:
        for event in learning(*range(1, 1001)):
            yield event

    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f6")
        app.watch(app, "session", lambda session: drawn.append(session.probe), init=False)
        await probe._watch(app, many())  # type: ignore[arg-type]

    assert app.session.probe.curves["ppo"][0][-1] == (1000.0, 100.0)
    assert len(drawn) <= 4


async def test_a_recording_is_shown_without_a_child_and_nothing_of_it_is_kept(
    app_on: Maker, example: Example, folder: Path, recorded: Events, monkeypatch: object
) -> None:
    def never(plan: ProbePlan) -> None:
        raise AssertionError("a recording starts no probe")

    monkeypatch.setattr("scoper.services.probing.run_probe", never)  # type: ignore[attr-defined]
    app = app_on(example("warehouse_reorder"))
    async with app.run_test(size=(80, 24)) as pilot:
        probe.show_recording(app, recorded, None)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        shown = words_of(app)

    assert app.session.step == "probe"
    assert "Feasible" in shown
    assert "ceiling 779" in shown
    assert not (folder / "result.json").exists()


async def test_a_recording_takes_its_time_when_a_speed_is_named_and_can_be_cancelled(
    app_on: Maker, example: Example, recorded: Events
) -> None:
    app = app_on(example("warehouse_reorder"))
    async with app.run_test(size=(80, 24)) as pilot:
        probe.show_recording(app, recorded, 0.001)
        await pilot.pause(0.2)
        assert app.session.probe.status == "running"
        await pilot.press("x")
        await pilot.pause()

    assert app.session.probe.code == "cancelled"
