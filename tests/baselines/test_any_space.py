"""Planners and rules meet every kind of space: they answer, or say that they do not apply."""

import gymnasium
import numpy as np
import pytest
from gymnasium import spaces

from scoper.baselines import Task, base_stock, linear, planned, threshold
from scoper.domain.mdp import EnvironmentSpec, Objective
from scoper.domain.probe import ProbePlan
from scoper.probe.session import Session
from scoper.probe.shelter import Pulse
from scoper.probe.watched import Watched

OBSERVATIONS = {
    "number": spaces.Discrete(6, start=-2),
    "constant": spaces.Box(1.0, 1.0, (2,)),
    "scalar": spaces.Box(-1.0, 1.0, ()),
    "unbounded": spaces.Box(-np.inf, np.inf, (3,), np.float64),
    "picture": spaces.Box(0, 255, (7, 7, 3), np.uint8),
    "mixed": spaces.Dict({"a": spaces.MultiDiscrete([2, 3]), "b": spaces.Tuple([spaces.Box(0, 1, (1,))])}),
    "words": spaces.Text(3),
    "list": spaces.Sequence(spaces.Discrete(3)),
}
ACTIONS = {
    "number": spaces.Discrete(7, start=1),
    "one": spaces.Discrete(1),
    "several": spaces.MultiDiscrete([5, 4]),
    "switches": spaces.MultiBinary(3),
    "box": spaces.Box(-1.0, 2.0, (2,)),
    "scalar": spaces.Box(0.0, 2.0, ()),
    "unbounded": spaces.Box(-np.inf, np.inf, (1,)),
    "large": spaces.Box(-1.0, 1.0, (30,)),
    "named": spaces.Dict({"x": spaces.Discrete(3), "y": spaces.Box(0.0, 1.0, (1,))}),
    "pair": spaces.Tuple([spaces.Discrete(2), spaces.Box(0.0, 1.0, (2,))]),
}


class Noise(gymnasium.Env):
    """Observations drawn from the space, rewards drawn; ends after one to nine timesteps."""

    def __init__(self, observation, action):
        self.observation_space, self.action_space = observation, action

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.observation_space.seed(seed)
        return self.observation_space.sample(), {}

    def step(self, action):
        assert self.action_space.contains(action)
        ended = bool(self.np_random.random() < 0.3)
        return self.observation_space.sample(), float(self.np_random.random()), ended, False, {"kpi": 1.0}


PAIRS = [
    (observation, action)
    for observation in OBSERVATIONS
    for action in ACTIONS
    if action in ("number", "box") or observation in ("unbounded", "mixed")
]
"""Every observation with two actions, every action with two observations."""


@pytest.mark.slow
@pytest.mark.parametrize(("observation", "action"), PAIRS)
def test_whatever_the_spaces_are_a_finite_return_comes_out_or_nothing(observation, action):
    spec = ProbePlan(spec_text="", spec=EnvironmentSpec(name="x", id="X-v0"), budget="quick", learning_steps=500)
    make = lambda: Watched(Noise(OBSERVATIONS[observation], ACTIONS[action]), Pulse(), 9)  # noqa: E731
    kinds = {
        "number": "discrete",
        "one": "discrete",
        "box": "continuous",
        "scalar": "continuous",
        "large": "continuous",
    }
    task = Task(
        "x",
        0.99,
        1.0,
        9,
        make_env=make,
        action_kind=kinds.get(action, "product"),
        objective=Objective(info="kpi"),
    )
    session = Session(spec, lambda event: None, Pulse())
    for baseline in (planned, linear, threshold, base_stock):
        if baseline.BASELINE.applies_to(task):
            for outcome in baseline.BASELINE.run(task, session).values():
                assert np.isfinite(outcome.summary.mean)
                assert outcome.summary.policy
