"""The Bellman backup of a finite MDP as one sparse product.

A kernel keeps only what a backup needs: the available pairs, grouped by state, and their transitions after which the
episode goes on. States may have different numbers of pairs, so a policy's chain and a quotient of an MDP are kernels
as well. Whether an episode may end in a pair is kept beside the numbers, because "ends with certainty" is a fact of
the graph, not of rounding.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from scoper.domain.tabular import Bools, Floats, Ints, TabularMdp

UNIT_ROUNDOFF = 2.0**-53
MANY_TRANSITIONS = 100_000
"""Of a mixed chain: from here on merging equal successors costs less than one product with them."""


@dataclass(frozen=True)
class Kernel:
    """S states, P pairs, M continuing transitions.

    first_pair (S+1,): first pair of every state, every state has one. origin (P,): the pair's number in the MDP it
    came from, -1 for none. offsets (P+1,): first transition of every pair. successor, weight (M,): where a continuing
    transition leads and its probability. reward (P,): expected reward; magnitude (P,): expected absolute reward.
    ends (P,): whether the episode may end in the pair. fan_out: most terms that were summed for one pair.
    """

    n_states: int
    first_pair: Ints
    origin: Ints
    offsets: Ints
    successor: Ints
    weight: Floats
    reward: Floats
    magnitude: Floats
    ends: Bools
    fan_out: int

    @cached_property
    def state_of_pair(self) -> Ints:
        """(P,) the state that each pair belongs to."""
        return np.repeat(np.arange(self.n_states), np.diff(self.first_pair))

    @cached_property
    def pair_of_transition(self) -> Ints:
        """(M,) the pair that each transition belongs to."""
        return np.repeat(np.arange(self.origin.size), np.diff(self.offsets))

    @cached_property
    def mass(self) -> Floats:
        """(P,) the probability that the episode goes on after the pair."""
        return self.expect(np.ones(self.n_states))

    @cached_property
    def _filled(self) -> tuple[Ints, Ints]:
        filled = np.flatnonzero(np.diff(self.offsets))
        return filled, self.offsets[filled]

    def expect(self, value: Floats) -> Floats:
        """(P,) the expected value (S,) of the next state; an ended episode counts nothing."""
        result = np.zeros(self.origin.size)
        filled, starts = self._filled
        if filled.size:  # reduceat repeats an element for an empty segment, so empty pairs are left out
            result[filled] = np.add.reduceat(self.weight * value[self.successor], starts)
        return result

    def backup(self, value: Floats, discount: float) -> Floats:
        """(P,) action values: expected reward plus discounted expected value (S,) of the next state."""
        return self.reward + discount * self.expect(value)

    def best(self, action_value: Floats) -> Floats:
        """(S,) the largest action value (P,) of every state."""
        return np.asarray(np.maximum.reduceat(action_value, self.first_pair[:-1]), dtype=np.float64)

    def greedy(self, action_value: Floats) -> Ints:
        """(S,) the first pair with the largest action value (P,) of every state."""
        top = np.flatnonzero(action_value >= self.best(action_value)[self.state_of_pair])
        chosen = np.empty(self.n_states, dtype=np.int64)
        chosen[self.state_of_pair[top[::-1]]] = top[::-1]
        return chosen

    def rounding(self, value: Floats, discount: float) -> float:
        """Bound of the float error of any entry of `backup(value) - value` (Higham 2002, section 3.1)."""
        largest = float(np.abs(value).max(initial=0.0))
        scale = float(self.magnitude.max(initial=0.0)) + (1.0 + discount) * largest
        return (self.fan_out + 8) * UNIT_ROUNDOFF * scale

    def keep_pairs(self, pairs: Ints) -> Kernel:
        """The kernel with only the given ascending `pairs`; every state must keep one."""
        counts = np.bincount(self.state_of_pair[pairs], minlength=self.n_states)
        lengths = np.diff(self.offsets)[pairs]
        chosen = segments(self.offsets[pairs], lengths)
        return Kernel(
            n_states=self.n_states,
            first_pair=ends_of(counts),
            origin=self.origin[pairs],
            offsets=ends_of(lengths),
            successor=self.successor[chosen],
            weight=self.weight[chosen],
            reward=self.reward[pairs],
            magnitude=self.magnitude[pairs],
            ends=self.ends[pairs],
            fan_out=self.fan_out,
        )


def tally(index: Ints, amounts: Floats, size: int) -> Floats:
    """(size,) the sum of the `amounts` (n,) at every `index` (n,)."""
    return np.asarray(np.bincount(index, weights=amounts, minlength=size), dtype=np.float64)


def ends_of(lengths: Ints) -> Ints:
    """(n+1,) offsets of consecutive segments with the given lengths (n,)."""
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths, dtype=np.int64)])


def segments(starts: Ints, lengths: Ints) -> Ints:
    """Indices of the segments [start, start + length), one after the other."""
    offsets = ends_of(lengths)
    return np.repeat(starts - offsets[:-1], lengths) + np.arange(offsets[-1])


def kernel_of(mdp: TabularMdp, reward: Floats | None = None) -> Kernel:
    """The kernel of the available pairs of `mdp`, paying `reward` (N,) per transition instead of its own if given."""
    pays = mdp.reward if reward is None else np.asarray(reward, dtype=np.float64)
    if pays.shape != mdp.reward.shape:
        raise ValueError(f"a reward per transition has shape {mdp.reward.shape}, not {pays.shape}")
    pair_of, pairs = mdp.pair_of_transition, mdp.n_states * mdp.n_actions
    happens = mdp.probability > 0
    goes_on = happens & ~mdp.terminates
    expected = tally(pair_of, mdp.probability * pays, pairs)
    magnitude = tally(pair_of, mdp.probability * np.abs(pays), pairs)
    ends = np.bincount(pair_of[happens & mdp.terminates], minlength=pairs) > 0
    whole = Kernel(
        n_states=mdp.n_states,
        first_pair=np.arange(mdp.n_states + 1, dtype=np.int64) * mdp.n_actions,
        origin=np.arange(pairs, dtype=np.int64),
        offsets=ends_of(np.bincount(pair_of[goes_on], minlength=pairs)),
        successor=mdp.successor[goes_on],
        weight=mdp.probability[goes_on],
        reward=expected,
        magnitude=magnitude,
        ends=ends,
        fan_out=int(np.diff(mdp.offsets).max(initial=1)),
    )
    return whole if mdp.available.all() else whole.keep_pairs(np.flatnonzero(mdp.available.ravel()))


def mixed_chain(kernel: Kernel, share: Floats) -> Kernel:
    """The one-pair-per-state chain in which every pair of `kernel` is taken with probability `share` (P,)."""
    state, pair_of = kernel.state_of_pair, kernel.pair_of_transition
    used = share[pair_of] > 0
    counts = np.bincount(state[pair_of[used]], minlength=kernel.n_states)
    width = int(np.diff(kernel.first_pair).max(initial=1))
    mixed = Kernel(
        n_states=kernel.n_states,
        first_pair=np.arange(kernel.n_states + 1, dtype=np.int64),
        origin=np.full(kernel.n_states, -1, dtype=np.int64),
        offsets=ends_of(counts),
        successor=kernel.successor[used],
        weight=(kernel.weight * share[pair_of])[used],
        reward=tally(state, share * kernel.reward, kernel.n_states),
        magnitude=tally(state, share * kernel.magnitude, kernel.n_states),
        ends=np.bincount(state[kernel.ends & (share > 0)], minlength=kernel.n_states) > 0,
        fan_out=kernel.fan_out + width,
    )
    return _merged(mixed) if mixed.successor.size > MANY_TRANSITIONS else mixed


def _merged(chain: Kernel) -> Kernel:
    """The same chain with one transition per successor: of many actions most lead to the same few states."""
    key = chain.pair_of_transition * chain.n_states + chain.successor
    order = np.argsort(key, kind="stable")
    key = key[order]
    starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    pairs = key[starts] // chain.n_states
    return replace(
        chain,
        offsets=ends_of(np.bincount(pairs, minlength=chain.origin.size)),
        successor=key[starts] - pairs * chain.n_states,
        weight=np.add.reduceat(chain.weight[order], starts),
    )
