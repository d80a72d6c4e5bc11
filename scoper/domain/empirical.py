"""What stepping an environment taught: every timestep as arrays, and the finite model that was estimated from them.

Values only. A model rests on cells: either the distinct observations themselves, or a grid over their components.
Whatever is read off it holds for the cells as visited; nothing here is proved of the environment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from scoper.domain.episodes import Episodes
from scoper.domain.tabular import Bools, Floats, Ints, TabularMdp

Aim = Literal["reward", "objective"]
Coding = Literal["values", "bins"]


@dataclass(frozen=True)
class Steps:
    """n timesteps in the order they were taken, episode after episode; d observation components.

    before, after (n, d): observation before and after the step. action (n,): its number. reward (n,); wanted (n,): what
    the owner's number grew by, higher being better, zeros where no objective is declared. terminated, truncated,
    timestep (from 0), episode: all (n,). seeds (E,): the seed that each episode was reset with; phase (E,): who chose
    its actions. told: name to (n,), the numbers that step's info held, those of a mapping in it as `mapping.name`; nan
    where a step left them out.
    """

    before: Floats
    after: Floats
    action: Ints
    reward: Floats
    wanted: Floats
    terminated: Bools
    truncated: Bools
    timestep: Ints
    episode: Ints
    seeds: tuple[int, ...]
    phase: tuple[str, ...]
    told: Mapping[str, Floats] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many timesteps there are."""
        return int(self.action.size)

    @property
    def starts(self) -> Ints:
        """(E',) the first timestep of every episode."""
        return np.flatnonzero(self.timestep == 0)


@dataclass(frozen=True)
class Trace:
    """One whole episode that replays: reset with `seed`, then `actions` in order, by number."""

    seed: int
    actions: tuple[int, ...]
    total: float
    wanted: float | None
    terminated: bool


@dataclass(frozen=True)
class Planned:
    """A policy that was planned on a model for one aim, and what it came to in the environment on fresh episodes.

    actions: (S,) by cell, or (H, S) by timestep and cell. expected: the aim's value that the model promised.
    episodes: fresh ones, with return and the owner's number; traces: those of them that are kept to be replayed.
    """

    aim: Aim
    actions: Ints
    expected: float
    episodes: Episodes
    traces: tuple[Trace, ...]
    words: str


@dataclass(frozen=True)
class EmpiricalModel:
    """A finite MDP estimated from `steps`: S cells, A actions, N distinct transitions.

    table: the estimate; a pair that was never tried is not available, and a cell where nothing was tried keeps one
    pair that stays there without reward. A transition terminates where the episode ended before its time limit.
    wanted (N,): what the owner's number grew by, None without objective. counts (S, A): how often a pair was tried;
    transition_counts (N,). reward_mean, reward_sd, wanted_mean (S, A): nan where never tried. termination_share,
    truncation_share (S, A): of the pair's tries. tried (S,): cells where anything was tried at all.
    coding: whether cells are the observations themselves or bins of them. state, successor (n,): the cell before and
    after every one of `steps`. rows (S, d), edges, scale (d,): what tells a cell, see `numerics.empirical_cells.Cells`.
    centres (S, d): the mean observation of a cell. components: a name per component.
    actions: the environment's action for every number. noise: standard deviation of the reward that cell and action
    leave unexplained. known_share: share of the last on-policy timesteps that began in a cell known before.
    planned: the policies by aim. limit: timesteps of an episode, None for none.
    """

    table: TabularMdp
    wanted: Floats | None
    counts: Ints
    transition_counts: Ints
    reward_mean: Floats
    reward_sd: Floats
    wanted_mean: Floats
    termination_share: Floats
    truncation_share: Floats
    coding: Coding
    rows: Floats
    edges: tuple[tuple[float, ...], ...]
    scale: Floats
    centres: Floats
    components: tuple[str, ...]
    actions: tuple[Any, ...]
    state: Ints
    successor: Ints
    steps: Steps
    noise: float
    known_share: float
    planned: Mapping[Aim, Planned]
    limit: int | None

    @property
    def tried(self) -> NDArray[np.bool_]:
        """(S,) the cells where at least one action was tried."""
        return np.asarray(self.counts.sum(axis=1) > 0)

    @property
    def n_cells(self) -> int:
        """How many cells were visited."""
        return self.table.n_states


@dataclass(frozen=True)
class Played:
    """A policy followed in the environment itself on fresh episodes, step by step; traces: the first of them, whole."""

    episodes: Episodes
    steps: Steps
    traces: tuple[Trace, ...]
