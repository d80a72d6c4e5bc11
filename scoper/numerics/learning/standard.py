"""Plans that suit an unknown problem: what a budget of quick, standard or long means for each learner.

The numbers were measured on FrozenLake 4x4 and 8x8, Taxi, CliffWalking and some of the shipped MDP templates; nothing
depends on which of them is meant. Whoever knows better writes a `LearningPlan` by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np

from scoper.domain.tabular import TabularMdp
from scoper.numerics.learning.plan import EpsilonGreedy, Learner, LearningPlan, Schedule, StepSize

Budget = Literal["quick", "standard", "long"]
BUDGET_FACTORS: Mapping[str, float] = {"quick": 0.4, "standard": 1.0, "long": 5.0}
STEPS_PER_PAIR, FEWEST_STEPS, MOST_STEPS = 300, 2_000_000, 5_000_000
LONGER_PER_PAIR = 2_000
STEP_SIZE_SLOPE, STEP_SIZE_POWER = 3.0, 0.9
"""Step size (1 + slope * (1 - discount) * visits)^-power. Without the factor 1 - discount the first guesses would not
be forgotten for exp(1 / (1 - discount)) visits (Even-Dar and Mansour 2003; Wainwright 2019)."""
EXPLORING = EpsilonGreedy(Schedule(1.0, 0.05, share=0.6))
PLANNING = 5
PLANNING_COST = 4
"""A timestep of Dyna-Q with five planning updates takes about as long as four of Q-learning."""
ACTOR_STEPS: Mapping[str, float] = {"reinforce": 0.02, "actor_critic": 0.005}
CRITIC_STEP = StepSize(0.5, slope=0.01, power=0.6)
"""Of step sizes 0.1, 0.02 and 0.005 the ones whose worst share of the gap on ten problems was the best after a million
timesteps. Larger ones settle on an action before others were tried: 0.1 of the gap on an inventory, 0.15 on a queue."""


def suggested_steps(mdp: TabularMdp, budget: str = "standard") -> int:
    """Timesteps per seed: 300 per pair within two and five million, times the budget's factor.

    Measured on FrozenLake 8x8, twelve seeds: all of them above 95 % of the optimum after two million.
    """
    return round(_clipped(STEPS_PER_PAIR, mdp) * BUDGET_FACTORS[budget])


def longer(mdp: TabularMdp) -> float:
    """How many times `suggested_steps` may be worth it where these decide nothing: 2,000 per pair; 1 where no more.

    Measured on 21 problems with 1,360 to 12,600 pairs: six come at least 0.08 of the gap further, three fall
    back. On perishable goods with 2,401 pairs, where a constant order earns 97 % of the optimum, two million leave one
    seed of six below it, five million none.
    """
    return _clipped(LONGER_PER_PAIR, mdp) / _clipped(STEPS_PER_PAIR, mdp)


def _clipped(per_pair: int, mdp: TabularMdp) -> int:
    return int(np.clip(per_pair * int(mdp.available.sum()), FEWEST_STEPS, MOST_STEPS))


def longest_episode(discount: float, horizon: int | None) -> int:
    """Timesteps until an episode is truncated: the horizon, or five times the sight of the discount."""
    if horizon is not None:
        return horizon
    return 10_000 if discount >= 1.0 else min(10_000, int(5.0 / (1.0 - discount)) + 1)


def learning_discount(discount: float, longest: int) -> float:
    """The discount; 1 becomes 1 - 1 / longest.

    Without any discount all ways that reach a reward for certain are worth the same, also those that dawdle until the
    time is up.
    """
    return discount if discount < 1.0 else 1.0 - 1.0 / max(2, longest)


def standard_plan(
    learner: Learner, *, discount: float, horizon: int | None, steps: int, n_evaluations: int = 20
) -> LearningPlan:
    """What `learner` does where nothing is known about the problem but its discount and its time limit."""
    longest = longest_episode(discount, horizon)
    sight = learning_discount(discount, longest)
    by_visits = StepSize(1.0, slope=STEP_SIZE_SLOPE * (1.0 - sight), power=STEP_SIZE_POWER)
    if learner in ("reinforce", "actor_critic"):
        return LearningPlan(
            learner=learner,
            steps=steps,
            discount=sight,
            longest=longest,
            step_size=CRITIC_STEP,
            actor_step=StepSize(ACTOR_STEPS[learner]),
            scaled=True,
            n_evaluations=n_evaluations,
        )
    return LearningPlan(
        learner=learner,
        steps=steps,
        discount=sight,
        longest=longest,
        exploration=EXPLORING,
        step_size=by_visits,
        planning=PLANNING if learner == "dyna_q" else 0,
        n_evaluations=n_evaluations,
    )
