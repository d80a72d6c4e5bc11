"""Rules that drift are found, and by how much; rules that stay are not, whatever the policy does."""

import numpy as np
import pytest

from scoper.domain.empirical import Steps
from scoper.numerics.stationarity import stationarity


def played(rng, episodes=60, length=25, drift=0.0, jump=0.0, learning=False, continuous=False, start=0.0):
    """A walk on five places; rewards drift with the episode's number from 0 to `drift`, or jump at half of them."""
    n = episodes * length
    episode, timestep = np.arange(n) // length, np.arange(n) % length
    late = episode / (episodes - 1)
    share = np.where(episode >= episodes // 2, 0.7, 0.3) if learning else np.full(n, 0.5)
    action = (rng.random(n) < share).astype(int)
    before, after = np.zeros(n), np.zeros(n)
    x = 0.0
    for k in range(n):
        if timestep[k] == 0:
            x = rng.normal() + start * late[k] if continuous else float(rng.integers(5))
        before[k] = x
        x = 0.8 * x + action[k] - 0.5 + 0.3 * rng.normal() if continuous else (x + 2 * action[k] - 1) % 5
        after[k] = x
    reward = np.sin(before) + action + rng.normal(size=n) + drift * late + jump * (episode >= episodes // 2)
    phase = tuple("late" if learning and e >= episodes // 2 else "early" for e in range(episodes))
    none = np.zeros(n, dtype=bool)
    return Steps(before[:, None], after[:, None], action, reward, np.zeros(n), none, timestep == length - 1,
                 timestep, episode, tuple(range(episodes)), phase)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("continuous", [False, True])
def test_a_jump_of_the_reward_is_found_with_its_size(continuous):
    rng = np.random.default_rng(0)

    found = stationarity(played(rng, jump=0.8, continuous=continuous), rng)

    assert [drift.outcome for drift in found.drifts] == ["reward"]
    # noise of 1 and the jump's own spread of 0.4
    assert found.drifts[0].effect == pytest.approx(0.8 / np.sqrt(1.16), abs=0.15)


def test_a_slow_drift_is_found_with_its_slope():
    rng = np.random.default_rng(1)

    found = stationarity(played(rng, drift=1.0), rng)

    assert [drift.outcome for drift in found.drifts] == ["reward"]
    assert found.drifts[0].slope == pytest.approx(1.0 / np.sqrt(1.0 + 1 / 12), abs=0.2)


@pytest.mark.slow
@pytest.mark.parametrize("continuous", [False, True])
def test_rules_that_stay_are_not_accused_even_if_the_policy_changes(continuous):
    accused = 0
    for seed in range(6):
        rng = np.random.default_rng(seed)
        steps = played(rng, episodes=40, learning=seed % 2 == 0, continuous=continuous)
        accused += not stationarity(steps, rng).is_stationary
    assert accused <= 1


def test_starts_that_drift_are_named():
    rng = np.random.default_rng(2)

    found = stationarity(played(rng, continuous=True, start=3.0), rng, names=("heat",))

    assert "first heat" in [drift.outcome for drift in found.drifts]


def test_transitions_that_change_are_named():
    rng = np.random.default_rng(3)
    steps = played(rng)
    after = np.where(steps.episode[:, None] >= 30, steps.before, steps.after)
    changed = Steps(**{**vars(steps), "after": after})

    assert "next observation 0" in [drift.outcome for drift in stationarity(changed, rng).drifts]


def test_a_change_too_small_to_matter_is_not_named():
    rng = np.random.default_rng(4)

    found = stationarity(played(rng, episodes=400, jump=0.1), rng)

    assert found.is_stationary


def test_few_episodes_say_nothing():
    rng = np.random.default_rng(5)

    assert stationarity(played(rng, episodes=6, jump=5.0), rng).n_episodes == 6
    assert stationarity(played(rng, episodes=6, jump=5.0), rng).is_stationary


def test_a_jump_that_falls_together_with_a_new_policy_counts_only_if_the_observation_is_known_to_suffice():
    rng = np.random.default_rng(6)
    steps = played(rng, jump=0.8, learning=True)

    assert stationarity(steps, rng).is_stationary
    assert [drift.outcome for drift in stationarity(steps, rng, across=True).drifts] == ["reward"]
