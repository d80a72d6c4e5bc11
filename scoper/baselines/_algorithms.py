"""Deep learners of stable-baselines3 and sb3-contrib: which class, which policy, which vector of environments.

Nothing is imported before a learner is made. An environment that tells its action mask only in step's info gets the
method that the masked learner asks for.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

from scoper.baselines._rows import Algorithm, Settings

_SMALLEST_PICTURE = 36
"""Shorter sides are less than the convolutions of stable-baselines3's CnnPolicy take."""
_REPLAY_BYTES = 256 * 2**20
_PACKAGES: Mapping[str, tuple[str, ...]] = {
    "deep": ("stable_baselines3", "torch"),
    "contrib": ("stable_baselines3", "torch", "sb3_contrib"),
}


@dataclass(frozen=True)
class Entry:
    """Where a learner's class is, and how many timesteps of each environment it takes between two updates."""

    package: str
    name: str
    rollout: tuple[str, int]
    policies: str = "Policy"
    extra: str = "deep"

    @property
    def is_on_policy(self) -> bool:
        """Whether it forgets what it has seen after every update."""
        return self.rollout[0] == "n_steps"


ENTRIES: Mapping[Algorithm, Entry] = {
    "ppo": Entry("stable_baselines3", "PPO", ("n_steps", 2048)),
    "a2c": Entry("stable_baselines3", "A2C", ("n_steps", 5)),
    "dqn": Entry("stable_baselines3", "DQN", ("train_freq", 4)),
    "sac": Entry("stable_baselines3", "SAC", ("train_freq", 1)),
    "td3": Entry("stable_baselines3", "TD3", ("train_freq", 1)),
    "maskable_ppo": Entry("sb3_contrib", "MaskablePPO", ("n_steps", 2048), extra="contrib"),
    "recurrent_ppo": Entry("sb3_contrib", "RecurrentPPO", ("n_steps", 128), "LstmPolicy", extra="contrib"),
}


def available(extra: str) -> bool:
    """Whether the packages of an extra are installed; imports nothing."""
    return all(find_spec(package) is not None for package in _PACKAGES.get(extra, ()))


def planned_steps(algorithm: Algorithm, settings: Settings) -> int:
    """The timesteps of a seed: a learner collects whole rollouts, so the settings' number is rounded up to them."""
    name, default = ENTRIES[algorithm].rollout
    rollout = int(settings.arguments.get(name, default)) * settings.n_envs
    return -(-settings.steps // rollout) * rollout


def vector(make: Callable[[], Any], algorithm: Algorithm, settings: Settings, seed: int) -> Any:
    """Environments side by side in this process, scaled as the settings say."""
    from gymnasium import spaces
    from stable_baselines3.common.base_class import BaseAlgorithm
    from stable_baselines3.common.monitor import Monitor
    from stable_baselines3.common.vec_env import DummyVecEnv, VecNormalize

    fitted = fitting(make, algorithm)
    envs: Any = DummyVecEnv([lambda: Monitor(fitted())] * settings.n_envs)
    envs = BaseAlgorithm._wrap_env(envs, verbose=0, monitor_wrapper=False)  # turns pictures below the scaling
    space = envs.observation_space
    keys = [key for key, part in space.items() if _can_scale(part)] if isinstance(space, spaces.Dict) else None
    observed = settings.normalise and (bool(keys) if keys is not None else _can_scale(space))
    if observed or settings.scale_rewards:
        gamma = float(settings.arguments.get("gamma", 0.99))
        how = {"norm_obs": observed, "norm_reward": settings.scale_rewards, "gamma": gamma}
        envs = VecNormalize(envs, norm_obs_keys=keys if observed else None, **how)
    envs.seed(seed)
    return envs


def fitting(make: Callable[[], Any], algorithm: Algorithm) -> Callable[[], Any]:
    """`make`, with what the learner asks for: a mask, no small pictures in a mixture, plain vectors for a memory."""
    from gymnasium import spaces

    def made() -> Any:
        env = make()
        space = env.observation_space
        mixed_small = isinstance(space, spaces.Dict) and any(map(_is_small, space.values()))
        if mixed_small or (algorithm == "recurrent_ppo" and isinstance(space, spaces.MultiDiscrete)):
            from gymnasium.wrappers import FlattenObservation

            env = FlattenObservation(env)
        return _with_masks(env) if algorithm == "maskable_ppo" else env

    return made


def model(algorithm: Algorithm, envs: Any, settings: Settings, seed: int) -> Any:
    """A new learner on `envs`, on the CPU."""
    entry, arguments = ENTRIES[algorithm], dict(settings.arguments)
    for name in settings.linear:
        arguments[name] = _falling(float(arguments[name]))
    if inner := arguments.get("policy_kwargs"):
        arguments["policy_kwargs"] = _policy_arguments(inner)
    if not entry.is_on_policy:
        arguments["buffer_size"] = _replay_size(algorithm, envs, settings)
    if settings.noise is not None:
        arguments["action_noise"] = _noise(*settings.noise, envs.action_space.shape)
    if settings.hindsight:
        from stable_baselines3 import HerReplayBuffer

        arguments["replay_buffer_class"] = HerReplayBuffer
        arguments["replay_buffer_kwargs"] = {"n_sampled_goal": 4, "goal_selection_strategy": "future"}
    learner = getattr(importlib.import_module(entry.package), entry.name)
    return learner(_policy(envs, entry), envs, seed=seed, device="cpu", verbose=0, **arguments)


def _policy(envs: Any, entry: Entry) -> str:
    from gymnasium import spaces
    from stable_baselines3.common.preprocessing import is_image_space

    space = envs.observation_space
    if isinstance(space, spaces.Dict):
        return f"MultiInput{entry.policies}"
    return f"{'Cnn' if is_image_space(space) and not _is_small(space) else 'Mlp'}{entry.policies}"


def _policy_arguments(inner: Mapping[str, Any]) -> dict[str, Any]:
    given = dict(inner)
    if "activation_fn" in given:
        import torch

        given["activation_fn"] = {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh}[given["activation_fn"]]
    return given


def _replay_size(algorithm: Algorithm, envs: Any, settings: Settings) -> int:
    """As many timesteps as the settings say, but no more than will be taken and fit into a quarter of a gibibyte."""
    from gymnasium import spaces

    space = envs.observation_space
    parts = list(space.values()) if isinstance(space, spaces.Dict) else [space]
    bytes_each = 2 * sum(int(np.prod(part.shape or (1,))) * np.dtype(part.dtype or np.int64).itemsize for part in parts)
    wished = int(settings.arguments.get("buffer_size", 1_000_000))
    return max(1000, min(wished, planned_steps(algorithm, settings), _REPLAY_BYTES // max(1, bytes_each)))


def _noise(kind: str, deviation: float, shape: tuple[int, ...]) -> Any:
    from stable_baselines3.common.noise import NormalActionNoise, OrnsteinUhlenbeckActionNoise

    noise = NormalActionNoise if kind == "normal" else OrnsteinUhlenbeckActionNoise
    return noise(mean=np.zeros(shape), sigma=np.full(shape, deviation))


def _falling(start: float) -> Callable[[float], float]:
    return lambda remaining: start * remaining


def _can_scale(space: Any) -> bool:
    from gymnasium import spaces
    from stable_baselines3.common.preprocessing import is_image_space

    return isinstance(space, spaces.Box) and not is_image_space(space)


def _is_small(space: Any) -> bool:
    """Whether it is a picture with a side too short for convolutions."""
    from stable_baselines3.common.preprocessing import is_image_space

    return bool(is_image_space(space)) and min(sorted(space.shape)[-2:]) < _SMALLEST_PICTURE


def _with_masks(env: Any) -> Any:
    """`env`, or one that keeps the mask of the last info where it has no method for it."""
    if env.has_wrapper_attr("action_masks"):
        return env
    import gymnasium

    class Masks(gymnasium.Wrapper):  # type: ignore[misc]
        """Answers `action_masks()` with info['action_mask']; every action where it is missing."""

        _mask: Any = None

        def reset(self, **options: Any) -> Any:
            observation, info = self.env.reset(**options)
            self._mask = info.get("action_mask")
            return observation, info

        def step(self, action: Any) -> Any:
            answer = self.env.step(action)
            self._mask = answer[4].get("action_mask")
            return answer

        def action_masks(self) -> Any:
            if self._mask is not None:
                return np.asarray(self._mask, dtype=bool)
            return np.ones(int(self.env.action_space.n), dtype=bool)

    return Masks(env)
