"""One cell of a sweep: the same as its part of a whole probe, and never more than its own trouble."""

import pytest

from scoper.baselines import discover
from scoper.domain.cell import Bounds, CellMeasured, CellPlan, Fault, NotMeasured, SeedReturn
from scoper.modelling.faults import OutOfTime
from scoper.probe.cell import run_cell
from scoper.probe.prepare import prepare
from scoper.probe.progress import run_baseline
from scoper.probe.session import Session
from scoper.probe.shelter import Pulse
from scoper.services.probing import environment_spec_text, make_plan

CORRIDOR = """\
scoper_mdp: 1
name: corridor
discount: 0.9
horizon: 20
state: {place: {from: 0, to: 4}}
actions: {right: {from: 0, to: 1}}
next: {place: "max(0, place + 2 * right - 1)"}
reward: {goal: "place == 3 and right == 1"}
terminated: "place == 4"
start: {place: 0}
"""

SLIPPERY = (
    CORRIDOR.replace("2 * right - 1", "(2 * right - 1) * grip")
    .replace("to: 4}", "to: 20}")
    .replace("20\nstate", "60\nstate")
)
SLIPPERY = SLIPPERY.replace("next:", "exogenous: {grip: {values: {0: 0.4, 1: 0.6}}}\nnext:").replace("== 3", "== 11")
SLIPPERY = SLIPPERY.replace("place == 4", "place == 12")


def session_of(text, **wishes):
    return Session(make_plan(text, "mdp.yaml", ".", budget="quick", **wishes), lambda event: None, Pulse())


def cell(text, learner=None, seed=0, **wishes):
    found = run_cell(session_of(text, **wishes), CellPlan(learner=learner, seed=seed))
    assert isinstance(found, CellMeasured)
    return found.measurement


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "learner"),
    [(SLIPPERY, "q_learning"), (environment_spec_text("CartPole-v1"), "ppo")],
    ids=["on a table", "by stepping"],
)
def test_cells_joined_are_what_a_batch_of_these_seeds_comes_to(text, learner):
    session = session_of(text, learning_steps=1500)
    session.batch = range(3)
    task = prepare(session).task
    batch = next(b for b in discover()[0] if b.id == learner).run(task, session)[learner]

    cells = [cell(text, learner, seed, learning_steps=1500) for seed in range(3)]

    assert tuple(c.mean for c in cells) == batch.samples
    assert [(c.curve_steps, c.curve_returns) for c in cells] == [(c.steps, c.returns) for c in batch.curves]
    assert len({c.curve_returns for c in cells}) > 1


def test_the_same_cell_is_the_same_value_twice():
    assert cell(SLIPPERY, "q_learning", 4, learning_steps=300) == cell(SLIPPERY, "q_learning", 4, learning_steps=300)


def test_bounds_hold_floors_the_proved_optimum_and_who_applies():
    bounds = cell(CORRIDOR)

    assert isinstance(bounds, Bounds)
    assert bounds.optimal == pytest.approx(0.9**3)  # four steps to the right, the last one pays 1
    assert bounds.returns["optimal"].basis == "proved"
    assert {"random", "constant"} <= set(bounds.floors)
    assert bounds.learners == ("q_learning",)
    assert "sarsa" in bounds.others


def ending_after(monkeypatch, most):
    """Let the budget end after `most` baselines."""
    left = [None] * most

    def until_the_end(*of):
        if not left:
            raise OutOfTime
        left.pop()
        return run_baseline(*of)

    monkeypatch.setattr("scoper.probe.cell.run_baseline", until_the_end)


def test_floors_and_optimum_that_were_measured_when_the_budget_ended_are_kept(monkeypatch):
    ending_after(monkeypatch, 2)
    bounds = cell(CORRIDOR)

    assert isinstance(bounds, Bounds)
    assert len(bounds.floors) == 2
    assert bounds.optimal == pytest.approx(0.9**3)
    assert bounds.learners == ("q_learning",)
    assert bounds.note == "the budget of 60 s was used up in the middle of a measurement"


def test_where_nothing_was_measured_when_the_budget_ended_there_is_a_fault(monkeypatch):
    ending_after(monkeypatch, 0)
    found = cell(environment_spec_text("CartPole-v1"))

    assert isinstance(found, Fault)
    assert found.code == "budget_exhausted"


def test_a_learner_that_does_not_apply_is_no_fault():
    found = cell(CORRIDOR, "ppo")

    assert isinstance(found, NotMeasured)
    assert not found.fits
    assert found.reason.startswith("ppo does not take these observations and actions; what fits: q_learning, ")


def test_a_learner_that_is_not_there_is_a_fault_with_the_nearest_spelling():
    found = cell(CORRIDOR, "q_lerning")

    assert isinstance(found, Fault)
    assert (found.code, found.remedy) == ("unknown_learner", "did you mean 'q_learning'?")


def test_a_learner_that_raises_is_a_fault_of_this_cell(monkeypatch):
    def broken(*_, **__):
        raise ValueError("no such kernel")

    monkeypatch.setattr("scoper.baselines.q_learning.on_table", broken)
    found = cell(CORRIDOR, "q_learning")

    assert isinstance(found, Fault)
    assert found.code == "learner_failed"
    assert "no such kernel" in found.claim


def test_numbers_of_seeds_far_apart_need_no_seeds_between():
    far = cell(CORRIDOR, "q_learning", 5000, learning_steps=200)

    assert isinstance(far, SeedReturn)
    assert far.steps == 200


@pytest.mark.slow
@pytest.mark.parametrize("learner", [None, "q_learning"])
def test_an_environment_that_raises_is_named_with_its_line(plan_of, events_of, learner):
    plan = plan_of("raise_in_step").model_copy(update={"cell": CellPlan(learner=learner)})
    last = events_of(plan)[-1]

    text = last.message if last.kind == "failed" else last.measurement.claim
    assert "faulty.py" in text
