"""A finding: one claim about the reward, the environment or the evidence, with what supports it and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from scoper.domain.questionnaire import Value

Severity = Literal["blocker", "caution", "info"]


class Finding(Value):
    """`defect` is the kind of defect when the claim is that there is one, else None; evidence holds plain JSON."""

    code: str
    defect: str | None = None
    severity: Severity
    claim: str
    evidence: Mapping[str, Any] = {}
    remedy: str = ""
