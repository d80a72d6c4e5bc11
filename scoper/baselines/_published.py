"""Published settings of policy-gradient learners, by environment id: PPO, A2C, PPO with memory.

Numbers of rl-baselines3-zoo (Raffin 2020), hyperparams/{ppo,a2c,ppo_lstm}.yml at commit 22e3ff2; where its ids end in
an older version the one that Gymnasium registers today stands here. Steps are the published timesteps of one run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scoper.baselines._rows import Settings, published

_BOTH = ("learning_rate", "clip_range")
_POLE: dict[str, Any] = {"n_steps": 32, "batch_size": 256, "gae_lambda": 0.8, "gamma": 0.98, "n_epochs": 20}
_POLE |= {"learning_rate": 1e-3, "clip_range": 0.2}
_PENDULUM: dict[str, Any] = {"n_steps": 1024, "gae_lambda": 0.95, "gamma": 0.9, "n_epochs": 10, "learning_rate": 1e-3}
_PENDULUM |= {"use_sde": True, "sde_sample_freq": 4}
_ACROBOT: dict[str, Any] = {"n_steps": 256, "gae_lambda": 0.94, "gamma": 0.99, "n_epochs": 4}
_CAR: dict[str, Any] = {"n_steps": 16, "gae_lambda": 0.98, "gamma": 0.99, "n_epochs": 4}
_CAR_THROTTLE: dict[str, Any] = {"batch_size": 256, "gae_lambda": 0.9, "gamma": 0.9999, "n_epochs": 10}
_CAR_THROTTLE |= {"learning_rate": 7.77e-5, "clip_range": 0.1, "ent_coef": 0.00429, "vf_coef": 0.19}
_CAR_THROTTLE |= {"max_grad_norm": 5.0, "use_sde": True}
_LANDER: dict[str, Any] = {
    "n_steps": 1024,
    "batch_size": 64,
    "gae_lambda": 0.98,
    "gamma": 0.999,
    "n_epochs": 4,
    "ent_coef": 0.01,
}
_WALKER: dict[str, Any] = {"batch_size": 64, "gae_lambda": 0.95, "gamma": 0.999, "n_epochs": 10, "learning_rate": 3e-4}
_WALKER |= {"clip_range": 0.18}
_HARDCORE: dict[str, Any] = {"batch_size": 64, "gae_lambda": 0.95, "gamma": 0.99, "n_epochs": 10, "ent_coef": 0.001}
_HARDCORE |= {"learning_rate": 2.5e-4, "clip_range": 0.2}
_GRID: dict[str, Any] = {"n_steps": 128, "batch_size": 64, "gae_lambda": 0.95, "gamma": 0.99, "n_epochs": 10}
_GRID |= {"learning_rate": 2.5e-4, "clip_range": 0.2}
_LONG_GRID: dict[str, Any] = {**_GRID, "n_steps": 512}


def _grid(steps: float, arguments: Mapping[str, Any] = _GRID) -> Settings:
    """A MiniGrid row; the zoo flattens its observations, so settings hold for vectors only."""
    return published(steps, 8, normalise=True, **arguments)


PPO: Mapping[str, Settings] = {
    "CartPole-v1": published(1e5, 8, linear=_BOTH, **_POLE),
    "Pendulum-v1": published(1e5, 4, **_PENDULUM),
    "Acrobot-v1": published(1e6, 16, normalise=True, **_ACROBOT),
    "MountainCar-v0": published(1e6, 16, normalise=True, **_CAR),
    "MountainCarContinuous-v0": published(
        2e4,
        normalise=True,
        n_steps=8,
        policy_kwargs={"log_std_init": -3.29, "ortho_init": False},
        **_CAR_THROTTLE,
    ),
    "LunarLander-v3": published(1e6, 16, **_LANDER),
    "LunarLanderContinuous-v3": published(1e6, 16, **_LANDER),
    "BipedalWalker-v3": published(5e6, 32, normalise=True, n_steps=2048, **_WALKER),
    "BipedalWalkerHardcore-v3": published(1e8, 16, normalise=True, linear=_BOTH, n_steps=2048, **_HARDCORE),
    "MiniGrid-Empty-Random-5x5-v0": _grid(1e5),
    "MiniGrid-DoorKey-5x5-v0": _grid(1e5),
    "MiniGrid-Unlock-v0": _grid(1e5),
    "MiniGrid-KeyCorridorS3R1-v0": _grid(5e5),
    "MiniGrid-RedBlueDoors-6x6-v0": _grid(1e6, _LONG_GRID),
    "MiniGrid-FourRooms-v0": _grid(5e6, _LONG_GRID),
    "MiniGrid-Fetch-5x5-N2-v0": _grid(5e6),
    "MiniGrid-GoToDoor-5x5-v0": _grid(5e6),
    "MiniGrid-PutNear-6x6-N2-v0": _grid(1e7),
    "MiniGrid-MultiRoom-N4-S5-v0": _grid(1e7),
    "MiniGrid-LockedRoom-v0": _grid(1e7),
    "MiniGrid-ObstructedMaze-2Dlh-v0": _grid(1e7),
}

_TUNED: dict[str, Any] = {"n_steps": 8, "gae_lambda": 0.9, "vf_coef": 0.4, "max_grad_norm": 0.5, "use_rms_prop": True}
_TUNED |= {"normalize_advantage": False, "use_sde": True, "policy_kwargs": {"log_std_init": -2.0, "ortho_init": False}}
_RATE = ("learning_rate",)

A2C: Mapping[str, Settings] = {
    "CartPole-v1": published(5e5, 8),
    "LunarLander-v3": published(2e5, 8, linear=_RATE, gamma=0.995, n_steps=5, learning_rate=8.3e-4, ent_coef=1e-5),
    "MountainCar-v0": published(1e6, 16, normalise=True),
    "Acrobot-v1": published(5e5, 16, normalise=True),
    "Pendulum-v1": published(1e6, 8, normalise=True, linear=_RATE, gamma=0.9, learning_rate=7e-4, **_TUNED),
    "LunarLanderContinuous-v3": published(
        5e6, 4, normalise=True, linear=_RATE, gamma=0.99, learning_rate=7e-4, **_TUNED
    ),
    "MountainCarContinuous-v0": published(
        1e5,
        4,
        normalise=True,
        n_steps=100,
        use_sde=True,
        sde_sample_freq=16,
        policy_kwargs={"log_std_init": 0.0, "ortho_init": False},
    ),
    "BipedalWalker-v3": published(5e6, 16, normalise=True, linear=_RATE, gamma=0.99, learning_rate=9.6e-4, **_TUNED),
    "BipedalWalkerHardcore-v3": published(
        2e8, 32, normalise=True, linear=_RATE, gamma=0.99, learning_rate=8e-4, ent_coef=0.001, **_TUNED
    ),
}

_MEMORY: dict[str, Any] = {"ortho_init": False, "lstm_hidden_size": 64, "enable_critic_lstm": True}
_MEMORY |= {"net_arch": {"pi": [64], "vf": [64]}}
_RECTIFIED: dict[str, Any] = {"policy_kwargs": {**_MEMORY, "activation_fn": "relu"}}
_LANDER_MEMORY: dict[str, Any] = {**_LANDER, "n_steps": 512, "batch_size": 128, **_RECTIFIED}

RECURRENT_PPO: Mapping[str, Settings] = {
    "CartPoleNoVel-v1": published(1e5, 8, normalise=True, linear=_BOTH, **_POLE, **_RECTIFIED),
    "PendulumNoVel-v1": published(1e5, 4, normalise=True, **_PENDULUM, **_RECTIFIED),
    "MountainCarNoVel-v0": published(1e6, 16, normalise=True, **_CAR),
    "MountainCarContinuousNoVel-v0": published(
        3e5,
        8,
        normalise=True,
        n_steps=1024,
        sde_sample_freq=8,
        policy_kwargs={**_MEMORY, "lstm_hidden_size": 32, "log_std_init": 0.0},
        **_CAR_THROTTLE,
    ),
    "LunarLanderNoVel-v2": published(5e6, 32, normalise=True, **_LANDER_MEMORY),
    "LunarLanderContinuousNoVel-v2": published(5e6, 32, normalise=True, **_LANDER_MEMORY),
    "Acrobot-v1": published(1e6, 16, normalise=True, **_ACROBOT),
    "BipedalWalker-v3": published(5e6, 32, normalise=True, n_steps=256, **{**_WALKER, "batch_size": 256}, **_RECTIFIED),
    "BipedalWalkerHardcore-v3": published(
        1e8,
        32,
        normalise=True,
        linear=_BOTH,
        n_steps=256,
        **{**_HARDCORE, "batch_size": 256, "gamma": 0.999, "learning_rate": 3e-4},
        **_RECTIFIED,
    ),
}
