"""Actions with and without effect, in observations that repeat and in ones that do not."""

import numpy as np
import pytest

from scoper.domain.empirical import Steps
from scoper.numerics.action_effect import action_effects


def steps_of(before, after, action, reward, ended=None, length=50):
    n = len(action)
    before, after = (np.asarray(x, dtype=float).reshape(n, -1) for x in (before, after))
    none = np.zeros(n, dtype=bool)
    at = np.arange(n)
    return Steps(before, after, np.asarray(action), np.asarray(reward, dtype=float), np.zeros(n),
                 none if ended is None else ended, none, at % length, at // length, (), ())  # fmt: skip


def noisy(rng, n=3_000):
    state, action = rng.integers(5, size=n), rng.integers(3, size=n)
    return state, action, rng.integers(5, size=n), rng.normal(size=n)


def test_actions_that_do_nothing_are_accused_of_nothing_in_twelve_samples():
    found = 0
    for seed in range(12):
        state, action, after, reward = noisy(np.random.default_rng(seed), 500)
        result = action_effects(steps_of(state, after, action, reward), np.random.default_rng(seed))
        found += result.any
        assert result.any or result.idle == ("action",)
    assert found <= 1


def test_an_effect_on_the_reward_alone_is_named():
    state, action, after, reward = noisy(np.random.default_rng(0))

    found = action_effects(steps_of(state, after, action, reward + 0.5 * action), np.random.default_rng(1))

    assert [effect.outcome for effect in found.effects] == ["reward"]
    # variance 0.25 * 2/3 of the action beside 1 of the noise
    assert found.effects[0].share == pytest.approx(1 / 7, abs=0.03)


def test_an_effect_in_one_observation_of_forty_is_found():
    rng = np.random.default_rng(2)
    state, action = rng.integers(40, size=4_000), rng.integers(2, size=4_000)
    reward = rng.normal(size=4_000) + 3.0 * (state == 17) * action

    found = action_effects(steps_of(state, state, action, reward), rng)

    assert [effect.outcome for effect in found.effects] == ["reward"]
    assert found.effects[0].local == pytest.approx(2.25 / 3.25, abs=0.15)


def test_effects_that_cancel_over_observations_are_found():
    rng = np.random.default_rng(3)
    state, action = rng.integers(6, size=2_000), rng.integers(2, size=2_000)
    after = (state + np.where((state % 2) == action, 1, -1)) % 6

    found = action_effects(steps_of(state, after, action, np.zeros(2_000)), rng)

    assert found.effects[0].outcome == "next observation 0"
    assert found.effects[0].share == pytest.approx(1.0)


@pytest.mark.slow
def test_every_part_of_an_action_is_judged_by_itself():
    rng = np.random.default_rng(4)
    n = 3_000
    parts = np.stack([rng.uniform(-1, 1, n), rng.integers(3, size=n), np.full(n, 2.0)], axis=1)
    x = rng.normal(size=n)
    steps = steps_of(x, 0.9 * x + 0.3 * parts[:, 0] + 0.1 * rng.normal(size=n), np.zeros(n, dtype=int), -x * x)

    found = action_effects(steps, rng, parts=("push", "lamp", "fixed"), action=parts)

    assert {effect.part for effect in found.effects} == {"push"}
    assert (found.idle, found.constant) == (("lamp",), ("fixed",))


def test_a_push_whose_direction_depends_on_the_place_is_found():
    rng = np.random.default_rng(5)
    x, action = rng.normal(size=3_000), rng.integers(2, size=3_000)
    after = x + (2 * action - 1) * np.sign(x) * 0.2 + 0.1 * rng.normal(size=3_000)

    found = action_effects(steps_of(x, after, action, np.zeros(3_000)), rng)

    assert [effect.outcome for effect in found.effects] == ["next observation 0"]


@pytest.mark.slow
def test_continuous_observations_with_idle_actions_are_left_in_peace():
    found = 0
    for seed in range(6):
        rng = np.random.default_rng(seed)
        x, action = rng.normal(size=600), rng.integers(3, size=600)
        after = np.sin(3 * x) + rng.normal(size=600) * (0.1 + abs(x))
        found += action_effects(steps_of(x, after, action, np.abs(x) > 1.0), rng).any
    assert found <= 1


def test_a_policy_without_choice_says_nothing_of_its_action():
    rng = np.random.default_rng(6)
    state = rng.integers(4, size=1_000)

    found = action_effects(steps_of(state, (state + 1) % 4, state % 2, state), rng)

    assert (found.effects, found.idle, found.constant) == ((), (), ("action",))


def test_an_end_that_an_action_brings_about_is_an_effect():
    rng = np.random.default_rng(7)
    state, action = rng.integers(4, size=2_000), rng.integers(2, size=2_000)
    ended = (action == 1) & (rng.random(2_000) < 0.3)

    found = action_effects(steps_of(state, state, action, np.zeros(2_000), ended), rng)

    assert [effect.outcome for effect in found.effects] == ["end of the episode"]
