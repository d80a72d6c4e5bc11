"""How much of what is declared was visited."""

import numpy as np
import pytest
from gymnasium.spaces import Box

from scoper.probe.territory import Counts, Ranges


def test_numbered_observations_count_when_visited_and_actions_where_something_was_done():
    counts = Counts(4, 2)
    counts.add(0, 0, 1)
    counts.add(0, 1, 2)
    counts.add(0, 0, 1)

    assert counts.covered() == (3 / 4, 1)


@pytest.mark.parametrize(("successor", "places"), [(lambda o, a: (o + a) % 3, True), (lambda o, a: a, False)])
def test_observations_that_only_repeat_the_action_are_no_places(successor, places):
    counts = Counts(3, 3)
    for observation in range(3):
        for action in range(3):
            counts.add(observation, action, successor(observation, action))

    assert counts.places() is places


def test_the_component_that_was_visited_least_counts():
    ranges = Ranges(Box(np.array([0.0, -1.0], np.float32), np.array([1.0, 1.0], np.float32)))
    for value in np.linspace(0.0, 1.0, 200):
        ranges.note(np.array([value, value]))

    assert ranges.whole
    assert ranges.covered() == 0.5


def test_a_component_without_bounds_is_not_counted_and_makes_the_whole_unknown():
    ranges = Ranges(Box(np.array([0.0, -np.inf], np.float32), np.array([1.0, np.inf], np.float32)))
    for value in np.linspace(0.0, 1.0, 200):
        ranges.note(np.array([value, 1e9]))

    assert not ranges.whole
    assert ranges.covered() == 1.0
