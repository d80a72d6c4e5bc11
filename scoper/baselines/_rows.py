"""One row of settings of a deep learner, as a value: what tables of published and of plain settings are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Algorithm = Literal["ppo", "a2c", "dqn", "sac", "td3", "maskable_ppo", "recurrent_ppo"]
PUBLISHED = "published settings"
TITLES: Mapping[str, str] = {
    "ppo": "PPO",
    "a2c": "A2C",
    "dqn": "DQN",
    "sac": "SAC",
    "td3": "TD3",
    "maskable_ppo": "PPO with action masks",
    "recurrent_ppo": "PPO with memory",
}


@dataclass(frozen=True)
class Settings:
    """How a learner is set up.

    steps: timesteps per seed. normalise: observations are centred and scaled; scale_rewards: rewards are scaled; both
    by what was seen so far. arguments: of stable-baselines3, activation functions by name. linear: names whose value
    falls linearly to zero. noise: kind and standard deviation of noise on actions (TD3). hindsight: goals are
    relabelled (Andrychowicz et al. 2017). source: where the numbers are from; why: what decided about scaling.
    most_seeds and capped: see `_effort.Ration`.
    """

    steps: int
    n_envs: int = 1
    normalise: bool = False
    arguments: Mapping[str, Any] = field(default_factory=dict)
    linear: tuple[str, ...] = ()
    scale_rewards: bool = False
    noise: tuple[Literal["normal", "ornstein_uhlenbeck"], float] | None = None
    hindsight: bool = False
    source: str = PUBLISHED
    why: str = ""
    most_seeds: int | None = None
    capped: bool = False

    @property
    def published(self) -> bool:
        """Whether the numbers were published for this environment."""
        return self.source == PUBLISHED


def published(
    steps: float,
    n_envs: int = 1,
    *,
    normalise: bool = False,
    linear: tuple[str, ...] = (),
    noise: tuple[Literal["normal", "ornstein_uhlenbeck"], float] | None = None,
    hindsight: bool = False,
    **arguments: Any,
) -> Settings:
    """A row of a published table; `normalise` there means observations and rewards."""
    return Settings(
        int(steps), n_envs, normalise, arguments, linear, scale_rewards=normalise, noise=noise, hindsight=hindsight
    )
