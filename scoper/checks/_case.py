"""A case with its verdict, as the checks of `not yet` see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scoper.domain.decision import Verdict
from scoper.domain.questionnaire import Case, Question


@dataclass(frozen=True)
class Scoped:
    """A case, the verdict on it and the questions it was asked, by signal."""

    source: str
    case: Case
    verdict: Verdict
    questions: Mapping[str, Question]
