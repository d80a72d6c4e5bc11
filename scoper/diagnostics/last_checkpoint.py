"""Was learning still steady when it ended, or is the number that of a luckier moment?

The reported checkpoint is the best one of a seed, chosen on other episodes. When the last one, on the same episodes as
the best, returns clearly less, whoever trains again and keeps the last one gets less than the probe reports.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.domain.findings import Finding
from scoper.domain.numbers import number, share

CLEAR = 0.1


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A remark with both numbers when the last checkpoint lost more than a tenth of the way from the best floor."""
    learner = evidence.best_learner
    if learner is None or not evidence.floors or learner not in evidence.last:
        return []
    best, last = evidence.returns[learner].mean, float(np.mean(evidence.last[learner]))
    way = best - max(evidence.returns[name].mean for name in evidence.floors)
    if way <= 0.0 or best - last <= CLEAR * way:
        return []
    lost = (best - last) / way
    whole = "all of it and more" if lost > 1.0 else share(lost)
    return [
        Finding(
            code="last_checkpoint_lower",
            severity="info",
            claim=f"the chosen checkpoints of {learner} return {number(best)}, the last ones {number(last)} on "
            f"the same episodes: of the way from the best floor, {whole} was lost again",
            evidence={"learner": learner, "chosen": best, "last": last, "share_lost": lost},
            remedy="keep the checkpoint that does best on other episodes, or train longer with a falling step size",
        )
    ]


DIAGNOSTIC = Diagnostic(
    id="last_checkpoint",
    question="Was learning steady when it ended?",
    summary="Compares the chosen checkpoints with the last ones on the same episodes.",
    inspect=inspect,
    group="learn",
    method=Method(
        formula="(chosen checkpoint - last checkpoint) / (chosen checkpoint - best floor), on the same episodes",
        source="own",
        inputs=("learner", "episodes"),
        threshold="a note above one tenth, a convention that is not calibrated",
        failure="silent for learners without checkpoints; small losses within the noise of the episodes pass",
    ),
)
