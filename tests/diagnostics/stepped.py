"""Models from small simulators that are stepped at random: for diagnostics that look at timesteps."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from scoper.domain.empirical import EmpiricalModel, Steps
from scoper.numerics.empirical import estimate, planning_table
from scoper.numerics.empirical_cells import bins_of, values_of


def run(
    step: Callable[..., Any],
    start: Callable[..., Any],
    *,
    n: int = 3_000,
    length: int = 20,
    n_actions: int = 2,
    ends_as: str = "truncated",
    seed: int = 0,
) -> Steps:
    """Random actions in `step(hidden, action, t, episode, rng) -> (hidden, reward, ended)`; hidden[0] is seen."""
    rng, rows, episode = np.random.default_rng(seed), [], -1
    while len(rows) < n:
        episode += 1
        hidden = start(episode, rng)
        for t in range(length):
            action = int(rng.integers(n_actions))
            after, reward, ended = step(hidden, action, t, episode, rng)
            late = t == length - 1 and not ended
            ended = ended or (late and ends_as == "terminated")
            cut = late and ends_as == "truncated"
            seen = np.atleast_1d(hidden[0]), np.atleast_1d(after[0])
            rows.append((*seen, action, reward, ended, cut, t, episode))
            hidden = after
            if ended:
                break
    before, after, action, reward, ended, cut, t, episodes = (np.array(column) for column in zip(*rows, strict=True))
    return Steps(
        before=before.astype(float),
        after=after.astype(float),
        action=action,
        reward=reward.astype(float),
        wanted=np.zeros(len(rows)),
        terminated=ended.astype(bool),
        truncated=cut.astype(bool),
        timestep=t,
        episode=episodes,
        seeds=tuple(range(episode + 1)),
        phase=("random",) * (episode + 1),
    )


def model_of(
    steps: Steps, *, n_actions: int = 2, limit: int | None = 20, coding: str = "values", parts: int | None = None
) -> EmpiricalModel:
    """The model of the steps in which every distinct observation is a cell, or each of `parts` of every component."""
    vectors = np.concatenate([steps.before, steps.after])
    cells, number = values_of(vectors) if parts is None else bins_of(vectors, parts, range(vectors.shape[1]))
    state, successor = number[: steps.size], number[steps.size :]
    found = estimate(steps, state, successor, (cells.size, n_actions), limit)
    table, source = planning_table(found, discount=0.99)
    return EmpiricalModel(
        table=replace(table, horizon=limit),
        wanted=None,
        counts=found.counts,
        transition_counts=np.where(source >= 0, found.times[source], 0),
        reward_mean=found.reward_mean,
        reward_sd=found.reward_sd,
        wanted_mean=found.wanted_mean,
        termination_share=found.termination_share,
        truncation_share=found.truncation_share,
        coding=coding,
        rows=cells.rows,
        edges=cells.edges,
        scale=cells.scale,
        centres=cells.centres,
        components=tuple(f"seen {k}" for k in range(steps.before.shape[1])),
        actions=tuple(range(n_actions)),
        state=state,
        successor=successor,
        steps=steps,
        noise=found.noise,
        known_share=1.0,
        planned={},
        limit=limit,
    )
