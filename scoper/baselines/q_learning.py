"""Tabular Q-learning (Watkins and Dayan 1992), on the table or, where there is none, by stepping the environment.

On a table the reported return is the exact one of the greedy policy; by stepping it is measured on fresh episodes.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np

from scoper.baselines import Baseline, Context, Outcome, Task, batch_seeds
from scoper.baselines._effort import FLOOR_SHARE, TimeLimit, affordable_steps, ration
from scoper.baselines._finite import FiniteCode, code_of
from scoper.baselines._marks import Marks
from scoper.baselines._rollout import interval_summary, rollout
from scoper.baselines._tabular import on_table
from scoper.numerics.learning.plan import Learner, LearningPlan, StepSize
from scoper.numerics.learning.standard import EXPLORING
from scoper.numerics.learning.stepping import SteppedLearner

_ID: Learner = "q_learning"
_SHORT_SIGHT, _PILOT_SHARE, _PILOT_SEEDS = 0.95, 0.25, 2
_STEPS_BY_STEPPING, _NOMINAL_STEPS_PER_S = 200_000, 50_000.0
_CHECK_EPISODES, _REPORT_EPISODES, _REPORT_STEPS = 20, 2000, 20_000
_LEAST_EPISODES = 100
_STEP_SIZE_POWER = 0.55
_CHECK_CLOCK_EVERY = 512


def _run(task: Task, context: Context) -> Mapping[str, Outcome]:
    if task.table is not None:
        return on_table(_ID, task, context, _learning_discount)
    return {_ID: _by_stepping(task, context)}


def _learning_discount(task: Task, context: Context, steps: int) -> float:
    """The discount to learn with: the task's, or another sight where pilots on seeds of their own do better.

    A shorter sight learns faster wherever consequences come soon, whatever the returns are counted with (Jiang et al.
    2015, "The dependence of effective planning horizon on model accuracy"); a time limit asks for sight as long.
    """
    from scoper.numerics.qlearning import q_learning

    assert task.table is not None
    candidates = [task.discount]
    if task.horizon is not None and task.evaluation_discount == 1.0:
        candidates.append(1.0 - 1.0 / max(2, task.horizon))
    candidates += [_SHORT_SIGHT] if task.discount > _SHORT_SIGHT else []
    returns = {}
    for discount in candidates:
        pilot = q_learning(
            task.table,
            steps=max(1, int(steps * _PILOT_SHARE)),
            seeds=context.seeds(f"{_ID}/pilot", _PILOT_SEEDS),
            discount=discount,
            horizon=task.horizon,
            n_evaluations=1,
            criterion_discount=task.evaluation_discount,
        )
        returns[discount] = float(pilot.returns[:, -1].mean())
    return max(candidates, key=lambda discount: returns[discount])


def _by_stepping(task: Task, context: Context) -> Outcome:
    seeds = batch_seeds(context, _ID)
    own = ration(_STEPS_BY_STEPPING, _NOMINAL_STEPS_PER_S, task, context)
    steps = own.steps
    started, samples, curves, objectives, cut, taken = time.monotonic(), [], [], [], False, 0
    for index, seed in zip(context.batch, seeds, strict=True):
        share_s = context.left_s() / (context.batch.stop - index)
        learner = _Stepping(task, context, index, int(seed), steps, TimeLimit(context, share_s))
        learner.learn()
        episodes = learner.measure(f"{_ID}/report/{index}", _REPORT_EPISODES)
        samples.append(float(episodes.returns.mean()))
        if episodes.objective is not None:
            objectives.append(float(episodes.objective.mean()))
        curves.append(learner.marks.curve())
        cut, taken = cut or learner.cut, taken + learner.taken
    words = f"greedy after {steps:,} timesteps a seed"
    return Outcome(
        interval_summary(samples, words),
        tuple(samples),
        curves=tuple(curves),
        steps=taken,
        seconds=time.monotonic() - started,
        objective=float(np.mean(objectives)) if objectives else None,
        note=f"{_ID} was stopped by the clock before its {steps:,} timesteps" if cut else "",
        words=words,
        planned=steps,
        most_seeds=own.most_seeds,
        capped=own.capped,
    )


def _stepping_plan(task: Task, steps: int) -> LearningPlan:
    """Fewer timesteps than on a table: larger steps towards what is new, none of them small for long."""
    return LearningPlan(
        learner="q_learning",
        steps=steps,
        discount=task.discount,
        longest=task.horizon or steps,
        exploration=EXPLORING,
        step_size=StepSize(1.0, slope=1.0, power=_STEP_SIZE_POWER),
    )


class _Stepping:
    """One seed of Q-learning in a plain loop over the environment."""

    def __init__(self, task: Task, context: Context, index: int, seed: int, steps: int, limit: TimeLimit) -> None:
        assert task.make_env is not None
        self._task, self._context, self._index, self._steps, self._limit = task, context, index, steps, limit
        self._env, self._probe_env = task.make_env(), task.make_env()
        self._observations: FiniteCode = code_of(self._env.observation_space)
        self._actions: FiniteCode = code_of(self._env.action_space)
        self._seed = seed
        self._bought = affordable_steps(task, context, FLOOR_SHARE / context.most_seeds)
        self._learner = SteppedLearner(_stepping_plan(task, steps), self._actions.size, seed)
        self.marks = Marks(_ID, index, steps, task, context)
        self.cut = False

    @property
    def taken(self) -> int:
        """Timesteps so far."""
        return self._learner.taken

    def learn(self) -> None:
        """Epsilon-greedy for the planned steps; a truncated episode bootstraps, a terminated one does not."""
        env, learner = self._env, self._learner
        encode = self._observations.encode
        learner.begin(encode(env.reset(seed=self._seed)[0]))
        while learner.taken < self._steps and not self.cut and not self.marks.is_over:
            observation, reward, terminated, truncated, _ = env.step(self._actions.decode(learner.act()))
            learner.observe(reward, encode(observation), terminated=bool(terminated), truncated=bool(truncated))
            if terminated or truncated:
                learner.begin(encode(env.reset()[0]))
            if learner.taken % _CHECK_CLOCK_EVERY == 0 and self._limit.is_over():
                self.cut = True
            elif self.marks.is_due(learner.taken):
                self._mark()
        if learner.taken not in self.marks.steps[-1:]:
            self._mark()
        env.close()

    def _mark(self) -> None:
        episodes = self.measure(f"{_ID}/choice/{self._index}", _CHECK_EPISODES)
        self.marks.add(self.taken, float(episodes.returns.mean()), cut=self.cut, taken=episodes.n_steps)

    def measure(self, purpose: str, n: int) -> Any:
        """Episodes of the greedy policy."""
        return rollout(
            self._probe_env,
            lambda observation: self._actions.decode(self._learner.greedy(self._observations.encode(observation))),
            self._context.seeds(purpose, n),
            discount=self._task.evaluation_discount,
            objective=self._task.objective,
            enough=lambda n, steps: (
                (n >= _LEAST_EPISODES and steps >= _REPORT_STEPS) or (n > 1 and (self.cut or steps >= self._bought))
            ),
        )


BASELINE = Baseline(
    id=_ID,
    kind="learner",
    summary="Tabular Q-learning: a value per state and action.",
    applies_to=lambda task: task.is_finite,
    run=_run,
)
