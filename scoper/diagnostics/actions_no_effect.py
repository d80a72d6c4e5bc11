"""Do the actions do anything?"""

from __future__ import annotations

from collections.abc import Sequence

from scoper.diagnostics import Diagnostic, Evidence
from scoper.diagnostics._tables import actions_differ
from scoper.domain.findings import Finding


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A blocker when every action leads to the same, proved on a table or seen in replayed episodes."""
    if evidence.table is not None:
        if evidence.table.n_actions > 1 and not actions_differ(evidence.table):
            return [_finding("in every reachable state all actions have the same outcomes", "proved")]
        return []
    if evidence.actions_matter is False:
        return [_finding("episodes replayed from one seed stayed the same under different random actions", "measured")]
    return []


def _finding(claim: str, basis: str) -> Finding:
    return Finding(
        code="actions_no_effect",
        defect="actions_without_effect",
        severity="blocker",
        claim=claim,
        evidence={"basis": basis},
        remedy="connect the actions to the dynamics or the reward; if they truly do nothing, this is a prediction task",
    )


DIAGNOSTIC = Diagnostic(
    id="actions_no_effect",
    question="Do the actions do anything?",
    summary="Compares the outcomes of different actions, exactly on a table, by replay elsewhere.",
    inspect=inspect,
)
