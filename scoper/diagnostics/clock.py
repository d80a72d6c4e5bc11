"""Was something cut short?"""

from __future__ import annotations

from collections.abc import Sequence

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.domain.findings import Finding


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """One caution for everything that the time budget stopped early."""
    if not evidence.notes:
        return []
    remedy = "a larger --budget lets it finish; without it, another machine may give another number"
    return [Finding(code="budget_cut", severity="caution", claim="; ".join(evidence.notes), remedy=remedy)]


DIAGNOSTIC = Diagnostic(
    id="clock",
    question="Was something cut short?",
    summary="Names what the time budget stopped early.",
    inspect=inspect,
    group="learn",
    method=Method(
        formula="the list of what the time budget ended early",
        source="own",
        inputs=("episodes",),
        threshold="speaks whenever something was cut; nothing to calibrate",
        failure="a slow machine cuts what a fast one does not: the number of timesteps is then not reproducible, "
        "which is what the finding says",
    ),
)
