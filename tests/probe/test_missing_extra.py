"""Without the extra 'deep': small networks learn all the same, and only what could not be tried is told."""

from types import SimpleNamespace

import gymnasium
import pytest

from scoper.baselines import Baseline, Outcome, Task, ppo
from scoper.domain.mdp import EnvironmentSpec
from scoper.domain.probe import ProbePlan, ReturnSummary
from scoper.probe import learning
from scoper.probe.progress import Progress
from scoper.probe.session import Session
from scoper.probe.shelter import Pulse


@pytest.fixture
def learn(monkeypatch):
    """The stage `learn` without the extra, for these learners; what ran and what was found."""
    monkeypatch.setattr("scoper.baselines._deep.deep_available", lambda: False)

    def go(*learners, task=None, floor=0.0):
        spec = EnvironmentSpec(name="x", id="CartPole-v1")
        session = Session(ProbePlan(spec_text="", spec=spec, budget_s=1e6), lambda event: None, Pulse())
        progress = Progress(outcomes={"random": _outcome(floor)})
        prepared = SimpleNamespace(task=task or Task("x", 0.99, 1.0, 10), seen=None)
        learning.learn(session, prepared, list(learners), progress, None, lambda: False)
        return progress.learners, session.findings

    return go


def _outcome(value, n=1):
    return Outcome(ReturnSummary(mean=value, low=value, high=value, n=n, basis="measured"), (value,) * n)


def learner(name, value, *, needs=True, fallback=False):
    return Baseline(
        name,
        "learner",
        "Learns.",
        lambda task: True,
        lambda task, context: {name: _outcome(value, 12)},
        extra="deep",
        fallback=fallback,
        needs_extra=lambda task: needs,
    )


def test_a_learner_that_does_not_need_it_learns_and_nothing_is_missed(learn):
    ran, findings = learn(learner("ppo", 9.0, needs=False), learner("dqn", 9.0, fallback=True))

    assert ran == ["ppo"]
    assert findings == []


def test_a_fallback_is_missed_only_when_it_would_have_been_tried(learn):
    ran, (finding,) = learn(learner("ppo", 9.0, needs=False), learner("dqn", 9.0, fallback=True), floor=10.0)

    assert ran == ["ppo"]
    assert finding.code == "missing_extra"
    assert finding.claim == "dqn cannot run without the extra 'deep', so only the other learners were tried"


def test_when_no_learner_can_run_that_is_what_the_finding_says(learn):
    ran, (finding,) = learn(learner("ppo", 9.0))

    assert ran == []
    assert finding.claim == "ppo cannot run without the extra 'deep', so nothing was learned here"


def test_ppo_needs_it_for_pictures_and_not_for_a_cart():
    def task(make):
        return Task("x", 0.99, 1.0, 10, make_env=make, observation_kind="dense", action_kind="discrete")

    def picture():
        env = gymnasium.make("CartPole-v1")
        env.observation_space = gymnasium.spaces.Box(0, 255, (36, 36, 3), "uint8")
        return env

    assert ppo.BASELINE.needs_extra(task(picture))
    assert not ppo.BASELINE.needs_extra(task(lambda: gymnasium.make("CartPole-v1")))
