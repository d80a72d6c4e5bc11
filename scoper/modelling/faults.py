"""What ends a measurement: the environment broke its contract, or the time is over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from scoper.domain.findings import Finding, Severity


@dataclass(eq=False)
class EnvironmentFault(Exception):
    """The environment broke its contract in a way that no measurement survives; known: a finding says so already."""

    code: str
    claim: str
    remedy: str
    defect: str | None = None
    evidence: dict[str, Any] = field(default_factory=dict)
    known: bool = False

    def finding(self, severity: Severity = "blocker") -> Finding:
        """The fault as a finding."""
        return Finding(
            code=self.code,
            defect=self.defect,
            severity=severity,
            claim=self.claim,
            evidence=self.evidence,
            remedy=self.remedy,
        )


class OutOfTime(Exception):
    """The budget is used up in the middle of something: what is known so far is the result."""
