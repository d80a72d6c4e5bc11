"""Whose limit ends an episode, and that no interval leaves what is possible."""

import math

import numpy as np
import pytest

from scoper.baselines import Outcome
from scoper.domain.mdp import EnvironmentSpec
from scoper.domain.probe import ProbePlan, ReturnSummary
from scoper.probe.result import Limits, gap_share, within
from scoper.probe.seen import Seen

pytestmark = pytest.mark.slow

RNG = np.random.default_rng(0)


def outcome(*samples, low=None, high=None):
    mean = math.fsum(samples) / len(samples)
    low, high = mean if low is None else low, mean if high is None else high
    summary = ReturnSummary(mean=mean, low=low, high=high, n=len(samples), basis="measured", policy="words")
    return Outcome(summary, samples)


@pytest.fixture
def cut(plan_of, events_of):
    def go(**kwargs):
        return events_of(plan_of(cls="Cut", file="truncating.py", spec={"kwargs": kwargs}))[-1].result

    return go


def test_an_environment_that_truncates_itself_has_a_limit_of_its_own(cut):
    result = cut(length=60)

    assert "the environment's own limit of 60 timesteps" in result.criterion
    assert "no_episode_end" not in [finding.code for finding in result.findings]
    assert result.mdp.horizon == 60


def test_an_environment_that_truncates_itself_here_and_there_is_told_with_its_range(cut):
    result = cut(length=20, spread=10)

    assert "truncates itself after 20 to 30 timesteps" in result.criterion
    assert "no_episode_end" not in [finding.code for finding in result.findings]


def test_an_environment_without_any_limit_gets_that_of_the_probe_and_a_caution(cut):
    result = cut(length=10**9)

    assert "the probe's own limit of 1,000 timesteps" in result.criterion
    assert "no_episode_end" in [finding.code for finding in result.findings]


def test_what_was_seen_bounds_every_return_of_the_horizon():
    seen = Seen()
    assert seen.bounds(10) == (-math.inf, math.inf)
    for reward in (0.5, 2.0):
        seen.step(reward, None)

    assert seen.bounds(10) == (0.5, 20.0)  # one step at least, ten at most
    seen.step(-1.0, 12)
    assert seen.bounds(10) == (-12.0, 24.0)  # an episode of twelve was seen
    assert seen.bounds(None) == (-math.inf, math.inf)


def test_an_interval_is_cut_at_the_proved_optimum_and_says_so():
    found = within(outcome(7.0, 8.0, 9.0, low=5.5, high=10.5), Limits(-1.0, 9.5, proved=True))

    assert (found.summary.low, found.summary.mean, found.summary.high) == (5.5, 8.0, 9.5)
    assert found.summary.policy == "words, cut at 9.5 (the proved limits)"


def test_an_interval_is_never_cut_within_its_own_samples():
    found = within(outcome(7.0, 9.0, low=1.0, high=15.0), Limits(7.5, 8.5))

    assert (found.summary.low, found.summary.high) == (7.0, 9.0)


def test_an_interval_within_the_limits_stays_as_it_is():
    known = outcome(1.0, 2.0, low=0.0, high=3.0)

    assert within(known, Limits(-5.0, 5.0)) is known
    assert within(known, Limits()) is known


def test_a_gap_share_ends_at_the_whole_way_when_the_ceiling_is_proved():
    outcomes = {"random": outcome(0.0), "q_learning": outcome(8.0, 9.0, 10.0)}
    free = gap_share(outcomes, "q_learning", ["q_learning"], 10.0, None, Limits(), RNG)
    held = gap_share(outcomes, "q_learning", ["q_learning"], 10.0, None, Limits(-3.0, 10.0, proved=True), RNG)

    assert free.high > 1.0
    assert (held.high, held.low, held.estimate) == (1.0, free.low, free.estimate)


@pytest.mark.parametrize(("best", "told"), [(0.9, False), (5.0, True)])
def test_a_best_return_within_the_noise_of_the_floor_is_no_ceiling(best, told):
    """The floor is 0 with an interval from -1 to 1; a learner at -10 would be at -1100 % of a reach of 0.9."""
    outcomes = {"random": outcome(0.0, low=-1.0, high=1.0), "q_learning": outcome(-10.0, -10.5, best)}

    assert (gap_share(outcomes, "q_learning", ["q_learning"], None, None, Limits(), RNG) is not None) == told


def test_the_result_of_a_table_stays_at_or_below_its_optimum(events_of):
    spec = EnvironmentSpec(name="lake", id="FrozenLake-v1")
    result = events_of(ProbePlan(spec_text="", spec=spec, learning_steps=5000))[-1].result

    assert result.returns["q_learning"].high <= result.returns["optimal"].mean
    assert 0.0 <= result.returns["q_learning"].low < result.returns["q_learning"].mean  # the seeds differ
    assert result.gap_share.high <= 1.0
    assert "95 % Student interval over 3 seeds" in result.returns["q_learning"].policy


def test_a_plan_is_never_exceeded_by_its_progress(events_of):
    spec = EnvironmentSpec(name="lake", id="FrozenLake-v1")
    points = [e for e in events_of(ProbePlan(spec_text="", spec=spec, learning_steps=10_001)) if e.kind == "curve"]

    assert max(point.steps / point.of_steps for point in points) == 1.0


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({"entry_point": "truncating.py:Listed", "kwargs": {"size": "9x9"}}, "does not take size=9x9 (KeyError"),
        ({"entry_point": None, "id": "FrozenLake-v1", "kwargs": {"map_name": "9x9"}}, "does not take map_name=9x9"),
        ({"entry_point": None, "id": "frozenlake"}, "did you mean 'FrozenLake-v1'?"),
        ({"entry_point": None, "id": "cart-pole"}, "'CartPole-v1'"),
    ],
)
def test_an_argument_or_id_that_is_not_known_is_named(plan_of, events_of, spec, words):
    last = events_of(plan_of(spec={"kwargs": {}, **spec}))[-1]

    assert (last.kind, last.code) == ("failed", "bad_spec")
    assert words in last.message


def test_a_constructor_that_fails_by_itself_is_not_told_to_survive_random_actions(plan_of, events_of):
    last = events_of(plan_of(spec={"entry_point": "faulty.py:RaisesInInit", "kwargs": {}}))[-1]

    assert last.code == "crash"
    assert "cannot be made" in last.result.findings[0].remedy
