"""How many timesteps a budget buys: from the plan and a coarse class of speed, never from the clock.

The class is a power of four (`Task.pace`), so that a loaded machine gives the same numbers as an idle one. Speeds of
learners are nominal, measured once on 2 common cores; where a machine is much slower the clock cuts, and is named.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from scoper.baselines import Context, Task
from scoper.domain.probe import BUDGET_S

FLOOR_SHARE = 0.1
"""Share of the budget that a floor or an owner's rule may take."""
_LOWER_RUNGS = 1.5  # the rungs below the highest come to half of it at most
_MEASURING = 1.5  # timesteps of learning and measuring for each of learning
NEXT_RUNG = 2.5
"""Times the timesteps of a rung that the budget must buy for another one."""
_LEAST_STEPS = 20_000  # a rung takes no smaller part of what was published: half a schedule of so few shows chance
_ONE_EFFORT_S = BUDGET_S["standard"]  # budgets up to here have no rung beyond what was published
_LONG_MEASURING = 5
_TOGETHER = 1.5  # how much sooner two processes are done with an odd number of seeds


class TimeLimit:
    """The end of `seconds` of the probe's own clock from now on, which gives back what a busy machine takes.

    The wall's clock is asked first, the probe's only where that is over: a look costs next to nothing.
    """

    def __init__(self, context: Context, seconds: float) -> None:
        self._context, self._left = context, context.left_s() - seconds
        self._at = time.monotonic() + seconds

    def is_over(self, kept_s: float = 0.0) -> bool:
        """Whether the seconds have passed but for those that are kept for what comes afterwards."""
        now = time.monotonic()
        if now + kept_s <= self._at:
            return False
        left = self._context.left_s() - self._left
        self._at = now + left
        return left <= kept_s


@dataclass(frozen=True)
class Ration:
    """What one seed gets: `steps` timesteps; `most_seeds`: how many seeds the budget buys, None when all of the plan's.

    capped: the budget buys no more timesteps, so no later rung can.
    """

    steps: int
    most_seeds: int | None = None
    capped: bool = False


def affordable_steps(task: Task, context: Context, share: float = FLOOR_SHARE) -> float:
    """Timesteps of the environment that a share of the plan's budget buys at its coarse speed; inf when it is fast."""
    return share * context.plan.budget_s * task.pace


def enough_episodes(
    task: Task, context: Context, least: int, steps: int, share: float = FLOOR_SHARE
) -> Callable[[int, int], bool]:
    """When a rollout may end: after `least` episodes and `steps` timesteps, sooner where the budget buys fewer.

    In long budgets after five times as many: a floor that a dozen episodes leave open is one that few seeds can clear.
    """
    bought = affordable_steps(task, context, share)
    more = _LONG_MEASURING if context.plan.budget_s >= BUDGET_S["long"] else 1
    least, steps = least * more, steps * more
    return lambda n, taken: (n >= least and taken >= steps) or (n > 1 and taken >= bought)


def ration(published: int, steps_per_s: float, task: Task, context: Context) -> Ration:
    """The timesteps of a seed: `published` times the context's effort, as far as the budget buys them.

    steps_per_s: nominal speed of the learner over all seeds, without the environment. Where the budget does not buy
    that for all seeds of the plan, there are fewer seeds; where not even for the first batch, fewer timesteps. An
    effort below one takes at least 20,000, or all that was published. Budgets of more than 300 s reckon with the finer
    class of speed and with seeds that share two cores.
    """
    plan = context.plan
    if plan.learning_steps is not None:
        return Ration(max(1, plan.learning_steps))
    wished = max(1, round(published * context.effort), min(published, _LEAST_STEPS))
    is_all = context.effort < 1.0 and wished >= published and plan.budget_s <= _ONE_EFFORT_S
    is_longer = plan.budget_s > _ONE_EFFORT_S
    pace = task.fine_pace if is_longer and math.isfinite(task.fine_pace) else task.pace
    together = _TOGETHER if is_longer and task.apart is not None else 1.0
    per_step_s = (1.0 / steps_per_s + _MEASURING / pace) / together
    bought = context.share * plan.budget_s / (_LOWER_RUNGS * per_step_s)
    if bought >= wished * context.most_seeds:
        return Ration(wished, capped=is_all)
    first = max(1, context.first_seeds)
    if bought >= wished * first:
        return Ration(wished, int(bought // wished), capped=is_all or bought < NEXT_RUNG * wished * first)
    return Ration(max(1, math.floor(bought / first)), first, capped=True)
