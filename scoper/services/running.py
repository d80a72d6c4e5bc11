"""The whole way in one go: case -> verdict -> scaffold -> probe -> report, all of it in one folder.

A probe that fails does not stop the report: what it found out about its failure is part of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scoper.domain.dossier import Dossier
from scoper.domain.probe import ProbeEvent, ProbeResult
from scoper.errors import InputError, ProbeError, Problem, ScoperError, StorageError
from scoper.services.assembling import SpecFile, assemble, read_spec_file, spec_beside
from scoper.services.cases import CaseFile
from scoper.services.files import write_atomic
from scoper.services.library import Library
from scoper.services.report_data import ReportData
from scoper.services.reporting import write_report

LEARNS = "reinforcement_learning"


@dataclass(frozen=True)
class Wishes:
    """What a run may take and do: the probe's budget and seed, foreign code, replacing files."""

    budget: str = "standard"
    seed: int = 0
    trust: bool = False
    overwrite: bool = False


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

    Writes verdict.json, the scaffold, result.json (when probed), dossier.json, report.html and report.md with its
    figures. Raises InputError for a faulty case or spec, StorageError when the folder is not empty (unless `overwrite`)
    or cannot be written.
    """
    named = spec_beside(file)
    spec = read_spec_file(named) if named else None
    _require_empty(folder, wishes)
    first = assemble(file, library, spec=spec, provenance=provenance)
    written = [_write_json(folder / "verdict.json", verdict_document(first), wishes)]
    drafted, files = _scaffold(first, spec, library, folder, wishes, listeners)
    written += files
    learns = first.verdict.technique == LEARNS
    spec = spec or (drafted if learns else None)
    result, failure = _probe(spec, wishes, listeners) if learns and spec else (None, None)
    dossier = assemble(file, library, spec=spec, result=result, provenance=provenance)
    if result is not None:
        written.append(_write_json(folder / "result.json", result.model_dump(mode="json"), wishes))
    for name, format in (("dossier.json", "json"), ("report.html", "html"), ("report.md", "md")):
        written += write_report(dossier, folder / name, format, overwrite=wishes.overwrite, data=data)  # type: ignore[arg-type]
    return Outcome(dossier, folder / "report.md", tuple(written), failure)


def verdict_document(dossier: Dossier) -> dict[str, object]:
    """What `scoper assess --json` prints about the same case."""
    return {
        "format": 1,
        "case": {"title": dossier.case.title, "digest": dossier.case_digest},
        "rules_digest": dossier.rules_digest,
        "verdict": dossier.verdict.model_dump(mode="json"),
    }


def _require_empty(folder: Path, wishes: Wishes) -> None:
    try:
        used = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
        if used and not wishes.overwrite:
            remedy = "name another folder, or replace what is there with --force"
            raise StorageError(Problem("folder-used", "the folder is not empty", str(folder), remedy=remedy))
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(Problem("folder", error.strerror or str(error), str(folder))) from None


def _write_json(path: Path, document: object, wishes: Wishes) -> Path:
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, indent=2) + "\n"
    write_atomic(path, text, overwrite=wishes.overwrite)
    return path


def _scaffold(
    dossier: Dossier, spec: SpecFile | None, library: Library, folder: Path, wishes: Wishes, listeners: Listeners
) -> tuple[SpecFile | None, list[Path]]:
    """The draft for the verdict's technique, written to `scaffold/`, and the spec among its files."""
    from scoper.services.scaffolding import draft, write_draft

    own = (spec.text, spec.name) if spec else None
    made = draft(dossier.case, dossier.verdict, library, spec=own)
    files = write_draft(made, folder / "scaffold", overwrite=wishes.overwrite)
    listeners.say(f"scaffold: {made.template}, {len(files)} files in {folder / 'scaffold'}")
    if "mdp.yaml" not in made.files:
        return None, list(files)
    notes = tuple(problem.sentence() for problem in made.unfilled)
    path = folder / "scaffold" / "mdp.yaml"
    return SpecFile(path, "scaffold/mdp.yaml", made.files["mdp.yaml"], notes), list(files)


def _probe(spec: SpecFile, wishes: Wishes, listeners: Listeners) -> tuple[ProbeResult | None, ScoperError | None]:
    """The probe's result and why it failed, if it did; an unfilled spec is not probed."""
    from scoper.services.probing import make_plan, probe

    if spec.notes:
        listeners.say(f"probe: left out, {len(spec.notes)} lines of {spec.name} are still to be filled in")
        return None, None
    plan = make_plan(spec.text, spec.name, spec.path.parent, budget=wishes.budget, seed=wishes.seed, trust=wishes.trust)
    listeners.say(f"probe: {spec.name}, at most {plan.budget_s:g} s")
    try:
        return probe(plan, listeners.on_event), None
    except (ProbeError, InputError) as error:
        return getattr(error, "result", None), error
