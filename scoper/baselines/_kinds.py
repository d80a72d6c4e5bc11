"""Settings of deep learners for environments that nobody published any for, by kind of space.

They follow the habits of rl-baselines3-zoo (Raffin 2020) for problems of the same kind: several environments at once
and a falling rate for policy gradients, exploration by state-dependent noise for continuous actions, the Atari rows
for pictures. Whether observations and rewards are scaled is decided by what the contract stage measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from scoper.baselines import Task
from scoper.baselines._rows import Algorithm, Settings
from scoper.domain.numbers import number

PLAIN = "plain settings"
_LARGE, _SMALL, _UNEVEN = 10.0, 0.1, 10.0
_STEPS: Mapping[Algorithm, int] = {
    "ppo": 150_000,
    "a2c": 150_000,
    "dqn": 100_000,
    "sac": 15_000,
    "td3": 15_000,
    "maskable_ppo": 150_000,
    "recurrent_ppo": 100_000,
}
_RATE = ("learning_rate",)
_PPO: dict[str, Any] = {"n_steps": 128, "batch_size": 256, "gae_lambda": 0.95, "n_epochs": 10, "learning_rate": 1e-3}
_PPO_NOISE: dict[str, Any] = {"n_steps": 512, "use_sde": True, "sde_sample_freq": 4}
_PPO_PICTURE: dict[str, Any] = {**_PPO, "n_epochs": 4, "learning_rate": 2.5e-4, "clip_range": 0.1, "ent_coef": 0.01}
_A2C_NOISE: dict[str, Any] = {"n_steps": 8, "gae_lambda": 0.9, "vf_coef": 0.4, "learning_rate": 7e-4}
_A2C_NOISE |= {"use_sde": True, "policy_kwargs": {"log_std_init": -2.0, "ortho_init": False}}
_MEMORY: dict[str, Any] = {"ortho_init": False, "lstm_hidden_size": 64, "enable_critic_lstm": True}
_MEMORY |= {"net_arch": {"pi": [64], "vf": [64]}, "activation_fn": "relu"}
_DQN: dict[str, Any] = {"learning_rate": 2.5e-4, "batch_size": 512, "buffer_size": 100_000, "learning_starts": 0}
_DQN |= {"target_update_interval": 5000, "train_freq": 16, "gradient_steps": 4}
_DQN |= {"exploration_fraction": 0.06, "exploration_final_eps": 0.11}
_DQN_PICTURE: dict[str, Any] = {"learning_rate": 1e-4, "batch_size": 32, "buffer_size": 20_000, "train_freq": 4}
_DQN_PICTURE |= {"learning_starts": 1000, "target_update_interval": 1000, "gradient_steps": 1}
_DQN_PICTURE |= {"exploration_fraction": 0.1, "exploration_final_eps": 0.01}
_SAC: dict[str, Any] = {"learning_rate": 1e-3}
_TD3: dict[str, Any] = {"learning_rate": 1e-3, "learning_starts": 1000, "train_freq": 1, "gradient_steps": 1}
_TD3 |= {"policy_kwargs": {"net_arch": [400, 300]}}
_GOALS: dict[str, Any] = {"learning_rate": 1e-3, "batch_size": 512, "tau": 0.05, "learning_starts": 1000}
_PICTURE_REPLAY: dict[str, Any] = {"buffer_size": 20_000, "learning_rate": 3e-4}


def plain(algorithm: Algorithm, task: Task) -> Settings:
    """Settings for the task's kind of space, with the discount of its spec."""
    arguments = {**_arguments(algorithm, task), "gamma": min(task.discount, 0.9999)}
    on_policy = algorithm in ("ppo", "a2c", "maskable_ppo", "recurrent_ppo")
    goals = task.form == "goal" and algorithm == "sac"
    chosen = Settings(
        _STEPS[algorithm],
        8 if on_policy else 1,
        arguments=arguments,
        linear=_linear(algorithm, task) if on_policy else (),
        noise=("normal", 0.1) if algorithm == "td3" else None,
        hindsight=goals,
        source=PLAIN,
    )
    return chosen if goals else scaled(chosen, task, on_policy=on_policy)


def _linear(algorithm: Algorithm, task: Task) -> tuple[str, ...]:
    if algorithm == "a2c":
        return _RATE if task.action_kind == "continuous" and task.form != "picture" else ()
    return ("learning_rate", "clip_range") if task.form == "picture" and algorithm != "recurrent_ppo" else _RATE


def _arguments(algorithm: Algorithm, task: Task) -> dict[str, Any]:
    picture, continuous = task.form == "picture", task.action_kind == "continuous"
    if algorithm == "dqn":
        return _DQN_PICTURE if picture else _DQN
    if algorithm == "sac":
        return _GOALS if task.form == "goal" else {**_SAC, **(_PICTURE_REPLAY if picture else {})}
    if algorithm == "td3":
        return {**_TD3, **(_PICTURE_REPLAY if picture else {})}
    if algorithm == "a2c":
        return _A2C_NOISE if continuous and not picture else {}
    found = {**(_PPO_PICTURE if picture else _PPO), **(_PPO_NOISE if continuous and not picture else {})}
    return {**found, "policy_kwargs": _MEMORY} if algorithm == "recurrent_ppo" else found


def scaled(settings: Settings, task: Task, *, on_policy: bool) -> Settings:
    """Settings with scaling as measured, and the sentence that says so.

    Observations are scaled when their components, each by its largest absolute value, reach above 10, stay below 0.1
    or differ by more than ten times, and where they were not measured; pictures never. Rewards are scaled for policy
    gradients; for learners with a replay buffer when the largest one is above 10 or none reaches 0.1.
    """
    observations, why = _observations(task)
    rewards, why_rewards = _rewards(task, on_policy=on_policy)
    words = "; ".join(word for word in (why, why_rewards) if word)
    return replace(settings, normalise=observations, scale_rewards=rewards, why=words)


def _observations(task: Task) -> tuple[bool, str]:
    if task.form == "picture":
        return False, ""
    sizes = [float(size) for size in task.magnitudes if size > 0.0]
    if not sizes:
        return True, ""
    low, high = min(sizes), max(sizes)
    needed = high > _LARGE or high < _SMALL or high > _UNEVEN * low
    span = number(high) if len(sizes) == 1 else f"{number(low)} to {number(high)}"
    return needed, f"observations {'scaled' if needed else 'not scaled'} (largest values {span})"


def _rewards(task: Task, *, on_policy: bool) -> tuple[bool, str]:
    largest = task.largest_reward
    if largest is None or largest == 0.0:
        return on_policy, "rewards scaled" if on_policy else ""
    needed = on_policy or largest > _LARGE or largest < _SMALL
    return needed, f"rewards {'scaled' if needed else 'not scaled'} (largest {number(largest)})"
