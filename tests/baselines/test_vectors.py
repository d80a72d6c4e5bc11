"""Observations as vectors and actions as short lists, for every kind of space."""

import numpy as np
import pytest
from gymnasium import spaces

from scoper.baselines._linear import LinearActions
from scoper.baselines._vectors import MOST_ACTIONS, actions_of, reader_of

MIXED = spaces.Dict({"b": spaces.Tuple([spaces.Discrete(3), spaces.Box(-1, 1, (2,))]), "a": spaces.MultiBinary(2)})


def test_a_nested_observation_is_one_vector_in_the_space_s_order_with_names():
    reader = reader_of(MIXED)
    value = {"a": np.array([1, 0]), "b": (2, np.array([0.5, -0.5], dtype=np.float32))}
    told = dict(zip(reader.names, reader.read(value), strict=True))
    assert told == {"a[0]": 1.0, "a[1]": 0.0, "b.0": 2.0, "b.1[0]": 0.5, "b.1[1]": -0.5}
    assert not reader.opaque


@pytest.mark.parametrize(
    "space",
    [
        spaces.Box(0, 255, (8, 8, 3), np.uint8),
        spaces.Sequence(spaces.Discrete(5)),
        spaces.Dict({"picture": spaces.Box(0, 255, (50,), np.uint8), "word": spaces.Text(5)}),
    ],
)
def test_long_and_shapeless_observations_get_a_number_that_equal_ones_share(space):
    reader = reader_of(space)
    space.seed(3)
    values = [space.sample() for _ in range(20)]
    space.seed(3)
    again = [space.sample() for _ in range(20)]
    assert reader.opaque
    assert [reader.read(value) for value in values] == [reader.read(value) for value in again]
    assert len({reader.read(value) for value in values}) > 10


@pytest.mark.parametrize(
    ("space", "n"),
    [
        (spaces.Discrete(4, start=2), 4),
        (spaces.MultiDiscrete([3, 4]), 12),
        (spaces.MultiDiscrete([10, 10, 10]), MOST_ACTIONS),
        (spaces.Discrete(1000), MOST_ACTIONS),
        (spaces.Box(-2.0, 2.0, (1,)), 7),
        (spaces.Box(-2.0, 2.0, (2,)), 16),
        (spaces.Dict({"x": spaces.Discrete(3), "y": spaces.Box(0, 1, (2,))}), MOST_ACTIONS),
    ],
)
def test_the_actions_listed_are_actions_and_not_too_many(space, n):
    actions = actions_of(space)
    assert len(actions) == n
    assert all(space.contains(action) for action in actions)


def test_a_small_box_is_listed_with_its_ends_and_its_middle():
    assert [float(action[0]) for action in actions_of(spaces.Box(-3.0, 3.0, (1,)))] == [-3, -2, -1, 0, 1, 2, 3]


@pytest.mark.parametrize(
    ("space", "as_level", "outputs", "action"),
    [
        (spaces.Discrete(3, start=5), False, [0.0, 2.0, 1.0], 6),
        (spaces.Discrete(11), True, [0.0], 5),
        (spaces.MultiDiscrete([3, 5]), False, [-99.0, 99.0], [0, 4]),
        (spaces.Box(-1.0, 3.0, (2,), np.float32), False, [0.0, 99.0], [1.0, 3.0]),
    ],
)
def test_outputs_become_actions_of_the_space(space, as_level, outputs, action):
    actions = LinearActions(space, as_level=as_level)
    assert actions.n_outputs == len(outputs)
    found = actions.of(np.array(outputs))
    assert np.array_equal(found, action)
    assert space.contains(found)
