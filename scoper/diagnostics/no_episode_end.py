"""Do episodes end by themselves?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence
from scoper.domain.findings import Finding


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A caution when nothing ends episodes but the probe's own limit; one when every episode has a single timestep."""
    if not evidence.episodes:
        return []
    lengths = np.concatenate([e.lengths for e in evidence.episodes.values()])
    ended = np.concatenate([e.terminated for e in evidence.episodes.values()])
    numbers = {"episodes": int(lengths.size), "timesteps": int(lengths.sum())}
    if evidence.limit_is_own and not ended.any():
        return [
            Finding(
                code="no_episode_end",
                severity="caution",
                claim=f"no episode ended within the probe's limit of {int(lengths.max())} timesteps",
                evidence=numbers,
                remedy="register a max_episode_steps, or let step return terminated when the task is over",
            )
        ]
    if lengths.max() == 1:
        return [
            Finding(
                code="episode_of_one_step",
                severity="caution",
                claim="every episode ended after one timestep: no action has a consequence later",
                evidence=numbers,
                remedy="if this is meant, it is a contextual bandit; otherwise look at what sets terminated",
            )
        ]
    return []


DIAGNOSTIC = Diagnostic(
    id="no_episode_end",
    question="Do episodes end by themselves, and not at once?",
    summary="Looks at how the sampled episodes ended.",
    inspect=inspect,
)
