"""The optimum of a discounted MDP by whichever method the instance turns out to favour.

A short round of modified policy iteration measures how fast values settle. If that predicts more work than elimination
along the states would take, policies are evaluated by elimination; where no narrow order exists, by Gauss-Seidel sweeps
in the order in which values travel, or by GMRES. All methods end with the same certificate, and one
that takes much longer than predicted is left for the next.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from scoper.domain.tabular import Floats, Ints
from scoper.numerics.compact import Compact
from scoper.numerics.krylov import project
from scoper.numerics.line import Line, best_line
from scoper.numerics.plain import Aim
from scoper.numerics.travel import travel
from scoper.numerics.workspace import Workspace

FIRST_SWEEPS, MOST_SWEEPS, REDUCTION = 6, 40, 0.02
POLICIES = 6.0
"""Improvements that policy iteration is expected to need; measured: 3 to 20 on all families."""
MOST_POLICIES = 200
LAST_RESORT, LAST_ROUNDS = 3e4, 2_000
KRYLOV = 500.0
"""Backups that elimination may cost in all before GMRES is tried first."""
MOST_WORK = 1e10
"""Operations that elimination for one policy may take: some seconds."""
NARROW = 1.5
"""Backups that elimination for one policy may cost to be taken at once."""
DEARER = 1.5
"""How many times dearer elimination must turn out to be for Gauss-Seidel to be taken up again."""
QUICK, PATIENT = 12.0, 60.0
"""Backups over all pairs that are done without looking for another method, and those before Gauss-Seidel is tried."""


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
    method, choice = _search(space)
    value = space.out + space.middle
    pairs = space.best.astype(np.int64)
    return Answer(value, pairs, method, choice, space.iterations, space.residual, space.error, space.goal)


def _search(space: Workspace) -> tuple[str, str]:
    """The methods in the order that the measurements suggest; the name of the last one and why it was chosen."""
    swept = "modified policy iteration"
    if space.finished:
        return swept, "the rewards alone settle it"
    whole = float(space.compact.n_entries + space.compact.n_pairs)
    left = rounds(space, most=1.0, sweeps=FIRST_SWEEPS)
    told = f"sweeps would take about {left / whole:.2g} backups more"
    line = best_line(space, most=left) if left > QUICK * whole else None
    if line is not None and line.work <= NARROW * whole and eliminate(space, line):
        return f"policy iteration with elimination in {line.name}", f"{told}, a policy's value {line.work / whole:.2g}"
    if left <= PATIENT * whole:
        left = rounds(space, most=2.0 * PATIENT * whole)
    if settled(space, line):
        return swept, told
    line, arrived = _travelled(space, line, left, PATIENT * whole)
    if arrived or settled(space, line):
        return "ordered Gauss-Seidel", f"{told}, and values travel in waves from {space.sources} states"
    slow = f"{told}, and Gauss-Seidel was slow"
    dear = math.inf if line is None else POLICIES * line.work
    if (dear > KRYLOV * whole and project(space, most=min(LAST_RESORT * whole, 4.0 * dear))) or settled(space, line):
        return "policy iteration with GMRES", slow
    if line is not None and eliminate(space, line):
        return f"policy iteration with elimination in {line.name}", slow
    if project(space, most=LAST_RESORT * whole) or settled(space, line):
        return "policy iteration with GMRES", slow
    rounds(space, most=LAST_RESORT * whole, stalled=LAST_ROUNDS)
    settled(space, line)
    return swept, "no other method converged in time"


def _travelled(space: Workspace, line: Line | None, left: float, least: float) -> tuple[Line | None, bool]:
    """Gauss-Seidel for as long as `left` entries or elimination would take; the line known then, whether certified.

    The first policies may be far narrower than those that follow, so what elimination costs is looked at once more
    before Gauss-Seidel is left for it.
    """
    tried = 0.0
    while True:
        most = max(left if line is None else min(left, POLICIES * line.work), least)
        if most <= DEARER * tried:
            return line, False
        if travel(space, most=most):
            return line, True
        tried = most
        space.follow()
        line = best_line(space, most=MOST_WORK)


def settled(space: Workspace, line: Line | None) -> bool:
    """Whether the certificate is good enough, if need be after sharpening it beyond the rounding of backups."""
    if not space.rounded_off:
        return space.finished
    for _ in range(3):
        change = space.sharpen()
        if space.finished or line is None:
            break
        space.follow()
        step = line.solve(space, change)
        if step is None:
            break
        space.out = space.out + step
    return True


def rounds(space: Workspace, most: float, sweeps: int = MOST_SWEEPS, stalled: int = 20) -> float:
    """Modified policy iteration until certified or `most` entries are read; the entries expected to be left, 0 if done.

    What is left is told from the last sweeps over one policy: how much less the values moved each time.
    """
    spare = np.empty_like(space.out)
    begun, left, least, poor = space.work, 0.0, space.error, 0
    while not space.finished:
        space.follow()
        value, before = space.out, space.span
        goal = max(REDUCTION * space.span, 0.5 * space.goal * (1.0 - space.most))
        for _ in range(sweeps):
            low, high = space.sweep(value, spare)
            value, spare = spare, value
            range_ = space.unsettled(low, high)
            shrunk, before = range_ / max(before, 1e-300), range_
            if before <= goal or not math.isfinite(before):
                break
        if space.uniform:
            value += 0.5 * (low + high) * space.most / (1.0 - space.most)
        space.out, spare = spare, space.value
        space.improve(value)
        left = _expected(space, shrunk)
        poor = poor + 1 if space.error >= 0.9 * least else 0
        least = min(least, space.error)
        if space.work - begun >= most or poor > stalled or space.rounded_off:
            return left
    return 0.0


def _expected(space: Workspace, shrunk: float) -> float:
    """Entries still to be read when every sweep shrinks the error to `shrunk` of it, or as the discount does."""
    rate = min(max(shrunk, 0.05), space.most)
    if space.finished or rate <= 0.0:
        return 0.0
    sweeps = math.log(space.error / max(space.goal, space.floor, 1e-300)) / -math.log(rate)
    return max(0.0, sweeps) * space.chain_successor.size + space.compact.n_entries


def eliminate(space: Workspace, line: Line) -> bool:
    """Policy iteration, evaluating by elimination; False when elimination became too dear or changes nothing more."""
    for _ in range(MOST_POLICIES):
        if space.finished or space.rounded_off:
            break
        space.follow()
        value = line.solve(space)
        if value is None:
            return False
        space.improve(value)
    return settled(space, line)
