"""The environment with a guard at its door: every step is counted, checked and bounded. Only the child imports this.

What would silently poison a measurement (a reward that is no finite number, an observation of another shape) stops
the probe with an `EnvironmentFault` that says what came back, in which step.
"""

from __future__ import annotations

import math
import numbers
import time
from collections.abc import Mapping
from typing import Any

import gymnasium
import numpy as np

from scoper.domain.text import shown
from scoper.modelling.faults import EnvironmentFault, OutOfTime
from scoper.probe.clock import Deadline
from scoper.probe.seen import Seen
from scoper.probe.shelter import Pulse

_FLOATS = (np.ndarray, np.floating, float)
_FEW = 16


def _is_finite(array: np.ndarray[Any, Any]) -> bool:
    """Whether all numbers are; a few are looked at one by one in a third of the time that numpy takes."""
    if array.ndim == 1 and array.size <= _FEW and array.itemsize <= 8:
        return all(map(math.isfinite, array.tolist()))
    return bool(np.isfinite(array).all())


class Watched(gymnasium.Wrapper):  # type: ignore[misc]
    """Checks every reset and step, truncates after `limit` timesteps, and stops everything at `deadline`.

    `deadline` is in seconds of time.monotonic; `seen` is told every step.
    """

    def __init__(
        self, env: Any, pulse: Pulse, limit: int, deadline: float | Deadline = math.inf, seen: Seen | None = None
    ) -> None:
        super().__init__(env)
        self._seen = seen or Seen()
        self._pulse = pulse
        self._limit = limit
        self._deadline = deadline if isinstance(deadline, Deadline) else Deadline(deadline)
        self._step = 0
        self._episode = 0
        space = env.observation_space
        self._shape = space.shape if isinstance(space, gymnasium.spaces.Box) else None

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """As Gymnasium's, checked."""
        answer = self.env.reset(seed=seed, options=options) if options else self.env.reset(seed=seed)
        self._pulse.tick()
        self._step, self._episode = 0, self._episode + 1
        if not (isinstance(answer, tuple) and len(answer) == 2 and isinstance(answer[1], Mapping)):
            raise _signature("reset", "a pair (observation, info)", answer)
        self._check_observation(answer[0])
        return answer

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """As Gymnasium's, checked; truncated at the limit."""
        if self._deadline.is_over(time.monotonic()):
            raise OutOfTime
        answer = self.env.step(action)
        self._pulse.tick()
        self._step += 1
        if not (isinstance(answer, tuple) and len(answer) == 5):
            raise _signature("step", "(observation, reward, terminated, truncated, info)", answer)
        observation, reward, terminated, truncated, info = answer
        self._check_reward(reward)
        self._check_observation(observation)
        if not isinstance(info, Mapping):
            raise _signature("step", "a mapping as info", info)
        self._seen.info(info)
        self._seen.step(float(reward), self._step if truncated else None)
        over = bool(truncated) or self._step >= self._limit
        if terminated or over:
            self._seen.ended(self._step)
        return observation, float(reward), bool(terminated), over, dict(info)

    def _check_reward(self, reward: Any) -> None:
        if type(reward) is float and math.isfinite(reward):  # nearly always; what follows takes three times as long
            return
        if isinstance(reward, np.ndarray) and reward.size == 1:
            reward = reward.item()
        if not isinstance(reward, numbers.Real | np.bool_):
            raise EnvironmentFault(
                "reward_type",
                f"step returned the reward {shown(repr(reward))}, which is not a number",
                "return a Python float as reward",
                "ill_formed_reward",
                self._where(),
            )
        if not math.isfinite(float(reward)):
            raise EnvironmentFault(
                "nan_or_inf_reward",
                f"the reward was {float(reward)} in step {self._step} of episode {self._episode}",
                "find the division, logarithm or overflow behind it; a reward must be a finite number",
                "nan_or_inf_reward",
                {**self._where(), "reward": str(float(reward))},
            )

    def _check_observation(self, observation: Any) -> None:
        if isinstance(observation, _FLOATS):
            array = np.asarray(observation)
            if array.dtype.kind == "f" and not _is_finite(array):
                raise EnvironmentFault(
                    "nan_or_inf_observation",
                    f"the observation holds NaN or infinity in step {self._step} of episode {self._episode}",
                    "find the division, logarithm or overflow behind it",
                    evidence=self._where(),
                )
        if self._shape is not None and np.shape(observation) != self._shape:
            raise EnvironmentFault(
                "observation_shape",
                f"the observation has the shape {np.shape(observation)}, its space says {self._shape}",
                "make observation_space and the returned observation agree",
                evidence=self._where(),
            )

    def _where(self) -> dict[str, Any]:
        return {"step": self._step, "episode": self._episode}


def _signature(method: str, expected: str, answer: Any) -> EnvironmentFault:
    return EnvironmentFault(
        f"{method}_signature",
        f"{method} returned {shown(repr(answer))} instead of {expected}",
        f"follow Gymnasium's interface: {method} returns {expected}",
        evidence={"method": method},
    )


def required_spaces(env: Any) -> None:
    """Raises EnvironmentFault when the environment has no Gymnasium spaces, or is none of Gymnasium's."""
    for name in ("observation_space", "action_space"):
        if not isinstance(getattr(env, name, None), gymnasium.spaces.Space):
            raise EnvironmentFault(
                "space_missing", f"the environment has no {name}", f"set self.{name} to a gymnasium.spaces.Space"
            )
    if not isinstance(env, gymnasium.Env):
        kind = type(env).__name__
        raise EnvironmentFault(
            "base_class", f"{kind} does not inherit from gymnasium.Env", "inherit from gymnasium.Env"
        )
