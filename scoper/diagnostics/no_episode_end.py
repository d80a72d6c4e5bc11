"""Do episodes end by themselves?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics._tables import reachable_transitions
from scoper.domain.findings import Finding
from scoper.domain.numbers import count
from scoper.domain.tabular import TabularMdp
from scoper.numerics.reach import reachable_states


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A caution when nothing ends episodes but the probe's own limit; one when every episode has a single timestep."""
    table = evidence.table or evidence.approximate
    if evidence.limit_is_own and table is not None and not _can_end(table):
        states = int(reachable_states(table).sum())
        claim = f"in none of the {count(states)} states that can be reached does an episode end"
        return [_endless(claim, {"basis": "proved" if table.is_exact else "measured", "states": states})]
    if not evidence.episodes:
        return []
    lengths = np.concatenate([e.lengths for e in evidence.episodes.values()])
    ended = np.concatenate([e.terminated for e in evidence.episodes.values()])
    numbers: dict[str, object] = {"episodes": int(lengths.size), "timesteps": int(lengths.sum())}
    if evidence.limit_is_own and not ended.any():
        claim = f"no episode ended within the probe's limit of {count(lengths.max())} timesteps"
        return [_endless(claim, numbers)]
    if lengths.max() == 1:
        return [
            Finding(
                code="episode_of_one_step",
                defect="not_sequential",
                severity="caution",
                claim="every episode ended after one timestep: no action has a consequence later",
                evidence=numbers,
                remedy="if this is meant, it is a contextual bandit; otherwise look at what sets terminated",
            )
        ]
    return []


def _can_end(table: TabularMdp) -> bool:
    return bool(table.terminates[reachable_transitions(table)].any())


def _endless(claim: str, numbers: dict[str, object]) -> Finding:
    return Finding(
        code="no_episode_end",
        defect="no_episode_end",
        severity="caution",
        claim=claim,
        evidence=numbers,
        remedy="register a max_episode_steps, or let step return terminated when the task is over",
    )


DIAGNOSTIC = Diagnostic(
    id="no_episode_end",
    question="Do episodes end by themselves, and not at once?",
    summary="Looks at how the sampled episodes ended.",
    inspect=inspect,
    group="observation",
    catches=("no_episode_end", "not_sequential"),
    method=Method(
        formula="episodes that neither terminated nor were truncated by the environment; longest episode = 1",
        source="Pardo et al. 2018 on what a time limit means; own",
        inputs=("episodes", "arrays"),
        threshold="all of them: one end by the environment's own doing is enough to stay silent",
        failure="an end that is rare, or out of reach of what was tried, counts as one only when it was seen",
    ),
    rank=45,
)
