"""Published settings of learners that keep a replay buffer, by environment id: DQN, SAC, TD3.

Numbers of rl-baselines3-zoo (Raffin 2020), hyperparams/{dqn,sac,td3,tqc}.yml at commit 22e3ff2. Steps are the
published timesteps of one run. The row for parking was published for TQC, of which SAC is the simpler sister.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from scoper.baselines._rows import Settings, published

_WIDE: dict[str, Any] = {"policy_kwargs": {"net_arch": [256, 256]}}
_POLE: dict[str, Any] = {
    "learning_rate": 2.3e-3,
    "batch_size": 64,
    "buffer_size": 100_000,
    "learning_starts": 1000,
    "gamma": 0.99,
}
_POLE |= {"target_update_interval": 10, "train_freq": 256, "gradient_steps": 128}
_POLE |= {"exploration_fraction": 0.16, "exploration_final_eps": 0.04}
_CAR: dict[str, Any] = {
    "learning_rate": 4e-3,
    "batch_size": 128,
    "buffer_size": 10_000,
    "learning_starts": 1000,
    "gamma": 0.98,
}
_CAR |= {"target_update_interval": 600, "train_freq": 16, "gradient_steps": 8}
_CAR |= {"exploration_fraction": 0.2, "exploration_final_eps": 0.07}
_SWING: dict[str, Any] = {
    "learning_rate": 6.3e-4,
    "batch_size": 128,
    "buffer_size": 50_000,
    "learning_starts": 0,
    "gamma": 0.99,
}
_SWING |= {"target_update_interval": 250, "train_freq": 4, "gradient_steps": -1}
_SWING |= {"exploration_fraction": 0.12, "exploration_final_eps": 0.1}

DQN: Mapping[str, Settings] = {
    "CartPole-v1": published(5e4, **_POLE, **_WIDE),
    "MountainCar-v0": published(1.2e5, **_CAR, **_WIDE),
    "LunarLander-v3": published(1e5, **_SWING, **_WIDE),
    "Acrobot-v1": published(1e5, **_SWING, **_WIDE),
}

_LARGE: dict[str, Any] = {"net_arch": [400, 300]}
_THROTTLE: dict[str, Any] = {"learning_rate": 3e-4, "buffer_size": 50_000, "batch_size": 512, "ent_coef": 0.1}
_THROTTLE |= {"train_freq": 32, "gradient_steps": 32, "gamma": 0.9999, "tau": 0.01, "learning_starts": 0}
_THROTTLE |= {"use_sde": True, "policy_kwargs": {"log_std_init": -3.67, "net_arch": [64, 64]}}
_LANDER: dict[str, Any] = {"learning_rate": 7.3e-4, "buffer_size": 1_000_000, "batch_size": 256, "gamma": 0.99}
_LANDER |= {"tau": 0.01, "train_freq": 1, "gradient_steps": 1, "learning_starts": 10_000, "policy_kwargs": _LARGE}
_WALKER: dict[str, Any] = {"learning_rate": 7.3e-4, "buffer_size": 300_000, "batch_size": 256, "gamma": 0.98}
_WALKER |= {"tau": 0.02, "train_freq": 64, "gradient_steps": 64, "learning_starts": 10_000, "use_sde": True}
_WALKER |= {"policy_kwargs": {"log_std_init": -3.0, **_LARGE}}
_PARKING: dict[str, Any] = {"learning_rate": 1.5e-3, "buffer_size": 1_000_000, "batch_size": 512, "gamma": 0.98}
_PARKING |= {"tau": 0.005, "policy_kwargs": {"net_arch": [512, 512, 512], "n_critics": 2}}

SAC: Mapping[str, Settings] = {
    "Pendulum-v1": published(2e4, learning_rate=1e-3),
    "MountainCarContinuous-v0": published(5e4, **_THROTTLE),
    "LunarLanderContinuous-v3": published(5e5, linear=("learning_rate",), ent_coef="auto", **_LANDER),
    "BipedalWalker-v3": published(5e5, ent_coef="auto", **_WALKER),
    "BipedalWalkerHardcore-v3": published(1e7, linear=("learning_rate",), ent_coef=0.005, **_LANDER),
    "parking-v0": replace(published(1e5, hindsight=True, **_PARKING), source="settings published for TQC"),
}

_DEEP: dict[str, Any] = {"learning_rate": 1e-3, "train_freq": 1, "gradient_steps": 1, "policy_kwargs": _LARGE}
_SHORT: dict[str, Any] = {**_DEEP, "gamma": 0.98, "buffer_size": 200_000, "learning_starts": 10_000}

TD3: Mapping[str, Settings] = {
    "Pendulum-v1": published(2e4, noise=("normal", 0.1), **_SHORT),
    "MountainCarContinuous-v0": published(3e5, noise=("ornstein_uhlenbeck", 0.5), batch_size=256, **_DEEP),
    "LunarLanderContinuous-v3": published(3e5, noise=("normal", 0.1), **_SHORT),
    "BipedalWalker-v3": published(1e6, noise=("normal", 0.1), **_SHORT),
    "BipedalWalkerHardcore-v3": published(
        1e7,
        linear=("learning_rate",),
        noise=("normal", 0.1),
        batch_size=256,
        **{**_SHORT, "gamma": 0.99, "buffer_size": 1_000_000, "learning_rate": 7e-4},
    ),
}
