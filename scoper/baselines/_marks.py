"""When a deep learner is measured, when a seed of it stops, and what its seeds come to: the same for every engine.

A seed is measured at evenly spaced timesteps. It stops early when it has reached the declared target at two marks in a
row, and when the time for learning is over. Its best checkpoint is chosen on some episodes and reported on others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from scoper.baselines import Context, Outcome, Task
from scoper.baselines._rollout import interval_summary
from scoper.baselines._settings import Algorithm, Settings
from scoper.domain.numbers import number
from scoper.domain.probe import CurvePoint, LearningCurve

_MARKS = 20
_CHOICE_EPISODES, _REPORT_EPISODES = 10, 30
_SLOW_STEPS_PER_S = 2000.0
_SLOW_CHOICE_EPISODES, _SLOW_REPORT_EPISODES = 2, 5
_TRAINING_SHARE, _EVALUATION_SHARE = 0.75, 0.3
_PATIENCE = 2


def is_slow(task: Task) -> bool:
    """Whether steps are so dear that fewer episodes must do; fast environments give the same events every time."""
    return 0.0 < task.steps_per_s < _SLOW_STEPS_PER_S


def choice_seeds(algorithm: Algorithm, task: Task, context: Context, index: int) -> list[int]:
    """Seeds of the episodes that choose a checkpoint of seed number `index`."""
    n_episodes = _SLOW_CHOICE_EPISODES if is_slow(task) else _CHOICE_EPISODES
    return [int(seed) for seed in context.seeds(f"{algorithm}/choice/{index}", n_episodes)]


def report_seeds(algorithm: Algorithm, task: Task, context: Context, index: int) -> list[int]:
    """Seeds of the episodes that the chosen checkpoint is reported on."""
    n_episodes = _SLOW_REPORT_EPISODES if is_slow(task) else _REPORT_EPISODES
    return [int(seed) for seed in context.seeds(f"{algorithm}/report/{index}", n_episodes)]


def training_share(task: Task) -> float:
    """Share of the time for learning that may pass before the last measurement."""
    return _TRAINING_SHARE if is_slow(task) else 1.0


def evaluates_too_much(task: Task, evaluating_s: float, elapsed_s: float) -> bool:
    """Whether a slow environment's time went into evaluating rather than learning."""
    return is_slow(task) and evaluating_s > _EVALUATION_SHARE * elapsed_s


@dataclass
class Marks:
    """The marks of one seed: after how many timesteps it was measured, and with which mean return."""

    algorithm: Algorithm
    index: int
    planned: int
    task: Task
    context: Context
    steps: list[int] = field(default_factory=list)
    means: list[float] = field(default_factory=list)
    _hits: int = 0

    def is_due(self, steps: int) -> bool:
        """Whether the next mark is reached."""
        return steps >= max(1, -(-(len(self.steps) + 1) * self.planned // _MARKS))

    @property
    def is_solved(self) -> bool:
        """Whether the declared target was reached often enough in a row."""
        return self._hits >= _PATIENCE

    def add(self, steps: int, mean: float, *, cut: bool) -> bool:
        """Note and send a measurement; whether it is the best one so far. `cut`: the clock ends this seed here."""
        is_best = not self.means or mean >= max(self.means)
        self.steps.append(steps)
        self.means.append(mean)
        target = self.task.target
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
            return f"reached {number(self.task.target or 0.0)}, where it counts as solved, {_PATIENCE} times in a row"
        return "its share of the time is over" if cut else ""

    def curve(self) -> LearningCurve:
        """All marks as a value."""
        return LearningCurve(
            learner=self.algorithm, seed=self.index, steps=tuple(self.steps), returns=tuple(self.means)
        )


@dataclass(frozen=True)
class Trained:
    """One seed at its end: mean return of the chosen and the last checkpoint, the owner's number, timesteps taken."""

    marks: Marks
    mean: float
    of_last: float
    wanted: float | None
    steps: int
    cut: bool


def outcome(
    settings: Settings, seeds: Sequence[Trained], seconds: float, engine: str, extra: str
) -> Mapping[str, Outcome]:
    """What the seeds of a learner come to; `engine` says in words what trained them, with which `extra` if any."""
    algorithm, planned = seeds[0].marks.algorithm, seeds[0].marks.planned
    curves = tuple(seed.marks.curve() for seed in seeds)
    source = "published settings" if settings.published else "plain settings"
    words = f"{algorithm.upper()}, {source}, {engine}, {planned:,} timesteps a seed at most, {_chosen(curves)}"
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
            extra=extra,
            words=words,
            planned=planned,
        )
    }


def _chosen(curves: Sequence[LearningCurve]) -> str:
    """How the reported checkpoint was chosen, in words."""
    fewest, most = min(len(c.steps) for c in curves), max(len(c.steps) for c in curves)
    if most == 1:
        return "its only checkpoint"
    return f"best of its {most if fewest == most else f'{fewest} to {most}'} checkpoints, chosen on other episodes"
