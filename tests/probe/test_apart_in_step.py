"""Seeds that numpy trains together, shared among processes: the same numbers and events as in one process."""

import math
import os

import gymnasium
import pytest

from scoper.baselines import _fast_ppo
from scoper.domain.mdp import EnvironmentSpec
from scoper.domain.probe import ProbePlan
from scoper.probe.apart import SeedProcesses
from scoper.probe.flat import told_flat
from scoper.probe.prepare import _task_of
from scoper.probe.seen import Seen
from scoper.probe.session import Session
from scoper.probe.shelter import Pulse
from scoper.probe.watched import Watched

pytestmark = pytest.mark.slow
needs_two = pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="one core: one process")


def trained(batch, *, target=None, worth_s=0.0):
    """Events and outcome of a batch of the pole's seeds; shared among processes from `worth_s` nominal seconds on."""
    from dataclasses import replace

    spec, events = EnvironmentSpec(name="pole", id="CartPole-v1"), []
    plan = ProbePlan(spec_text="", spec=spec, trust=True, budget_s=600.0, learning_steps=20_000)
    session, seen = Session(plan, events.append, Pulse(), batch=batch), Seen()

    def make():
        return Watched(gymnasium.make("CartPole-v1"), session.pulse, 500, session.deadline, seen)

    make = told_flat(make)[0]
    task = replace(_task_of(spec, ("dense", "discrete"), 500, None), make_env=make, target=target)
    task = replace(task, apart=SeedProcesses(session, make, 500, seen))
    before, _fast_ppo._WORTH_SHARING_S = _fast_ppo._WORTH_SHARING_S, worth_s
    try:
        outcome = _fast_ppo.train(_fast_ppo.fit(task), task, session)["ppo"]
    finally:
        _fast_ppo._WORTH_SHARING_S = before
    return [(e.seed, e.steps, e.mean_return, e.stopped) for e in events if e.kind == "curve"], outcome, seen


@needs_two
@pytest.mark.parametrize(("batch", "target"), [(range(3), None), (range(3, 5), 195.0), (range(5), 100.0)])
def test_processes_give_the_returns_curves_and_order_of_marks_that_one_process_gives(batch, target):
    marks, outcome, seen = trained(batch, target=target)
    alone, expected, seen_alone = trained(batch, target=target, worth_s=math.inf)

    assert marks == alone
    assert [mark[:2] for mark in marks] == sorted((mark[:2] for mark in marks), key=lambda mark: (mark[1], mark[0]))
    assert outcome.samples == expected.samples
    assert outcome.last == expected.last
    assert outcome.curves == expected.curves
    assert (outcome.steps, outcome.words) == (expected.steps, expected.words)
    assert (seen.n_steps, seen.truncated_at) == (seen_alone.n_steps, seen_alone.truncated_at)


@needs_two
def test_one_core_is_no_reason_to_start_processes(monkeypatch):
    monkeypatch.setattr("scoper.probe.apart.SeedProcess", None)  # starting one would fail
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        marks, _, _ = trained(range(2))
    finally:
        os.sched_setaffinity(0, cores)

    assert {mark[0] for mark in marks} == {0, 1}
