"""Distances of rewards: what must be 0, what must be 1, and values worked out by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoper.numerics.reward_distance import epic, epic_of_samples, levelled, starc, starc_of_samples

SEEDS = st.integers(0, 2**32 - 1)


def shaped(mdp, phi, discount):
    source = mdp.pair_of_transition // mdp.n_actions
    return discount * np.where(mdp.terminates, 0.0, phi[mdp.successor]) - phi[source]


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS, scale=st.floats(1e-3, 1e3), size=st.floats(0.0, 100.0))
def test_shaping_and_scaling_are_no_distance(random_mdp, seed, scale, size):
    rng = np.random.default_rng(seed)
    mdp = random_mdp(rng, discount=0.9)
    other = scale * (mdp.reward + shaped(mdp, size * rng.normal(size=mdp.n_states), 0.9))

    found = starc(mdp, mdp.reward, other)

    assert found.value == pytest.approx(0.0, abs=1e-5) or found.flat == (True, True)


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS)
def test_the_distance_is_symmetric_bounded_and_one_for_the_opposite(random_mdp, seed):
    rng = np.random.default_rng(seed)
    mdp = random_mdp(rng, actions=3)
    other = rng.normal(size=mdp.reward.size)
    one, two = starc(mdp, mdp.reward, other), starc(mdp, other, mdp.reward)

    assert one.value == pytest.approx(two.value, nan_ok=True)
    if not any(one.flat):
        assert 0.0 <= one.value <= 1.0
        assert starc(mdp, mdp.reward, -mdp.reward).value == pytest.approx(1.0)


def test_levelling_takes_the_reference_policys_value_off(mdp_of):
    """One state, rewards 0 and 1, then the end: both are half away from the mean."""
    mdp = mdp_of([[[(1.0, 0, 0.0, True)], [(1.0, 0, 1.0, True)]]], discount=0.5)

    assert levelled(mdp, mdp.reward) == pytest.approx(np.array([[-0.5, 0.5]]))


def test_levelled_rewards_mean_nothing_under_the_reference(random_mdp):
    rng = np.random.default_rng(3)
    mdp = random_mdp(rng, states=6, actions=3)
    policy = np.where(mdp.available, rng.random(mdp.available.shape), 0.0)
    policy /= policy.sum(axis=1, keepdims=True)

    form = levelled(mdp, mdp.reward, policy=policy)

    assert (policy * form).sum(axis=1) == pytest.approx(np.zeros(mdp.n_states), abs=1e-9)


def test_the_distance_of_a_bandits_rewards_is_half_the_chord_of_their_angle(mdp_of):
    """Centred rewards (-1, 0, 1) and (-1, 2, -1): at a right angle, so sqrt(2)/2."""
    arms = [[(1.0, 0, float(r), True)] for r in (0, 1, 2)]
    mdp = mdp_of([arms], discount=0.9)

    assert starc(mdp, mdp.reward, np.array([0.0, 3.0, 0.0])).value == pytest.approx(np.sqrt(0.5))


def test_a_reward_that_is_shaping_alone_is_half_away_from_any_other(random_mdp):
    mdp = random_mdp(np.random.default_rng(0), states=6, actions=3)
    phi = np.arange(mdp.n_states) + 1.0

    found = starc(mdp, mdp.reward, shaped(mdp, phi, 0.9))

    assert (found.value, found.flat) == (0.5, (False, True))


def test_within_a_time_limit_shaping_that_is_left_over_counts(mdp_of):
    """Undiscounted, cut after one step: a potential of the state arrived at is as good as a reward."""
    table = [[[(1.0, 0, 0.0, False)], [(1.0, 1, 1.0, False)]], [[(1.0, 1, 0.0, False)], [(1.0, 0, 0.0, False)]]]
    mdp = mdp_of(table, discount=1.0)
    phi = np.array([0.0, -1.0])

    assert starc(mdp, mdp.reward, mdp.reward + shaped(mdp, phi, 1.0), horizon=1).value > 0.3
    assert starc(mdp, mdp.reward, 2.0 * mdp.reward, horizon=3).value == pytest.approx(0.0, abs=1e-7)


def steps_of(mdp, rng, n):
    """n steps of random play; an episode is cut after 20."""
    rows, state = [], int(np.argmax(mdp.initial))
    for number in range(n):
        action = rng.choice(np.flatnonzero(mdp.available[state]))
        first, after = mdp.offsets[state * mdp.n_actions + action + np.arange(2)]
        step = rng.choice(np.arange(first, after), p=mdp.probability[first:after])
        rows.append((state, action, step))
        over = mdp.terminates[step] or number % 20 == 19
        state = int(np.argmax(mdp.initial)) if over else int(mdp.successor[step])
    return (np.array(column) for column in zip(*rows, strict=True))


def test_the_sample_version_agrees_with_the_arrays(random_mdp):
    rng = np.random.default_rng(5)
    mdp = random_mdp(rng, states=5, actions=2, fan_out=1, available=1.0)
    other = rng.normal(size=mdp.reward.size)
    state, action, step = steps_of(mdp, rng, 20_000)
    seen = np.zeros((mdp.n_states, mdp.n_actions))
    np.add.at(seen, (state, action), 1.0)

    found = starc_of_samples(
        state, action, mdp.reward[step], other[step], mdp.successor[step], mdp.terminates[step], discount=0.9
    )

    assert found.value == pytest.approx(starc(mdp, mdp.reward, other, weight=seen).value, abs=0.02)


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(seed=SEEDS)
def test_shaping_and_scaling_cancel_in_samples(random_mdp, seed):
    rng = np.random.default_rng(seed)
    mdp = random_mdp(rng, fan_out=1)
    other = 3.0 * (mdp.reward + shaped(mdp, rng.normal(size=mdp.n_states), 0.9))
    state, action, step = steps_of(mdp, rng, 2_000)
    never = np.setdiff1d(mdp.successor[step][~mdp.terminates[step]], state)

    found = starc_of_samples(
        state, action, mdp.reward[step], other[step], mdp.successor[step], mdp.terminates[step], discount=0.9
    )

    assert never.size or found.value == pytest.approx(0.0, abs=1e-5) or all(found.flat)


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, scale=st.floats(1e-3, 1e3))
def test_epic_does_not_see_shaping_scale_and_constants(seed, scale):
    """Constants as well: discount * c - c is shaping by a constant potential."""
    rng = np.random.default_rng(seed)
    size, actions = int(rng.integers(2, 6)), int(rng.integers(1, 4))
    reward, phi = rng.normal(size=(size, actions, size)), rng.normal(size=size)
    other = scale * (reward + 0.9 * phi[None, None, :] - phi[:, None, None] + rng.normal())

    assert epic(reward, other, 0.9).value == pytest.approx(0.0, abs=1e-6)
    assert epic(reward, -other, 0.9).value == pytest.approx(1.0)


def test_epic_is_the_pearson_distance_of_canonical_rewards(random_mdp):
    rng = np.random.default_rng(11)
    one, two = rng.normal(size=(2, 4, 2, 4))

    def canonical(reward):
        form = np.empty_like(reward)
        for s, a, t in np.ndindex(reward.shape):
            form[s, a, t] = reward[s, a, t] + 0.8 * reward[t].mean() - reward[s].mean() - 0.8 * reward.mean()
        return form.ravel()

    correlation = np.corrcoef(canonical(one), canonical(two))[0, 1]

    assert epic(one, two, 0.8).value == pytest.approx(np.sqrt((1.0 - correlation) / 2.0))


def test_epic_of_samples_cancels_shaping_exactly_and_comes_near_the_full_value():
    rng = np.random.default_rng(2)
    one, two = rng.normal(size=(2, 5, 3, 5))
    phi = rng.normal(size=5)
    sample = tuple(rng.integers(n, size=4_000) for n in (5, 3, 5))

    same = epic_of_samples(
        lambda s, a, t: one[s, a, t], lambda s, a, t: one[s, a, t] + 0.9 * phi[t] - phi[s], sample, rng, 0.9
    )
    other = epic_of_samples(lambda s, a, t: one[s, a, t], lambda s, a, t: two[s, a, t], sample, rng, 0.9)

    assert same.value == pytest.approx(0.0, abs=1e-6)
    assert other.value == pytest.approx(epic(one, two, 0.9).value, abs=0.05)


def test_without_a_limit_of_the_reference_there_is_no_distance(mdp_of):
    mdp = mdp_of([[[(1.0, 0, 1.0, False)], [(1.0, 0, 2.0, False)]]], discount=1.0)

    found = starc(mdp, mdp.reward, -mdp.reward)

    assert np.isnan(found.value)
    assert found.flat == (False, False)
    assert starc(mdp, mdp.reward, -mdp.reward, horizon=5).value == pytest.approx(1.0)
