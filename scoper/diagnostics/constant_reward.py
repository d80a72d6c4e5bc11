"""Does the reward ever tell one thing from another?

On a table that is exact. By stepping, a reward that never came may only be rare: silence is called a defect only when
many episodes ended in many ways and none of them paid anything; otherwise the number of episodes without an event is
given with the rule of three (Hanley and Lippman-Hand 1983): the event's chance per episode is at most 3/n.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence
from scoper.diagnostics._tables import reachable_transitions, reward_levels
from scoper.domain.findings import Finding
from scoper.domain.numbers import number

MANY_EPISODES = 1000


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
    may_end = bool(table.terminates[possible].any())
    if value != 0.0 and may_end:
        return []
    if np.unique(levels[table.probability > 0]).size > 1:
        return []
    return [_constant(value, f"the reward is {number(value)} on every transition that can happen", {"reward": value})]


def _by_stepping(evidence: Evidence) -> Sequence[Finding]:
    sets = list(evidence.episodes.values())
    low, high = min(e.reward_low for e in sets), max(e.reward_high for e in sets)
    if low != high:
        return []
    n_episodes, n_steps = sum(e.returns.size for e in sets), sum(e.n_steps for e in sets)
    ended = np.concatenate([e.terminated for e in sets])
    lengths = np.concatenate([e.lengths for e in sets])[ended]
    numbers = {"reward": low, "episodes": n_episodes, "timesteps": n_steps, "terminated_episodes": int(ended.sum())}
    numbers["chance_per_episode_at_most"] = min(1.0, 3.0 / n_episodes)
    learned = any(evidence.returns[name].mean != 0.0 for name in evidence.learners)
    if low == 0.0 and not learned and ended.sum() >= MANY_EPISODES and np.unique(lengths).size > 1:
        return [
            _constant(0.0, f"the reward was 0 in all of {n_steps:,} timesteps, however the episodes ended", numbers)
        ]
    if (ended.any() and low != 0.0) or learned:
        return []
    claim = (
        f"no event in {n_episodes:,} episodes: every reward was {number(low)}, so its chance is at most 3/{n_episodes}"
    )
    return [
        Finding(
            code="no_reward_seen",
            severity="caution",
            claim=claim,
            evidence=numbers,
            remedy="start some episodes near the goal, or reward steps towards it (potential-based, Ng et al. 1999)",
        )
    ]


def _constant(value: float, claim: str, numbers: dict[str, float]) -> Finding:
    return Finding(
        code="constant_reward",
        defect="constant_reward",
        severity="blocker",
        claim=f"{claim}: there is nothing to learn from",
        evidence=numbers,
        remedy="let the reward depend on what the owner wants; check that its term is not multiplied by zero",
    )


DIAGNOSTIC = Diagnostic(
    id="constant_reward",
    question="Does the reward ever tell one thing from another?",
    summary="Proves on a table, or shows by stepping, that the reward never changes.",
    inspect=inspect,
)
