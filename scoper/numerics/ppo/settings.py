"""The numbers that say how to learn: names and defaults of stable-baselines3's PPO, so that settings carry over.

`accepted` says whether a set of its arguments can be learned with here. What it does not know it does not accept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self

_POLICY_WORDS = {"net_arch": "hidden", "log_std_init": "log_std_init", "ortho_init": "orthogonal"}


@dataclass(frozen=True)
class PpoSettings:
    """Hyperparameters of one run (Schulman et al. 2017, table 3 in spirit).

    n_steps: timesteps of one environment in a rollout. batch_size: timesteps of a minibatch; the last one of an epoch
    may be smaller. linear: names among learning_rate and clip_range whose value falls linearly to zero at the planned
    timesteps. hidden: widths of the tanh layers, the same for policy and value. use_sde: exploration by noise that
    depends on the state (Raffin et al. 2021), drawn anew every `sde_sample_freq` timesteps (-1: every rollout).
    clip_range_vf: how far a value may move from the one when drawn, None for any distance. target_kl: an update ends
    when the approximate KL divergence from the drawing policy exceeds 1.5 times this, None for never.
    orthogonal: the first weights; otherwise weights and biases begin uniform, as torch's layers do.
    """

    n_envs: int = 1
    n_steps: int = 2048
    batch_size: int = 64
    n_epochs: int = 10
    learning_rate: float = 3e-4
    clip_range: float = 0.2
    gamma: float = 0.99
    gae_lambda: float = 0.95
    ent_coef: float = 0.0
    vf_coef: float = 0.5
    max_grad_norm: float = 0.5
    normalize_advantage: bool = True
    clip_range_vf: float | None = None
    target_kl: float | None = None
    use_sde: bool = False
    sde_sample_freq: int = -1
    log_std_init: float = 0.0
    orthogonal: bool = True
    hidden: tuple[int, ...] = (64, 64)
    linear: tuple[str, ...] = ()

    @property
    def rollout(self) -> int:
        """Timesteps of one seed in one rollout."""
        return self.n_steps * self.n_envs

    def at(self, name: str, progress: float) -> float:
        """The value of `name` when `progress` of the planned timesteps (0 to 1) are taken; never below zero."""
        value = float(getattr(self, name))
        return value * max(0.0, 1.0 - progress) if name in self.linear else value

    @classmethod
    def accepted(cls, arguments: Mapping[str, Any], n_envs: int, linear: Iterable[str] = ()) -> Self | None:
        """Settings from the keyword arguments of stable-baselines3's PPO; None when one of them is not known here."""
        plain = {name: value for name, value in arguments.items() if name != "policy_kwargs"}
        inner = dict(arguments.get("policy_kwargs") or {})
        if not set(inner) <= set(_POLICY_WORDS) or not set(linear) <= {"learning_rate", "clip_range"}:
            return None
        own = {"n_envs", "linear", *_POLICY_WORDS.values()}
        if not set(plain) <= {field.name for field in fields(cls)} - own:
            return None
        if any(callable(value) for value in plain.values()):
            return None
        renamed = {_POLICY_WORDS[name]: value for name, value in inner.items()}
        if "hidden" in renamed:
            hidden = renamed["hidden"]
            if not (isinstance(hidden, list | tuple) and hidden and all(isinstance(width, int) for width in hidden)):
                return None
            renamed["hidden"] = tuple(hidden)
        return replace(cls(), n_envs=n_envs, linear=tuple(linear), **plain, **renamed)
