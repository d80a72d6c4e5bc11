"""PPO of small tanh networks for all seeds at once, without torch: rollouts, marks, checkpoints.

Taken where stable-baselines3's MlpPolicy would be and its settings are known here; the arithmetic is the same. Seeds
that have reached the target leave the batch, which changes nothing for the others.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from scoper.baselines import Context, Outcome, Task, batch_seeds
from scoper.baselines._collect import Collector
from scoper.baselines._effort import TimeLimit
from scoper.baselines._lanes import Codec, Lanes, Numbers, Trials, Tried, codec_of
from scoper.baselines._marks import (
    Marks,
    Trained,
    choice_seeds,
    outcome,
    report_seeds,
)
from scoper.baselines._settings import Settings, arguments_for, settings_for
from scoper.numerics.ppo.checkpoint import Checkpoint
from scoper.numerics.ppo.layout import Layout, Singles
from scoper.numerics.ppo.learner import Greedy, Learner
from scoper.numerics.ppo.moments import Normaliser, Scale
from scoper.numerics.ppo.settings import PpoSettings

ENGINE = "all seeds at once in numpy"
_NOMINAL_STEPS_PER_S = 15_000.0  # timesteps of all seeds together, without the environment
_WORTH_SHARING_S = 6.0
"""Nominal seconds of work over all seeds from which processes share it: seeds in one batch take less of a core each."""


@dataclass(frozen=True)
class Fit:
    """How a task is learned here."""

    codec: Codec
    layout: Layout
    ppo: PpoSettings


def fit(task: Task, settings: Settings | None = None) -> Fit | None:
    """How the task would be learned here, by default with its usual settings; None where it takes stable-baselines3.

    Makes an environment and closes it.
    """
    if task.make_env is None:
        return None
    settings = settings or arguments_for("ppo", task)
    ppo = PpoSettings.accepted(settings.arguments, settings.n_envs, settings.linear)
    if ppo is None:
        return None
    env = task.make_env()
    codec = codec_of(env.observation_space, env.action_space)
    env.close()
    if codec is None:
        return None
    return Fit(codec, codec.layout(ppo.hidden, use_sde=ppo.use_sde), ppo)


def train(fitted: Fit, task: Task, context: Context) -> Mapping[str, Outcome]:
    """Train all seeds in step and measure the best checkpoint of each on fresh episodes.

    Much work is shared among processes, each with some of the seeds; the numbers are the same.
    """
    started = time.monotonic()
    settings, trained = settings_for("ppo", task, context, _NOMINAL_STEPS_PER_S), None
    n_seeds, per_step_s = len(context.batch), 1.0 / _NOMINAL_STEPS_PER_S + 1.0 / task.fine_pace
    is_much = n_seeds > 1 and n_seeds * settings.steps * per_step_s >= _WORTH_SHARING_S
    if is_much and task.apart is not None and task.apart.make is task.make_env:
        trained = task.apart.train("ppo", settings, task, context, in_step=True)
    if trained is None:
        trained = _trained(fitted, settings, task, context)
    return outcome(settings, trained, time.monotonic() - started, ENGINE, "")


def train_in_step(settings: Settings, task: Task, context: Context) -> list[Trained]:
    """What the seeds of the context's batch come to, all trained in this process; ValueError where they cannot be."""
    fitted = fit(task, settings)
    if fitted is None:
        raise ValueError("the task does not fit networks in numpy")
    return _trained(fitted, settings, task, context)


def _trained(fitted: Fit, settings: Settings, task: Task, context: Context) -> list[Trained]:
    ppo = replace(fitted.ppo, n_steps=settings.arguments.get("n_steps", fitted.ppo.n_steps))
    run = _Run(replace(fitted, ppo=ppo), settings, task, context)
    run.learn()
    return run.report()


@dataclass
class _Seed:
    """What is kept of one seed: its marks, its best and last checkpoint, the timesteps it has taken."""

    marks: Marks
    best: Checkpoint | None = None
    last: Checkpoint | None = None
    steps: int = 0
    cut: bool = False


@dataclass
class _Run:
    """The seeds of one batch; `_active` holds the places of those that still learn."""

    fitted: Fit
    settings: Settings
    task: Task
    context: Context

    def __post_init__(self) -> None:
        fitted, make, numbers = self.fitted, self.task.make_env, self.context.batch
        assert make is not None
        n_seeds = len(numbers)
        rollout = fitted.ppo.rollout
        planned = -(-self.settings.steps // rollout) * rollout
        self._seeds = [_Seed(Marks("ppo", index, planned, self.task, self.context)) for index in numbers]
        self._active = list(range(n_seeds))
        seeds = batch_seeds(self.context, "ppo/train")
        self._choices = [choice_seeds("ppo", self.task, self.context, index) for index in numbers]
        with self.context.own_work():
            self._trials = Trials(make, fitted.codec, self.task, n_seeds, len(self._choices[0]))
            self._lanes = Lanes(make, fitted.codec, seeds, fitted.ppo.n_envs)
        normaliser = None
        if self.settings.normalise:
            shape = (n_seeds, fitted.ppo.n_envs, fitted.codec.n_inputs)
            normaliser = Normaliser(*shape, fitted.ppo.gamma, observations=fitted.codec.dense)
        self._learner = Learner(fitted.layout, fitted.ppo, seeds)
        self._collector = Collector(self._learner, self._lanes, normaliser)

    def learn(self) -> None:
        """Train until the planned steps, the target or the end of the time."""
        limit = TimeLimit(self.context, self.context.left_s())
        collector, planned = self._collector, self._seeds[0].marks.planned
        cut = False
        while self._active and not cut and collector.steps < planned:
            cut = not collector.collect(limit.is_over)
            if not cut:
                with self.context.own_work():
                    collector.update(collector.steps / self.settings.steps)
                cut = limit.is_over()
            ends = cut or collector.steps >= planned
            due = [place for place, index in enumerate(self._active) if ends or self._is_due(index)]
            if due:
                self._evaluate(due, cut=cut and collector.steps < planned)
        self._trials.close()
        self._lanes.close()

    def _is_due(self, index: int) -> bool:
        return self._seeds[index].marks.is_due(self._collector.steps)

    def _evaluate(self, places: list[int], *, cut: bool) -> None:
        """Measure the seeds at these places of the batch; those that have reached the target leave."""
        rows, scale, steps = self._learner.rows[places], self._collector.scale(), self._collector.steps
        scale = None if scale is None else scale.of(places)
        act = _scaled(Greedy(self.fitted.layout, rows), scale)
        indices = [self._active[place] for place in places]
        tried = self._trials.run(act, [self._choices[index] for index in indices], indices)
        for row, index in enumerate(indices):
            seed = self._seeds[index]
            own = None if scale is None else scale.of([row])
            seed.last = Checkpoint(self.fitted.layout, rows[row], own)
            seed.steps, seed.cut = steps, cut
            if seed.marks.add(steps, float(tried.means[row]), cut=cut, taken=int(tried.steps[row])):
                seed.best = seed.last
        self._let_go()

    def _let_go(self) -> None:
        """Seeds that need no more timesteps leave the batch."""
        staying = [place for place, index in enumerate(self._active) if not self._seeds[index].marks.is_over]
        if len(staying) < len(self._active):
            self._active = [self._active[place] for place in staying]
            if staying:
                self._collector.keep(staying)

    def report(self) -> list[Trained]:
        """The best and the last checkpoint of every seed on fresh episodes."""
        make = self.task.make_env
        assert make is not None
        fresh = [report_seeds("ppo", self.task, self.context, index) for index in self.context.batch]
        trials = Trials(make, self.fitted.codec, self.task, len(self._seeds), len(fresh[0]))
        places = list(range(len(self._seeds)))
        best = self._measured(trials, [seed.best for seed in self._seeds], fresh, places)
        changed = [place for place in places if self._seeds[place].last is not self._seeds[place].best]
        last = dict(zip(places, best.means, strict=True))
        if changed:
            later = [self._seeds[place].last for place in changed]
            last |= zip(changed, self._measured(trials, later, fresh, changed).means, strict=True)
        trials.close()
        found = []
        for place, seed in enumerate(self._seeds):
            wanted = None if best.wanted is None else float(best.wanted[place])
            mean, of_last = float(best.means[place]), float(last[place])
            episodes = tuple(best.returns[place].tolist())
            found.append(Trained(seed.marks, mean, of_last, wanted, seed.steps, seed.cut, episodes))
        return found

    def _measured(
        self, trials: Trials, checkpoints: Sequence[Checkpoint | None], fresh: Sequence[list[int]], places: list[int]
    ) -> Tried:
        """The checkpoints of the seeds at these places, each on the episodes of its seed, all at once."""
        kept = [checkpoint for checkpoint in checkpoints if checkpoint is not None]
        scales = [checkpoint.scale for checkpoint in kept if checkpoint.scale is not None]
        scale = None
        if scales:
            mean, variance = np.concatenate([s.mean for s in scales]), np.concatenate([s.variance for s in scales])
            scale = Scale(mean, variance)
        act = _scaled(Greedy(self.fitted.layout, np.stack([checkpoint.row for checkpoint in kept])), scale)
        return trials.run(act, [fresh[place] for place in places], places)


def _scaled(policy: Greedy, scale: Scale | None) -> Any:
    def act(observations: Numbers) -> Singles:
        return policy(observations.astype(np.float32) if scale is None else scale(observations))

    return act
