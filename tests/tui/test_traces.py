"""What the reward asks for, shown on the probe's screen: an answer goes into the spec and the case, or nothing does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scoper.domain.certificates import EpisodeTrace, TraceStep
from scoper.domain.probe import ProbeResult
from scoper.interfaces.tui.app import ScoperApp
from scoper.services.specs import parse_spec, spec_digest
from tests.tui.on_screen import words_of

CASE = "scoper: 1\ntitle: Reorder\nspec: warehouse_reorder.mdp.yaml\nanswers:\n  myopic_enough: yes  # for now\n"


@pytest.fixture
def reviewed(app_on: Callable[..., ScoperApp], example: Callable[[str], Path], folder: Path):
    """An app on a case whose spec has a result with one trace that circles, beside it."""
    example("warehouse_reorder")
    case, spec = folder / "case.yaml", folder / "warehouse_reorder.mdp.yaml"
    case.write_text(CASE, encoding="utf-8")
    text = spec.read_text(encoding="utf-8")
    steps = tuple(TraceStep(state=f"stock={n % 2}", action="order=1", reward=2.0) for n in range(20))
    trace = EpisodeTrace(
        policy="the best policy for the reward", seed=0, actions=(1,) * 20, steps=steps, length=20,
        total_reward=40.0, terminated=False, truncated=True,
    )  # fmt: skip
    result = ProbeResult(
        spec={"name": "One product, one warehouse", "digest": spec_digest(text, folder)},
        verdict="feasible_with_conditions",
        criterion="mean return",
        traces=(trace,),
    )
    (folder / "result.json").write_text(result.model_dump_json(), encoding="utf-8")
    return app_on(case), case, spec


@pytest.mark.slow
@pytest.mark.parametrize(("key", "said", "in_case"), [("n", False, "partly"), ("y", True, "yes")])
async def test_the_answer_is_kept_in_the_spec_and_in_the_case(reviewed, key: str, said: bool, in_case: str) -> None:
    app, case, spec = reviewed
    before = spec.read_text(encoding="utf-8")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f6", "v")
        await pilot.pause()
        shown = words_of(app)
        await pilot.press(key)
        await pilot.pause()
        await pilot.press(*"why", "enter")
        await pilot.pause()

    text = spec.read_text(encoding="utf-8")
    verified = parse_spec(text, "m", spec.parent).wanted.verified
    assert "these 2 timesteps are repeated, 10 times in all" in shown
    assert verified is not None
    assert (verified.answer, verified.note) == (said, "why")
    assert len(text.splitlines()) - len(before.splitlines()) in (0, 1)
    assert "myopic_enough: yes  # for now" in case.read_text(encoding="utf-8")
    assert app.session.case.answers["reward_measurable"][0].answer == in_case


async def test_escape_keeps_nothing(reviewed) -> None:
    app, case, spec = reviewed
    before = spec.read_text(encoding="utf-8")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f6", "v")
        await pilot.pause()
        assert app.screen.is_modal
        await pilot.press("escape")
        await pilot.pause()

    assert (case.read_text(encoding="utf-8"), spec.read_text(encoding="utf-8")) == (CASE, before)
