"""Anything that holds a scoping, read as one value.

A case, a snapshot, a dossier, a report, a folder of `scoper run`, or a probe result alone. Comparing and gating work on
these, whatever they were read from.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ValidationError

from scoper.domain.decision import Verdict
from scoper.domain.questionnaire import Case, Part
from scoper.errors import InputError, Problem, ScoperError
from scoper.services.cases import CaseFile, divided, in_parts, read_case
from scoper.services.due import Present
from scoper.services.library import Library, library_of
from scoper.services.other_files import other_file, read_wanted

if TYPE_CHECKING:
    from scoper.domain.dossier import Dossier
    from scoper.domain.probe import ProbeResult

Kind = Literal["case", "snapshot", "dossier", "report", "result"]
_HEADLINE = ("technique", "family", "readiness", "settled")
_LARGEST = 64 * 1_048_576
_REMEDY = "name a case, a snapshot, a dossier.json, a report, a result.json, or a folder that `scoper run` wrote"


@dataclass(frozen=True)
class ToldProbe:
    """What a report in Markdown or HTML keeps of a probe: no findings and no numbers, but the digest of all of it."""

    verdict: str
    digest: str
    spec_digest: str | None


@dataclass(frozen=True)
class Scoping:
    """`library` are the rules that gave its verdict, None where they are not at hand; `headline` what was recorded.

    `headline` has technique, family, readiness and settled; empty for a case, whose verdict is made when it is wanted.
    `current` says whether the result was measured on the present spec (None without a result or a spec). `date` is a
    snapshot's. `guide_digests` are those of the files that shape what is said beside the verdict, empty where they
    were not recorded; `part_headlines` what was recorded of each part of a project. `told` stands where a file keeps a
    probe without its result.
    """

    name: str
    kind: Kind
    path: Path
    case: Case | None = None
    file: CaseFile | None = None
    library: Library | None = None
    rules_digest: str = ""
    headline: Mapping[str, Any] = field(default_factory=dict)
    result: ProbeResult | None = None
    current: bool | None = None
    spec_digest: str | None = None
    date: str | None = None
    guide_digests: Mapping[str, str] = field(default_factory=dict)
    part_headlines: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    told: ToldProbe | None = None

    @property
    def title(self) -> str:
        """What people call it."""
        if self.case is not None:
            return self.case.title
        return str(self.result.spec.get("name", "")) if self.result is not None else ""

    def present(self, library: Library) -> Present:
        """What conditions of `update_when` are held against."""
        probe = self.result.verdict if self.result is not None and self.current else None
        return Present(library.digest, self.spec_digest, probe)


def read_scoping(path: Path, library: Library, *, spec: Path | None = None, result: Path | None = None) -> Scoping:
    """What the file or folder holds; cases are read by the rules of `library`.

    `spec` and `result` stand in for the spec that a case names and the result beside it. Raises InputError for anything
    else, and with every problem of a case.
    """
    whole, part = divided(path)
    if part is not None:
        return replace(_of_case(path, library, spec, result), path=whole)
    place = _in_folder(path) if path.is_dir() else path
    text = read_wanted(place, "scoping", _LARGEST)
    if text.lstrip("\ufeff \n").startswith("{"):
        found = _of_json(place, text, library)
    elif place.suffix.lower() in (".md", ".markdown", ".html", ".htm"):
        found = _of_report(place, text, library)
    else:
        found = _of_case(place, library, spec, result)
    return found if place == path else replace(found, name=str(path))


def parts_of(scoping: Scoping) -> tuple[tuple[str, Scoping], ...]:
    """The parts of a project by their ids, each as a scoping of its own called NAME#PART; none without parts.

    Those of a case file come with their specs and results; of what was recorded, only answers and verdicts are kept.
    """
    if scoping.case is None or not scoping.case.parts:
        return ()
    if scoping.file is not None and scoping.library is not None:
        files, named = in_parts(scoping.file), scoping.library
        return tuple(
            (one.part or "", replace(_of_file(one, named, None, None), name=f"{scoping.name}#{one.part}"))
            for one in files
        )
    return tuple((part.id, _recorded(scoping, part)) for part in scoping.case.parts)


def _recorded(scoping: Scoping, part: Part) -> Scoping:
    assert scoping.case is not None
    return replace(
        scoping,
        name=f"{scoping.name}#{part.id}",
        case=scoping.case.of_part(part),
        headline=scoping.part_headlines.get(part.id, {}),
        part_headlines={},
        result=None,
        current=None,
        spec_digest=None,
        told=None,
    )


def present_for(file: CaseFile, library: Library) -> Present:
    """What the conditions of a case's `update_when` are held against; spec and probe are read only where one asks."""
    if not any(trigger.spec_other_than or trigger.probe for trigger in file.case.update_when or ()):
        return Present(library.digest, looked=False)
    try:
        return _of_case(file.named, library, None, None).present(library)
    except ScoperError:  # a faulty spec is not the case's fault; probing it says what is wrong
        return Present(library.digest, looked=False)


def headline_of(verdict: Verdict) -> dict[str, Any]:
    """The parts of a verdict that a scoping records."""
    whole = verdict.model_dump(mode="json")
    return {key: whole[key] for key in _HEADLINE}


def _in_folder(folder: Path) -> Path:
    for name in ("dossier.json", "result.json"):
        if (folder / name).is_file():
            return folder / name
    message = "the folder holds neither dossier.json nor result.json"
    raise InputError(Problem("scoping-folder", message, str(folder), remedy="`scoper run CASE -o DIR` writes them"))


def _of_json(path: Path, text: str, library: Library) -> Scoping:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        fault = Problem("scoping-file", "this is not JSON", str(path), remedy=_REMEDY)
        raise InputError(other_file(text, str(path), "scoping") or fault) from None
    if "scoper_snapshot" in document:
        return _of_snapshot(path, text)
    if "case_digest" in document:
        return _of_dossier(path, document, library)
    if other := other_file(text, str(path), "scoping"):
        raise InputError(other)
    from scoper.services.assembling import read_result

    result = read_result(path)
    return Scoping(str(path), "result", path, result=result, spec_digest=result.spec.get("digest"))


def _of_snapshot(path: Path, text: str) -> Scoping:
    from scoper.services.snapshots import read_snapshot

    snapshot = read_snapshot(path, text=text)
    kept = library_of(snapshot.rules, path.name)
    return _of_value(path, "snapshot", snapshot.dossier, kept, snapshot.date)


def _of_dossier(path: Path, document: Mapping[str, Any], library: Library) -> Scoping:
    from scoper.domain.dossier import Dossier

    try:
        dossier = Dossier.model_validate(document)
    except ValidationError:
        raise InputError(Problem("scoping-file", "this is no dossier of scoper", str(path), remedy=_REMEDY)) from None
    return _of_value(path, "dossier", dossier, library if library.digest == dossier.rules_digest else None, None)


def _of_value(path: Path, kind: Kind, dossier: Dossier, library: Library | None, date: str | None) -> Scoping:
    return Scoping(
        str(path),
        kind,
        path,
        case=dossier.case,
        library=library,
        rules_digest=dossier.rules_digest,
        headline=headline_of(dossier.verdict),
        result=dossier.result,
        current=dossier.result_is_current if dossier.result is not None else None,
        spec_digest=dossier.spec_digest,
        date=date,
        guide_digests=dossier.guide_digests,
        part_headlines={
            part.id: headline_of(part.verdict) for part in (dossier.project.parts if dossier.project else ())
        },
    )


def _of_report(path: Path, text: str, library: Library) -> Scoping:
    """A report in Markdown or HTML: its answers and verdict, and of a probe what it keeps."""
    from scoper.services.verifying_seal import comment_of

    comment = comment_of(text)
    try:
        document = json.loads(comment or "")
        case = Case.model_validate(document["case"])
        headline = {key: document["verdict"][key] for key in _HEADLINE}
        rules, spec = str(document["rules_digest"]), document["spec"]
        probe = _told_probe(document["result"]) if document.get("result") else None
        told = {str(kind): str(digest) for kind, digest in dict(document.get("guide_digests", {})).items()}
        parts = {
            str(name): {key: part[key] for key in _HEADLINE} for name, part in dict(document.get("parts", {})).items()
        }
    except (ValueError, KeyError, TypeError, RecursionError):
        raise InputError(Problem("scoping-file", "this is no report of scoper", str(path), remedy=_REMEDY)) from None
    return Scoping(
        str(path),
        "report",
        path,
        case=case,
        library=library if library.digest == rules else None,
        rules_digest=rules,
        headline=headline,
        spec_digest=str(spec["digest"]) if isinstance(spec, dict) else None,
        guide_digests=told,
        part_headlines=parts,
        told=probe,
    )


def _told_probe(kept: Mapping[str, Any]) -> ToldProbe:
    return ToldProbe(str(kept["verdict"]), str(kept["digest"]), kept["spec_digest"])


def _of_case(path: Path, library: Library, spec: Path | None, result: Path | None) -> Scoping:
    return replace(_of_file(read_case(path, library.questions), library, spec, result), name=str(path), path=path)


def _of_file(file: CaseFile, library: Library, spec: Path | None, result: Path | None) -> Scoping:
    from scoper.services.assembling import spec_beside
    from scoper.services.guide_digest import guide_digests

    place = spec or spec_beside(file)
    digest, measured, current = _measured(place, result)
    return Scoping(
        str(file.named),
        "case",
        file.path,
        case=file.case,
        file=file,
        library=library,
        rules_digest=library.digest,
        result=measured,
        current=current,
        spec_digest=digest,
        guide_digests=guide_digests(library),
    )


def _measured(spec: Path | None, asked: Path | None) -> tuple[str | None, ProbeResult | None, bool | None]:
    """Digest of the spec, the result that was asked for or lies beside it, and whether that measured this spec."""
    if spec is None and asked is None:
        return None, None, None
    from scoper.services.assembling import RESULT_NAME, read_result, read_spec_file
    from scoper.services.specs import spec_digest

    digest = None
    if spec is not None:
        own = read_spec_file(spec)
        digest = spec_digest(own.text, spec.parent)
    if asked is not None:
        result = read_result(asked)
        return digest, result, digest is None or result.spec.get("digest") == digest
    beside = spec.with_name(RESULT_NAME) if spec is not None else None
    if beside is None or not beside.is_file():
        return digest, None, None
    try:
        result = read_result(beside)
    except ScoperError:  # something else of that name
        return digest, None, None
    return digest, result, result.spec.get("digest") == digest
