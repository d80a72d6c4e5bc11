"""Training with stable-baselines3 and sb3-contrib: several seeds, the best checkpoint of each reported.

What is measured when, and when a seed stops, is said in `_marks`. Seeds are trained in processes of their own where the
task offers that and the work is worth starting them, else one after the other; the numbers are the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scoper.baselines import Baseline, Context, Outcome, Task, batch_seeds
from scoper.baselines._algorithms import ENTRIES, available, fitting, model, planned_steps, vector
from scoper.baselines._effort import TimeLimit
from scoper.baselines._marks import Marks, Trained, choice_seeds, outcome, report_seeds
from scoper.baselines._players import Evaluation, Player
from scoper.baselines._policy_state import PolicyState
from scoper.baselines._settings import NOMINAL_STEPS_PER_S, Algorithm, Settings, settings_for

__all__ = ["deep_available", "lacks_extra", "planned_steps", "train", "train_in_turn"]

ENGINE = "each seed on its own with {package}"
_EVALUATIONS_AFTERWARDS = 3
"""Of a run that the clock cuts: where it stands, its best checkpoint and its last one."""
_WORTH_STARTING_S = 6.0
"""Nominal seconds of work over all seeds from which processes are started; starting one takes 1.3 s of a core."""


def deep_available() -> bool:
    """Whether the extra `deep` is installed; imports nothing."""
    return available("deep")


def lacks_extra(baseline: Baseline, task: Task) -> bool:
    """Whether a learner takes packages for this task that are not installed."""
    present = {"deep": deep_available(), "contrib": deep_available() and available("contrib")}
    return not present.get(baseline.extra or "", True) and baseline.needs_extra(task)


def train(algorithm: Algorithm, task: Task, context: Context) -> Mapping[str, Outcome]:
    """Train every seed of the batch and measure the best checkpoint of each on fresh episodes."""
    started = time.monotonic()
    settings = settings_for(algorithm, task, context, NOMINAL_STEPS_PER_S[algorithm])
    trained = None
    if task.apart is not None and task.apart.make is task.make_env and _is_worth_it(algorithm, settings, context):
        trained = task.apart.train(algorithm, settings, task, context)
    if trained is None:
        seeds = dict(zip(context.batch, batch_seeds(context, f"{algorithm}/train"), strict=True))
        trained = train_in_turn(algorithm, settings, task, context, seeds)
    entry = ENTRIES[algorithm]
    engine = ENGINE.format(package=entry.package.replace("_", "-"))
    return outcome(settings, trained, time.monotonic() - started, engine, entry.extra)


def _is_worth_it(algorithm: Algorithm, settings: Settings, context: Context) -> bool:
    n_seeds = len(context.batch)
    return n_seeds > 1 and n_seeds * settings.steps / NOMINAL_STEPS_PER_S[algorithm] >= _WORTH_STARTING_S


def train_in_turn(
    algorithm: Algorithm,
    settings: Settings,
    task: Task,
    context: Context,
    seeds: Mapping[int, int],
    tell: Callable[[Trained], None] = lambda trained: None,
) -> list[Trained]:
    """Train these seeds, number to seed, one after the other in this process, each with its share of the time left.

    `tell` hears of each as soon as it is done.
    """
    with context.own_work():
        import stable_baselines3  # noqa: F401 - the slow part, before any clock counts it
        import torch
    torch.set_num_threads(1)
    trained: list[Trained] = []
    for done, (index, seed) in enumerate(seeds.items()):
        share_s = context.left_s() / (len(seeds) - done)
        run = _Run(algorithm, settings, task, context, index, seed, TimeLimit(context, share_s))
        run.learn()
        trained.append(run.report())
        tell(trained[-1])
    return trained


@dataclass
class _Run:
    """One seed of one learner."""

    algorithm: Algorithm
    settings: Settings
    task: Task
    context: Context
    index: int
    seed: int
    limit: TimeLimit
    steps: int = 0
    cut: bool = False
    evaluation_s: float = 0.0

    def learn(self) -> None:
        """Train until the planned steps, the target or the end of this seed's time."""
        make = self.task.make_env
        assert make is not None
        with self.context.own_work():
            self._envs = vector(make, self.algorithm, self.settings, self.seed)
            self._model = model(self.algorithm, self._envs, self.settings, self.seed)
        self._player = Player(self.algorithm, self._model, self._envs)
        self._evaluation = self._evaluation_on(choice_seeds(self.algorithm, self.task, self.context, self.index))
        planned = planned_steps(self.algorithm, self.settings)
        self._marks = Marks(self.algorithm, self.index, planned, self.task, self.context)
        self._best = self._last = PolicyState.of(self._model, self._envs)
        self._model.learn(total_timesteps=self.settings.steps, callback=self._callback)
        self.steps = int(self._model.num_timesteps)
        if self.steps not in self._marks.steps[-1:]:
            self._evaluate()
        self._evaluation.close()

    def report(self) -> Trained:
        """The best and the last checkpoint on fresh episodes."""
        evaluation = self._evaluation_on(report_seeds(self.algorithm, self.task, self.context, self.index))
        self._best.restore(self._model, self._envs)
        returns, wanted = evaluation.run(self._player)
        of_last = float(returns.mean())
        if self._last is not self._best:
            self._last.restore(self._model, self._envs)
            of_last = float(evaluation.run(self._player)[0].mean())
        evaluation.close()
        self._envs.close()
        episodes = tuple(float(value) for value in returns)
        return Trained(self._marks, float(returns.mean()), of_last, wanted, self.steps, self.cut, episodes)

    def _evaluation_on(self, seeds: Sequence[int]) -> Evaluation:
        assert self.task.make_env is not None
        return Evaluation(fitting(self.task.make_env, self.algorithm), self.task, seeds)

    def _callback(self, locals_: dict[str, Any], globals_: dict[str, Any]) -> bool:
        self.steps = int(self._model.num_timesteps)
        self.cut = self.limit.is_over(_EVALUATIONS_AFTERWARDS * self.evaluation_s)
        if self.cut or self._marks.is_due(self.steps):
            self._evaluate()
        return not (self.cut or self._marks.is_over)

    def _evaluate(self) -> None:
        before, left_s = self._evaluation.steps, self.context.left_s()
        returns, _ = self._evaluation.run(self._player)
        self.evaluation_s = max(self.evaluation_s, left_s - self.context.left_s())
        self._last = PolicyState.of(self._model, self._envs)
        taken = self._evaluation.steps - before
        if self._marks.add(self.steps, float(returns.mean()), cut=self.cut, taken=taken):
            self._best = self._last
