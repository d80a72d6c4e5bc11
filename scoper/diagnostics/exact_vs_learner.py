"""How close did the learner come to the proved optimum?"""

from __future__ import annotations

from collections.abc import Sequence

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.domain.findings import Finding
from scoper.domain.numbers import share as share_words

HALF = 0.5


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A caution when less than half of the way to the proved optimum was learned, or more than all of it."""
    learner, share = evidence.best_learner, evidence.gap_share
    if learner is None or share is None or evidence.optimal is None or share.ceiling != "optimal":
        return []
    numbers = {"learner": evidence.returns[learner].mean, "optimal": evidence.optimal, "gap_share": share.estimate}
    if evidence.returns[learner].low > evidence.optimal + 1e-6 * max(evidence.scale(), abs(evidence.optimal)):
        claim = f"{learner} returns more than the proved optimum: table and environment disagree"
        remedy = "compare the transition table with what step does"
        return [Finding(code="above_optimum", severity="caution", claim=claim, evidence=numbers, remedy=remedy)]
    if share.estimate >= HALF:
        return []
    claim = f"{learner} came {share_words(max(share.estimate, 0.0))} of the way to the proved optimum"
    remedy = "the problem is solvable but hard to learn: use the exact solution, or a larger budget"
    return [Finding(code="learner_far_from_optimum", severity="caution", claim=claim, evidence=numbers, remedy=remedy)]


DIAGNOSTIC = Diagnostic(
    id="exact_vs_learner",
    question="How close did the learner come to the proved optimum?",
    summary="Compares the learner's return with the exact optimum.",
    inspect=inspect,
    group="learn",
    method=Method(
        formula="gap share of the learner: (return - best floor) / (optimum - best floor), the optimum being proved",
        source="own; the optimum: Puterman 2005, chapters 4 and 6",
        inputs=("arrays", "learner"),
        threshold="a caution below one half, a convention that is not calibrated, or where the whole interval lies "
        "above the optimum",
        failure="a learner that sees less than the whole state cannot reach the optimum of the whole state",
    ),
)
