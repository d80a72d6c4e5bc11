"""Answers that a probe's result speaks for, in the terminal interface: marked, accepted, compared, or left alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scoper.domain.probe import ProbeEvent
from scoper.interfaces.tui.app import ScoperApp
from scoper.interfaces.tui.offers import Offers
from scoper.services.feedback import Offer
from scoper.services.measured_answers import Proposal
from tests.tui.on_screen import words_of

Maker = Callable[..., ScoperApp]
Events = tuple[ProbeEvent, ...]
CASE = """scoper: 1
title: Reorder  # one product
spec: warehouse_reorder.mdp.yaml
answers:
  myopic_enough: yes
  reward_measurable: yes
"""


@pytest.fixture
def probed(app_on: Maker, example: Callable[[str], Path], folder: Path, replay: Callable[..., None], recorded: Events):
    """An app on a case with two answers, one of which the recorded probe contradicts."""
    example("warehouse_reorder")
    case = folder / "case.yaml"
    case.write_text(CASE, encoding="utf-8")
    replay(recorded)
    return app_on(case), case


async def opened(pilot) -> None:
    await pilot.press("f6", "r")
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
    await pilot.press("a")
    await pilot.pause()


@pytest.mark.slow
async def test_accepting_writes_the_new_answers_with_their_evidence_and_compares_the_verdicts(probed) -> None:
    app, case = probed
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("a")
        await pilot.pause()
        shown = words_of(app)

    text = case.read_text(encoding="utf-8")
    assert "before" in shown
    assert "after" in shown
    assert "title: Reorder  # one product" in text
    assert "  myopic_enough: yes\n" in text
    assert "sequential_delayed:\n    answer: yes\n    evidence: " in text
    assert app.session.interview is not None
    assert app.session.case.value_of("interaction_cost") == "simulated"


@pytest.mark.slow
async def test_escape_writes_nothing(probed) -> None:
    app, case = probed
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert app.screen.is_modal
        await pilot.press("escape")
        await pilot.pause()

    assert case.read_text(encoding="utf-8") == CASE


@pytest.mark.slow
async def test_an_offer_that_contradicts_an_answer_says_so_and_replaces_it_only_when_marked(probed) -> None:
    app, _ = probed
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        shown = words_of(app)
        names = [offer.signal for offer in app.screen._offered]
        await pilot.press(*["down"] * names.index("myopic_enough"), "enter", "a")
        await pilot.pause()

    assert "contradicts: the case says yes" in shown
    (answer,) = app.session.case.answers["myopic_enough"]
    assert answer.answer == "no"
    assert answer.evidence is not None
    assert answer.evidence.endswith("; replaces: yes")


def test_only_what_is_new_and_presumes_nothing_is_marked_at_first() -> None:
    plain = Proposal(signal="horizon", answer="long", basis="declared", words="the spec has no time limit")
    presuming = plain.model_copy(update={"signal": "baseline_adequate", "presumes": "my_rule is what runs today"})

    assert Offers([Offer(plain, "new"), Offer(presuming, "new")])._marked == {"horizon"}


async def test_without_a_result_there_is_nothing_to_offer(probed) -> None:
    app, case = probed
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f6", "a")
        await pilot.pause()

        assert not app.screen.is_modal
    assert case.read_text(encoding="utf-8") == CASE
