"""Rewards that are rare, hidden or missing: what was only not seen is never called infeasible or defective."""

from pathlib import Path

import pytest

from scoper.domain.mdp import EnvironmentSpec
from scoper.domain.probe import ProbePlan

pytestmark = pytest.mark.slow
FOLDER = str(Path(__file__).parent / "environments")


@pytest.fixture
def result_of(events_of):
    def go(cls, *, file="sparse.py", **kwargs):
        spec = EnvironmentSpec(name="sparse", entry_point=f"{file}:{cls}", kwargs=kwargs)
        plan = ProbePlan(
            spec_text="", spec=spec, spec_dir=FOLDER, trust=True, budget="quick", budget_s=60.0, learning_steps=3000
        )
        last = events_of(plan)[-1]
        assert last.kind == "finished", last
        return last.result

    return go


@pytest.mark.parametrize(
    ("cls", "kwargs"),
    [
        ("Lock", {}),
        ("Lock", {"echoes": True}),
        ("Buttons", {"numbered": True, "cells": 400}),
        pytest.param("Buttons", {}, marks=pytest.mark.deep),
        pytest.param("Lake", {}, marks=pytest.mark.deep),
        pytest.param("Valley", {}, marks=pytest.mark.deep),
        pytest.param("FarPole", {}, marks=pytest.mark.deep),
    ],
)
def test_a_goal_that_is_hard_to_find_is_never_called_a_defect_or_out_of_reach(result_of, cls, kwargs):
    result = result_of(cls, **kwargs)

    assert result.verdict not in ("infeasible", "reward_defective")
    assert {finding.defect for finding in result.findings if finding.defect} <= {"hard_exploration"}


@pytest.mark.parametrize("pay", [0.0, 1.0, -0.1])
def test_the_same_pay_everywhere_in_a_room_walked_through_is_a_defect(result_of, pay):
    result = result_of("Room", pay=pay)

    assert result.verdict == "reward_defective"
    assert "constant_reward" in [finding.code for finding in result.findings if finding.severity == "blocker"]
    assert "every declared observation was visited" in result.because


@pytest.mark.deep
@pytest.mark.parametrize(("file", "cls"), [("poles.py", "Silent"), ("sparse.py", "Swing")])
def test_a_reward_of_one_number_in_known_machines_is_a_defect(result_of, file, cls):
    result = result_of(cls, file=file)

    assert result.verdict == "reward_defective"
    assert result.findings[0].code == "constant_reward"
    assert "each of" in result.because


def test_a_goal_that_was_not_found_is_not_shown(result_of):
    assert result_of("Buttons", numbered=True, cells=400).verdict == "not_shown"


def test_a_rare_reward_is_said_with_the_bound_on_its_chance(result_of):
    result = result_of("Buttons", numbered=True, cells=400)
    (finding,) = [finding for finding in result.findings if finding.code == "no_reward_seen"]

    assert finding.severity == "caution"
    assert f"at most 3/{finding.evidence['timesteps']} at 95 %" in finding.claim
    assert finding.evidence["all_timesteps"] > finding.evidence["timesteps"]
