"""Episodes by stepping the environment, and what their mean says."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from scoper.baselines import Outcome
from scoper.domain.episodes import Episodes
from scoper.domain.mdp import Objective
from scoper.domain.numbers import count
from scoper.domain.probe import ReturnSummary
from scoper.domain.text import shown
from scoper.modelling.faults import EnvironmentFault
from scoper.numerics.statistics import mean_interval

Policy = Callable[[Any], Any]


def rollout(
    env: Any,
    policy: Policy,
    seeds: Iterable[int],
    *,
    discount: float = 1.0,
    objective: Objective | None = None,
    enough: Callable[[int, int], bool] | None = None,
) -> Episodes:
    """One episode per seed with `policy`; `enough(n_episodes, n_steps)` may end it after any whole episode.

    Requires an environment whose episodes end by themselves or by truncation.
    """
    returns, lengths, terminations, objectives = [], [], [], []
    low, high, n_nonzero, n_steps = np.inf, -np.inf, 0, 0
    for seed in seeds:
        observation, _ = env.reset(seed=int(seed))
        total, weight, length, ended, terminated = 0.0, 1.0, 0, False, False
        wanted = 0.0
        while not ended:
            observation, raw, terminated, truncated, info = env.step(policy(observation))
            reward = float(raw)
            total += weight * reward
            weight *= discount
            length += 1
            low, high, n_nonzero = min(low, reward), max(high, reward), n_nonzero + (reward != 0.0)
            wanted = owner_value(wanted, info, objective)
            ended = bool(terminated or truncated)
        returns.append(total)
        lengths.append(length)
        terminations.append(bool(terminated))
        objectives.append(wanted)
        n_steps += length
        if enough and enough(len(returns), n_steps):
            break
    return Episodes(
        np.asarray(returns, dtype=np.float64),
        np.asarray(lengths, dtype=np.int64),
        np.asarray(terminations, dtype=np.bool_),
        np.asarray(objectives, dtype=np.float64) if objective and objective.info else None,
        float(low),
        float(high),
        n_nonzero,
    )


def owner_value(so_far: float, info: Any, objective: Objective | None) -> float:
    """The owner's number of an episode after one more step: summed, or the last one seen; a step may leave it out.

    Raises EnvironmentFault when what stands at the objective's key is not a finite number.
    """
    if objective is None or objective.info is None or objective.info not in info:
        return so_far
    value = _finite(info[objective.info], objective.info)
    return value if objective.at == "end" else so_far + value


def _finite(raw: Any, key: str) -> float:
    if type(raw) is float and math.isfinite(raw):  # nearly always; the abstract numbers below take ten times as long
        return raw
    if isinstance(raw, np.ndarray) and raw.size == 1:
        raw = raw.item()
    if isinstance(raw, numbers.Real | np.bool_) and np.isfinite(float(raw)):
        return float(raw)
    raise EnvironmentFault(
        "objective_value",
        f"info['{shown(key)}'], the declared objective, was {shown(repr(raw), 60)}, which is not a finite number",
        "put a finite number at this key in every step that has it, and leave it out of the others",
        evidence={"key": key},
    )


def sampled_outcome(episodes: Episodes, words: str) -> Outcome:
    """Mean return with its 95 % interval over episodes."""
    samples = tuple(float(value) for value in episodes.returns)
    wanted = None if episodes.objective is None else float(episodes.objective.mean())
    return Outcome(interval_summary(samples, words, of="episodes"), samples, episodes, objective=wanted)


def joined_batches(first: Outcome, second: Outcome) -> Outcome:
    """One learner's batches of seeds as one outcome: all seeds in order, timesteps and seconds added up."""
    samples, n, m = first.samples + second.samples, len(first.samples), len(second.samples)
    objective = None
    if first.objective is not None and second.objective is not None:
        objective = (n * first.objective + m * second.objective) / (n + m)
    return replace(
        first,
        summary=interval_summary(samples, second.words or first.words or second.summary.policy),
        samples=samples,
        curves=first.curves + second.curves,
        steps=first.steps + second.steps,
        seconds=first.seconds + second.seconds,
        objective=objective,
        note=first.note or second.note,
        last=first.last + second.last if first.last and second.last else (),
        of_seeds=first.of_seeds + second.of_seeds,
    )


def interval_summary(samples: Sequence[float], words: str, *, of: str = "seeds") -> ReturnSummary:
    """Mean and 95 % interval (Student's t) of measured `samples`; the words say how the interval was made."""
    mean, low, high = mean_interval(np.asarray(samples, dtype=np.float64))
    words = f"{words}; 95 % Student interval over {count(len(samples))} {of}"
    return ReturnSummary(mean=mean, low=low, high=high, n=len(samples), basis="measured", policy=words)
