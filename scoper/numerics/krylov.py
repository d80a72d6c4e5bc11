"""Policy iteration whose policies are evaluated by GMRES, for MDPs that mix slowly in every order of the states.

What one Gauss-Seidel sweep over the policy's chain changes is made zero (Saad and Schultz 1986), which leaves few
slow directions to the Krylov space: groups of states that are rarely left, or values that diffuse. GMRES never makes
the residual larger, so unlike shorter recurrences it cannot diverge; it keeps `BASIS` vectors of S numbers.
"""

from __future__ import annotations

import math

import numpy as np

from scoper.domain.tabular import Floats
from scoper.numerics.workspace import Workspace

BASIS = 30
RESTARTS = 12
STALLED = 5


def project(space: Workspace, most: float) -> bool:
    """Iterate until certified, until only rounding is left, or until `most` entries are read; whether certified."""
    c, begun = space.compact, space.work
    stays = np.empty(c.n_pairs)
    space.fast.loops_of(c.first, c.offsets, c.successor, c.weight, stays)
    least, poor = math.inf, 0
    while not (space.finished or space.rounded_off) and space.work - begun < most and poor < STALLED:
        space.follow()
        enough = max(0.25 * space.goal * (1.0 - space.most), 0.002 * space.gain if math.isfinite(space.gain) else 0.0)
        space.improve(_evaluated(space, stays, space.out.copy(), enough))
        settled = space.gain <= enough or space.error < least  # while policies change, the error may well rise
        poor = poor + 1 if settled and space.error >= 0.9 * least else 0
        least = min(least, space.error)
    return space.finished


def _evaluated(space: Workspace, stays: Floats, value: Floats, enough: float) -> Floats:
    """The value (S,) of the chain that `space` holds, until a sweep changes no entry by more than `enough`."""
    basis = np.empty((BASIS + 1, value.size))
    before = math.inf
    for _ in range(RESTARTS):
        after = value.copy()
        _swept(space, stays, space.chain_right, after)
        residual = after - value
        size = float(np.abs(residual).max())
        if size <= enough or size >= 0.999 * before or not math.isfinite(size):
            return after
        before = size
        value = after + _correction(space, stays, residual, 0.5 * enough / size, basis, after - value)
    return value


def _correction(
    space: Workspace, stays: Floats, residual: Floats, reduction: float, basis: Floats, step: Floats
) -> Floats:
    """What to add to the swept value: x - step, where x - G x = residual as nearly as the Krylov space allows."""
    length = float(np.linalg.norm(residual))
    basis[0] = residual / length
    table, right = np.zeros((BASIS + 1, BASIS)), np.zeros(BASIS + 1)
    right[0] = length
    nothing = np.zeros_like(residual)
    share: Floats = np.zeros(0)
    for j in range(BASIS):
        moved = basis[j].copy()
        _swept(space, stays, nothing, moved)
        image = basis[j] - moved
        for _ in range(2):  # once more, or rounding would spoil the basis
            part = basis[: j + 1] @ image
            image -= part @ basis[: j + 1]
            table[: j + 1, j] += part
        space.work += 4.0 * (j + 1) * residual.size
        table[j + 1, j] = np.linalg.norm(image)
        found, left, _, _ = np.linalg.lstsq(table[: j + 2, : j + 1], right[: j + 2], rcond=None)
        share = np.asarray(found, dtype=np.float64)
        if table[j + 1, j] <= 1e-14 * length or (left.size and math.sqrt(float(left[0])) <= reduction * length):
            break
        basis[j + 1] = image / table[j + 1, j]
    return np.asarray(share @ basis[: share.size] - step, dtype=np.float64)


def _swept(space: Workspace, stays: Floats, right: Floats, value: Floats) -> None:
    """One Gauss-Seidel sweep of the chain in place, paying `right` (S,)."""
    space.fast.settle_chain(*space.chain, right, space.best, stays, space.discount, value)
    space.sweeps += 1
    space.work += space.chain_successor.size
