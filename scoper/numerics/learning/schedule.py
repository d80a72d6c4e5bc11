"""A plan's schedules as tables, block by block, and its names as the kernels' numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoper.domain.tabular import Floats
from scoper.numerics.learning import kernels
from scoper.numerics.learning.plan import EpsilonGreedy, LearningPlan, Softmax

BLOCK = 2**15
"""Timesteps per call of a kernel: few enough for the schedules to stay in cache."""
METHODS = {
    "q_learning": kernels.Q_LEARNING,
    "dyna_q": kernels.Q_LEARNING,
    "sarsa": kernels.SARSA,
    "expected_sarsa": kernels.EXPECTED_SARSA,
}


@dataclass(frozen=True)
class Block:
    """Timesteps began .. began + size - 1 and their schedules; empty tables mean the other kind of step size."""

    began: int
    size: int
    level: Floats
    by_visits: Floats
    by_timestep: Floats
    actor_visits: Floats
    actor_timestep: Floats


def blocks(plan: LearningPlan, first: int, last: int) -> list[Block]:
    """The timesteps `first` .. `last` - 1 in blocks with their schedules."""
    by_visits, actor_visits = plan.rates(plan.step_size), plan.rates(plan.actor_step)
    made = []
    for began in range(first, last, BLOCK):
        size = min(BLOCK, last - began)
        timestep = np.arange(began, began + size + 1)
        none = np.zeros(0)
        made.append(
            Block(
                began=began,
                size=size,
                level=plan.levels(timestep),
                by_visits=by_visits,
                by_timestep=none if by_visits.size else plan.step_size.after(timestep[:-1]),
                actor_visits=actor_visits,
                actor_timestep=none if actor_visits.size else plan.actor_step.after(timestep[:-1]),
            )
        )
    return made


def exploration_kind(plan: LearningPlan) -> int:
    """The kernels' number of the plan's exploration."""
    if isinstance(plan.exploration, EpsilonGreedy):
        return kernels.EPSILON_GREEDY
    return kernels.SOFTMAX if isinstance(plan.exploration, Softmax) else kernels.UPPER_CONFIDENCE
