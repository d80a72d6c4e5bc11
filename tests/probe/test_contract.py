"""What is said about actions whose effect does not show in replays."""

import gymnasium
import pytest

from scoper.domain.episodes import Replays
from scoper.probe.contract import check_contract

SEEDS = range(12)


class Days(gymnasium.Env):
    """The observation is the day; what the actions came to is paid on the last one, by `pay`."""

    def __init__(self, last, pay):
        self.observation_space, self.action_space = gymnasium.spaces.Discrete(last + 1), gymnasium.spaces.Discrete(2)
        self.last, self.pay = last, pay

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.done = []
        return 0, {}

    def step(self, action):
        self.done.append(int(action))
        ends = len(self.done) == self.last
        return len(self.done), float(self.pay(self.done)) if ends else 0.0, ends, False, {}


@pytest.mark.slow
@pytest.mark.parametrize("last", [20, 365, 3000])
def test_a_reward_at_the_end_of_a_long_episode_shows_that_actions_matter(last):
    report = check_contract(lambda: Days(last, sum), SEEDS)

    assert report.actions_matter is True
    assert report.alike is None


def test_constant_actions_are_among_what_is_compared():
    report = check_contract(lambda: Days(60, lambda done: len(set(done)) == 1), SEEDS)

    assert report.actions_matter is True


def test_replays_that_stayed_alike_to_the_end_are_counted():
    report = check_contract(lambda: Days(20, lambda done: 1.0), SEEDS)

    assert report.actions_matter is False
    assert report.alike == Replays(12 * (5 + 2), 12 * (5 + 2) * 20, complete=True)


@pytest.mark.slow
def test_an_end_that_only_the_probe_brings_about_is_no_end_of_the_episode():
    def endless():
        return gymnasium.wrappers.TimeLimit(Days(10**9, sum), 50)

    assert check_contract(endless, SEEDS, cut_at=50).alike.complete is False
    assert check_contract(endless, SEEDS).alike.complete is True
