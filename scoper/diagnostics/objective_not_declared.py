"""Has anybody said what is wanted, beside the reward that is to be judged?

Without that nobody can tell a reward that pays for the goal from one that can be gamed: the verdict then has a
condition. The reward of a registered task of the field is the published definition of the task, so there it has none.
"""

from __future__ import annotations

from collections.abc import Sequence

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.domain.findings import Finding

_REMEDY = (
    "say in the spec under `objective` what is wanted: a number, a success, preferred and undesired episodes or what "
    "more or less is better of; or look at what the reward asks for with `scoper review`"
)


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A caution where nothing was said that the reward could be held against; a remark where it is a published task."""
    if evidence.objective_declared or _says_enough(evidence):
        return []
    if evidence.published:
        claim = (
            "no objective is declared: the reward is that of a published task, so it is what is wanted by definition"
        )
        remedy = "for a task of your own on this environment, declare an objective"
        return [Finding(code="objective_not_declared", severity="info", claim=claim, remedy=remedy)]
    claim = "objective not verified: the reward is taken for what its owner wants, and nothing says that it is"
    return [Finding(code="objective_not_declared", severity="caution", claim=claim, remedy=_REMEDY)]


def _says_enough(evidence: Evidence) -> bool:
    """Whether something was said, and could be held against the reward."""
    wanted, examples = evidence.wanted, evidence.examples
    compared = bool(examples.preferred and examples.undesired)
    return compared or wanted.verified is not None or any(s.of in evidence.counted for s in wanted.monotone)


DIAGNOSTIC = Diagnostic(
    id="objective_not_declared",
    question="Has anybody said what is wanted, beside the reward?",
    summary="Looks for an objective that the reward can be held against.",
    inspect=inspect,
    group="sure",
    method=Method(
        formula="none: whether a number, a success, examples, directions or an answer on traces was usable",
        source="half of 30 experts' rewards were invalid: Booth et al. 2023",
        inputs=("objective",),
        threshold="speaks when nothing usable was said; of Gymnasium's own environments as a remark",
        failure="what was said is taken for what is meant",
    ),
    rank=95,
)
