"""The optimum of a discounted MDP by whichever method the instance turns out to favour.

A few rounds of modified policy iteration measure how fast values settle. If that predicts more work than elimination
along the states would take, the policies are evaluated by elimination; where no narrow order exists, by Gauss-Seidel
sweeps in the order in which values travel, or by a sparse factorisation. Every method ends with the same certificate,
and one that takes much longer than predicted is left for another.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from scoper.domain.tabular import Floats, Ints
from scoper.numerics.compact import Compact
from scoper.numerics.line import Line, best_line
from scoper.numerics.plain import Aim
from scoper.numerics.travel import travel
from scoper.numerics.workspace import Workspace

REDUCTION, MOST_SWEEPS = 0.02, 40
POLICIES = 6.0
"""Improvements that policy iteration is expected to need; measured: 3 to 9 on all families."""


@dataclass(frozen=True)
class Answer:
    """value (S,), pairs (S,) and the certificate; method and the reason why it was chosen."""

    value: Floats
    pairs: Ints
    method: str
    choice: str
    iterations: int
    residual: float
    error_bound: float
    goal: float


def run(compact: Compact, discount: float, aim: Aim) -> Answer:
    """Solve a compact MDP for a discount below 1."""
    space = Workspace(compact, discount, aim)
    method, choice = "modified policy iteration", "values settle quickly"
    if not space.finished:
        method, choice = _search(space)
    value = space.out + space.middle
    pairs = space.best.astype(np.int64)
    return Answer(value, pairs, method, choice, space.iterations, space.residual, space.error, space.goal)


def _search(space: Workspace) -> tuple[str, str]:
    entries = space.compact.n_entries + space.compact.n_pairs
    settled = rounds(space, limit=6.0 * entries)
    predicted = remaining(space, settled)
    if space.finished:
        return "modified policy iteration", "values settle quickly"
    line = best_line(space, predicted)
    if line is not None and POLICIES * (line.work + 0.3 * entries) < predicted:
        measured = f"{predicted / entries:.3g} backups were left, elimination takes {line.work / entries:.2g} of one"
        if eliminate(space, line):
            return f"policy iteration with elimination in {line.name}", measured
    if predicted < 40.0 * entries:
        rounds(space, limit=100.0 * entries)
        if space.finished:
            return "modified policy iteration", f"{predicted / entries:.3g} backups were left"
    travel(space)
    if not space.finished:
        rounds(space, limit=1e4 * entries)
        return "modified policy iteration", "no other method converged in time"
    return "ordered Gauss-Seidel", f"values settle slowly: {predicted / entries:.3g} backups were left"


def remaining(space: Workspace, rate: float) -> float:
    """The work that is left when the logarithm of the error falls by `rate` for every entry read."""
    if space.finished:
        return 0.0
    return math.log(space.error / max(space.goal, 1e-300)) / rate if rate > 0.0 else math.inf


def rounds(space: Workspace, limit: float) -> float:
    """Modified policy iteration until certified or `limit` entries are read; how fast the error fell at the end."""
    spare = np.empty_like(space.out)
    begun, rate, poor = space.work, 0.0, 0
    while not space.finished and space.work - begun < limit and poor < 3:
        error, work = space.error, space.work
        space.follow()
        value = space.out
        goal = max(REDUCTION * space.span, 0.5 * space.goal * (1.0 - space.most))
        for _ in range(MOST_SWEEPS):
            low, high = space.sweep(value, spare)
            value, spare = spare, value
            if high - low <= goal or not math.isfinite(high - low):
                break
        if space.uniform:
            value += 0.5 * (low + high) * space.most / (1.0 - space.most)
        space.out = spare
        spare = space.value
        space.improve(value)
        rate = math.log(error / space.error) / (space.work - work) if 0.0 < space.error < math.inf else 0.0
        poor = poor + 1 if rate <= 0.0 else 0
    return rate


def eliminate(space: Workspace, line: Line) -> bool:
    """Policy iteration, evaluating by elimination; False when elimination became too dear or stopped helping."""
    least, poor = math.inf, 0
    while not space.finished and poor < 3:
        space.follow()
        value = line.solve(space)
        if value is None:
            return False
        space.improve(value)
        poor = poor + 1 if space.error >= least else 0
        least = min(least, space.error)
    return space.finished
