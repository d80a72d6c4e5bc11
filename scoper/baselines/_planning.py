"""Timesteps for a model, and the model: random and held actions first, then what the model itself thinks worth trying.

Rounds alternate between three ways to act: towards what was tried seldom, towards that and the reward at once, and
the best the model knows. Budgets are timesteps, from the plan and the environment's class of speed, not from the clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scoper.baselines import Context, Task
from scoper.baselines._effort import affordable_steps
from scoper.baselines._numbered import Acting, Exploring, Holding, Numbered
from scoper.baselines._rollout import Policy, rollout
from scoper.baselines._vectors import actions_of, reader_of
from scoper.domain.empirical import Aim, Steps
from scoper.domain.tabular import Floats, Ints
from scoper.numerics.empirical import Estimate, Plan, curious, estimate, plan_in_time, plan_stationary, planning_table
from scoper.numerics.empirical import wanted_of as wanted_per_transition
from scoper.numerics.empirical_cells import Cells, bins_of, distinct, grid_for, telling, values_of

MODEL_STEPS = {"quick": 16_000, "standard": 48_000, "long": 160_000}
MOST_CELLS = 4_000
STATIONARY_DISCOUNT = 0.99
_RANDOM_SHARE, _ROUNDS = 0.3, 24
_WAYS = ("curious", "greedy", "best")
_GREED, _CHANCE = 3.0, 0.1
_HOLDS = (1.0, 3.0, 1.0, 10.0)
_BUDGET_SHARE, _LEAST_STEPS = 0.15, 500
_TRIES_FINE, _TRIES_COARSE = 6, 30
_NEW_PER_STEP = 0.25
_SATURATED = 0.02
_MOST_BINNED = 6
_OPAQUE, _MOST_OPAQUE = 2**40, 20_000


def steps_for(task: Task, context: Context, budgets: Mapping[str, int]) -> int:
    """The timesteps that the plan's budget allows and buys, never more than it gives a learner's seed.

    0 where these are too few to say anything.
    """
    steps = min(budgets.get(context.plan.budget, budgets["standard"]), affordable_steps(task, context, _BUDGET_SHARE))
    if context.plan.learning_steps is not None:
        steps = min(steps, context.plan.learning_steps)
    return int(steps) if steps >= _LEAST_STEPS else 0


@dataclass(frozen=True)
class View:
    """One way to see `steps` in cells: the cells, (n,) the cell before and after each step, and what was counted."""

    cells: Cells
    state: Ints
    successor: Ints
    found: Estimate
    words: str


@dataclass
class Collection:
    """A collection under way. known_share: of the last round's timesteps, those in a cell that was known before."""

    task: Task
    env: Numbered
    rng: np.random.Generator
    n_steps: int
    seeds: Iterator[int]
    known_share: float = 0.0

    def run(self) -> Steps:
        """All timesteps of the collection."""
        self.env.phase = "random"
        policies = [Holding(len(self.env.actions), self.rng, hold) for hold in _HOLDS]
        self._play(policies, int(_RANDOM_SHARE * self.n_steps))
        share = (1.0 - _RANDOM_SHARE) / _ROUNDS
        for number in range(_ROUNDS):
            self._round(number, int((_RANDOM_SHARE + (number + 1) * share) * self.n_steps))
        return self.env.steps()

    def _round(self, number: int, until: int) -> None:
        """Fit, decide on one way to act, and act until `until` timesteps were taken in all."""
        if self.env.n_steps >= until:
            return
        steps = self.env.steps(told=False)
        aims: tuple[Aim, ...] = ("reward", "objective") if np.ptp(steps.wanted) > 0 else ("reward",)
        aim = aims[number // len(_WAYS) % len(aims)]
        view = first_view(steps, self.task, len(self.env.actions))
        self.env.phase = _WAYS[number % len(_WAYS)]
        policy: Policy
        if self.env.phase == "best":
            policy = Acting(self.env, view.cells.number, best(view, self.task, aim).actions, self.rng, _CHANCE)
        else:
            worth = curious(view.found, greed=_GREED if self.env.phase == "greedy" else 0.0, aim=aim)
            policy = Exploring(view.cells.number, worth, view.found.counts, self.rng)
        first = self.env.n_steps
        self._play([policy], until)
        known = [view.cells.knows(vector) for vector in self.env.steps(told=False).before[first:].tolist()]
        self.known_share = float(np.mean(known)) if known else self.known_share

    def _play(self, policies: Sequence[Policy], until: int) -> None:
        """Episodes with one policy after the other until `until` timesteps were taken in all."""
        turn = 0
        while self.env.n_steps < until:
            seed = next(self.seeds, None)
            if seed is None:
                return
            rollout(self.env, policies[turn % len(policies)], [seed])
            turn += 1


def collection_of(task: Task, context: Context, n_steps: int) -> Collection:
    """A collection of `n_steps` timesteps that begins now."""
    assert task.make_env is not None
    env = task.make_env()
    numbered = Numbered(env, task, reader_of(env.observation_space), actions_of(env.action_space))
    numbered.cut_after = max(200, n_steps // 20)
    seeds = context.seeds("planned/collect", n_steps + 1)
    return Collection(task, numbered, np.random.default_rng(seeds[0]), n_steps, iter(seeds[1:]))


def views(steps: Steps, task: Task, n_actions: int) -> Iterator[View]:
    """Every way of seeing the steps in cells that is worth planning on, the most promising one first."""
    vectors = np.concatenate([steps.before, steps.after])
    seen = distinct(vectors)
    opaque = vectors.shape[1] == 1 and float(vectors.max()) > _OPAQUE
    few = seen <= min(MOST_CELLS, _NEW_PER_STEP * steps.size) or (opaque and seen <= _MOST_OPAQUE)
    n_cells = MOST_CELLS
    if few:
        cells, number = values_of(vectors)
        yield _view(steps, cells, number, task, n_actions, f"{cells.size:,} distinct observations")
        n_cells = cells.size
    if opaque or (few and seen <= _SATURATED * steps.size):
        return
    targets = [steps.reward, steps.terminated.astype(np.float64), steps.wanted]
    components = telling(steps.before, steps.action, targets, _MOST_BINNED)
    for tries in (_TRIES_FINE, _TRIES_COARSE):
        most = min(n_cells, max(16, steps.size // (tries * n_actions)))
        parts = grid_for(vectors, most, components)
        cells, number = bins_of(vectors, parts, components)
        words = f"{cells.size:,} bins, up to {parts} parts of {len(components)} components"
        yield _view(steps, cells, number, task, n_actions, words)


def first_view(steps: Steps, task: Task, n_actions: int) -> View:
    """The most promising view."""
    return next(views(steps, task, n_actions))


def _view(steps: Steps, cells: Cells, number: Ints, task: Task, n_actions: int, words: str) -> View:
    state, successor = number[: steps.size], number[steps.size :]
    found = estimate(steps, state, successor, (cells.size, n_actions), task.horizon)
    return View(cells, state, successor, found, words)


def best(view: View, task: Task, aim: Aim, *, least: int = 1, stationary: bool = False) -> Plan:
    """The best policy for `aim` in what was seen: by timestep where the task has a limit and `stationary` is not asked.

    Where nothing was tried, the mean reward of all that was tried is assumed.
    """
    found, discount = view.found, task.evaluation_discount
    unknown = _mean(found.reward_mean if aim == "reward" else found.wanted_mean, found.counts)
    table, source = planning_table(found, discount=min(discount, STATIONARY_DISCOUNT), least=least, unknown=unknown)
    reward: Floats | None = None
    if aim == "objective":
        reward = wanted_per_transition(found, source, unknown)
    timed = None
    if task.horizon is not None and not stationary:
        timed = plan_in_time(table, task.horizon, discount=discount if aim == "reward" else 1.0, reward=reward)
    return timed or plan_stationary(table, discount=min(discount, STATIONARY_DISCOUNT), reward=reward)


def _mean(means: Floats, counts: Ints) -> float:
    return float(np.nansum(means * counts) / counts.sum())


Candidate = tuple[View, Plan, str]


def candidates(steps: Steps, task: Task, n_actions: int, aim: Aim) -> list[Candidate]:
    """Policies for `aim` that differ in cells and in how far the counts are trusted."""
    found: list[Candidate] = []
    for view in views(steps, task, n_actions):
        for least, stationary in ((1, False), (1, True), (4, False), (4, True)):
            if stationary and task.horizon is None and len(found) % 2:
                continue
            plan = best(view, task, aim, least=least, stationary=stationary)
            if any(view is other and np.array_equal(plan.actions, known.actions) for other, known, _ in found):
                continue
            how = "for every cell" if stationary else "for every timestep and cell"
            trust = f", on what was tried {least} times or more" if least > 1 else ""
            found.append((view, plan, f"{how}{trust}"))
    return found
