"""Does the reward grow without bound?

A single reward far beyond all others may be a goal. Named are amounts that grow on and on: over many orders of size,
with a tail so heavy that its mean need not exist, and larger the longer an episode goes on.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.domain.empirical import Steps
from scoper.domain.findings import Finding
from scoper.domain.numbers import number
from scoper.numerics.tails import tail_of

RATIO, LARGE_RATIO, HILL, LEVELS = 1e3, 1e6, 1.5, 50
_GROWTH = 10.0


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A blocker for growth over six orders of size, a caution from three on."""
    model = evidence.model
    if model is None:
        return []
    sets = [model.steps, *(played.steps for played in evidence.played.values())]
    sizes = np.concatenate([np.abs(steps.reward) for steps in sets])
    paid = sizes[sizes > 0.0]
    if paid.size < LEVELS or np.unique(paid).size < LEVELS:
        return []
    ratio, tail = float(paid.max() / np.median(paid)), tail_of(paid)
    if ratio < RATIO or not tail.hill < HILL or not any(_grows(steps) for steps in sets):
        return []
    return [
        Finding(
            code="unbounded_reward",
            defect="unbounded_reward",
            severity="blocker" if ratio >= LARGE_RATIO else "caution",
            claim=f"rewards grow as episodes go on, up to {number(float(paid.max()))}, "
            f"{number(ratio)} times the median: one episode outweighs all others in any mean",
            evidence={"basis": "measured", "largest": float(paid.max()), "ratio": ratio, "tail_index": tail.hill},
            remedy="pay the change in its logarithm, or bound the reward; the mean of such returns tells nothing",
        )
    ]


def _grows(steps: Steps) -> bool:
    """Whether rewards late in long episodes are ten times those of their beginning, at the upper tenth."""
    size, last = np.abs(steps.reward), int(steps.timestep.max(initial=0))
    early, late = size[steps.timestep <= 0.2 * last], size[steps.timestep >= 0.8 * last]
    if early.size == 0 or late.size == 0:
        return False
    return bool(np.quantile(late, 0.9) >= _GROWTH * max(float(np.quantile(early, 0.9)), 1e-300))


DIAGNOSTIC = Diagnostic(
    id="unbounded_reward",
    question="Does the reward grow without bound?",
    summary="Looks for rewards that grow over orders of size with the length of an episode.",
    inspect=inspect,
    group="signal",
    catches=("unbounded_reward",),
    method=Method(
        formula="max |r| / median |r|, Hill's index of the largest 5 %, upper tenth of late against early timesteps",
        source="Hill 1975",
        inputs=("model",),
        threshold="1e3 (1e6 for a blocker), index below 1.5, tenfold growth, 50 different amounts; clean cases of the "
        "development half lack the growth",
        failure="growth that needs a policy nobody found; arrays are finite and never named",
    ),
    rank=6,
)
