"""Specs with intervals of real numbers: on points they are an approximation, without points they are stepped."""

import pytest

from scoper.domain.probe import ProbePlan
from scoper.probe.declared import declared_task
from scoper.probe.exact import solve
from scoper.services.specs import parse_spec

pytestmark = pytest.mark.slow

TANK = """
scoper_mdp: 1
name: Tank
discount: 0.9
horizon: 12
state: {level: {low: 0.0, high: 2.0%s}}
actions: {flow: {values: [0, 0.5]}}
exogenous: {rain: {values: {0: 0.5, 0.2: 0.5}}}
next: {level: "level + flow + rain - 0.3"}
reward: {near: "-abs(level - 1)"}
objective: {expression: "near", direction: maximise}
start: {level: 0.2}
baselines: {fill_up: {flow: "0.5 if level < 0.8 else 0"}}
"""


def test_numbers_of_points_are_solved_but_neither_proved_nor_called_so():
    task, criterion, _, findings = declared_task(parse_spec(TANK % ", points: 21", "mdp.yaml"))
    solution = solve(task, is_environment=False)

    assert not solution.proved
    assert solution.returns["optimal"].basis == "extrapolated"
    assert "approximates" in criterion
    (finding,) = [finding for finding in findings if finding.code == "discretised"]
    assert finding.severity == "caution"
    assert "21 points 0.1 apart" in finding.claim


def test_a_spec_without_points_is_probed_as_an_environment(events_of):
    text = TANK % ""
    plan = ProbePlan(spec_text=text, spec=parse_spec(text, "mdp.yaml"), spec_dir=".", budget_s=12.0, learning_steps=200)
    result = events_of(plan)[-1].result

    assert "optimal" not in result.returns
    assert {"random", "constant", "fill_up"} <= set(result.returns)
    assert result.returns["fill_up"].low > result.returns["random"].high
    assert {summary.basis for summary in result.returns.values()} == {"measured"}
    assert "discount 0.9" in result.criterion
    assert "over a horizon of 12 timesteps" in result.criterion
    assert "no points stand for it" in result.criterion
    assert result.objective is not None


def test_a_step_beyond_a_strict_range_is_the_specs_fault_and_says_from_where(events_of):
    text = TANK.replace("objective:", "bounds: strict\nobjective:") % ""
    plan = ProbePlan(spec_text=text, spec=parse_spec(text, "mdp.yaml"), spec_dir=".", budget_s=8.0, learning_steps=200)
    result = events_of(plan)[-1].result
    (finding,) = [finding for finding in result.findings if finding.code == "spec_step"]

    assert finding.severity == "blocker"
    assert "beyond 0 to 2; before the step: level=" in finding.claim


@pytest.mark.parametrize(("seen", "told"), [("{level_seen: on_hand}", False), ("{a: on_hand, b: late}", True)])
def test_what_cannot_be_told_apart_by_observation_is_a_caution(seen, told):
    text = f"""
scoper_mdp: 1
name: Hidden
discount: 0.9
state: {{on_hand: {{from: 0, to: 3}}, late: {{from: 0, to: 1}}}}
actions: {{order: {{from: 0, to: 1}}}}
next: {{on_hand: "max(0, on_hand - 1) + late", late: order}}
reward: {{sold: "min(1, on_hand)"}}
start: {{on_hand: 1, late: 0}}
observation: {seen}
"""
    _, _, _, findings = declared_task(parse_spec(text, "mdp.yaml"))

    assert ("partial_observation" not in {finding.code for finding in findings}) is told
