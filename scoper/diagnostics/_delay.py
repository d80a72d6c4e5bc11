"""How long after an action the reward shows what it did: the effect of the first action on every later reward.

Under random play q_k(s, a) is the expected reward k timesteps after action a in state s (the k-step successor of the
reward, Dayan 1993); what its variance over the actions adds up to, weighted by random play's visits, is the credit at
delay k. Chance in estimated transitions is taken off.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoper.diagnostics._world import World
from scoper.domain.tabular import Floats
from scoper.numerics.kernel import kernel_of

LONGEST = 60
_MOST_WORK = 40_000_000


@dataclass(frozen=True)
class Credit:
    """shares (K,): of the credit at every delay, summing to one."""

    shares: Floats

    @property
    def delay(self) -> int:
        """The delay with the most credit, in timesteps."""
        return int(np.argmax(self.shares))

    @property
    def at_delay(self) -> float:
        """The share of the credit at it."""
        return float(self.shares.max())

    @property
    def before(self) -> float:
        """The share of the credit at shorter delays."""
        return float(self.shares[: self.delay].sum())


def credit_of(world: World, visited: Floats) -> Credit | None:
    """The credit by delay; visited (S,): how often random play is in every state. None where there is none."""
    table, n_delays = world.table, min(world.horizon, LONGEST)
    kernel = kernel_of(table)
    if n_delays * kernel.successor.size > _MOST_WORK:
        return None
    state, first = kernel.state_of_pair, kernel.first_pair[:-1]
    choices = np.diff(kernel.first_pair).astype(np.float64)
    tries = None if world.counts is None else world.counts.ravel()[kernel.origin].astype(np.float64)
    weight = np.where(choices > 1, visited, 0.0)
    if tries is not None:
        weight = np.where(np.minimum.reduceat(tries, first) >= 2.0, weight, 0.0)
    if weight.sum() <= 0.0:
        return None
    q, open_variance = kernel.reward, np.full(state.size, world.noise**2)
    found = np.zeros(n_delays)
    for delay in range(n_delays):
        mean = np.add.reduceat(q, first) / choices
        off = (q - mean[state]) ** 2
        if tries is not None:
            off = off - (1.0 - 1.0 / choices[state]) * open_variance / np.maximum(tries - 1.0, 1.0)
        found[delay] = float(weight @ (np.add.reduceat(off, first) / choices)) / float(weight.sum())
        q = kernel.expect(mean)
        open_variance = np.maximum(kernel.expect(mean**2) - q**2, 0.0)
    found = np.maximum(found, 0.0)
    scale = float(np.abs(table.reward).max(initial=0.0)) ** 2
    return Credit(found / found.sum()) if found.sum() > 1e-12 * scale else None
