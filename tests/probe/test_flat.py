"""Observations in parts as one vector: names, bounds, choices as zeros and a one, texts left out."""

import gymnasium
import numpy as np
import pytest
from gymnasium import spaces

from scoper.baselines._finite import code_of, finite_size
from scoper.probe.flat import FlatView, layout_of, told_flat

SPACE = spaces.Dict(
    {
        "level": spaces.Box(-1.0, 2.0, (2,), np.float32),
        "mode": spaces.Discrete(3, start=5),
        "floor": spaces.Discrete(20),
        "note": spaces.Text(10),
        "flags": spaces.Tuple((spaces.MultiBinary(2), spaces.MultiDiscrete([4]))),
    }
)


class Parts(gymnasium.Env):
    observation_space, action_space = SPACE, spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.observation_space.seed(seed)
        return self.observation_space.sample(), {}

    def step(self, action):
        return self.observation_space.sample(), 0.0, False, False, {}


def test_every_number_has_its_place_its_name_and_its_bounds() -> None:
    layout = layout_of(SPACE)
    assert layout is not None
    told = dict(zip(layout.names, zip(layout.low.tolist(), layout.high.tolist(), strict=True), strict=True))
    assert told["level[1]"] == (-1.0, 2.0)
    assert told["floor"] == (0.0, 19.0)
    assert told["mode=6"] == (0.0, 1.0)
    assert told["flags.1"] == (0.0, 3.0)
    assert layout.left_out == ("note",)
    value = {
        "level": np.array([0.5, -0.5], dtype=np.float32),
        "mode": 6,
        "floor": 12,
        "note": "hello",
        "flags": (np.array([1, 0], dtype=np.int8), np.array([3])),
    }
    found = dict(zip(layout.names, layout.vector(value).tolist(), strict=True))
    assert found == {
        "level[0]": 0.5, "level[1]": -0.5, "mode=5": 0.0, "mode=6": 1.0, "mode=7": 0.0, "floor": 12.0,
        "flags.0[0]": 1.0, "flags.0[1]": 0.0, "flags.1": 3.0,
    }  # fmt: skip


def test_what_an_environment_shows_lies_in_the_space_it_declares() -> None:
    make, layout = told_flat(Parts)
    assert layout is not None
    env = make()
    assert isinstance(env, FlatView)
    for seed in range(20):
        observation, _ = env.reset(seed=seed)
        assert env.observation_space.contains(observation)
        assert env.observation_space.contains(env.step(0)[0])


@pytest.mark.parametrize(
    "space",
    [
        spaces.Box(0.0, 1.0, (3,), np.float32),
        spaces.Dict({"camera": spaces.Box(0, 255, (64, 64, 3), np.uint8), "speed": spaces.Box(0.0, 1.0, (1,))}),
        spaces.Dict({name: spaces.Box(0.0, 1.0, (1,)) for name in ("observation", "achieved_goal", "desired_goal")}),
        spaces.Dict({"words": spaces.Text(5)}),
        spaces.Dict({"many": spaces.Sequence(spaces.Discrete(2))}),
    ],
)
def test_vectors_pictures_goals_and_what_is_no_number_stay_as_they_are(space) -> None:
    assert layout_of(space) is None


def test_a_few_choices_together_are_counted_not_told_as_a_vector() -> None:
    space = spaces.Dict({"a": spaces.Discrete(3), "b": spaces.Discrete(4, start=1)})
    assert finite_size(space) == 12
    code = code_of(space)
    assert sorted(code.encode(code.decode(number)) for number in range(12)) == list(range(12))
    assert all(space.contains(code.decode(number)) for number in range(12))
