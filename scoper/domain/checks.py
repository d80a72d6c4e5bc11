"""What an offline check hands back: numbers with their basis, listings, faults with their place, answers it speaks for.

Values only. How they are printed is for `scoper.services.check_words`; how they come about for `scoper.checks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scoper.domain.decision import Basis
from scoper.domain.findings import Severity
from scoper.domain.questionnaire import Value

CHECK_FORMAT = 1
CHECK_TECHNIQUES: tuple[str, ...] = (
    "llm_orchestration",
    "plain_automation",
    "supervised_learning",
    "contextual_bandit",
    "classical_optimisation",
    "not_yet",
)


class Quantity(Value):
    """One number. `low` and `high` enclose it where it was estimated; None where it is exact or has no such bounds.

    `unit` is `share` for numbers shown in percent, else what is written behind the number. `words` says how the bounds
    were made, or what the number means.
    """

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    basis: Basis
    words: str = ""


class Listing(Value):
    """A table of plain texts below a title; `note` says what was left out or how to read it."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


class Fault(Value):
    """One thing that a check found wrong or worth knowing, with its place in the user's file where it has one."""

    code: str
    severity: Severity
    claim: str
    source: str = ""
    line: int = 0
    column: int = 0
    evidence: Mapping[str, Any] = {}
    remedy: str = ""

    def place(self) -> str:
        """`file:line:column`, shortened to what is known."""
        if not self.source:
            return ""
        return f"{self.source}:{self.line}:{self.column or 1}" if self.line else self.source


class Speaks(Value):
    """An answer of the questionnaire that the result speaks for; `words` hold the number behind it.

    `also` are answers that the same figures leave standing: where the case gives one of them, nothing is contradicted.
    """

    signal: str
    answer: str
    basis: Basis = "measured"
    words: str
    also: tuple[str, ...] = ()


class Outcome(Value):
    """What a check's `run` returns. `headline` is the result in one sentence."""

    headline: str
    quantities: tuple[Quantity, ...] = ()
    listings: tuple[Listing, ...] = ()
    faults: tuple[Fault, ...] = ()
    speaks: tuple[Speaks, ...] = ()


class CheckResult(Value):
    """An outcome with all that a reader needs to trust or doubt it.

    `inputs` names every file with the digest of what was read; `settings` every value that was entered or taken by
    default. `shows_not` says what must not be concluded. `reads_answers` says whether the outcome depends on a case's
    answers; results kept before this was recorded count as if it did.
    """

    check: str
    technique: str
    question: str
    outcome: Outcome
    formula: str
    source: str
    shows_not: str
    inputs: Mapping[str, str] = {}
    settings: Mapping[str, Any] = {}
    reads_answers: bool = True

    @property
    def worst(self) -> Severity | None:
        """The worst severity among the faults."""
        found = {fault.severity for fault in self.outcome.faults}
        order: tuple[Severity, ...] = ("blocker", "caution", "info")
        return next((severity for severity in order if severity in found), None)


class KeptCheck(Value):
    """A result kept for a case, as it stands to the files and answers now.

    In `result` files are named as seen from the case's folder. case_digest: that of the answers when it was measured.
    changed and gone: the files that have another content since, or are not there.
    """

    result: CheckResult
    case_digest: str
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    def answers_changed(self, digest: str) -> bool:
        """Whether the result depends on answers that are other ones now; `digest` is that of the present case."""
        return self.result.reads_answers and self.case_digest != digest
