"""When a deep learner is measured, when a seed of it stops, and what its seeds come to: the same for every engine.

A seed is measured at evenly spaced timesteps. It stops early when it has reached the declared target, or 95 % of the
way to a proved ceiling, at two marks in a row, when its curve has settled above the floors, and when the clock cuts it.
Its best checkpoint is chosen on some episodes and reported on others. Nothing but that cut depends on the clock.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from scoper.baselines import Context, Outcome, Task
from scoper.baselines._rollout import interval_summary
from scoper.baselines._rows import TITLES
from scoper.baselines._settings import Algorithm, Settings
from scoper.domain.numbers import number
from scoper.domain.probe import CurvePoint, LearningCurve

_MARKS = 20
_CHOICE_EPISODES, _REPORT_EPISODES = 10, 30
_SLOW_CHOICE_EPISODES, _SLOW_REPORT_EPISODES = 2, 5
_MOST_MEASURING, _MOST_MEASURING_SLOW = 1.0, 0.4
_PATIENCE = 2
_SETTLED_MARKS, _SETTLED_RISE = 5, 0.01


def is_slow(task: Task) -> bool:
    """Whether steps are so dear that fewer episodes must do, by the environment's coarse class of speed."""
    return math.isfinite(task.pace)


def choice_seeds(algorithm: Algorithm, task: Task, context: Context, index: int) -> list[int]:
    """Seeds of the episodes that choose a checkpoint of seed number `index`."""
    n_episodes = _SLOW_CHOICE_EPISODES if is_slow(task) else _CHOICE_EPISODES
    return [int(seed) for seed in context.seeds(f"{algorithm}/choice/{index}", n_episodes)]


def report_seeds(algorithm: Algorithm, task: Task, context: Context, index: int) -> list[int]:
    """Seeds of the episodes that the chosen checkpoint is reported on."""
    n_episodes = _SLOW_REPORT_EPISODES if is_slow(task) else _REPORT_EPISODES
    return [int(seed) for seed in context.seeds(f"{algorithm}/report/{index}", n_episodes)]


@dataclass
class Marks:
    """The marks of one seed: after how many timesteps it was measured, and with which mean return."""

    algorithm: str
    index: int
    planned: int
    task: Task
    context: Context
    steps: list[int] = field(default_factory=list)
    means: list[float] = field(default_factory=list)
    measured: int = 0
    _hits: int = 0

    def is_due(self, steps: int) -> bool:
        """Whether the next mark is reached, and measuring has not taken too many timesteps beside learning."""
        most = _MOST_MEASURING_SLOW if is_slow(self.task) else _MOST_MEASURING
        return steps >= max(1, -(-(len(self.steps) + 1) * self.planned // _MARKS)) and self.measured <= most * steps

    @property
    def is_solved(self) -> bool:
        """Whether the declared target, or nearly a proved ceiling, was reached often enough in a row."""
        return self._hits >= _PATIENCE

    @property
    def is_settled(self) -> bool:
        """Whether the last marks are above the floors and no better than those before them, in the mean and at best.

        Never where there is a target or a proved ceiling to reach, nor in the first half of the timesteps.
        """
        n, floor = _SETTLED_MARKS, self.task.floor
        if floor is None or self._wanted is not None or len(self.means) < 2 * n or 2 * self.steps[-1] < self.planned:
            return False
        last, before = np.asarray(self.means[-n:]), np.asarray(self.means[-2 * n : -n])
        noise = math.sqrt((last.var(ddof=1) + before.var(ddof=1)) / n)
        rise = float(last.mean() - before.mean())
        small = _SETTLED_RISE * (float(last.mean()) - floor)
        return bool(last.min() > floor and rise <= max(noise, small) and last.max() <= max(self.means[:-n]) + small)

    @property
    def is_over(self) -> bool:
        """Whether this seed needs no more timesteps."""
        return self.is_solved or self.is_settled

    @property
    def _wanted(self) -> float | None:
        return self.task.target if self.task.target is not None else self.task.goal

    def add(self, steps: int, mean: float, *, cut: bool, taken: int = 0) -> bool:
        """Note and send a measurement that took `taken` timesteps; whether it is the best one so far.

        cut: the clock ends this seed here.
        """
        is_best = not self.means or mean >= max(self.means)
        self.steps.append(steps)
        self.means.append(mean)
        self.measured += taken
        target = self._wanted
        self._hits = self._hits + 1 if target is not None and mean >= target else 0
        point = CurvePoint(
            learner=self.algorithm,
            seed=self.index,
            steps=steps,
            of_steps=self.planned,
            mean_return=mean,
            stopped=self._stopped(steps, cut=cut),
        )
        self.context.emit(point)
        return is_best

    def _stopped(self, steps: int, *, cut: bool) -> str:
        """Why this seed ends here, before its planned timesteps; empty when it does not."""
        if steps >= self.planned:
            return ""
        if self.is_solved:
            what = "where it counts as solved" if self.task.target is not None else "95 % of the way to the optimum"
            return f"reached {number(self._wanted or 0.0)}, {what}, {_PATIENCE} times in a row"
        if self.is_settled:
            return "its curve has settled above the floors"
        return "its share of the time is over" if cut else ""

    def curve(self) -> LearningCurve:
        """All marks as a value."""
        return LearningCurve(
            learner=self.algorithm, seed=self.index, steps=tuple(self.steps), returns=tuple(self.means)
        )


@dataclass(frozen=True)
class Trained:
    """One seed at its end: mean return of the chosen and the last checkpoint, the owner's number, timesteps taken.

    episodes: the returns on fresh episodes that the mean is of.
    """

    marks: Marks
    mean: float
    of_last: float
    wanted: float | None
    steps: int
    cut: bool
    episodes: tuple[float, ...]


def outcome(
    settings: Settings,
    seeds: Sequence[Trained],
    seconds: float,
    engine: str,
    extra: str,
) -> Mapping[str, Outcome]:
    """What the seeds of a learner come to; `engine` says in words what trained them, with which `extra` if any."""
    algorithm, planned = seeds[0].marks.algorithm, seeds[0].marks.planned
    curves = tuple(seed.marks.curve() for seed in seeds)
    source = f"{settings.source}: {settings.why}" if settings.why else settings.source
    words = f"{TITLES[algorithm]}, {source}, {engine}, {planned:,} timesteps a seed at most, {_chosen(curves)}"
    known = [seed.wanted for seed in seeds if seed.wanted is not None]
    cut = any(seed.cut for seed in seeds)
    samples = tuple(seed.mean for seed in seeds)
    return {
        algorithm: Outcome(
            interval_summary(samples, words),
            samples,
            curves=curves,
            steps=sum(seed.steps for seed in seeds),
            seconds=seconds,
            objective=float(np.mean(known)) if known else None,
            note=f"{algorithm} was stopped by the clock before its {planned:,} timesteps" if cut else "",
            last=tuple(seed.of_last for seed in seeds),
            of_seeds=tuple(seed.episodes for seed in seeds),
            extra=extra,
            words=words,
            planned=planned,
            most_seeds=settings.most_seeds,
            capped=settings.capped,
        )
    }


def _chosen(curves: Sequence[LearningCurve]) -> str:
    """How the reported checkpoint was chosen, in words."""
    fewest, most = min(len(c.steps) for c in curves), max(len(c.steps) for c in curves)
    if most == 1:
        return "its only checkpoint"
    return f"best of its {most if fewest == most else f'{fewest} to {most}'} checkpoints, chosen on other episodes"
