"""How to learn, as one frozen value: the learner, its exploration, its schedules, its length.

A plan knows no MDP and no seed: the same plan, MDP and seed give the same bytes. `standard_plan` is where a budget
(quick, standard, long) is turned into a plan. Nothing is computed here but the schedules.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

import numpy as np

from scoper.domain.tabular import Floats, Ints

Learner = Literal["q_learning", "sarsa", "expected_sarsa", "dyna_q", "reinforce", "actor_critic"]
LEARNERS: tuple[Learner, ...] = get_args(Learner)
POLICY_LEARNERS: tuple[Learner, ...] = ("reinforce", "actor_critic")
LONGEST_TABLE = 2**18
"""A pair visited more often than this keeps its step size."""


@dataclass(frozen=True)
class Schedule:
    """A number that moves from `first` to `last` over the first `share` of the timesteps and then stays."""

    first: float
    last: float
    share: float = 1.0
    shape: Literal["linear", "exponential"] = "linear"

    def at(self, timestep: Ints, steps: int) -> Floats:
        """(n,) the value at every `timestep` (n,) of `steps`."""
        progress = np.minimum(timestep / (self.share * max(steps, 1)), 1.0)
        if self.shape == "linear" or self.first == self.last:
            return np.asarray(self.first + (self.last - self.first) * progress, dtype=np.float64)
        return _rounded(self.first * np.power(np.longdouble(self.last) / np.longdouble(self.first), progress))

    def faults(self, name: str, low: float, high: float) -> list[str]:
        """What is wrong with it as the `name` of a plan, whose values lie between `low` and `high`."""
        found = [
            f"{name}: {value:g} is not between {low:g} and {high:g}"
            for value in (self.first, self.last)
            if not low <= value <= high
        ]
        if not 0.0 < self.share <= 1.0:
            found.append(f"{name}: the share {self.share:g} is not above 0 and at most 1")
        if self.shape == "exponential" and min(self.first, self.last) <= 0.0:
            found.append(f"{name}: an exponential schedule needs positive ends")
        return found


def constant(value: float) -> Schedule:
    """The schedule that never moves."""
    return Schedule(value, value)


@dataclass(frozen=True)
class StepSize:
    """first * (1 + slope * n)^-power, at least `least`; n counts visits before this one, or timesteps.

    power 0 is a constant step size; power 1 and slope 1 the sample average (Sutton and Barto 2018, equation 2.3);
    powers above 1/2 and up to 1 of the visits meet the conditions of Robbins and Monro (1951).
    """

    first: float = 0.1
    slope: float = 1.0
    power: float = 0.0
    least: float = 0.0
    by: Literal["visits", "timesteps"] = "visits"

    def after(self, count: Ints) -> Floats:
        """(n,) the step size after `count` (n,) visits or timesteps."""
        if self.power == 0.0:
            return np.full(count.shape, max(self.first, self.least))
        base = np.longdouble(1.0) + np.longdouble(self.slope) * count
        return np.maximum(_rounded(self.first * np.power(base, -np.longdouble(self.power))), self.least)

    def faults(self, name: str) -> list[str]:
        """What is wrong with it as the `name` of a plan."""
        found = []
        if not 0.0 < self.first <= 1.0:
            found.append(f"{name}: the first step size {self.first:g} is not above 0 and at most 1")
        if not 0.0 <= self.least <= 1.0:
            found.append(f"{name}: the least step size {self.least:g} is not between 0 and 1")
        if not (self.slope >= 0.0 and self.power >= 0.0):
            found.append(f"{name}: slope {self.slope:g} and power {self.power:g} must not be negative")
        return found


def _rounded(values: object) -> Floats:
    """Powers taken in extended precision and rounded once do not depend on the processor's instruction set."""
    return np.asarray(values).astype(np.float64)


@dataclass(frozen=True)
class EpsilonGreedy:
    """With probability epsilon any available action, else the one of the highest value."""

    epsilon: Schedule


@dataclass(frozen=True)
class Softmax:
    """Actions in proportion to exp(value / temperature); the temperature has the unit of the reward."""

    temperature: Schedule


@dataclass(frozen=True)
class UpperConfidence:
    """The highest value + width * sqrt(ln N(s) / N(s, a)), untried first (Auer et al. 2002); width in rewards."""

    width: float


Exploration = EpsilonGreedy | Softmax | UpperConfidence


@dataclass(frozen=True)
class LearningPlan:
    """One learner and everything it needs to know.

    steps: timesteps per seed. discount: what the learner optimises, which need not be what its policy is judged by.
    longest: timesteps after which an episode is truncated - and bootstrapped, as nothing really ended. exploration: of
    the value learners; policy learners draw from their own softmax. start_value: of every action; one above what can
    be earned makes the learner try everything (an optimistic start). bonus: count-based intrinsic reward
    bonus / sqrt(N(s, a)) (Strehl and Littman 2008), seen by the learner only. planning: updates from the learned model
    per timestep (Dyna-Q). actor_step, scaled: the policy learners' own step size, and whether it is divided by the root
    mean square of what it multiplies, so that it does not depend on the size of rewards. baseline: REINFORCE subtracts
    the critic. judged: whether the curve shows the greedy policy (or a policy learner's softmax), or what is done while
    learning. tie_break: size of the random start values that decide between actions of which nothing is known.
    Raises ValueError naming everything that is wrong.
    """

    learner: Learner
    steps: int
    discount: float
    longest: int
    exploration: Exploration | None = None
    step_size: StepSize = StepSize()
    start_value: float = 0.0
    tie_break: float = 1e-9
    bonus: float = 0.0
    planning: int = 0
    actor_step: StepSize = StepSize()
    scaled: bool = False
    baseline: bool = True
    n_evaluations: int = 20
    judged: Literal["target", "behaviour"] = "target"

    def __post_init__(self) -> None:
        found = [*self._sizes(), *self.step_size.faults("step_size"), *self.actor_step.faults("actor_step")]
        found += self._exploring()
        if found:
            raise ValueError("; ".join(found))

    @property
    def learns_policy(self) -> bool:
        """Whether it learns action preferences (a softmax policy) rather than action values."""
        return self.learner in POLICY_LEARNERS

    def _sizes(self) -> list[str]:
        counts = {"steps": self.steps, "longest": self.longest, "n_evaluations": self.n_evaluations}
        found = [f"{name} must be at least 1, not {value}" for name, value in counts.items() if value < 1]
        if self.learner not in LEARNERS:
            found.append(f"learner '{self.learner}' is none of {', '.join(LEARNERS)}")
        if not 0.0 <= self.discount <= 1.0:
            found.append(f"the discount {self.discount:g} is not between 0 and 1")
        if self.planning < 0 or (self.planning and self.learner != "dyna_q"):
            found.append(f"planning {self.planning}: only dyna_q plans, with 0 or more updates per timestep")
        if not (np.isfinite(self.start_value) and self.bonus >= 0.0 and self.tie_break >= 0.0):
            found.append("start_value must be finite, bonus and tie_break must not be negative")
        return found

    def _exploring(self) -> list[str]:
        rule = self.exploration
        if self.learns_policy:
            return [] if rule is None else [f"{self.learner} explores by its own softmax: leave exploration out"]
        if isinstance(rule, EpsilonGreedy):
            return rule.epsilon.faults("epsilon", 0.0, 1.0)
        if isinstance(rule, Softmax):
            return rule.temperature.faults("temperature", 1e-300, np.inf)
        if isinstance(rule, UpperConfidence):
            return [] if 0.0 <= rule.width < np.inf else [f"width {rule.width:g} must be finite and not negative"]
        return [f"{self.learner} needs an exploration"]

    def levels(self, timestep: Ints) -> Floats:
        """(n,) epsilon, temperature or width at every `timestep` (n,)."""
        rule = self.exploration
        if isinstance(rule, EpsilonGreedy):
            return rule.epsilon.at(timestep, self.steps)
        if isinstance(rule, Softmax):
            return rule.temperature.at(timestep, self.steps)
        return np.full(timestep.shape, rule.width if rule is not None else 0.0)

    def rates(self, step_size: StepSize) -> Floats:
        """(n,) step sizes by visits, up to as many as can occur; empty when they go by timesteps."""
        if step_size.by == "timesteps":
            return np.zeros(0)
        return _rates(step_size, 1 if step_size.power == 0.0 else min(self.steps, LONGEST_TABLE))


@lru_cache(maxsize=4)
def _rates(step_size: StepSize, size: int) -> Floats:
    """(size,) step sizes by visits; a tenth of a second of powers, asked for at every evaluation of every batch."""
    return step_size.after(np.arange(size))
