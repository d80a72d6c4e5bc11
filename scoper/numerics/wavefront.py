"""Gauss-Seidel sweeps over a kernel, outwards from where the episode may end; compiled, for large kernels.

Without discount a value is final as soon as those of the states it leads to are, so few sweeps do wherever episodes
drift to their end. Nothing here is certified: `scoper.numerics.bounds` says how good an answer is.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scoper.domain.tabular import Floats, Ints
from scoper.numerics.compiled import kernels
from scoper.numerics.kernel import Kernel

MOST_READ = 3e9
"""Transitions that one search may read: some seconds."""


class Waves:
    """A kernel whose states are renumbered by the steps they need to an end, each step the likeliest of its pair."""

    def __init__(self, kernel: Kernel) -> None:
        fast: Any = kernels()
        self.fast, self.kernel = fast, kernel
        size, pairs = kernel.n_states, kernel.origin.size
        first, offsets = kernel.first_pair.astype(np.uint64), kernel.offsets.astype(np.uint64)
        successor, weight = kernel.successor.astype(np.uint32), np.ascontiguousarray(kernel.weight)
        target = np.empty(pairs, dtype=np.uint32)
        fast.likeliest(first, offsets, successor, weight, target)
        sources = np.unique(kernel.state_of_pair[kernel.ends]).astype(np.uint32)
        self.order, place = np.empty(size, dtype=np.uint32), np.empty(size, dtype=np.uint32)
        fast.waves(first, target, sources, self.order)
        place[self.order] = np.arange(size, dtype=np.uint32)
        self.source = np.empty(pairs, dtype=np.uint32)
        new = (np.empty_like(first), np.empty_like(offsets), np.empty_like(successor), np.empty_like(weight))
        nothing = np.zeros(pairs)
        fast.permute(
            self.order, place, first, offsets, successor, weight, nothing, *new, np.empty(pairs), self.source
        )  # fmt: skip
        self.rows, self.stays = new, np.empty(pairs)
        fast.loops_of(*new, self.stays)

    def settle(
        self, discount: float, reward: Floats, start: Floats, target: float, most_read: float = MOST_READ
    ) -> tuple[Floats, Ints, float, int]:
        """Sweep from `start` (S,) until no value moves by more than `target`; the best pair counts in every state.

        reward (P,). Returns the value (S,), its pairs (S,), the largest change of the last sweep, and the sweeps.
        """
        value, right = start[self.order], reward[self.source]
        best = np.zeros(self.order.size, dtype=np.uint32)
        change, sweeps, read = float("inf"), 0, 0.0
        while change > target and read < most_read:
            change = float(self.fast.settle(*self.rows[:4], right, self.stays, discount, value, best))
            sweeps, read = sweeps + 1, read + self.rows[2].size
            if not np.isfinite(change):
                break
        back, pairs = np.empty_like(value), np.empty(value.size, dtype=np.int64)
        back[self.order] = value
        pairs[self.order] = self.source[best]
        return back, pairs, change, sweeps


def expected_steps(kernel: Kernel) -> Floats | None:
    """(S,) nearly the expected steps of the policy that takes longest to end; None where sweeps do not settle."""
    ones = np.ones(kernel.origin.size)
    steps, _, change, _ = Waves(kernel).settle(1.0, ones, np.zeros(kernel.n_states), 1e-3)
    return steps if change <= 1e-3 else None


def chain_value(chain: Kernel, discount: float, right: Floats, most_sweeps: int) -> Floats | None:
    """(S,) x with x - discount * P x = `right` (S,) to the last digits, or None."""
    waves, value, most = Waves(chain), right.copy(), float(most_sweeps * max(1, chain.successor.size))
    target = 0.0
    for share in (1e-6, 4e-16):  # the size of the values is known after a first approach
        target = share * max(float(np.abs(value).max(initial=0.0)), float(np.abs(right).max(initial=0.0)))
        value, _, change, _ = waves.settle(discount, right, value, target, most)
        if not change <= target:
            return None
    return value
