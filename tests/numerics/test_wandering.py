"""What neighbouring episodes share, and the halves of one: named where it is built in, not where chance does it."""

import numpy as np
import pytest

from scoper.numerics.episode_effects import LEAST_EPISODES, episode_effects
from scoper.numerics.wandering import wandering
from tests.diagnostics.stepped import run


def coin(episode, rng):
    return (int(rng.integers(2)),)


def shop(right, noise=0.5):
    """Action `right(episode)` turned by what is seen pays one, with noise."""

    def step(h, a, t, episode, rng):
        return (int(rng.integers(2)),), float(a == (h[0] + right(episode)) % 2) + noise * rng.normal(), False

    return step


def weather(size):
    """Every episode adds an amount of its own to all rewards; size: its standard deviation, the noise's being one."""
    amounts = np.random.default_rng(11).normal(size=2_000) * size

    def step(h, a, t, episode, rng):
        return (int(rng.integers(2)),), amounts[episode] + rng.normal(), False

    return step


SIDES = np.random.default_rng(5).integers(2, size=2_000)


def test_a_rule_that_swaps_every_few_episodes_wanders_and_one_drawn_anew_does_not():
    swaps = wandering(run(shop(lambda episode: episode // 10), coin), np.random.default_rng(0))
    drawn = wandering(run(shop(lambda episode: int(SIDES[episode])), coin), np.random.default_rng(0))

    assert [wave.outcome for wave in swaps.waves] == ["reward"]
    assert drawn.waves == ()


def test_controls_that_swap_are_found_behind_an_observation_of_many_numbers():
    def step(h, a, t, episode, rng):
        push = (1.0 if a else -1.0) * (1.0 if episode // 10 % 2 else -1.0)
        return (np.append(rng.normal(size=6), 0.5 * h[0][-1] + push),), 0.0, False

    swaps = wandering(run(step, lambda episode, rng: (rng.normal(size=7),)), np.random.default_rng(0))

    assert [wave.outcome for wave in swaps.waves] == ["next observation 6"]


def test_a_rule_drawn_for_every_episode_turns_what_is_right():
    (found,) = episode_effects(run(shop(lambda episode: int(SIDES[episode])), coin), np.random.default_rng(0))

    assert (found.outcome, found.turns) == ("reward", True)


def test_an_amount_drawn_for_every_episode_only_adds_and_its_size_is_that_of_its_spread():
    """Standard deviation 0.7 beside noise of one: 0.7 / sqrt(1.49) of what is left open."""
    (found,) = episode_effects(run(weather(0.7), coin, n=8_000), np.random.default_rng(0))

    assert not found.turns
    assert found.size == pytest.approx(0.7 / np.sqrt(1.49), rel=0.15)


@pytest.mark.parametrize("seed", range(6))
def test_the_same_rules_with_noise_are_accused_of_neither(seed):
    steps = run(shop(lambda episode: 0), coin, n=2_000, seed=seed)

    assert wandering(steps, np.random.default_rng(seed)).waves == ()
    assert episode_effects(steps, np.random.default_rng(seed)) == ()


def test_few_episodes_say_nothing():
    steps = run(shop(lambda episode: episode // 5), coin, n=20 * (LEAST_EPISODES - 20))

    assert wandering(steps, np.random.default_rng(0)).waves == ()
    assert episode_effects(steps, np.random.default_rng(0)) == ()
