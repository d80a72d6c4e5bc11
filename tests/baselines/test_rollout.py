"""What the owner wants of an episode is read from step's info, and from nothing else."""

import math

import gymnasium
import numpy as np
import pytest

from scoper.baselines._rollout import owner_value, rollout
from scoper.domain.mdp import Objective
from scoper.modelling.faults import EnvironmentFault

SUM, END = Objective(info="profit"), Objective(info="profit", at="end")


@pytest.mark.parametrize("value", [2, 2.0, np.float32(2.0), np.int64(2), np.array([2.0])])
def test_any_kind_of_number_counts(value):
    assert owner_value(1.0, {"profit": value}, SUM) == 3.0
    assert owner_value(1.0, {"profit": value}, END) == 2.0


@pytest.mark.parametrize("value", [True, np.bool_(True)])
def test_true_counts_as_one(value):
    assert owner_value(0.0, {"profit": value}, SUM) == 1.0


@pytest.mark.parametrize("objective", [SUM, END])
def test_a_step_may_leave_the_key_out(objective):
    assert owner_value(5.0, {"other": 1.0}, objective) == 5.0


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, "abc", "3", None, [1.0], np.array([1.0, 2.0])])
@pytest.mark.parametrize("objective", [SUM, END])
def test_what_is_no_finite_number_is_a_fault_that_names_the_key(value, objective):
    with pytest.raises(EnvironmentFault, match=r"not a finite number") as caught:
        owner_value(0.0, {"profit": value}, objective)

    assert caught.value.code == "objective_value"
    assert "info['profit']" in caught.value.claim


def test_a_rollout_stops_at_such_a_value():
    class Lost(gymnasium.Env):
        observation_space = action_space = gymnasium.spaces.Discrete(2)

        def reset(self, *, seed=None, options=None):
            return 0, {}

        def step(self, action):
            return 0, 1.0, True, False, {"profit": math.nan}

    with pytest.raises(EnvironmentFault):
        rollout(Lost(), lambda _: 0, [1], objective=SUM)
