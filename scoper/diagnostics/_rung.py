"""One policy of an audit: what it earns, what the owner gets, how long it lasts, worked out or measured."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from scoper.domain.episodes import Episodes
from scoper.domain.numbers import settled
from scoper.domain.tabular import Floats
from scoper.numerics.behaviour import Behaviour

CLEARLY = 3.0
"""Standard errors by which two measured means must differ to count as different."""
RELATIVE = 1e-9
"""Share of a number by which exact ones must differ to count as different."""


@dataclass(frozen=True)
class Rung:
    """One policy. reward, wanted: means per episode, wanted None without objective; *_error: their standard errors.

    length: timesteps; terminated: share of the episodes that ended before the time limit. does: what it does in the
    world, None where that is not known. episodes: those that were measured, None where worked out. timed: whether it
    looks at the clock, which no learner sees that is not shown it.
    """

    name: str
    reward: float
    wanted: float | None
    length: float
    terminated: float
    reward_error: float = 0.0
    wanted_error: float = 0.0
    does: Behaviour | None = None
    episodes: Episodes | None = None
    timed: bool = False

    @property
    def exact(self) -> bool:
        """Whether the numbers were worked out, not measured."""
        return self.episodes is None

    def earns_more(self, other: Rung) -> bool:
        """Whether it clearly earns more reward than the other."""
        return _clearly(self.reward - other.reward, self.reward_error, other.reward_error, self.reward)

    def wanted_more(self, other: Rung) -> bool:
        """Whether the owner clearly gets more than from the other."""
        if self.wanted is None or other.wanted is None:
            return False
        return _clearly(self.wanted - other.wanted, self.wanted_error, other.wanted_error, self.wanted)


def exceeds(more: float, less: float) -> bool:
    """Whether a mean is above another by more than the rounding of sums."""
    return more - less > _rounding(more)


def _clearly(difference: float, one: float, other: float, scale: float) -> bool:
    return difference > max(CLEARLY * math.hypot(one, other), _rounding(scale))


def _rounding(scale: float) -> float:
    return RELATIVE * max(1.0, abs(scale))


def measured(name: str, episodes: Episodes, sign: float = 1.0, *, timed: bool = False) -> Rung:
    """The rung of a policy that was followed for some episodes; `sign` is that of the owner's number in them."""
    wanted, wanted_error = None, 0.0
    if episodes.objective is not None:
        wanted, wanted_error = _mean(sign * episodes.objective)
    reward, reward_error = _mean(episodes.returns)
    return Rung(
        name,
        reward,
        wanted,
        float(episodes.lengths.mean()),
        float(episodes.terminated.mean()),
        reward_error,
        wanted_error,
        episodes=episodes,
        timed=timed,
    )


def _mean(values: Floats) -> tuple[float, float]:
    mean = float(values.mean())
    spread = settled(float(values.std(ddof=1)), mean) if values.size > 1 else 0.0
    return mean, spread / math.sqrt(values.size)


def with_behaviour(rung: Rung, does: Behaviour | None) -> Rung:
    """The rung with what it does, where that is known."""
    return rung if does is None else replace(rung, does=does)
