"""Settings of the deep learners: published ones where there are some for an environment, plain ones elsewhere.

Published: rl-baselines3-zoo (Raffin 2020), hyperparams/{ppo,dqn,sac}.yml. The plain ones follow the zoo's habits for
small control problems: several environments at once, normalised observations and rewards, exploration by a
state-dependent noise for continuous actions. Where the discount is not part of a published setting, the spec's is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from scoper.baselines import Task
from scoper.domain.probe import ProbePlan

Algorithm = Literal["ppo", "dqn", "sac"]
_BUDGET_FACTORS: Mapping[str, float] = {"quick": 0.4, "standard": 1.0, "long": 5.0}


@dataclass(frozen=True)
class Settings:
    """steps: timesteps per seed; linear: names whose value falls linearly to zero; published: from the zoo."""

    steps: int
    n_envs: int = 1
    normalise: bool = False
    arguments: Mapping[str, Any] = field(default_factory=dict)
    linear: tuple[str, ...] = ()
    published: bool = True


_PPO: Mapping[str, Settings] = {
    "CartPole-v1": Settings(
        100_000,
        8,
        arguments={
            "n_steps": 32,
            "batch_size": 256,
            "gae_lambda": 0.8,
            "gamma": 0.98,
            "n_epochs": 20,
            "learning_rate": 1e-3,
            "clip_range": 0.2,
        },
        linear=("learning_rate", "clip_range"),
    ),
    "Pendulum-v1": Settings(
        100_000,
        4,
        arguments={
            "n_steps": 1024,
            "gae_lambda": 0.95,
            "gamma": 0.9,
            "n_epochs": 10,
            "learning_rate": 1e-3,
            "use_sde": True,
            "sde_sample_freq": 4,
        },
    ),
    "Acrobot-v1": Settings(300_000, 16, True, {"n_steps": 256, "gae_lambda": 0.94, "gamma": 0.99, "n_epochs": 4}),
    "MountainCar-v0": Settings(300_000, 16, True, {"n_steps": 16, "gae_lambda": 0.98, "gamma": 0.99, "n_epochs": 4}),
    "MountainCarContinuous-v0": Settings(
        20_000,
        1,
        True,
        {
            "n_steps": 8,
            "batch_size": 256,
            "gae_lambda": 0.9,
            "gamma": 0.9999,
            "n_epochs": 10,
            "learning_rate": 7.77e-5,
            "clip_range": 0.1,
            "ent_coef": 0.00429,
            "vf_coef": 0.19,
            "max_grad_norm": 5.0,
            "use_sde": True,
            "policy_kwargs": {"log_std_init": -3.29, "ortho_init": False},
        },
    ),
    "LunarLander-v3": Settings(
        300_000, 16, arguments={"n_steps": 1024, "gae_lambda": 0.98, "gamma": 0.999, "n_epochs": 4, "ent_coef": 0.01}
    ),
}
_DQN_SMALL = {
    "learning_rate": 2.5e-4,
    "batch_size": 512,
    "buffer_size": 100_000,
    "learning_starts": 0,
    "target_update_interval": 5000,
    "train_freq": 16,
    "gradient_steps": 4,
    "exploration_fraction": 0.06,
    "exploration_final_eps": 0.11,
}
_DQN: Mapping[str, Settings] = {
    "CartPole-v1": Settings(200_000, arguments={**_DQN_SMALL, "gamma": 0.99}),
    "Acrobot-v1": Settings(150_000, arguments={**_DQN_SMALL, "gamma": 0.99}),
    "MountainCar-v0": Settings(
        120_000,
        arguments={
            "learning_rate": 4e-3,
            "batch_size": 128,
            "buffer_size": 10_000,
            "learning_starts": 1000,
            "gamma": 0.98,
            "target_update_interval": 5000,
            "train_freq": 16,
            "gradient_steps": 8,
            "exploration_fraction": 0.2,
            "exploration_final_eps": 0.07,
            "policy_kwargs": {"net_arch": [256, 256]},
        },
    ),
}
_SAC: Mapping[str, Settings] = {
    "Pendulum-v1": Settings(20_000, arguments={"learning_rate": 1e-3}),
    "MountainCarContinuous-v0": Settings(
        50_000,
        arguments={
            "learning_rate": 3e-4,
            "buffer_size": 50_000,
            "batch_size": 512,
            "ent_coef": 0.1,
            "train_freq": 32,
            "gradient_steps": 32,
            "gamma": 0.9999,
            "tau": 0.01,
            "learning_starts": 0,
            "use_sde": True,
            "policy_kwargs": {"log_std_init": -3.67, "net_arch": [64, 64]},
        },
    ),
}
_PUBLISHED: Mapping[Algorithm, Mapping[str, Settings]] = {"ppo": _PPO, "dqn": _DQN, "sac": _SAC}


def settings_for(algorithm: Algorithm, task: Task, plan: ProbePlan) -> Settings:
    """Published settings for the task's id, else plain ones; timesteps scaled by the budget unless the plan says."""
    found = arguments_for(algorithm, task)
    steps = plan.learning_steps or int(found.steps * _BUDGET_FACTORS.get(plan.budget, plan.budget_s / 300.0))
    return Settings(max(steps, 1), found.n_envs, found.normalise, found.arguments, found.linear, found.published)


def arguments_for(algorithm: Algorithm, task: Task) -> Settings:
    """Published settings for the task's id, else plain ones, with the timesteps of the standard budget."""
    return _PUBLISHED[algorithm].get(task.environment_id or "") or _plain(algorithm, task)


def _plain(algorithm: Algorithm, task: Task) -> Settings:
    gamma = {"gamma": min(task.discount, 0.9999)}
    if algorithm == "dqn":
        return Settings(100_000, arguments={**_DQN_SMALL, **gamma}, published=False)
    if algorithm == "sac":
        return Settings(15_000, arguments={"learning_rate": 1e-3, **gamma}, published=False)
    arguments = {"n_steps": 128, "batch_size": 256, "gae_lambda": 0.95, "n_epochs": 10, "learning_rate": 1e-3, **gamma}
    if task.action_kind == "continuous":
        arguments |= {"n_steps": 512, "use_sde": True, "sde_sample_freq": 4}
    return Settings(150_000, 8, True, arguments, ("learning_rate",), published=False)
