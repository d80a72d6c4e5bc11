"""What did the owner say when shown what earns the most reward?

Their no decides: the best policy for this reward is not what is wanted. An answer that was given on other traces than
those of this probe says nothing of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.domain.findings import Finding
from scoper.domain.text import shown


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A blocker on no, a remark on yes, a caution where other traces were shown."""
    answer = evidence.wanted.verified
    if answer is None:
        return []
    by = shown(answer.by, 60) or "the owner"
    said = f": {shown(answer.note, 160)}" if answer.note else ""
    numbers = {"by": by, "answer": "yes" if answer.answer else "no", "shown": answer.shown or None}
    if answer.shown and evidence.shown_digest and answer.shown != evidence.shown_digest:
        claim = f"{by} answered on other traces than those of this reward's best policy, so the answer is not counted"
        remedy = "look at the traces again with `scoper review`"
        return [Finding(code="objective_answer_old", severity="caution", claim=claim, evidence=numbers, remedy=remedy)]
    if answer.answer:
        claim = f"{by} looked at what earns the most reward and wants it{said}"
        return [Finding(code="objective_verified", severity="info", claim=claim, evidence=numbers)]
    return [
        Finding(
            code="objective_refused",
            defect="proxy_true_divergence",
            severity="blocker",
            claim=f"{by} looked at what earns the most reward and does not want it{said}",
            evidence=numbers,
            remedy="say what is wrong with it as an objective or as an undesired episode, and change the reward",
        )
    ]


DIAGNOSTIC = Diagnostic(
    id="objective_verified",
    question="Is what earns the most reward what its owner wants to see?",
    summary="Takes the owner's answer on traces of the reward's best policy.",
    inspect=inspect,
    group="optimum",
    catches=("proxy_true_divergence",),
    method=Method(
        formula="none: the recorded answer, if the digest of the traces it was given on is that of this probe's",
        source="own; eliciting a check from the owner after Booth et al. 2023",
        inputs=("objective", "arrays", "model"),
        threshold="one answer decides",
        failure="people overlook what happens seldom: one or two episodes are shown",
    ),
    rank=80,
)
