"""Was a mechanism already found that explains what a wider one would also fit? Then the narrower one is named alone."""

from __future__ import annotations

import importlib
from collections.abc import Sequence

from scoper.diagnostics import Evidence
from scoper.domain.findings import Finding

NARROW: tuple[str, ...] = (
    "metric_tampering",
    "suicide_optimal",
    "double_counting",
    "sign_flip",
    "risk_mispriced",
    "ratio_gaming",
    "positive_cycle",
    "clipped_reward",
)


def explained(evidence: Evidence, by: Sequence[str] = NARROW) -> bool:
    """Whether one of the diagnostics `by` shows its mechanism in the same evidence; every one is asked once."""
    known: dict[str, tuple[Finding, ...]] = evidence.audit.__dict__.setdefault("_named", {})
    for name in by:
        if name not in known:
            module = importlib.import_module(f"scoper.diagnostics.{name}")
            known[name] = tuple(module.DIAGNOSTIC.inspect(evidence))
        if any(found.severity == "blocker" and found.evidence.get("shown", True) for found in known[name]):
            return True
    return False
