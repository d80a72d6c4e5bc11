"""From files to a dossier: a case, the spec beside it, a probe result.

Reading only. A spec with lines still to be filled in is taken as it is, and the lines become notes; any other fault of
a file is reported with all the others.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from scoper.domain.dossier import Dossier
from scoper.domain.probe import ProbeResult
from scoper.errors import InputError, Problem, ScoperError
from scoper.services.cases import CaseFile
from scoper.services.library import Library
from scoper.services.other_files import other_file, read_wanted

UNFILLED = "spec-unfilled"
RESULT_NAME = "result.json"


@dataclass(frozen=True)
class SpecFile:
    """A spec's text, the name it is shown under, its folder, and one note per line still to be filled in."""

    path: Path
    name: str
    text: str
    notes: tuple[str, ...]


def spec_beside(file: CaseFile) -> Path | None:
    """The spec file that the case names, inside the case's folder; None when it names none.

    Raises InputError when the name leads out of the folder.
    """
    if file.case.spec is None:
        return None
    folder = file.path.parent.resolve()
    path = (folder / file.case.spec).resolve()
    if not path.is_relative_to(folder):
        remedy = "put the spec beside the case, or name it with --spec"
        raise InputError(Problem("case-spec", "the spec lies outside the case's folder", str(file.path), remedy=remedy))
    return file.path.parent / file.case.spec


def read_spec_file(path: Path) -> SpecFile:
    """The spec in the file `path`, filled in or not; raises InputError for every other fault of it."""
    from scoper.services.specs import parse_spec

    text = read_wanted(path, "spec")
    try:
        parse_spec(text, path.name, path.parent)
    except InputError as error:
        if any(problem.code != UNFILLED for problem in error.problems):
            raise InputError([_named(problem, path) for problem in error.problems]) from None
        return SpecFile(path, path.name, text, tuple(problem.sentence() for problem in error.problems))
    return SpecFile(path, path.name, text, ())


def _named(problem: Problem, path: Path) -> Problem:
    """The problem with the file as it is found from here; what stands in a report names it as seen from the case."""
    return replace(problem, source=str(path)) if problem.source == path.name else problem


def read_result(path: Path) -> ProbeResult:
    """The probe result in the JSON file `path`, as `scoper probe --json` and `scoper run` write it."""
    from pydantic import ValidationError

    text = read_wanted(path, "result", 64 * 1_048_576)
    try:
        document = json.loads(text)
        known = document.get("returns") if isinstance(document, dict) else None
        if isinstance(known, dict):  # `scoper probe --json` writes null for a floor that was not measured
            document["returns"] = {policy: summary for policy, summary in known.items() if summary is not None}
        return ProbeResult.model_validate(document)
    except (ValueError, RecursionError) as error:
        what = _first_fault(error) if isinstance(error, ValidationError) else "it is not JSON"
        remedy = "make it with `scoper probe SPEC -o result.json`"
        fault = Problem("result-file", f"not a probe result: {what}", str(path), remedy=remedy)
        raise InputError(other_file(text, str(path), "result") or fault) from None


def result_beside(spec: SpecFile) -> Path | None:
    """The file `result.json` in the spec's folder, when it holds a probe result measured on this very spec."""
    from scoper.services.specs import spec_digest

    path = spec.path.with_name(RESULT_NAME)
    if not path.is_file():
        return None
    try:
        measured = read_result(path).spec.get("digest")
    except ScoperError:
        return None
    return path if measured == spec_digest(spec.text, spec.path.parent) else None


def assemble(
    file: CaseFile,
    library: Library,
    *,
    spec: SpecFile | None = None,
    result: ProbeResult | None = None,
    provenance: Mapping[str, str] | None = None,
) -> Dossier:
    """The dossier of a case with what is known about its spec, and the check results that are kept for it."""
    from scoper.services.check_kept import load_kept
    from scoper.services.scoping import make_dossier

    return make_dossier(
        file.case,
        library,
        spec_text=spec.text if spec else None,
        spec_name=spec.name if spec else None,
        spec_folder=spec.path.parent if spec else None,
        spec_notes=spec.notes if spec else (),
        result=result,
        checks=load_kept(file),
        provenance={"case_file": file.named.name, **_place(file, spec), **(provenance or {})},
    )


def _place(file: CaseFile, spec: SpecFile | None) -> dict[str, str]:
    """Where the spec lies as seen from the case's folder, for the commands in a report; else only its name."""
    if spec is None or spec.path == spec_beside(file):
        return {}
    folder, path = file.path.parent.resolve(), spec.path.resolve()
    inside = path.is_relative_to(folder)
    return {"spec_file": path.relative_to(folder).as_posix() if inside else spec.path.name}


def _first_fault(error: Exception) -> str:
    first = error.errors()[0]  # type: ignore[attr-defined]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
