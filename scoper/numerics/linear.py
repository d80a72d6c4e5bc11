"""The value of one policy: (I - discount P) value = reward, dense when small, iterated when large.

The answers are approximations; `scoper.numerics.bounds` says how good they are. numpy has no sparse factorisation,
hence the Krylov method BiCGSTAB (van der Vorst 1992) for more than `DENSE_STATES` states, and plain sweeps where it
breaks down, as it does on chains that drift. Large chains that end are swept along their waves first.
"""

from __future__ import annotations

import numpy as np

from scoper.domain.tabular import Floats
from scoper.numerics.compiled import worthwhile
from scoper.numerics.kernel import Kernel, tally
from scoper.numerics.wavefront import chain_value

DENSE_STATES = 1500
"""Above this many states the dense solve costs more than 0.2 s and 18 MB."""
KRYLOV_STEPS = 1000
SWEEPS = 20_000
WAVES = 300
"""Compiled sweeps along the waves of a chain that may end, before Krylov's method is asked."""


def solve_chain(chain: Kernel, discount: float, right: Floats) -> Floats:
    """(S,) x with x - discount * P x = `right` (S,), as closely as floats allow; not finite if that is singular."""
    if chain.n_states <= DENSE_STATES:
        return _dense(chain, discount, right)
    if worthwhile(chain.successor.size) and chain.ends.any():
        value = chain_value(chain, discount, right, WAVES)
        if value is not None:
            return value
    return _krylov(chain, discount, right)


def _dense(chain: Kernel, discount: float, right: Floats) -> Floats:
    size = chain.n_states
    cell = chain.pair_of_transition * size + chain.successor
    moves = tally(cell, chain.weight, size * size).reshape(size, size)
    matrix: Floats = np.eye(size) - discount * moves
    try:
        solution: Floats = np.linalg.solve(matrix, right).astype(np.float64)
        correction = np.linalg.solve(matrix, right - solution + discount * chain.expect(solution))
    except np.linalg.LinAlgError:
        return np.full(size, np.nan)
    return np.asarray(solution + correction, dtype=np.float64)


def _krylov(chain: Kernel, discount: float, right: Floats) -> Floats:
    """BiCGSTAB from the right-hand side, restarted on breakdown, then sweeps from the iterate with least residual."""
    solution = right.copy()
    best, smallest = solution, np.inf
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(5):
            solution = _bicgstab(chain, discount, right, solution)
            residual = float(np.abs(right - solution + discount * chain.expect(solution)).max())
            if not np.isfinite(residual) or residual >= 0.5 * smallest:
                break
            best, smallest = solution, residual
    return _swept(chain, discount, right, best)


def _swept(chain: Kernel, discount: float, right: Floats, start: Floats) -> Floats:
    """Repeat x <- right + discount * P x until only the last digits change.

    Where the episode never ends, the part of the change that all states share is taken at once.
    """
    value = start
    never_ends = not chain.ends.any() and discount < 1.0
    for _ in range(SWEEPS):
        after = right + discount * chain.expect(value)
        low, high = float((after - value).min()), float((after - value).max())
        if not np.isfinite(high - low) or max(high, -low) <= 1e-13 * float(np.abs(after).max(initial=0.0)):
            return after
        value = after + (0.5 * discount / (1.0 - discount) * (low + high) if never_ends else 0.0)
    return value


def _bicgstab(chain: Kernel, discount: float, right: Floats, start: Floats) -> Floats:
    solution = start.copy()
    residual = right - solution + discount * chain.expect(solution)
    shadow, direction = residual.copy(), residual.copy()
    goal = 1e-15 * max(float(np.abs(right).max(initial=0.0)), float(np.abs(residual).max(initial=0.0)))
    rho = float(shadow @ residual)
    for _ in range(KRYLOV_STEPS):
        if float(np.abs(residual).max(initial=0.0)) <= goal:
            break
        image = direction - discount * chain.expect(direction)
        slope = float(shadow @ image)
        if slope == 0.0 or rho == 0.0 or not np.isfinite(slope):
            break
        step = rho / slope
        half = residual - step * image
        twice = half - discount * chain.expect(half)
        square = float(twice @ twice)
        smooth = float(twice @ half) / square if square > 0.0 else 0.0
        solution = solution + step * direction + smooth * half
        residual = half - smooth * twice
        if smooth == 0.0:
            break
        before, rho = rho, float(shadow @ residual)
        direction = residual + (rho / before) * (step / smooth) * (direction - smooth * image)
    return solution
