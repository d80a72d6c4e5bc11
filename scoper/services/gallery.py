"""The gallery: one example report per shipped case, kept byte-equal to what the program makes.

Whatever is computed exactly or by a seeded tabular learner is probed again at every check. What a deep learner measured
depends on the machine; it is kept as recorded in the example's dossier.json, and only the rest is made again. Speeds
and versions are those of the recording too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scoper.domain.dossier import Dossier
from scoper.domain.mdp import MdpSpec
from scoper.domain.probe import ProbeResult
from scoper.errors import InputError, Problem
from scoper.services.assembling import SpecFile, assemble, read_spec_file, spec_beside
from scoper.services.cases import in_parts, read_case
from scoper.services.check_kept import kept_path
from scoper.services.files import write_atomic
from scoper.services.gallery_checks import text_of_example
from scoper.services.library import Library, data_path
from scoper.services.report_data import ReportData
from scoper.services.reporting import figures, render, to_json

SEED = 0
BUDGETS = {True: "quick", False: "standard"}  # by whether the spec is declarative: tables are fast, training is not
_DEEP = "stable-baselines3"
_REPORT, _DOSSIER, _INDEX, _DECISION = "report.md", "dossier.json", "README.md", "decision.md"


@dataclass(frozen=True)
class Example:
    """One example: its case file, the dossier made from it, whether its numbers were measured again.

    parts: for a project the dossier of each part by its id.
    """

    path: Path
    dossier: Dossier
    recorded: bool
    parts: Mapping[str, Dossier] = field(default_factory=dict)


def gallery_folder() -> Path:
    """The gallery of this checkout; raises InputError where there is none, as in an installed package."""
    folder = data_path("reports", "gallery")
    if not data_path("examples").is_dir() or not folder.parent.is_dir() or folder.parent.parent.name == "_data":
        raise InputError(Problem("no-gallery", "the gallery is part of a checkout, not of the installed package"))
    return folder


def example_cases() -> tuple[Path, ...]:
    """The shipped cases, by name."""
    return tuple(sorted(path for path in data_path("examples").glob("*.yaml") if not path.name.endswith(".mdp.yaml")))


def make_example(path: Path, library: Library, folder: Path, *, measure_all: bool = False) -> Example:
    """The example of the case in `path`; a deep learner's result is taken from `folder` unless `measure_all`."""
    file = read_case(path, library.questions)
    named = spec_beside(file)
    spec = read_spec_file(named) if named else None
    dossier = assemble(file, library, spec=spec)
    if spec is None or dossier.verdict.technique != "reinforcement_learning":
        parts = {one.part: assemble(one, library) for one in in_parts(file) if one.part is not None}
        return Example(path, dossier, False, parts)
    before = recorded_dossier(folder / path.stem)
    old = before.result if before and before.spec_digest == dossier.spec_digest else None
    keep = old is not None and not measure_all and _DEEP in old.provenance.get("versions", {})
    result = old if keep else _measured(spec, old)
    return Example(path, assemble(file, library, spec=spec, result=result), keep)


def recorded_dossier(folder: Path) -> Dossier | None:
    """The dossier that the gallery holds for an example, if any."""
    path = folder / _DOSSIER
    return Dossier.model_validate_json(path.read_text(encoding="utf-8")) if path.is_file() else None


def _measured(spec: SpecFile, old: ProbeResult | None) -> ProbeResult:
    """A new measurement; speeds and versions are the recorded ones, so that only what was found can differ."""
    from scoper.services.probing import make_plan, probe
    from scoper.services.specs import parse_spec

    declarative = isinstance(parse_spec(spec.text, spec.name), MdpSpec)
    new = probe(make_plan(spec.text, spec.name, spec.path.parent, budget=BUDGETS[declarative], seed=SEED))
    if old is None:
        return new
    same = ("seed", "n_seeds", "budget", "learning_steps")
    if any(new.provenance.get(key) != old.provenance.get(key) for key in same):
        return new
    cost = new.cost
    if cost is not None and old.cost is not None:
        timed = {"steps_per_s": old.cost.steps_per_s, "hours_to_target": old.cost.hours_to_target}
        cost = cost.model_copy(update=timed)
    projection = new.projection
    if projection is not None and old.projection is not None:
        projection = projection.model_copy(update={"hours": old.projection.hours})
    return new.model_copy(update={"provenance": old.provenance, "cost": cost, "projection": projection})


def example_files(example: Example, data: ReportData) -> Mapping[str, str]:
    """Everything the gallery holds of one example: relative name to text."""
    texts: dict[str, str] = {}
    if not example.parts:
        texts[_DECISION] = render(example.dossier, "adr", data=data)
    for part, dossier in example.parts.items():
        texts |= {f"{part}/{_REPORT}": render(dossier, "md", data=data)}
        texts |= {f"{part}/{_DECISION}": render(dossier, "adr", data=data)}
        texts |= {f"{part}/{name}": text for name, text in figures(dossier, data=data).items()}
    texts[_REPORT] = render(example.dossier, "md", data=data)
    return {**texts, _DOSSIER: to_json(example.dossier), **figures(example.dossier, data=data)}


def index_file(examples: tuple[Example, ...], data: ReportData) -> str:
    """The gallery's README."""
    lines = [
        "# Example reports",
        "",
        f"Made from the cases in `examples/` by `scoper gallery --write` with seed {SEED}. `scoper gallery --check` "
        "makes them again and compares every byte.",
        "",
        "| Case | Verdict | Probe | Numbers | Decision record | Checks |",
        "|:--|:--|:--|:--|:--|:--|",
    ]
    lines += [_index_row(example, data) for example in examples]
    lines += [
        "",
        "*Probed again:* exact solutions and seeded tabular learners, measured anew at every check; only speeds and "
        "versions are those of the recording. *Recorded:* what a deep learner measured depends on the machine, so the "
        "check makes the report again from the recorded `dossier.json` and does not train.",
        "",
    ]
    return "\n".join(lines)


def _index_row(example: Example, data: ReportData) -> str:
    verdict, result = example.dossier.verdict, example.dossier.result
    technique = f"{data.name('techniques', verdict.technique)}: {data.name('readiness', verdict.readiness)}"
    probe = data.name("probe_verdicts", result.verdict) if result else "–"
    deep = result is not None and _DEEP in result.provenance.get("versions", {})
    numbers = "–" if result is None else "recorded" if deep else "probed again"
    name = example.path.stem
    record = f"[{_DECISION}]({name}/{_DECISION})"
    if example.parts:
        technique = "; ".join(
            f"[{part}]({name}/{part}/{_REPORT}): {data.name('techniques', dossier.verdict.technique)}"
            for part, dossier in example.parts.items()
        )
        record = ", ".join(f"[{part}]({name}/{part}/{_DECISION})" for part in example.parts)
    checks = f"{len(example.dossier.checks)} in the report" if example.dossier.checks else "–"
    return f"| [{name}]({name}/{_REPORT}) | {technique} | {probe} | {numbers} | {record} | {checks} |"


def all_files(library: Library, data: ReportData, folder: Path, *, measure_all: bool = False) -> Mapping[str, str]:
    """The whole gallery as it should be: relative name to text."""
    examples = tuple(make_example(path, library, folder, measure_all=measure_all) for path in example_cases())
    files = {_INDEX: index_file(examples, data)}
    for example in examples:
        files |= {f"{example.path.stem}/{name}": text for name, text in example_files(example, data).items()}
    return files


def differences(expected: Mapping[str, str], folder: Path) -> tuple[str, ...]:
    """What is missing, different or too much in `folder`, one sentence each."""
    present = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()} if folder.is_dir() else {}
    told = [f"{name}: missing" for name in expected if name not in present]
    told += [f"{name}: not made from any example" for name in present if name not in expected]
    for name in sorted(set(expected) & set(present)):
        if present[name].read_bytes() != expected[name].encode():
            told.append(f"{name}: differs{_first_difference(expected[name], present[name])}")
    return tuple(sorted(told))


def kept_differences(library: Library, *, write: bool = False) -> tuple[str, ...]:
    """The examples whose kept results of checks are not those that their own files give; with `write` mended."""
    told = []
    for case in example_cases():
        file = read_case(case, library.questions)
        path, text = kept_path(file), text_of_example(file)
        present = path.read_text(encoding="utf-8") if path.is_file() else None
        if present == text:
            continue
        told.append(f"examples/{path.name}: not what the checks say of the example's own files")
        if write and text is not None:
            write_atomic(path, text, overwrite=True)
        elif write:
            path.unlink()
    return tuple(told)


def _first_difference(text: str, path: Path) -> str:
    stored = path.read_text(encoding="utf-8", errors="replace").split("\n")
    pairs = enumerate(zip(text.split("\n"), stored, strict=False), 1)
    return next((f" from line {line} on" for line, (new, old) in pairs if new != old), " in length")


def write_gallery(files: Mapping[str, str], folder: Path) -> tuple[str, ...]:
    """Bring `folder` to hold exactly `files`; returns what was changed."""
    changed = differences(files, folder)
    for name in (line.partition(":")[0] for line in changed):
        path = folder / name
        if name not in files:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, files[name], overwrite=True)
    return changed
