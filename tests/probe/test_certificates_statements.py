"""Episodes that contradict what an owner says is better: found, counted, and checked again."""

import gymnasium as gym
import numpy as np
import pytest

from scoper.domain.wanted import Statement
from scoper.probe.certificates import check
from scoper.probe.certificates_play import EnvPlayer, SpecPlayer
from scoper.probe.certificates_statements import against
from scoper.services.specs import parse_spec

TANK = """
scoper_mdp: 1
name: tank
discount: 1.0
horizon: 3
state: {water: {from: 0, to: 3}}
actions: {tap: {values: [shut, open]}}
next: {water: "min(3, water + 1) if tap == 'open' else water"}
start: {water: 0}
terminated: "false"
reward: {wet: "1.0 * next_water"}
"""
LESS_WATER, MORE_WATER = Statement(of="water", direction="less"), Statement(of="next_water", direction="more")


class Tank(gym.Env):
    """The same as an environment: three timesteps, the water before them among the terms."""

    observation_space, action_space = gym.spaces.Discrete(9), gym.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.water = self.t = 0
        return 0, {}

    def step(self, action):
        self.water, self.t = self.water + int(action), self.t + 1
        return self.water, float(self.water), False, self.t >= 3, {"reward_terms": {"water": float(self.water)}}


@pytest.fixture
def spec():
    return SpecPlayer(parse_spec(TANK, "tank"), 3)


def both(player, opened=1, shut=0):
    return [player.play(0, lambda *_: opened, "open"), player.play(0, lambda *_: shut, "shut")]


def test_the_episode_that_earns_more_and_has_more_of_what_should_be_less_is_the_first(spec):
    (found,) = against(spec, [LESS_WATER], both, "sign_flip")

    assert [trace.policy for trace in found.traces] == ["open", "shut"]
    assert [trace.total_reward for trace in found.traces] == [1 + 2 + 3, 0]
    assert [trace.objective for trace in found.traces] == [0 + 1 + 2, 0]  # the water before each timestep
    assert check(spec, found).holds


def test_what_a_reward_and_a_statement_agree_on_shows_nothing(spec):
    assert list(against(spec, [MORE_WATER], both, "sign_flip")) == []


def test_a_trade_off_between_two_statements_is_no_contradiction(spec):
    assert list(against(spec, [LESS_WATER, MORE_WATER], both, "sign_flip")) == []


def test_a_certificate_whose_episodes_are_exchanged_does_not_hold(spec):
    (found,) = against(spec, [LESS_WATER], both, "sign_flip")

    assert not check(spec, found.model_copy(update={"traces": found.traces[::-1]})).holds


def test_an_environment_counts_what_its_terms_hold():
    player = EnvPlayer(Tank, None)
    pool = lambda p: both(p, np.int64(1), np.int64(0))  # noqa: E731
    (found,) = against(player, [LESS_WATER], pool, "sign_flip")

    assert [trace.objective for trace in found.traces] == [1 + 2 + 3, 0]
    assert check(player, found).holds
