"""A finite MDP as checked sparse arrays.

State-action pairs are numbered `pair = state * n_actions + action`; the transitions of a pair lie contiguously
between `offsets[pair]` and `offsets[pair + 1]`. A transition that terminates ends the episode: nothing follows it,
whatever its successor.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scoper.errors import InputError, Problem

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
PROBABILITY_TOLERANCE = 1e-9


@dataclass(frozen=True)
class TabularMdp:
    """Sparse arrays of a finite MDP: S states, A actions, N transitions.

    offsets (S*A+1,): first transition of every pair. successor (N,), probability (N,), reward (N,) of the transition,
    terminates (N,). initial (S,): start distribution. available (S, A): actions that may be taken.
    discount in [0, 1]. horizon: timesteps until truncation, None for none. labels: a name per state and per action, or
    none at all. truncated_mass: probability cut off the tails of exogenous laws. notes: sentences on what the arrays
    leave out of the problem as written. start_resets: as many resets as `initial` was estimated from, 0 if it is given.
    discretised: points stand in the place of an interval, so that values are those of an approximation.
    sampled_steps: as many steps of an environment as the transitions were estimated from, 0 if they are given.
    Raises InputError when shapes disagree, an available pair's probabilities do not sum to one within 1e-9, a number
    is not finite, or a state has no available action.
    """

    n_states: int
    n_actions: int
    offsets: Ints
    successor: Ints
    probability: Floats
    reward: Floats
    terminates: Bools
    initial: Floats
    available: Bools
    discount: float
    horizon: int | None = None
    state_labels: tuple[str, ...] = ()
    action_labels: tuple[str, ...] = ()
    truncated_mass: float = 0.0
    notes: tuple[str, ...] = ()
    start_resets: int = 0
    discretised: bool = False
    sampled_steps: int = 0
    source: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        problems = list(self._faults())
        if problems:
            raise InputError([Problem("tabular-mdp", text, self.source) for text in problems])

    def _faults(self) -> list[str]:
        pairs, size = self.n_states * self.n_actions, self.successor.size
        per_transition = (self.probability, self.reward, self.terminates)
        shapes_agree = (
            self.offsets.shape == (pairs + 1,)
            and all(array.shape == (size,) for array in per_transition)
            and self.initial.shape == (self.n_states,)
            and self.available.shape == (self.n_states, self.n_actions)
        )
        if not shapes_agree:
            return ["the arrays' shapes disagree"]
        if self.offsets[0] != 0 or self.offsets[-1] != size or (np.diff(self.offsets) < 0).any():
            return ["the offsets do not run from 0 to the number of transitions"]
        faults = []
        if size and not (self.successor.min() >= 0 and self.successor.max() < self.n_states):
            faults.append("a successor is not a state")
        if not np.isfinite(self.reward).all():
            faults.append("a reward is not a finite number")
        totals = np.bincount(self.pair_of_transition, weights=self.probability, minlength=pairs)
        wrong = np.flatnonzero(self.available.ravel() & ~(np.abs(totals - 1.0) <= PROBABILITY_TOLERANCE))
        if wrong.size:
            state, action = divmod(int(wrong[0]), self.n_actions)
            faults.append(f"the probabilities of state {state}, action {action} sum to {totals[wrong[0]]:.12g}, not 1")
        if not (self.probability >= 0).all():
            faults.append("a probability is negative or not a number")
        if abs(float(self.initial.sum()) - 1.0) > PROBABILITY_TOLERANCE or (self.initial < 0).any():
            faults.append("the start distribution does not sum to 1")
        if not self.available.any(axis=1).all():
            faults.append(f"state {int(np.argmin(self.available.any(axis=1)))} has no available action")
        if not 0.0 <= self.discount <= 1.0:
            faults.append(f"the discount {self.discount} is not within 0 and 1")
        return faults

    @property
    def is_exact(self) -> bool:
        """Whether what is proved of the arrays is proved of the problem: nothing sampled, nothing left to points."""
        return not (self.start_resets or self.sampled_steps or self.discretised)

    @property
    def pair_of_transition(self) -> Ints:
        """(N,) the pair that each transition belongs to."""
        return np.repeat(np.arange(self.n_states * self.n_actions), np.diff(self.offsets))
