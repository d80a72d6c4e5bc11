"""The seal of what scoper writes to be kept: a digest over every byte, and what a verdict is worked out again from.

A report in Markdown or HTML carries it as one comment at its end, JSON as the key `seal`. The seal shows that nothing
was changed by accident or by hand; it is no signature, since whoever changes the text can seal it anew. Beside it
stands what was answered, by which rules, to which verdict, so that the verdict itself need not be believed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scoper.domain.decision import Verdict
from scoper.domain.dossier import Dossier
from scoper.domain.probe import ProbeResult
from scoper.domain.questionnaire import digest_of

MARK = "scoper_report"
_HEX = 64
_NOTHING = "0" * _HEX
_COMMENT = re.compile(r'^<!-- (\{"case": .*"scoper_report": 1, .*\}) -->$', re.MULTILINE)
_IN_COMMENT = re.compile(r'"seal": "([0-9a-f]{64})"')
_IN_JSON = re.compile(r'^  "seal": "([0-9a-f]{64})"', re.MULTILINE)
# Markdown and HTML read these; inside JSON each can be written as an escape.
_LIVE = re.compile(r"[`<>&~|]|-(?=-)|\x7f")
_BRIEF = ("technique", "family", "readiness", "settled", "possible", "ranking", "conditions", "qualifiers", "reasons")


@dataclass(frozen=True)
class Seal:
    """`told` is the digest that a text carries, `real` the one of its bytes; `told` is None where there is none.

    `only_line_ends`: with the line ends that scoper writes the text would be unchanged.
    """

    told: str | None
    real: str
    only_line_ends: bool = False

    @property
    def holds(self) -> bool:
        """Whether the text is as it was written."""
        return self.told == self.real


def sealed_json(document: Mapping[str, Any]) -> str:
    """`document` as JSON with sorted keys and its seal."""
    text = json.dumps({**document, "seal": _NOTHING}, sort_keys=True, ensure_ascii=False, indent=2) + "\n"
    return _fill(text)


def sealed_text(text: str, dossier: Dossier, figures: Mapping[str, str]) -> str:
    """A report's Markdown or HTML with what it was made from, and its seal, as a last comment.

    `figures` are the files that belong to it: name to text.
    """
    document = {**basis_of(dossier), "figures": {name: text_digest(svg) for name, svg in sorted(figures.items())}}
    written = json.dumps({**document, "seal": _NOTHING}, sort_keys=True, ensure_ascii=True)
    inert = _LIVE.sub(lambda match: f"\\u{ord(match[0]):04x}", written)
    return _fill(f"{text}\n<!-- {inert} -->\n")


def basis_of(dossier: Dossier) -> dict[str, Any]:
    """What a report was made from, as far as its verdict can be worked out again from it; digests of the rest."""
    result, project = dossier.result, dossier.project
    parts = (
        {part.id: {**brief(part.verdict), "digest": verdict_digest(part.verdict)} for part in project.parts}
        if project
        else {}
    )
    return {
        MARK: 1,
        "case": dossier.case.model_dump(mode="json", exclude_none=True),
        "case_digest": dossier.case_digest,
        "rules_digest": dossier.rules_digest,
        **({"guide_digests": dict(dossier.guide_digests)} if dossier.guide_digests else {}),
        **({"parts": parts} if parts else {}),
        "verdict": brief(dossier.verdict),
        "verdict_digest": verdict_digest(dossier.verdict),
        "spec": {"name": dossier.spec_name, "digest": dossier.spec_digest} if dossier.spec_digest else None,
        "result": _result(result, dossier) if result is not None else None,
        "provenance": dict(dossier.provenance),
    }


def brief(verdict: Verdict) -> dict[str, Any]:
    """The parts of a verdict that are compared by name."""
    whole = verdict.model_dump(mode="json")
    return {key: whole[key] for key in _BRIEF}


def verdict_digest(verdict: Verdict) -> str:
    """Digest of everything that a verdict says; parts that say nothing do not count."""
    whole = verdict.model_dump(mode="json", exclude_none=True)
    return digest_of({key: value for key, value in whole.items() if value not in ([], {}, "")})


_MEASURED_ANEW: dict[str, Any] = {
    "cost": {"steps_per_s", "hours_to_target"},
    "projection": {"hours"},
    "provenance": True,
}


def result_digest(result: ProbeResult) -> str:
    """Digest of a probe result but for what a clock or the machine says, which the next run measures anew."""
    return digest_of(result.model_dump(mode="json", exclude_none=True, exclude=_MEASURED_ANEW))


def text_digest(text: str) -> str:
    """Digest of a figure's text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def seal_of(text: str) -> Seal:
    """The seal that a text carries, and what it should be."""
    place = _place(text)
    told = place[1] if place else None
    real = _digest(text, place)
    plain = text.replace("\r\n", "\n")
    return Seal(told, real, told != real and plain != text and seal_of(plain).holds)


def comment_of(text: str) -> str | None:
    """The JSON in the last comment of a sealed report, None when there is no such comment."""
    found = list(_COMMENT.finditer(text))
    return found[-1][1] if found else None


def _result(result: ProbeResult, dossier: Dossier) -> dict[str, Any]:
    known = {"verdict": result.verdict, "digest": result_digest(result), "spec_digest": dossier.result_spec_digest}
    return {**known, "current": dossier.result_is_current}


def _place(text: str) -> re.Match[str] | None:
    if text.lstrip("\ufeff").startswith("{"):
        found = list(_IN_JSON.finditer(text))
        return found[0] if len(found) == 1 else None
    comments = list(_COMMENT.finditer(text))
    if not comments or text[comments[-1].end() :].strip():
        return None
    within = list(_IN_COMMENT.finditer(text, comments[-1].start()))
    return within[-1] if within else None


def _digest(text: str, place: re.Match[str] | None) -> str:
    rest = text if place is None else text[: place.start(1)] + text[place.end(1) :]
    return hashlib.sha256(rest.encode("utf-8", "surrogatepass")).hexdigest()


def _fill(text: str) -> str:
    """`text` with its seal in the place of the nothing that stands there."""
    place = _place(text)
    assert place is not None
    return text[: place.start(1)] + _digest(text, place) + text[place.end(1) :]
