"""Finite spaces are numbered without gaps; constants of any space are few, different and inside it."""

import gymnasium
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoper.baselines._finite import code_of, finite_size
from scoper.baselines.constant import constant_actions

SPACES = [
    gymnasium.spaces.Discrete(7, start=3),
    gymnasium.spaces.MultiDiscrete([2, 3, 4]),
    gymnasium.spaces.MultiDiscrete([[2, 3], [4, 2]]),
    gymnasium.spaces.MultiBinary(5),
    gymnasium.spaces.Tuple([gymnasium.spaces.Discrete(3), gymnasium.spaces.MultiBinary(2)]),
]


@pytest.mark.parametrize("space", SPACES, ids=str)
def test_a_finite_space_is_numbered_without_gaps(space):
    code = code_of(space)

    assert code.size == finite_size(space)
    for number in range(code.size):
        value = code.decode(number)
        assert space.contains(value)
        assert code.encode(value) == number


@pytest.mark.parametrize(
    "space",
    [gymnasium.spaces.Box(0, 1, (2,)), gymnasium.spaces.Discrete(2**40), gymnasium.spaces.MultiBinary(60)],
    ids=str,
)
def test_a_space_that_cannot_be_numbered_is_not(space):
    assert finite_size(space) is None


@given(
    st.lists(st.tuples(st.floats(-50, 50), st.floats(0.01, 50)), min_size=1, max_size=30),
)
def test_constant_actions_of_a_box_lie_in_it_and_are_few_and_different(bounds):
    low = np.array([b[0] for b in bounds], dtype=np.float32)
    space = gymnasium.spaces.Box(low, low + np.array([b[1] for b in bounds], dtype=np.float32))
    actions = constant_actions(space)

    assert 3 <= len(actions) <= 24
    assert all(space.contains(action) for action in actions)
    assert len({action.tobytes() for action in actions}) == len(actions)


@pytest.mark.parametrize(("n", "expected"), [(1, 1), (5, 5), (24, 24), (10_000, 24)])
def test_constant_actions_of_a_finite_space_are_all_or_a_spread(n, expected):
    actions = constant_actions(gymnasium.spaces.Discrete(n, start=2))

    assert len(actions) == expected
    assert (actions[0], actions[-1]) == (2, n + 1)
