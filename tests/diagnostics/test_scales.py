"""Sizes of observations and actions that a learner cannot use, and those that only look large."""

import numpy as np
import pytest

from scoper.diagnostics import Evidence, action_scale, observation_scale
from scoper.domain.action_range import ActionRange, Part
from tests.diagnostics.stepped import model_of, run


def two(first, second, *, matters=True):
    """Two coins, shown in these units; the second decides which action pays, unless it does not matter."""

    def step(h, a, t, episode, rng):
        right = a == (h[1][1] if matters else h[1][0])
        coins = tuple(rng.integers(2, size=2).tolist())
        return ((first * coins[0], second * coins[1]), coins), float(right), False

    def start(episode, rng):
        coins = tuple(rng.integers(2, size=2).tolist())
        return (first * coins[0], second * coins[1]), coins

    return step, start


def found(diagnostic, *args, **how):
    return [(f.severity, f.defect) for f in diagnostic.inspect(Evidence(model=model_of(run(*args, **how))))]


class TestObservations:
    def test_a_component_ten_thousand_times_smaller_that_decides_is_named(self):
        assert found(observation_scale, *two(1e3, 1e-3)) == [("caution", "observation_scale")]

    def test_a_hundred_times_is_no_matter(self):
        assert found(observation_scale, *two(10.0, 0.1)) == []

    def test_a_small_component_on_which_nothing_depends_is_left_out(self):
        assert found(observation_scale, *two(1.0, 1e-6, matters=False)) == []

    def test_one_that_hardly_varies_beside_its_level_is_named(self):
        def step(h, a, t, episode, rng):
            coin = int(rng.integers(2))
            return (50_000.0 + coin, coin), float(a == h[1]), False

        assert found(observation_scale, step, lambda episode, rng: (50_000.0, 0)) == [("caution", "observation_scale")]


class TestActions:
    @pytest.mark.parametrize(
        ("saturates", "wakes", "bound", "expected"),
        [
            (0.003, 0.0, 500.0, [("caution", "action_scale")]),
            (0.1, 0.0, 10.0, [("caution", "action_scale")]),
            (0.3, 0.0, 2.0, []),
            (1.0, 0.0, 1.0, []),
            (1.0, 0.6, 1.0, [("caution", "action_scale")]),
            (1.0, 0.0, 1e4, [("info", None)]),
        ],
    )
    def test_of_a_box_what_part_does_anything_decides(self, saturates, wakes, bound, expected):
        part = Part("action", -bound, bound, saturates, wakes, moves=True)
        evidence = Evidence(action_range=ActionRange((part,), 48))

        assert [(f.severity, f.defect) for f in action_scale.inspect(evidence)] == expected

    @staticmethod
    def copies(n_actions, n_distinct):
        return {(0, a): [(1.0, 0, float(min(a, n_distinct - 1)), False)] for a in range(n_actions)}

    @pytest.mark.parametrize(
        ("n_actions", "n_distinct", "expected"),
        [
            (10, 3, [("caution", "action_scale")]),
            (10, 8, [("info", None)]),
            (4, 2, [("info", None)]),
            (10, 10, []),
            (10, 1, []),
        ],
    )
    def test_of_numbered_actions_copies_are_counted(self, table_of, n_actions, n_distinct, expected):
        evidence = Evidence(table=table_of(self.copies(n_actions, n_distinct)))
        found = action_scale.inspect(evidence)

        assert [(f.severity, f.defect) for f in found] == expected
        assert all(f.evidence["distinct"] == n_distinct for f in found)


def test_what_was_not_tested_is_not_judged():
    assert action_scale.inspect(Evidence()) == []
    assert observation_scale.inspect(Evidence(observation_magnitudes=np.zeros(0))) == []
