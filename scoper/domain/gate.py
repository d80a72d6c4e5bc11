"""What a gate file may demand of a case. Everything is optional; what is not demanded is not looked at.

The model is the format: its JSON Schema is the gate file's. What a demand means is `scoper.services.gating`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from scoper.domain.decision import FamilyName, Readiness, TechniqueName
from scoper.domain.findings import Severity
from scoper.domain.probe import ProbeVerdict
from scoper.domain.questionnaire import Confidence, Value

GATE_FORMAT = 1


def _word(value: Any) -> Any:
    return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str | bool) else value


YesNo = Annotated[Literal["yes", "no"], BeforeValidator(_word)]
Technique = Literal[TechniqueName, "undecided"]
Whom = Literal["one_reason", "reasons", "all"]
Techniques = Annotated[tuple[Technique, ...], BeforeValidator(_listed), Field(min_length=1)]
Readinesses = Annotated[tuple[Readiness, ...], BeforeValidator(_listed), Field(min_length=1)]
Families = Annotated[tuple[FamilyName, ...], BeforeValidator(_listed), Field(min_length=1)]
ProbeVerdicts = Annotated[tuple[ProbeVerdict, ...], BeforeValidator(_listed), Field(min_length=1)]
Signals = Annotated[tuple[str, ...], BeforeValidator(_listed), Field(min_length=1)]
Words = Annotated[tuple[Annotated[str, BeforeValidator(_word)], ...], BeforeValidator(_listed), Field(min_length=1)]


class ConfidenceDemand(Value):
    """Answers that must be given with at least this confidence: `of` one of the verdict's reasons, all of them, ..."""

    at_least: Confidence
    of: Whom | Signals = "one_reason"


class ReviewDemand(Value):
    """About time: a date to review by, being due, the age in days of the newest snapshot, whether that is current."""

    stated: YesNo | None = None
    due: YesNo | None = None
    max_age_days: Annotated[int, Field(ge=0, le=36_500)] | None = None
    snapshot_current: YesNo | None = None


class FindingsDemand(Value):
    """The most findings of each severity, and codes of findings that must not occur."""

    blocker: Annotated[int, Field(ge=0)] | None = None
    caution: Annotated[int, Field(ge=0)] | None = None
    info: Annotated[int, Field(ge=0)] | None = None
    never: Signals | None = None

    def most(self, severity: Severity) -> int | None:
        """The most findings of one severity, None for any number."""
        found: int | None = getattr(self, severity)
        return found


class ProbeDemand(Value):
    """What a probe must have shown. `current`: on the spec as it is now. `gap_share`: the lower end of its interval."""

    verdict: ProbeVerdicts | None = None
    current: YesNo | None = None
    gap_share: Annotated[float, Field(ge=0.0, le=1.0)] | None = None
    min_seeds: Annotated[int, Field(ge=1)] | None = None
    findings: FindingsDemand | None = None


class Gate(Value):
    """A gate file. Lists name what is allowed; `support` is the least share of the named technique."""

    scoper_gate: Literal[1]
    title: str = ""
    technique: Techniques | None = None
    family: Families | None = None
    readiness: Readinesses | None = None
    settled: YesNo | None = None
    support: Annotated[float, Field(ge=0.0, le=1.0)] | None = None
    answers: Mapping[str, Words] | None = None
    answered: Signals | None = None
    evidence: Whom | Signals | None = None
    confidence: ConfidenceDemand | None = None
    min_respondents: Annotated[int, Field(ge=1)] | None = None
    agreement: YesNo | None = None
    contradictions: YesNo | None = None
    qualifiers_forbidden: Signals | None = None
    rules: Signals | None = None
    review: ReviewDemand | None = None
    probe: ProbeDemand | None = None


_DESCRIPTIONS: Mapping[str, str] = {
    "technique": "techniques that the verdict may name",
    "family": "families of reinforcement learning that it may name",
    "readiness": "readiness that it may have",
    "settled": "yes: no open answer can change the technique any more",
    "support": "least share of the completions that lead to the technique, 0 to 1",
    "answers": "answers that questions must have: question: [values]",
    "answered": "questions that must have a known answer",
    "evidence": "answers that must state evidence: one_reason, reasons, all, or a list of questions",
    "confidence": "{at_least: medium, of: one_reason}: answers that must be given with some confidence",
    "min_respondents": "least number of people named in the answers",
    "agreement": "yes: respondents differ on nothing",
    "contradictions": "no: no answers contradict each other",
    "qualifiers_forbidden": "marks that the verdict must not have, such as research_grade",
    "rules": "digests of the rules that may have been used",
    "review": "stated, due, max_age_days (of the newest snapshot), snapshot_current",
    "probe": "verdict, current, gap_share, min_seeds, findings {blocker, caution, info, never}",
}


def gate_schema() -> dict[str, Any]:
    """The JSON Schema of a gate file, with a line on what each demand means."""
    schema = Gate.model_json_schema()
    for key, text in _DESCRIPTIONS.items():
        schema["properties"][key]["description"] = text
    return schema
