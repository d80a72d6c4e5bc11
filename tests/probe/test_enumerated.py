"""A small environment that always answers the same becomes a table; one that cannot be verified does not."""

import math

import gymnasium
import numpy as np
import pytest

from scoper.numerics.solve import backward_induction, start_value
from scoper.probe.tables import enumerated_table

WIDTH, PRIZE = 6, 10.0


class Corridor(gymnasium.Env):
    """Right or left; each step costs 1, the right end pays the prize; `slip` is the chance of the other direction."""

    def __init__(self, slip=0.0, hidden=False, places=None):
        self.observation_space = places or gymnasium.spaces.Discrete(WIDTH)
        self.action_space = gymnasium.spaces.Discrete(2)
        self.slip, self.hidden = slip, hidden

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.place, self.taken = 0, 0
        return self.seen(), {}

    def step(self, action):
        self.taken += 1
        if self.np_random.random() < self.slip:
            action = 1 - action
        self.place = min(WIDTH - 1, max(0, self.place + 2 * int(action) - 1))
        ends = self.place == WIDTH - 1
        pays = not self.hidden or self.taken % 2
        return self.seen(), (PRIZE if pays else 0.0) * ends - 1.0, ends, False, {}

    def seen(self):
        space = self.observation_space
        return self.place if isinstance(space, gymnasium.spaces.Discrete) else np.array([self.place, 3], space.dtype)


def enumerated(env, pace=math.inf):
    return enumerated_table(env, 1.0, 50, 7, pace)


@pytest.mark.parametrize("places", [None, gymnasium.spaces.Box(0, WIDTH, (2,), np.int64)])
def test_the_optimum_of_an_enumerated_table_is_that_of_the_environment(places):
    found = enumerated(Corridor(places=places))

    assert found.table.n_states == WIDTH
    assert start_value(found.table, backward_induction(found.table, 50).value[0]) == pytest.approx(PRIZE - (WIDTH - 1))
    assert [finding.code for finding in found.findings] == ["table_enumerated"]


def test_it_is_never_called_exact():
    assert not enumerated(Corridor()).table.is_exact


@pytest.mark.parametrize(
    "env",
    [
        Corridor(slip=0.1),
        Corridor(hidden=True),
        Corridor(places=gymnasium.spaces.Box(0, WIDTH, (2,), np.float32)),
        gymnasium.wrappers.TimeLimit(Corridor(), 3),
    ],
    ids=["random", "pays by what is not observed", "real numbers", "cut before the end"],
)
def test_what_cannot_be_verified_gets_no_table_and_no_word(env):
    found = enumerated(env)

    assert found.table is None
    assert found.findings == ()


def test_a_slow_environment_is_not_enumerated():
    assert enumerated(Corridor(), pace=1.0).table is None
