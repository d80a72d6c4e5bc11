"""Was something cut short?"""

from __future__ import annotations

from collections.abc import Sequence

from scoper.diagnostics import Diagnostic, Evidence
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
)
