"""Settings of deep learners: published numbers for known environments, kinds of space and scaling elsewhere."""

import pytest

from scoper.baselines import Task
from scoper.baselines._algorithms import ENTRIES, planned_steps
from scoper.baselines._settings import arguments_for

CONTINUOUS = {"action_kind": "continuous"}


def task(environment_id=None, **changed):
    given = {"name": "x", "discount": 0.95, "evaluation_discount": 1.0, "horizon": 200, "action_kind": "discrete"}
    return Task(**{**given, "observation_kind": "dense", "environment_id": environment_id, **changed})


@pytest.mark.parametrize(  # numbers of rl-baselines3-zoo, hyperparams/*.yml at commit 22e3ff2
    ("algorithm", "environment", "expected"),
    [
        ("ppo", "BipedalWalker-v3", {"n_steps": 2048, "gamma": 0.999, "clip_range": 0.18, "learning_rate": 3e-4}),
        ("ppo", "LunarLanderContinuous-v3", {"n_steps": 1024, "batch_size": 64, "gae_lambda": 0.98, "ent_coef": 0.01}),
        ("ppo", "MiniGrid-FourRooms-v0", {"n_steps": 512, "batch_size": 64, "learning_rate": 2.5e-4}),
        ("a2c", "LunarLander-v3", {"gamma": 0.995, "n_steps": 5, "learning_rate": 8.3e-4, "ent_coef": 1e-5}),
        ("dqn", "CartPole-v1", {"learning_rate": 2.3e-3, "train_freq": 256, "gradient_steps": 128}),
        ("dqn", "MountainCar-v0", {"learning_rate": 4e-3, "target_update_interval": 600, "gamma": 0.98}),
        ("sac", "BipedalWalker-v3", {"learning_rate": 7.3e-4, "tau": 0.02, "train_freq": 64, "use_sde": True}),
        ("td3", "Pendulum-v1", {"gamma": 0.98, "buffer_size": 200_000, "learning_starts": 10_000}),
        ("recurrent_ppo", "CartPoleNoVel-v1", {"n_steps": 32, "gamma": 0.98, "gae_lambda": 0.8, "n_epochs": 20}),
    ],
)
def test_what_was_published_for_an_environment_is_taken(algorithm, environment, expected):
    found = arguments_for(algorithm, task(environment))

    assert found.published
    assert {name: found.arguments[name] for name in expected} == expected


@pytest.mark.parametrize(("algorithm", "environment"), [("ppo", "MiniGrid-DoorKey-5x5-v0"), ("sac", "parking-v0")])
def test_a_published_row_is_for_the_form_of_observation_it_was_published_for(algorithm, environment):
    mixed = arguments_for(algorithm, task(environment, form="mixed"))

    assert not mixed.published
    assert mixed.arguments["gamma"] == 0.95


def test_parking_takes_goals_in_hindsight_and_says_whose_numbers_they_are():
    found = arguments_for("sac", task("parking-v0", form="goal", **CONTINUOUS))

    assert found.hindsight
    assert found.source == "settings published for TQC"
    assert found.arguments["gamma"] == 0.98


@pytest.mark.parametrize("algorithm", ENTRIES)
@pytest.mark.parametrize("form", ["vector", "picture", "mixed"])
def test_every_learner_has_settings_for_every_form_with_the_discount_of_the_spec(algorithm, form):
    action_kind = "continuous" if algorithm in ("sac", "td3") else "discrete"
    found = arguments_for(algorithm, task(form=form, action_kind=action_kind))

    assert found.arguments["gamma"] == 0.95
    assert set(found.linear) <= set(found.arguments)
    assert planned_steps(algorithm, found) >= found.steps > 0


@pytest.mark.parametrize(
    ("magnitudes", "is_scaled"),
    [
        ((1.0, 1.0, 8.0), False),  # a pendulum
        ((1.2, 0.07), True),  # a car on a hill: 17 times
        ((0.02, 0.05), True),  # all small
        ((300.0,), True),
        ((2.0, 0.0, 3.0), False),  # what never moves says nothing
        ((), True),
    ],
)
def test_observations_are_scaled_where_their_sizes_ask_for_it(magnitudes, is_scaled):
    found = arguments_for("sac", task(magnitudes=magnitudes, **CONTINUOUS))

    assert found.normalise is is_scaled
    assert ("observations" in found.why) is bool(magnitudes)


@pytest.mark.parametrize(("largest", "is_scaled"), [(1.0, False), (16.0, True), (0.01, True), (None, False)])
def test_rewards_are_scaled_for_a_replay_buffer_where_they_are_large_or_small_and_always_for_policy_gradients(
    largest, is_scaled
):
    assert arguments_for("td3", task(largest_reward=largest, **CONTINUOUS)).scale_rewards is is_scaled
    assert arguments_for("ppo", task(largest_reward=largest)).scale_rewards


def test_pictures_are_not_scaled_and_the_sentence_does_not_speak_of_them():
    found = arguments_for("ppo", task(form="picture", largest_reward=1.0))

    assert not found.normalise
    assert found.why == "rewards scaled (largest 1)"
