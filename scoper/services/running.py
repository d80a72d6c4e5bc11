"""The whole way in one go: case -> verdict -> scaffold -> probe -> report, all of it in one folder.

A probe that fails does not stop the report: what it found out about its failure is part of it. Of the folder's former
files only those are replaced that scoper wrote and nobody changed; an edited spec among them is the one that is probed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from scoper.domain.approach import Approach
from scoper.domain.dossier import Dossier
from scoper.domain.probe import ProbeEvent, ProbeResult
from scoper.errors import InputError, ProbeError, Problem, ScoperError, StorageError, UsageError
from scoper.services.assembling import RESULT_NAME, SpecFile, assemble, read_result, read_spec_file, spec_beside
from scoper.services.cases import CaseFile, in_parts
from scoper.services.files import write_atomic
from scoper.services.library import Library
from scoper.services.report_data import ReportData
from scoper.services.reporting import Format, write_report
from scoper.services.seals import is_edited, unsealed

if TYPE_CHECKING:
    from scoper.services.scaffolding import Draft

LEARNS, SPEC_NAME = "reinforcement_learning", "mdp.yaml"


@dataclass(frozen=True)
class Wishes:
    """What a run may take and do: the probe's budget and seed, foreign code, replacing files.

    `spec` is probed in place of the one that the case names; `result` is reported in place of a new measurement.
    """

    budget: str = "standard"
    seed: int = 0
    trust: bool = False
    overwrite: bool = False
    spec: Path | None = None
    result: Path | None = None


@dataclass(frozen=True)
class Listeners:
    """Whom to tell: `say` gets a line per step, `on_event` every event of the probe."""

    say: Callable[[str], None] = field(default=lambda _: None)
    on_event: Callable[[ProbeEvent], None] | None = None


@dataclass(frozen=True)
class Outcome:
    """What a run left behind; `failure` is why the probe could not come to its end, if it could not."""

    dossier: Dossier
    report: Path
    files: tuple[Path, ...]
    failure: ScoperError | None = None


def run_case(
    file: CaseFile,
    library: Library,
    data: ReportData,
    folder: Path,
    wishes: Wishes,
    listeners: Listeners,
    provenance: Mapping[str, str] | None = None,
) -> Outcome:
    """Do everything for the case in `file` and write it to `folder`.

    Writes verdict.json, the scaffold, result.json (when there is one), dossier.json, report.html and report.md with its
    figures. Raises InputError for a faulty case, spec or result, StorageError when the folder is not empty (unless
    `overwrite`) or cannot be written.
    """
    spec = _own_spec(file, folder, wishes, listeners)
    result = read_result(wishes.result) if wishes.result else None
    _require_empty(folder, wishes)
    first = assemble(file, library, spec=spec, provenance=provenance)
    made, kept = _drafted(first, spec, library, folder / "scaffold")
    written = [_write_json(folder / "verdict.json", verdict_document(first), wishes)]
    written += _scaffold(made, kept, folder / "scaffold", wishes, listeners)
    learns = first.verdict.technique == LEARNS
    spec = spec or (_spec_of(made, folder / "scaffold") if learns else None)
    failure = None
    if result is None and spec is not None:
        result, failure = _probe(spec, wishes, listeners) if learns else _not_probed(first, listeners)
    dossier = assemble(file, library, spec=spec, result=result, provenance=provenance)
    if result is not None:
        _warn_of_stale(dossier, wishes, listeners)
        written.append(_write_json(folder / RESULT_NAME, result.model_dump(mode="json"), wishes))
    written += _reports(dossier, folder, data, wishes)
    return Outcome(dossier, folder / "report.md", tuple(written), failure)


def run_parts(
    file: CaseFile,
    library: Library,
    data: ReportData,
    folder: Path,
    wishes: Wishes,
    listeners: Listeners,
    provenance: Mapping[str, str] | None = None,
) -> Mapping[str, Outcome]:
    """`run_case` for every part in the folder named by its id, and the report of the whole; by id, "" the whole.

    Raises UsageError when one spec or result is given for all, and what `run_case` raises.
    """
    given = "spec" if wishes.spec else "result" if wishes.result else ""
    if given:
        first = in_parts(file)[0].named
        raise UsageError(
            Problem("case-part", f"--{given} is for one part", str(file.path), remedy=f"name one: {first}")
        )
    _require_empty(folder, wishes)
    done: dict[str, Outcome] = {}
    for part in in_parts(file):
        listeners.say(f"{part.part}:")
        done[part.part or ""] = run_case(part, library, data, folder / (part.part or ""), wishes, listeners, provenance)
    dossier = assemble(file, library, provenance=provenance)
    written = _reports(dossier, folder, data, wishes)
    return {**done, "": Outcome(dossier, folder / "report.md", tuple(written))}


def _reports(dossier: Dossier, folder: Path, data: ReportData, wishes: Wishes) -> list[Path]:
    """The dossier and its report as a page and as Markdown, with the figures; the files written."""
    formats: Mapping[str, Format] = {"dossier.json": "json", "report.html": "html", "report.md": "md"}
    return [
        path
        for name, format in formats.items()
        for path in write_report(dossier, folder / name, format, overwrite=wishes.overwrite, data=data)
    ]


def verdict_document(dossier: Dossier) -> dict[str, object]:
    """What `scoper assess --json` prints about the same case; with a spec at hand, methods go by that spec too."""
    from scoper.services.approach import with_approach

    return {
        "format": 1,
        "case": {"title": dossier.case.title, "digest": dossier.case_digest},
        "rules_digest": dossier.rules_digest,
        "verdict": with_approach(dossier.verdict, dossier.approach or Approach()),
    }


def _own_spec(file: CaseFile, folder: Path, wishes: Wishes, listeners: Listeners) -> SpecFile | None:
    """The spec that is there already: asked for, edited in the folder's scaffold, or named by the case."""
    if wishes.spec is not None:
        return read_spec_file(wishes.spec)
    edited = folder / "scaffold" / SPEC_NAME
    named = spec_beside(file)
    found = read_spec_file(named) if named else None
    if wishes.overwrite and is_edited(edited):
        own = read_spec_file(edited)
        if found and unsealed(own.text) == unsealed(found.text):
            return found
        other = f"; the case names {found.name}, --spec would take it" if found else ""
        listeners.say(f"spec: {edited}, which was edited and is kept{other}")
        return replace(own, name=f"scaffold/{SPEC_NAME}")
    return found


def _require_empty(folder: Path, wishes: Wishes) -> None:
    try:
        if folder.exists() and not folder.is_dir():
            remedy = "name a folder: run writes several files; for the report alone there is `scoper report`"
            raise StorageError(Problem("folder-file", "this is a file, not a folder", str(folder), remedy=remedy))
        if folder.exists() and any(folder.iterdir()) and not wishes.overwrite:
            remedy = "name another folder, or use --force: it replaces what scoper wrote and keeps a spec you edited"
            raise StorageError(Problem("folder-used", "the folder is not empty", str(folder), remedy=remedy))
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(Problem("folder", error.strerror or str(error), str(folder))) from None


def _write_json(path: Path, document: object, wishes: Wishes) -> Path:
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, indent=2) + "\n"
    write_atomic(path, text, overwrite=wishes.overwrite)
    return path


def _drafted(dossier: Dossier, spec: SpecFile | None, library: Library, folder: Path) -> tuple[Draft, tuple[Path, ...]]:
    """The draft for the verdict's technique without the files that are edited in `folder`, and those."""
    from scoper.services.scaffolding import draft, spare_edited

    own = (spec.text, spec.name) if spec else None
    beside = spec.path.parent if spec else None
    return spare_edited(draft(dossier.case, dossier.verdict, library, spec=own, spec_folder=beside), folder)


def _scaffold(
    made: Draft, kept: tuple[Path, ...], folder: Path, wishes: Wishes, listeners: Listeners
) -> tuple[Path, ...]:
    from scoper.services.scaffolding import write_draft

    files = write_draft(made, folder, overwrite=wishes.overwrite)
    listeners.say(f"scaffold: {made.template}, {len(files)} files in {folder}")
    for path in kept:
        listeners.say(f"kept: {path} was edited")
    return files


def _spec_of(made: Draft, folder: Path) -> SpecFile | None:
    """The spec among the drafted files."""
    if SPEC_NAME not in made.files:
        return None
    notes = tuple(problem.sentence() for problem in made.unfilled)
    return SpecFile(folder / SPEC_NAME, f"scaffold/{SPEC_NAME}", made.files[SPEC_NAME], notes)


def _not_probed(dossier: Dossier, listeners: Listeners) -> tuple[None, None]:
    technique = dossier.verdict.technique.replace("_", " ")
    listeners.say(f"probe: left out, the verdict is {technique}; `scoper probe` probes the spec all the same")
    return None, None


def _warn_of_stale(dossier: Dossier, wishes: Wishes, listeners: Listeners) -> None:
    if wishes.result is not None and not dossier.result_is_current:
        listeners.say(f"result: {wishes.result} was measured on another spec; the report shows it as stale")


def _probe(spec: SpecFile, wishes: Wishes, listeners: Listeners) -> tuple[ProbeResult | None, ScoperError | None]:
    """The probe's result and why it failed, if it did; an unfilled spec is not probed."""
    from scoper.services.probing import make_plan, probe
    from scoper.services.trust import needs_consent

    if spec.notes:
        listeners.say(f"probe: left out, {len(spec.notes)} lines of {spec.name} are still to be filled in")
        return None, None
    plan = make_plan(spec.text, spec.name, spec.path.parent, budget=wishes.budget, seed=wishes.seed, trust=wishes.trust)
    if not plan.trust and not needs_consent(plan.spec, Path(plan.spec_dir)):
        plan = plan.model_copy(update={"trust": True})  # no code of its own, or this very code was trusted before
    listeners.say(f"probe: {spec.name}, budget {plan.budget_s:g} s, longer on a busy machine")
    try:
        return probe(plan, listeners.on_event), None
    except (ProbeError, InputError) as error:
        return getattr(error, "result", None), error
