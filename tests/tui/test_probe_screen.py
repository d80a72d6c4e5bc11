"""The probe on the screen: what is known after which event, cancelling, trust, and that nothing is trained here."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from scoper.domain.probe import CurvePoint, Failed, Finished, ProbeEvent, ReturnMeasured, ReturnSummary, StageChanged
from scoper.interfaces import watching
from scoper.interfaces.tui import probe_view, spec_steps, steps
from scoper.interfaces.tui.app import ScoperApp
from scoper.interfaces.tui.session import Session
from scoper.interfaces.watching import ProbeView
from tests.tui.on_screen import text_of

Maker = Callable[..., ScoperApp]
Example = Callable[[str], Path]
Replay = Callable[..., None]
Events = tuple[ProbeEvent, ...]


def fold(*events: ProbeEvent) -> ProbeView:
    view = ProbeView(status="running")
    for event in events:
        view = watching.fold(view, event)
    return view


def children() -> set[str]:
    """Ids of the processes that this one started and that still run."""
    found: set[str] = set()
    for task in Path("/proc/self/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread that has just ended
            found |= set((task / "children").read_text().split())
    return {pid for pid in found if runs(pid)}


def runs(pid: str) -> bool:
    """Whether the process is there, and not only its exit code."""
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False


def exactly(value: float) -> ReturnSummary:
    return ReturnSummary(mean=value, low=value, high=value, n=1, basis="proved")


def test_a_stage_has_passed_when_the_next_one_begins() -> None:
    view = fold(*(StageChanged(stage=stage) for stage in ("contract", "solve", "floors")))

    assert view.passed == ("contract", "solve")
    assert view.stage == "floors"


def test_the_floor_is_the_best_of_the_floors_and_the_ceiling_the_optimum() -> None:
    measured = {"random": 1.0, "constant": 3.0, "idle": 2.0, "optimal": 9.0, "own_rule": 5.0}
    view = fold(*(ReturnMeasured(policy=name, summary=exactly(value)) for name, value in measured.items()))

    curves = probe_view.curves_of(view)
    assert (curves.floor, curves.ceiling) == (3.0, 9.0)


def test_the_curve_shows_the_learner_heard_of_last_and_keeps_the_others() -> None:
    points = [("dqn", 0, 10, 1.0), ("ppo", 0, 10, 2.0), ("ppo", 1, 10, 4.0), ("dqn", 1, 10, 3.0)]
    view = fold(*(CurvePoint(learner=w, seed=s, steps=n, of_steps=100, mean_return=v) for w, s, n, v in points))

    assert probe_view.curves_of(view).seeds == {0: ((10.0, 1.0),), 1: ((10.0, 3.0),)}
    assert set(view.curves) == {"dqn", "ppo"}
    assert "mean 2 over 2 seeds" in probe_view.summary(view)


def test_a_recorded_probe_ends_with_its_result(recorded: Events) -> None:
    view = fold(*recorded)

    last = recorded[-1]
    assert isinstance(last, Finished)
    assert view.status == "finished"
    assert view.result == last.result
    assert view.findings == last.result.findings


@pytest.mark.slow
async def test_running_shows_verdict_and_findings_and_feeds_the_report(
    app_on: Maker, example: Example, replay: Replay, recorded: Events
) -> None:
    replay(recorded)
    app = app_on(example("warehouse_reorder"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f6", "r")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        shown = text_of(app)
        await pilot.press("f7")

        assert "Feasible" in shown
        assert "ceiling 779" in shown
        assert app.session.probe.result is not None
        assert "**Feasible.**" in app.session.report


@pytest.mark.slow
async def test_a_running_probe_is_cancelled_and_keeps_what_it_measured(
    app_on: Maker, example: Example, replay: Replay, recorded: Events
) -> None:
    replay(recorded[:40], endless=True)
    app = app_on(example("warehouse_reorder"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f6", "r")
        await pilot.pause()
        assert app.session.probe.status == "running"
        await pilot.press("x")
        await pilot.pause()

        assert (app.session.probe.status, app.session.probe.code) == ("failed", "cancelled")
        assert app.session.probe.returns
        assert "cancelled  What it measured until then stays here." in text_of(app)
        await pilot.press("g")
        assert "Budget long (1800 s" in text_of(app)


async def test_a_probe_goes_on_while_other_screens_are_read(
    app_on: Maker, example: Example, replay: Replay, recorded: Events
) -> None:
    replay(recorded)
    app = app_on(example("warehouse_reorder"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f6", "r", "f3")
        await pilot.app.workers.wait_for_complete()

        assert app.session.step == "review"
        assert app.session.probe.status == "finished"


async def test_a_failed_probe_says_what_happened(app_on: Maker, example: Example, replay: Replay) -> None:
    replay((Failed(code="crash", message="the environment crashed at line 7 of env.py"),))
    app = app_on(example("warehouse_reorder"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f6", "r")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()

        assert "line 7 of env.py" in text_of(app)


@pytest.mark.slow
async def test_a_result_of_an_older_spec_is_called_old(
    app_on: Maker, example: Example, replay: Replay, recorded: Events
) -> None:
    replay(recorded)
    app = app_on(example("warehouse_reorder"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f6", "r")
        await pilot.app.workers.wait_for_complete()
        await pilot.press("f5", "ctrl+e", *"x: 1", "enter", "escape", "f6")
        await pilot.pause()

        assert "changed since" in text_of(app)


@pytest.mark.slow
async def test_code_of_a_stranger_runs_only_after_a_yes(
    app_on: Maker,
    folder: Path,
    replay: Replay,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
    (folder / "their_env.py").write_text("Env = object\n", encoding="utf-8")
    spec = 'scoper_mdp: 1\nname: X\nenvironment: {entry_point: "their_env:Env", path: .}\ndiscount: 0.9\n'
    (folder / "theirs.yaml").write_text(spec, encoding="utf-8")
    case = folder / "case.yaml"
    case.write_text("scoper: 1\ntitle: Theirs\nspec: theirs.yaml\nanswers: {}\n", encoding="utf-8")
    replay((), endless=True)
    app = app_on(case)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f6", "r")
        assert app.screen.is_modal
        await pilot.press("1")
        assert app.session.probe.status == "idle"
        await pilot.press("r", "2")
        await pilot.pause()
        assert app.session.probe.status == "running"
        await pilot.press("x", "r")
        await pilot.pause()

        assert not app.screen.is_modal
        assert app.session.probe.status == "running"


async def test_opening_another_case_ends_the_probe_of_the_one_before(
    app_on: Maker, example: Example, case: Path, replay: Replay, recorded: Events
) -> None:
    replay(recorded[:40], endless=True)
    app = app_on(example("warehouse_reorder"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f6", "r")
        await pilot.pause()
        app.do(steps.open_case, case)
        await pilot.pause()

        assert not [worker for worker in app.workers if worker.group == "probe"]
        assert app.session.probe.status == "idle"


@pytest.mark.slow
async def test_no_child_outlives_the_interface(app_on: Maker, example: Example) -> None:
    before = children()
    app = app_on(example("warehouse_reorder"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f6", "r")
        for _ in range(200):
            await pilot.pause(0.05)
            if app.session.probe.stage:
                break
        assert children() - before
        await pilot.press("ctrl+q", "2")

    for _ in range(100):
        if not children() - before:
            break
        time.sleep(0.05)
    assert not children() - before


@pytest.mark.slow
async def test_every_stage_of_a_real_probe_reaches_the_screen(app_on: Maker, example: Example) -> None:
    app = app_on(example("warehouse_reorder"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f6", "g", "g", "r")
        assert app.session.budget == "quick"
        for _ in range(400):
            await pilot.pause(0.1)
            if app.session.probe.stage == "learn":
                break
        await pilot.press("x")
        await pilot.pause(0.2)

        assert app.session.probe.passed[:3] == ("contract", "solve", "floors")
        assert app.session.probe.returns["optimal"].basis == "proved"
        assert app.session.probe.code == "cancelled"


@pytest.mark.slow
def test_the_interface_imports_no_learner_and_no_environment() -> None:
    code = (
        "import sys; import scoper.interfaces.tui.app\n"
        "for s in 'welcome interview review verdict spec probe report'.split():\n"
        "    __import__(f'scoper.interfaces.tui.{s}')\n"
        "bad = {'torch', 'gymnasium', 'stable_baselines3', 'matplotlib'} & set(sys.modules)\n"
        "sys.exit(repr(bad) if bad else 0)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert ended.stderr == ""
    assert ended.returncode == 0


@pytest.mark.slow
async def test_leaving_while_a_probe_runs_asks_first(
    app_on: Maker, example: Example, replay: Replay, recorded: Events
) -> None:
    replay(recorded[:40], endless=True)
    app = app_on(example("warehouse_reorder"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f6", "r")
        await pilot.pause()
        await pilot.press("ctrl+q")
        assert "still running" in text_of(app)
        await pilot.press("1")
        assert app.session.probe.status == "running"
        await pilot.press("ctrl+q", "2")

    assert app.return_code == 0


@pytest.mark.slow
@pytest.mark.parametrize(("ending", "said"), [("cancel", "Probe cancelled"), ("crash", "Probe failed")])
async def test_the_top_line_says_how_a_probe_ended(
    app_on: Maker, example: Example, replay: Replay, recorded: Events, ending: str, said: str
) -> None:
    failing = (*recorded[:40], Failed(code="crash", message="it broke"))
    replay(recorded[:40] if ending == "cancel" else failing, endless=ending == "cancel")
    app = app_on(example("warehouse_reorder"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f6", "r")
        await pilot.pause()
        await pilot.press("x")
        await pilot.pause()

        assert app.session.saved == said
        assert said in text_of(app)


@pytest.mark.slow
async def test_while_the_report_is_made_the_screen_says_so(
    app_on: Maker, example: Example, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = app_on(example("warehouse_reorder"))
    seen: list[str] = []
    make = spec_steps.make_report

    def slow(session: Session) -> Session:
        seen.append(text_of(app))
        return make(session)

    monkeypatch.setattr(spec_steps, "make_report", slow)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f7")
        await pilot.pause(0.5)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()

        assert ["Making the report ..." in text for text in seen] == [True]
        assert "Making the report ..." not in text_of(app)
