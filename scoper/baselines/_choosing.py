"""The best of several policies: halved on shared seeds until few are left, reported on others.

All candidates of a round play the same seeds; the better part goes on to more of them (Jamieson and Talwalkar 2016,
sequential halving). What chose a policy is never what is reported of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np

from scoper.baselines import Context, Task
from scoper.baselines._effort import enough_episodes
from scoper.baselines._rollout import Policy, rollout
from scoper.domain.episodes import Episodes, joined
from scoper.domain.mdp import Objective

T = TypeVar("T")
REPORT_EPISODES, LEAST_EPISODES, REPORT_STEPS, REPORT_SHARE = 1_000, 12, 8_000, 0.04
_KEEP, _MOST_A_ROUND = 4, 400
Worth = Callable[[Episodes], float]


def mean_return(episodes: Episodes) -> float:
    """What the reward's policies are compared by."""
    return float(episodes.returns.mean())


def mean_objective(sign: float) -> Worth:
    """What the owner's policies are compared by; `sign` is -1 where the owner's number is to be small."""
    return lambda episodes: sign * float(episodes.objective.mean()) if episodes.objective is not None else 0.0


def halved(
    env: Any,
    options: Sequence[T],
    policy_of: Callable[[T], Policy],
    seeds: Sequence[int],
    n_steps: int,
    *,
    worth: Worth = mean_return,
    discount: float = 1.0,
    objective: Objective | None = None,
    left: int = 1,
) -> tuple[list[T], Episodes, int]:
    """The `left` best of `options`, best first, all episodes of all of them, and the timesteps that took.

    Every round has an equal part of about `n_steps`, shared by those that are left, and keeps a quarter of them. Each
    plays at least one episode a round, on the same further seeds; of equally good ones the earlier stays.
    """
    alive = list(range(len(options)))
    rounds = max(1, math.ceil(math.log(max(1.0, len(options) / left), _KEEP)))
    scores: list[list[tuple[int, float]]] = [[] for _ in options]
    tried: list[Episodes] = []
    first = 0
    for _ in range(rounds):
        share, most = n_steps / rounds / len(alive), 0
        for index in alive:
            episodes = rollout(
                env,
                policy_of(options[index]),
                seeds[first : first + _MOST_A_ROUND],
                discount=discount,
                objective=objective,
                enough=lambda _, steps: steps >= share,  # noqa: B023  # called within this pass only
            )
            tried.append(episodes)
            most = max(most, episodes.returns.size)
            scores[index].append((episodes.returns.size, worth(episodes)))
        first += most
        order = sorted(alive, key=lambda i: -_mean(scores[i]))
        alive = order[: max(left, -(-len(order) // _KEEP))]
    return [options[i] for i in alive[:left]], _all(tried), sum(e.n_steps for e in tried)


def _mean(scores: Sequence[tuple[int, float]]) -> float:
    return float(np.average([value for _, value in scores], weights=[n for n, _ in scores]))


def _all(sets: Sequence[Episodes]) -> Episodes:
    """All episodes together, pairwise so that long lists cost little."""
    left = list(sets)
    while len(left) > 1:
        pairs = [joined(a, b) for a, b in zip(left[::2], left[1::2], strict=False)]
        left = pairs + ([left[-1]] if len(left) % 2 else [])
    return left[0]


def report(env: Any, policy: Policy, purpose: str, task: Task, context: Context) -> Episodes:
    """Fresh episodes of a policy, as many as `REPORT_STEPS` and the budget buy; no other purpose has their seeds."""
    asked = context.plan.learning_steps
    steps = REPORT_STEPS if asked is None else min(REPORT_STEPS, asked)
    return rollout(
        env,
        policy,
        context.seeds(purpose, REPORT_EPISODES),
        discount=task.evaluation_discount,
        objective=task.objective,
        enough=enough_episodes(task, context, LEAST_EPISODES, steps, REPORT_SHARE),
    )
