"""A finite MDP as the compiled kernels read it: small unsigned indices, a reward per pair, only what continues.

Where every transition continues and every pair is available, the probabilities are the MDP's own array, not a copy;
with successors given as int32 nothing but the rewards is copied. So 10^6 states x 8 actions x 10 successors take
8 + 4 bytes a transition beside what the MDP itself holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoper.domain.tabular import Floats, TabularMdp
from scoper.numerics.compiled import kernels

Unsigned = NDArray[np.uint64]
Small = NDArray[np.uint32]


@dataclass(frozen=True)
class Compact:
    """S states, P pairs, M continuing transitions.

    first (S+1,), offsets (P+1,), successor (M,), weight (M,), reward (P,): as in `scoper.numerics.kernel.Kernel`.
    origin (P,): the pair's number in the MDP, None when they are the same. least, most: the smallest and the largest
    probability of going on. magnitude: the largest expected absolute reward. fan_out: the longest row.
    """

    n_states: int
    first: Unsigned
    offsets: Unsigned
    successor: Small
    weight: Floats
    reward: Floats
    origin: NDArray[np.int64] | None
    least: float
    most: float
    magnitude: float
    fan_out: int

    @property
    def starts(self) -> NDArray[np.int64]:
        """(S,) the first pair of every state, for numpy, which takes signed indices only."""
        return self.first.view(np.int64)[:-1]

    @property
    def n_entries(self) -> int:
        """M."""
        return int(self.successor.size)

    @property
    def n_pairs(self) -> int:
        """P."""
        return int(self.reward.size)


def compact_of(mdp: TabularMdp, reward: Floats | None = None) -> Compact:
    """The compact form of `mdp`, paying `reward` (N,) per transition instead of its own if given."""
    pays = mdp.reward if reward is None else np.asarray(reward, dtype=np.float64)
    if pays.shape != mdp.reward.shape:
        raise ValueError(f"a reward per transition has shape {mdp.reward.shape}, not {pays.shape}")
    fast: Any = kernels()
    pairs = mdp.n_states * mdp.n_actions
    use = np.ascontiguousarray(mdp.available).ravel()
    right, mass = np.empty(pairs), np.empty(pairs)
    offsets = _unsigned(mdp.offsets)
    successor, weight = np.ascontiguousarray(mdp.successor), np.ascontiguousarray(mdp.probability)
    ends = np.ascontiguousarray(mdp.terminates)
    found = fast.describe(offsets, weight, np.ascontiguousarray(pays), ends, use, right, mass)
    magnitude, fan_out, kept, gaps = found
    first = np.arange(mdp.n_states + 1, dtype=np.uint64) * np.uint64(mdp.n_actions)
    origin = None
    if gaps:
        chosen = np.flatnonzero(use)
        new_successor, new_weight = np.empty(kept, dtype=np.uint32), np.empty(kept)
        new_offsets = np.empty(chosen.size + 1, dtype=np.uint64)
        fast.pack(offsets, successor, weight, ends, chosen, new_offsets, new_successor, new_weight)
        if chosen.size < pairs:
            origin = chosen
            right, mass = right[chosen], mass[chosen]
            counts = mdp.available.sum(axis=1)
            first = np.concatenate([[0], np.cumsum(counts)]).astype(np.uint64)
        offsets, small, weight = new_offsets, new_successor, new_weight
    else:
        small = successor.view(np.uint32) if successor.dtype == np.int32 else successor.astype(np.uint32)
    least, most = float(mass.min(initial=1.0)), float(mass.max(initial=0.0))
    return Compact(
        mdp.n_states, first, offsets, small, weight, right, origin, least, most, float(magnitude), int(fan_out)
    )


def _unsigned(array: NDArray[Any]) -> Unsigned:
    if array.dtype == np.int64:
        return np.ascontiguousarray(array).view(np.uint64)
    return array.astype(np.uint64)
