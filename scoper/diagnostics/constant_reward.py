"""Does the reward ever tell one thing from another?

On a table that is exact. By stepping, a reward that never came may only be rare: sameness is called a defect only when
it lasted through training and through a search that got everywhere (see `_searched`). Otherwise the number of steps
without an event is given with the rule of three (Hanley and Lippman-Hand 1983): its chance per step is at most 3/n.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence, Method, unreachable_goal
from scoper.diagnostics._closed import closed
from scoper.diagnostics._searched import searched
from scoper.diagnostics._tables import RELATIVE, reachable_transitions, reward_levels, same_returns
from scoper.domain.episodes import Episodes
from scoper.domain.findings import Finding
from scoper.domain.numbers import count, number

_OFTEN = 0.05
"""Share of the timesteps that the owner's number must move in: a reward that is only rare is not called constant."""


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A blocker when the reward is constant, a caution when no reward was seen and none may exist."""
    if evidence.table is not None:
        return _on_table(evidence)
    return _by_stepping(evidence) if evidence.episodes else []


def _on_table(evidence: Evidence) -> Sequence[Finding]:
    table = evidence.table
    assert table is not None
    possible = reachable_transitions(table)
    levels = reward_levels(table)
    if np.unique(levels[possible]).size != 1:
        return []
    value = float(table.reward[possible].mean())
    if value != 0.0 and _length_matters(evidence, bool(table.terminates[possible].any())):
        return []
    if np.unique(levels[table.probability > 0]).size > 1 or unreachable_goal.never_paid(evidence):
        return []
    claim = f"the reward is {number(value)} on every transition that can happen: there is nothing to learn from"
    return [_constant(claim, {"reward": value})]


def _length_matters(evidence: Evidence, may_end: bool) -> bool:
    """Whether policies that end sooner or later return something else."""
    if evidence.optimal is None or evidence.worst is None:
        return may_end
    return not same_returns(evidence)


def _by_stepping(evidence: Evidence) -> Sequence[Finding]:
    sets = list(evidence.episodes.values())
    low, high, n_all = _extremes(evidence)
    largest = max(abs(low), abs(high))
    if high - low > RELATIVE * largest or _returned_otherwise(evidence, sets):
        return []
    n_episodes, n_steps = sum(e.returns.size for e in sets), sum(e.n_steps for e in sets)
    numbers = {"reward": low, "episodes": n_episodes, "timesteps": n_steps, "all_timesteps": n_all}
    numbers["chance_per_episode_at_most"] = min(1.0, 3.0 / n_episodes)
    numbers["chance_per_timestep_at_most"] = min(1.0, 3.0 / n_steps)
    if how := _how_known(evidence):
        claim = f"the reward was {number(low)} in each of {count(n_all)} steps, although {how}"
        return [_constant(claim, numbers)]
    if unreachable_goal.inspect(evidence):
        return []
    kind = "reward" if low == 0.0 else f"reward but {number(low)}"
    beside = f", nor in {count(n_all - n_steps)} steps of search and training" if n_all > n_steps else ""
    claim = (
        f"no {kind} seen in {count(n_steps)} steps ({count(n_episodes)} episodes){beside}; "
        f"without learning, the chance of one per step is at most 3/{n_steps} at 95 %"
    )
    return [
        Finding(
            code="no_reward_seen",
            defect="hard_exploration",
            severity="caution",
            claim=claim,
            evidence=numbers,
            remedy="start some episodes near the goal, or reward steps towards it (potential-based, Ng et al. 1999)",
        )
    ]


def _how_known(evidence: Evidence) -> str:
    """Why a reward that never changed is a constant, not a rare one; empty where it may be rare."""
    if how := searched(evidence):
        return how
    audit = evidence.audit
    wished, random = audit.wished, audit.rungs.get("random")
    if wished is not None and random is not None and wished.wanted_more(random):
        dense = evidence.model is not None and float(np.mean(evidence.model.steps.wanted != 0.0)) > _OFTEN
        return "the owner gets more from some policies than from others" if dense or closed(evidence) else ""
    return closed(evidence) if evidence.model is not None and not evidence.objective_declared else ""


def _extremes(evidence: Evidence) -> tuple[float, float, int]:
    """The lowest and the highest reward of every known timestep, and how many there are."""
    sets = list(evidence.episodes.values())
    low, high, n_steps = min(e.reward_low for e in sets), max(e.reward_high for e in sets), sum(e.n_steps for e in sets)
    if (stepped := evidence.stepped) is not None:
        low, high, n_steps = min(low, stepped.reward_low), max(high, stepped.reward_high), max(n_steps, stepped.n_steps)
    return low, high, n_steps


def _returned_otherwise(evidence: Evidence, sets: Sequence[Episodes]) -> bool:
    """Whether episodes of other lengths, or what was learned, returned another number although rewards are the same."""
    returns = np.concatenate([e.returns for e in sets])
    means = [evidence.returns[name].mean for name in evidence.learners]
    together = np.concatenate([returns, means])
    if float(np.ptp(together)) > RELATIVE * float(np.abs(together).max()):
        return True
    stepped = evidence.stepped
    pays = bool(np.abs(returns).max() > 0.0)
    return pays and stepped is not None and stepped.shortest != stepped.longest


def _constant(claim: str, numbers: dict[str, float]) -> Finding:
    return Finding(
        code="constant_reward",
        defect="constant_reward",
        severity="blocker",
        claim=claim,
        evidence=numbers,
        remedy="let the reward depend on what the owner wants; check that its term is not multiplied by zero",
    )


DIAGNOSTIC = Diagnostic(
    id="constant_reward",
    question="Does the reward ever tell one thing from another?",
    summary="Proves on a table, or shows by stepping, that the reward never changes.",
    inspect=inspect,
    group="signal",
    catches=("constant_reward", "hard_exploration"),
    method=Method(
        formula="largest = smallest reward of all transitions that can happen, and every policy returns the same; by "
        "stepping the same of all timesteps, with 3/n as the largest chance left open",
        source="rule of three, Hanley and Lippman-Hand 1983",
        inputs=("arrays or episodes", "model", "objective"),
        threshold="equal but for rounding; by stepping only where the search got everywhere, or where the owner's "
        "number moves often and differs between policies",
        failure="a reward that is rarer than the search is told as not seen, not as constant",
    ),
    rank=10,
)
