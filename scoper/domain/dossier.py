"""The dossier: the one value that is saved and that a report reads.

Each stage carries the digest of what it was made from, so a stage made from something older shows as stale.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import model_validator

from scoper.domain.approach import Approach
from scoper.domain.checks import KeptCheck
from scoper.domain.decision import Verdict
from scoper.domain.precedent import PrecedentMatch
from scoper.domain.probe import ProbeResult
from scoper.domain.project import Project
from scoper.domain.questionnaire import Case, Question, Value


class Dossier(Value):
    """Case, verdict, spec and probe result of one scoping.

    `rules_digest` is the rule pack's, `case_digest` that of the answers the verdict was made from, `spec_digest` that
    of the spec text. `result_spec_digest` is the digest of the spec that `result` measured. `precedents` are the
    projects nearest to those answers, of the `n_precedents` in files whose content has the digest `precedents_digest`;
    that is None where nobody looked for any, as in dossiers saved before there were any. `approach` is how to go about
    the verdict; None in dossiers saved before it was worked out. `project` holds the verdicts of the parts of a case
    that has some; `verdict` is then that of the answers that hold for all of them. `guide_digests` are those of the
    files that shape what is said after the verdict, by kind (methods, risks, ...); empty in dossiers saved before.
    """

    rules_digest: str
    guide_digests: Mapping[str, str] = {}
    case: Case
    case_digest: str
    questions: Mapping[str, Question]
    verdict: Verdict
    approach: Approach | None = None
    project: Project | None = None
    spec_text: str | None = None
    spec_name: str | None = None
    spec_digest: str | None = None
    spec_notes: tuple[str, ...] = ()
    result: ProbeResult | None = None
    result_spec_digest: str | None = None
    checks: tuple[KeptCheck, ...] = ()
    precedents: tuple[PrecedentMatch, ...] = ()
    precedents_digest: str | None = None
    n_precedents: int = 0
    provenance: Mapping[str, str] = {}

    @model_validator(mode="before")
    @classmethod
    def _without_seal(cls, document: Any) -> Any:
        """Its seal and the report made of it belong to the file that a dossier is read from."""
        if isinstance(document, dict):
            return {key: value for key, value in document.items() if key not in ("seal", "report")}
        return document

    @property
    def verdict_is_current(self) -> bool:
        """Whether the verdict was made from the case's present answers."""
        return self.case_digest == self.case.digest()

    @property
    def result_is_current(self) -> bool:
        """Whether the probe result was measured on the present spec."""
        return self.result is not None and self.result_spec_digest == self.spec_digest
