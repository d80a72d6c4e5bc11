"""The parts of a probe's result that stand for themselves: gap share, curves, solutions, objective, cost, the MDP.

Values only; `scoper.domain.probe` puts them together and is where everybody else finds them.
"""

from __future__ import annotations

from typing import Literal

from scoper.domain.questionnaire import Value


class GapShare(Value):
    """(learner - floor) / (ceiling - floor), the interquartile mean over seeds with a 95 % interval.

    `floor_return` and `ceiling_return` are the two returns it lies between (None in results of earlier versions).
    """

    estimate: float
    low: float
    high: float
    n_seeds: int
    learner: str
    floor: str
    ceiling: str
    floor_return: float | None = None
    ceiling_return: float | None = None
    estimator: Literal["mean", "interquartile mean"] = "mean"


class LearningCurve(Value):
    """Mean evaluation return of one seed after each number of timesteps."""

    learner: str
    seed: int
    steps: tuple[int, ...]
    returns: tuple[float, ...]


class SolutionSummary(Value):
    """How an exact solution was obtained: `error_bound` bounds |value - optimal value| in every state."""

    method: str
    value: float
    converged: bool
    iterations: int
    residual: float
    error_bound: float


class ObjectiveSummary(Value):
    """What the owner wants, earned by the reward's best policy, by random, and (where known) by its own optimum."""

    of_best_reward_policy: float
    of_random: float
    of_best_objective_policy: float | None = None


class StepsRange(Value):
    """A range of timesteps."""

    low: float
    high: float


class Cost(Value):
    """Measured speed and what reaching 95 % of the gap costs; None where it was not reached.

    `speed_of` says whose timesteps the speed counts: the environment's own ones, or a learner's on the table.
    """

    steps_per_s: float
    speed_of: Literal["environment", "learner"] = "environment"
    steps_to_target: StepsRange | None = None
    hours_to_target: float | None = None


class MdpSummary(Value):
    """What the report shows of the MDP itself: plain words and sizes, every text already made by the child."""

    name: str
    timestep: str = ""
    states: str
    actions: str
    transitions: str
    reward: str
    discount: float
    horizon: int | None = None
    n_states: int | None = None
    n_actions: int | None = None
    n_transitions: int | None = None
