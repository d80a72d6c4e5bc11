"""What the compiled methods share: a value, its backup, the greedy chain, and a certificate after every backup."""

from __future__ import annotations

from typing import Any

import numpy as np

from scoper.domain.tabular import Floats
from scoper.numerics.bounds import shifts
from scoper.numerics.compact import Compact
from scoper.numerics.compiled import kernels
from scoper.numerics.kernel import UNIT_ROUNDOFF
from scoper.numerics.plain import Aim

SAFETY = 64 * UNIT_ROUNDOFF


class Workspace:
    """The state of a solution under way; the only mutable thing of the compiled solver.

    value (S,) is what was backed up last, out (S,) the result, best (S,) its greedy pairs: |out + middle - optimum| <=
    error in every state. work counts entries read, iterations backups over all pairs, sweeps those over one policy.
    """

    def __init__(self, compact: Compact, discount: float, aim: Aim) -> None:
        self.compact, self.discount = compact, discount
        self.fast: Any = kernels()
        self.aim = aim
        size = compact.n_states
        slack = (compact.fan_out + 2) * UNIT_ROUNDOFF
        self.least = discount * compact.least * (1.0 - slack)
        self.most = discount * compact.most * (1.0 + slack)
        self.uniform = self.most - self.least <= 4 * slack + 1e-8 * (1.0 - self.most)
        self.value, self.out = np.zeros(size), np.empty(size)
        self.best = np.empty(size, dtype=np.uint32)
        self.upper = compact.reward.copy()
        self.rival = np.full(size, np.inf)
        self.drift = 0.0
        self.work, self.iterations, self.sweeps = 0.0, 1, 0
        self.gain, self.sources = float("inf"), 0
        self.fast.best_reward(compact.first, compact.reward, self.best, self.out)
        self._note(*self.fast.moved(self.out, self.value))
        lengths = np.diff(compact.offsets)
        width = np.maximum.reduceat(lengths, compact.starts) if compact.n_pairs else lengths
        self.room = np.zeros(size, dtype=np.uint64)
        np.cumsum(width[:-1], out=self.room[1:])
        space = int(width.sum())
        self.held = np.full(size, np.iinfo(np.uint32).max, dtype=np.uint32)
        self.length = np.zeros(size, dtype=np.uint32)
        self.chain_successor = np.empty(space, dtype=np.uint32)
        self.chain_weight, self.chain_right = np.empty(space), np.empty(size)

    def _note(self, low: float, high: float) -> None:
        """Turn the range of changes of the last backup into the certificate."""
        compact = self.compact
        largest = float(max(self.value.max(initial=0.0), -self.value.min(initial=0.0)))
        scale = compact.magnitude + (1.0 + self.discount) * largest
        rounding = (compact.fan_out + 8) * UNIT_ROUNDOFF * scale
        self.residual = max(abs(low), abs(high))
        self.span = self.unsettled(low, high)
        if not np.isfinite(self.residual) or self.most >= 1.0:
            self.below = 0.0
            self.error, self.middle, self.floor, self.goal = float("inf"), 0.0, float("inf"), 0.0
            return
        below, above = shifts(low - rounding, high + rounding, self.least, self.most)
        sums = 8 * UNIT_ROUNDOFF * (largest + self.residual + abs(below) + abs(above))
        self.below, self.middle = below, 0.5 * (below + above)
        self.error = max(0.0, 0.5 * (above - below)) + rounding + sums
        self.floor = rounding / (1.0 - self.most) + rounding + sums
        size = max(compact.magnitude, largest + abs(self.middle))
        self.goal = self.aim.goal(size)

    def unsettled(self, low: float, high: float) -> float:
        """The width of the bounds that changes from low to high give, as the range of changes that would give it."""
        if self.uniform or self.most >= 1.0 or self.most <= 0.0 or not np.isfinite(high - low):
            return high - low
        below, above = shifts(low, high, self.least, self.most)
        return (above - below) * (1.0 - self.most) / self.most

    @property
    def finished(self) -> bool:
        """Whether the certificate is as good as wanted, or no backup can make it better."""
        return self.error <= self.goal or not np.isfinite(self.error)

    @property
    def rounded_off(self) -> bool:
        """Whether only the rounding of backups keeps the certificate from being as good as wanted."""
        return self.goal < self.error <= 4.0 * self.floor

    def take(self, other: Workspace) -> None:
        """Make the certificate of another workspace, on the same MDP renumbered, one's own."""
        self.error, self.middle, self.below = other.error, other.middle, other.below
        self.residual, self.goal, self.floor, self.span = other.residual, other.goal, other.floor, other.span

    def follow(self) -> int:
        """Let the chain hold the greedy pairs; the number of states where it did not."""
        c = self.compact
        changed = int(
            self.fast.follow(c.offsets, c.successor, c.weight, c.reward, self.discount, self.room, self.best,
                             self.held, self.length, self.chain_successor, self.chain_weight, self.chain_right)
        )  # fmt: skip
        self.work += 4.0 * changed
        return changed

    @property
    def chain(self) -> tuple[Any, ...]:
        """room, length, successor, weight of the chain's rows."""
        return self.room, self.length, self.chain_successor, self.chain_weight

    def sweep(self, value: Floats, out: Floats) -> tuple[float, float]:
        """One backup of the chain."""
        self.sweeps += 1
        self.work += self.chain_successor.size
        low, high = self.fast.sweep(*self.chain, self.chain_right, value, out)
        return float(low), float(high)

    def improve(self, value: Floats) -> None:
        """Back up `value` (S,) over all pairs; `follow` must have been called since the last time."""
        c = self.compact
        low, high = self.fast.moved(value, self.value)
        self.drift += (self.most if high > 0.0 else self.least) * float(high)
        largest = float(max(value.max(), -value.min(), abs(self.drift)))
        slack = SAFETY * (c.fan_out + 8) * (largest + c.magnitude + abs(self.drift))
        spare = self.value
        self.value = value
        if self.out is value:
            self.out = spare
        low, high, gain, read = self.fast.improve(
            c.first, c.offsets, c.successor, c.weight, c.reward, self.discount, *self.chain, self.chain_right,
            value, self.out, self.best, self.upper, self.rival, self.drift, slack,
        )  # fmt: skip
        self.gain = float(gain)
        self.work += float(read) + self.chain_successor.size + c.n_pairs
        self.iterations += 1
        self._note(float(low), float(high))

    def sharpen(self) -> Floats:
        """Certify out + middle anew, to more digits than a backup has; the change (S,) of its greedy chain."""
        c, value = self.compact, self.out + self.middle
        change = np.empty_like(value)
        largest = float(np.abs(value).max(initial=0.0))
        slack = SAFETY * (c.fan_out + 8) * (largest + c.magnitude) + self.residual
        low, high = self.fast.changes(
            c.first, c.offsets, c.successor, c.weight, c.reward, self.discount, c.magnitude, value, self.best, slack,
            change,
        )  # fmt: skip
        self.work += c.n_entries
        below = low / (1.0 - (self.least if low >= 0.0 else self.most))
        above = high / (1.0 - (self.most if high >= 0.0 else self.least))
        error = 0.5 * (above - below) + 4 * UNIT_ROUNDOFF * (largest + abs(below) + abs(above))
        if error < self.error:
            self.out, self.middle, self.error = value, 0.5 * (above + below), error
            self.residual = max(abs(low), abs(high))
        return change
