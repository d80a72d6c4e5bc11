"""Certificates run again: read from a result, a dossier or a report, checked in a child process against the spec.

Nothing of a report is believed but what replays: the totals of every episode and every proof are worked out anew.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import html
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from scoper.domain.certificates import NO_CERTIFICATE, Certificate, CertificateCheck, EpisodeTrace
from scoper.domain.dossier import Dossier
from scoper.domain.probe import ProbeEvent, ProbePlan, ProbeResult, Replayed, ReplayPlan
from scoper.errors import InputError, ProbeError, Problem, ScoperError, UsageError
from scoper.services.assembling import read_result
from scoper.services.other_files import other_file, read_wanted
from scoper.services.probing import make_plan, result_of, run_probe
from scoper.services.specs import spec_digest
from scoper.services.strict_yaml import read_text

MARK = "scoper_certificates"
_FENCED = re.compile(r"^```json\n(\{.*\})\n```$", re.MULTILINE)
_CODE = re.compile(r"<code[^>]*>(\{.*?\})\s*</code>", re.DOTALL)
_LARGEST = 64 * 1_048_576
_MOST_SPECS = 100
_BUDGET_S = 300.0


@dataclass(frozen=True)
class Recorded:
    """What a file holds: its certificates, and the name and digest of the spec that they are of.

    spec_text: the spec itself where the file carries it, else None. verdict: of the probe, empty where not told.
    why_none: why there are no certificates, as the probe found; empty where it did not say so.
    """

    certificates: tuple[Certificate, ...]
    name: str
    digest: str
    spec_text: str | None = None
    verdict: str = ""
    why_none: str = ""


def read_certificates(path: Path) -> Recorded:
    """The certificates in a result, a dossier or a report; raises InputError for another file and a changed block."""
    text = read_wanted(path, "certificates", _LARGEST)
    if text.lstrip().startswith("{"):
        return _of_json(path, text)
    blocks = [block for block in _blocks(text) if f'"{MARK}"' in block]
    if blocks:
        return _of_block(path, blocks[0])
    if other := other_file(text, str(path), "certificates"):
        raise InputError(other)
    if "scoper" in text.casefold() and text.lstrip().startswith(("#", "<!doctype", "<!DOCTYPE", "<html")):
        return Recorded((), "", "")
    remedy = "name a report, a result.json or a dossier.json of scoper"
    raise InputError(Problem("replay-file", "this is no report and no result", str(path), remedy=remedy))


def _blocks(text: str) -> Iterator[str]:
    for match in _FENCED.finditer(text):
        yield match[1]
    for match in _CODE.finditer(text):
        yield html.unescape(match[1])


def _of_json(path: Path, text: str) -> Recorded:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    if isinstance(document, dict) and MARK in document:
        return _of_block(path, text)
    if isinstance(document, dict) and "case_digest" in document:
        try:
            dossier = Dossier.model_validate(document)
        except ValidationError:
            raise InputError(Problem("replay-file", "this is no dossier of scoper", str(path))) from None
        known = _of_result(dossier.result) if dossier.result else Recorded((), "", "")
        own = dossier.spec_text if dossier.result_is_current else None
        return replace(known, spec_text=own)
    if other := other_file(text, str(path), "certificates"):
        raise InputError(other)
    return _of_result(read_result(path))


def _of_result(result: ProbeResult) -> Recorded:
    why = next((finding.claim for finding in result.findings if finding.code == NO_CERTIFICATE), "")
    name, digest = result.spec.get("name", ""), result.spec.get("digest", "")
    return Recorded(result.certificates, name, digest, verdict=result.verdict, why_none=why)


def _of_block(path: Path, text: str) -> Recorded:
    """The block of a report, whose digest must be that of its content."""
    try:
        document = json.loads(text)
        certificates = tuple(Certificate.model_validate(each) for each in document["certificates"])
        told, spec = document["digest"], document["spec"]
        known = Recorded(certificates, str(spec["name"]), str(spec["digest"]), verdict=str(document["verdict"]))
    except (ValueError, KeyError, TypeError, ValidationError):
        raise InputError(Problem("replay-file", "the block of certificates cannot be read", str(path))) from None
    if told != _digest(document):
        message = "the block of certificates was changed: its digest is another one"
        raise InputError(Problem("replay-changed", message, str(path), remedy="make the report again from its result"))
    return known


def block_of(result: ProbeResult) -> str:
    """The certificates of a result as one line of JSON for a report: user text inert, a digest over all of it."""
    document: dict[str, Any] = {
        MARK: 1,
        "verdict": result.verdict,
        "spec": {"name": result.spec.get("name", ""), "digest": result.spec.get("digest", "")},
        "certificates": [_brief(certificate).model_dump(mode="json") for certificate in result.certificates],
    }
    text = json.dumps({**document, "digest": _digest(document)}, sort_keys=True, ensure_ascii=True)
    return re.sub(r"[`<>&~|]", lambda match: f"\\u{ord(match[0]):04x}", text)


def _brief(certificate: Certificate) -> Certificate:
    """Without the steps in words, which a replay does not need."""
    traces = tuple(trace.model_copy(update={"steps": (), "last": ""}) for trace in certificate.traces)
    return certificate.model_copy(update={"traces": traces})


def _digest(document: dict[str, Any]) -> str:
    rest = {key: value for key, value in document.items() if key != "digest"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()[:16]


def spec_for(recorded: Recorded, path: Path) -> tuple[str, str, Path]:
    """Text, name and folder of the spec that the certificates are of: in the file, or beside it.

    Raises UsageError where there is none.
    """
    if recorded.spec_text is not None:
        return recorded.spec_text, path.name, path.parent
    places = [path.with_name("mdp.yaml"), path.parent / "scaffold" / "mdp.yaml", *sorted(path.parent.glob("*.yaml"))]
    for place in places[:_MOST_SPECS]:
        with contextlib.suppress(ScoperError, OSError):
            text = read_text(place)
            if spec_digest(text, place.parent) == recorded.digest:
                return text, str(place), place.parent
    remedy = f"name it: scoper replay {path} SPEC"
    raise UsageError(
        Problem("replay-spec", f"the spec '{recorded.name}' is not beside the file", str(path), remedy=remedy)
    )


def plan_of(spec: tuple[str, str, Path], asked: ReplayPlan, *, seed: int = 0) -> ProbePlan:
    """The plan of a replay of the spec's text, its name and its folder; raises as `make_plan` does."""
    text, source, folder = spec
    plan = make_plan(text, source, folder, budget=_BUDGET_S, seed=seed)
    return plan.model_copy(update={"replay": asked})


def replayed(plan: ProbePlan) -> tuple[tuple[CertificateCheck, ...], tuple[EpisodeTrace, ...]]:
    """What the certificates of the plan came to, and the traces that it asks for; raises as `probing.probe` does."""
    last = asyncio.run(_last(plan))
    if isinstance(last, Replayed):
        return last.checks, last.traces
    result_of(last, plan.spec_source)
    raise ProbeError(Problem("probe-ended", "the replay ended without a result", plan.spec_source))


async def _last(plan: ProbePlan) -> ProbeEvent | None:
    last = None
    async with contextlib.aclosing(run_probe(plan)) as events:
        async for event in events:
            last = event
    return last


def document(recorded: Recorded, checks: Sequence[CertificateCheck], *, changed: bool) -> dict[str, Any]:
    """What `scoper replay --json` prints."""
    return {
        "format": 1,
        "spec": {"name": recorded.name, "digest": recorded.digest, "changed": changed},
        "verdict": recorded.verdict,
        "holds": all(check.holds for check in checks),
        "certificates": [check.model_dump(mode="json") for check in checks],
        "why_none": recorded.why_none,
    }
