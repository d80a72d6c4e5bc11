"""Environments without a table, learned with stable-baselines3."""

from pathlib import Path

import pytest

from scoper.domain.mdp import EnvironmentSpec, Objective
from scoper.domain.probe import ProbePlan

pytestmark = [pytest.mark.deep, pytest.mark.slow]
FOLDER = str(Path(__file__).parent / "environments")


@pytest.fixture
def result_of(events_of):
    def go(spec, **plan):
        plan = {"budget": "quick", "budget_s": 240.0, **plan}
        last = events_of(ProbePlan(spec_text="", spec=spec, spec_dir=FOLDER, trust=True, **plan))[-1]
        assert last.kind == "finished", last
        return last.result

    return go


def test_the_pole_on_a_cart_is_feasible(result_of):
    result = result_of(EnvironmentSpec(name="pole", id="CartPole-v1"))

    assert result.verdict == "feasible"
    assert result.returns["ppo"].low > 100 > result.returns["random"].high
    assert result.gap_share.n_seeds == 3
    assert "all seeds at once in numpy" in result.returns["ppo"].policy
    assert "torch" not in result.provenance["versions"]
    assert "objective_not_declared" in [finding.code for finding in result.findings]


def test_a_pole_that_never_pays_is_a_defective_reward(result_of):
    spec = EnvironmentSpec(name="silent", entry_point="poles.py:Silent")
    result = result_of(spec, learning_steps=4000)

    assert result.verdict == "reward_defective"
    assert result.findings[0].code == "constant_reward"


def test_a_reward_that_pays_for_falling_is_found_by_the_objective(result_of):
    spec = EnvironmentSpec(name="falls", entry_point="poles.py:Upright", objective=Objective(info="upright"))
    result = result_of(spec, learning_steps=20_000)

    assert result.verdict == "reward_defective"
    assert "proxy_true_divergence" in [finding.code for finding in result.findings]
    assert result.objective.of_best_reward_policy < result.objective.of_random


def test_a_pendulum_is_feasible_with_continuous_actions(result_of):
    spec = EnvironmentSpec(name="pendulum", id="Pendulum-v1")
    result = result_of(spec, learning_steps=30_000, budget="standard", budget_s=300.0)

    assert result.verdict in ("feasible", "feasible_with_conditions")
    assert result.returns["ppo"].mean > -600 > result.returns["random"].high


def test_the_chosen_checkpoint_is_disclosed_and_no_interval_exceeds_what_an_episode_can_pay(events_of):
    spec = EnvironmentSpec(name="pole", id="CartPole-v1")
    events = events_of(ProbePlan(spec_text="", spec=spec, trust=True, learning_steps=8000, budget_s=240.0))
    result, points = events[-1].result, [event for event in events if event.kind == "curve"]

    ppo = result.returns["ppo"]
    assert "checkpoints, chosen on other episodes; 95 % Student interval over 3 seeds" in ppo.policy
    assert 1.0 <= ppo.low <= ppo.mean <= ppo.high <= 500.0  # one reward of 1 in each of at most 500 timesteps
    assert all(point.steps <= point.of_steps for point in points)
    last = {(point.learner, point.seed): point for point in points}
    assert all(point.steps == point.of_steps or point.stopped for point in last.values())
