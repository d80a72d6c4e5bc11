"""Are the observations of one size?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence
from scoper.domain.findings import Finding

LARGE = 1e3


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """Says when components of the observation are large, or differ by three orders of magnitude."""
    sizes = evidence.observation_magnitudes
    if sizes is None or not sizes.size:
        return []
    moving = sizes[sizes > 0]
    if not moving.size or (moving.max() <= LARGE and moving.max() / moving.min() <= LARGE):
        return []
    largest, smallest = float(moving.max()), float(moving.min())
    return [
        Finding(
            code="observation_scale",
            severity="info",
            claim=f"components of the observation reach from {smallest:.3g} to {largest:.3g}",
            evidence={"largest": largest, "smallest": smallest, "component": int(np.argmax(sizes))},
            remedy="scale observations to about 1 (VecNormalize does it for stable-baselines3)",
        )
    ]


DIAGNOSTIC = Diagnostic(
    id="observation_scale",
    question="Are the observations of one size?",
    summary="Compares the largest values of the observation's components.",
    inspect=inspect,
)
