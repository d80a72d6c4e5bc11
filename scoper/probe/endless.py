"""A declared task with neither horizon nor discount: the span that its returns are counted over.

Where the optimum is finite no limit is needed for it. Policies may still lose without end, and a table of returns
needs numbers; so they are followed for as long as the best return takes to come to its limit, and that is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoper.domain.tabular import Floats, TabularMdp
from scoper.numerics.bounds import scale_of
from scoper.numerics.kernel import kernel_of
from scoper.numerics.solve import policy_iteration, start_value, value_iteration

OWN_HORIZON = 1000
"""Timesteps after which an episode counts as over when nothing else is known."""
LONGEST = 100_000
_WORK = 50_000_000
_SETTLED = 1e-10


@dataclass(frozen=True)
class Span:
    """horizon: timesteps that policies are followed for, None for no limit. words and note: how the criterion says it.

    limits_optimum: whether the optimum, too, is the one within the horizon.
    """

    horizon: int | None
    words: str
    note: str = ""
    limits_optimum: bool = False


def span_of(table: TabularMdp, objective: Floats | None) -> Span:
    """How long the policies of an undiscounted table without horizon are followed."""
    found = [policy_iteration(table, discount=1.0), value_iteration(table, discount=1.0)]
    known = [solution for solution in found if solution.converged]
    optimum = start_value(table, known[0].value) if known else np.nan
    if not np.isfinite(optimum):
        why = found[0].reason or "no policy is sure to end an episode, and going on costs without end"
        return _own(f"without a limit no optimum is certified: {why}")
    others = [-table.reward] if objective is None else [-table.reward, objective, -objective]
    if _bounded(table, others):
        return Span(None, "without time limit")
    enough = _long_enough(table, optimum)
    if enough is None:
        return _own(f"some episodes are longer: without limit the optimum is {optimum:.6g}")
    note = f"policies that may never end are followed for {enough:,} timesteps, enough for all but {_SETTLED:g} of it"
    return Span(enough, "without time limit", note)


def _own(note: str) -> Span:
    words = f"within the probe's own limit of {OWN_HORIZON:,} timesteps (the spec has neither horizon nor discount)"
    return Span(OWN_HORIZON, words, note, limits_optimum=True)


def _bounded(table: TabularMdp, rewards: Sequence[Floats]) -> bool:
    """Whether no policy earns any of the `rewards` (N,) without end."""
    for reward in rewards:
        solution = policy_iteration(table, discount=1.0, reward=reward)
        if not solution.converged or not np.isfinite(solution.value).all():
            return False
    return True


def _long_enough(table: TabularMdp, optimum: float) -> int | None:
    """A multiple of `OWN_HORIZON` within which the best return comes to `optimum`, None where that takes too long."""
    kernel = kernel_of(table)
    value = np.zeros(table.n_states)
    for timestep in range(1, min(LONGEST, max(OWN_HORIZON, _WORK // max(1, table.successor.size))) + 1):
        value = kernel.best(kernel.backup(value, 1.0))
        if timestep % OWN_HORIZON:
            continue
        if abs(start_value(table, value) - optimum) <= _SETTLED * scale_of(kernel, value):
            return timestep
    return None
