"""A report or snapshot checked: is it as it was written, and does its verdict follow from the answers in it?

The verdict is worked out anew from the embedded answers and rules of the recorded digest; nothing of the text is
believed. A seal is no signature: who can write the file can seal it again, but not make another verdict follow.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from scoper.domain.decision import Verdict
from scoper.domain.dossier import Dossier
from scoper.domain.questionnaire import Case
from scoper.errors import InputError, Problem, ScoperError
from scoper.services.case_format import parse_case
from scoper.services.guide_digest import changed_kinds, guide_digests
from scoper.services.library import Library, library_of
from scoper.services.other_files import other_file, read_wanted
from scoper.services.scoping import assess
from scoper.services.snapshots import LARGEST, MARK, Snapshot, snapshot_document, snapshot_of
from scoper.services.strict_yaml import read_text
from scoper.services.verifying_seal import basis_of, brief, comment_of, seal_of, text_digest, verdict_digest

_FAULT = "verify-file"
_REMEDY = "name a report (.md, .html, .json), a dossier.json or a snapshot of scoper"
_CHANGED = "the text was changed after it was written"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at; `sentence` says what was found. `note`: worth knowing, and no mismatch."""

    what: str
    holds: bool
    sentence: str
    note: bool = False


@dataclass(frozen=True)
class Verification:
    """All that was looked at in one file; `title` is the case's."""

    title: str
    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        """Whether everything does."""
        return all(check.holds for check in self.checks)


def verify(path: Path, library: Library, case: Callable[[Library], Case] | None = None) -> Verification:
    """Check the file; with `case` (which reads one by the rules it is given) also whether its answers are still those.

    Raises InputError for a file that neither is nor was anything of scoper's.
    """
    text = read_wanted(path, "report", LARGEST)
    checks = [_seal(text)]
    text = text.replace("\r\n", "\n")
    try:
        basis, snapshot = _basis(path, text)
    except InputError as error:
        elsewhere = any(problem.code != _FAULT for problem in error.problems)
        if elsewhere or (seal_of(text).told is None and not _once_ours(text)):
            raise
        return Verification("", (*checks, *(Check("content", False, p.message) for p in error.problems)))
    kept = library if snapshot is None else _kept(snapshot, checks, path)
    checks += _from_basis(basis, kept) if kept is not None else []
    checks += _approach(basis, library)
    if snapshot is not None and kept is not None:
        checks.append(_case_text(snapshot, kept))
    checks += _figures(basis, path)
    checks += _parts(basis, snapshot.dossier if snapshot else None)
    told = _case(basis)
    if case is not None and told is not None:
        checks.append(_still(told, case(kept or library)))
    return Verification(told.title if told else "", tuple(checks))


def document(path: str, verification: Verification) -> dict[str, Any]:
    """What `scoper verify --json` prints."""
    checks = [
        {"what": c.what, "holds": c.holds, "sentence": c.sentence, **({"note": True} if c.note else {})}
        for c in verification.checks
    ]
    return {"format": 1, "report": path, "title": verification.title, "holds": verification.holds, "checks": checks}


def _seal(text: str) -> Check:
    seal = seal_of(text)
    if seal.holds:
        return Check("seal", True, "not a byte was changed since it was written")
    if seal.only_line_ends:
        return Check("seal", False, "only the line ends were changed; keep the file as it is written (LF)")
    if seal.told is None:
        return Check("seal", False, "there is none: it was cut off, or written by an earlier scoper")
    return Check("seal", False, f"{_CHANGED}: its digest is {seal.real[:16]}, sealed was {seal.told[:16]}")


def _basis(path: Path, text: str) -> tuple[Mapping[str, Any], Snapshot | None]:
    """What the verdict of a file is made from."""
    if text.lstrip("\ufeff \n").startswith("{"):
        return _json_basis(path, text)
    comment = comment_of(text)
    if comment is None:
        missing = Problem(_FAULT, "what the verdict was made from is not in the file", str(path), remedy=_REMEDY)
        raise InputError(other_file(text, str(path), "report") or missing)
    try:
        found = json.loads(comment)
    except (ValueError, RecursionError):
        raise InputError(Problem(_FAULT, "what the verdict was made from cannot be read", str(path))) from None
    return found, None


def _json_basis(path: Path, text: str) -> tuple[Mapping[str, Any], Snapshot | None]:
    snapshot = snapshot_document(text)
    if snapshot is not None:
        whole = snapshot_of(snapshot, path)
        return basis_of(whole.dossier), whole
    try:
        dossier = Dossier.model_validate(json.loads(text))
    except (ValueError, RecursionError, ValidationError):
        fault = Problem(_FAULT, "this is no report of scoper", str(path), remedy=_REMEDY)
        raise InputError(other_file(text, str(path), "report") or fault) from None
    return {**basis_of(dossier), "spec_text": dossier.spec_text}, None


def _once_ours(text: str) -> bool:
    """Whether a text that cannot be read any more looks like something that scoper wrote."""
    if text.lstrip("\ufeff \n").startswith("{"):
        return f'"{MARK}"' in text or ('"rules_digest"' in text and '"verdict"' in text)
    return '"scoper_report"' in text or ("## Verdict" in text and "## Provenance" in text)


def _kept(snapshot: Snapshot, checks: list[Check], path: Path) -> Library | None:
    try:
        return library_of(snapshot.rules, path.name)
    except ScoperError as error:
        checks.append(Check("rules", False, f"the rules kept in it cannot be read: {error.problems[0].message}"))
        return None


def _case(basis: Mapping[str, Any]) -> Case | None:
    try:
        return Case.model_validate(basis.get("case"))
    except ValidationError:
        return None


def _from_basis(basis: Mapping[str, Any], library: Library) -> Iterator[Check]:
    """Answers, rules, verdict."""
    case = _case(basis)
    if case is None:
        yield Check("answers", False, "they cannot be read")
        return
    told, real = basis.get("case_digest"), case.digest()
    same = told == real
    yield Check("answers", same, f"digest {real}" if same else f"their digest is {real}, recorded is {told}")
    recorded = basis.get("rules_digest")
    yield _rules(recorded, library)
    again = assess(case, library)
    same_rules = recorded == library.digest
    yield from _verdict(basis, again, "verdict", same_rules=same_rules)
    yield from _of_parts(basis, case, library, same_rules=same_rules)


def _of_parts(basis: Mapping[str, Any], case: Case, library: Library, *, same_rules: bool) -> Iterator[Check]:
    """The verdict of every part of a project, worked out again."""
    told = basis.get("parts")
    if case.parts and not isinstance(told, Mapping):
        now = ", ".join(f"{part.id} {assess(case.of_part(part), library).technique}" for part in case.parts)
        yield Check("parts", True, f"their verdicts are not recorded in it (an earlier scoper); now: {now}", note=True)
        return
    recorded = told if isinstance(told, Mapping) else {}
    ids = [part.id for part in case.parts or ()]
    for name in (name for name in recorded if name not in ids):
        yield Check(f"verdict of {_short(name)}", False, "the answers have no such part")
    for part in case.parts or ():
        one = recorded.get(part.id)
        one = one if isinstance(one, Mapping) else {}
        again = assess(case.of_part(part), library)
        basis_of_part = {"verdict": one, "verdict_digest": one.get("digest")}
        yield from _verdict(basis_of_part, again, f"verdict of {part.id}", same_rules=same_rules)


def _approach(basis: Mapping[str, Any], library: Library) -> Iterator[Check]:
    """Whether methods, rungs, kinds of work and risks are still those that the report was made with."""
    told = basis.get("guide_digests")
    if not isinstance(told, Mapping) or not told:
        sentence = "methods, rungs and risks: which they were is not recorded in it (an earlier scoper)"
        yield Check("approach", True, sentence, note=True)
        return
    changed = changed_kinds({str(key): str(value) for key, value in told.items()}, guide_digests(library))
    if not changed:
        yield Check("approach", True, "methods, rungs and risks are those it was made with")
        return
    what = ", ".join(kind.replace("_", " ") for kind in changed)
    sentence = f"changed since: {what}; what is said beside the verdict may read differently now, the verdict does not"
    yield Check("approach", True, sentence, note=True)


def _rules(recorded: object, library: Library) -> Check:
    if recorded == library.digest:
        return Check("rules", True, f"digest {library.digest}")
    sentence = f"it was made with rules {recorded}, these are {library.digest}; name the old ones with --rules DIR"
    return Check("rules", False, sentence)


def _verdict(basis: Mapping[str, Any], again: Verdict, what: str, *, same_rules: bool) -> Iterator[Check]:
    told = basis.get("verdict")
    told = told if isinstance(told, Mapping) else {}
    real = brief(again)
    wrong = [key for key, value in real.items() if told.get(key) != value]
    by = "" if same_rules else "by the present rules, "
    if not wrong and basis.get("verdict_digest") == verdict_digest(again):
        yield Check(what, True, f"worked out again: {by}{again.technique}, {again.readiness}")
    elif not wrong:
        yield Check(what, not same_rules, f"{by}the same, but its details (flips, trace, questions) differ")
    for key in wrong:
        said, found = _short(told.get(key)), _short(real[key])
        yield Check(f"{what}.{key}", False, f"recorded is {said}, {by}the answers give {found}")


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 100 else text[:99] + "…"


def _case_text(snapshot: Snapshot, library: Library) -> Check:
    try:
        read = parse_case(snapshot.case_text, snapshot.case_file, library.questions)
    except InputError as error:
        return Check("case file", False, f"the copy cannot be read: {error.problems[0].message}")
    views = [read.of_part(part) for part in read.parts or () if part.id == snapshot.part] if snapshot.part else [read]
    same = [view.digest() for view in views] == [snapshot.dossier.case_digest]
    return Check("case file", same, "the copy says the same" if same else "the copy has other answers than the dossier")


def _figures(basis: Mapping[str, Any], path: Path) -> Iterator[Check]:
    figures = basis.get("figures")
    for name, told in figures.items() if isinstance(figures, Mapping) else ():
        place = path.parent / str(name)
        if not place.resolve().is_relative_to(path.parent.resolve()):
            yield Check("figure", False, f"{name}: lies outside the report's folder")
            continue
        try:
            real = text_digest(read_text(place, limit_bytes=LARGEST))
        except ScoperError as error:
            yield Check("figure", False, f"{name}: {error.problems[0].message}")
            continue
        same = real == told
        yield Check("figure", same, f"{name}: unchanged" if same else f"{name}: changed: {real}, recorded is {told}")


def _parts(basis: Mapping[str, Any], dossier: Dossier | None) -> Iterator[Check]:
    """Whether the result belongs to the spec."""
    result, spec = basis.get("result"), basis.get("spec")
    text = dossier.spec_text if dossier is not None else basis.get("spec_text")
    if isinstance(spec, Mapping) and isinstance(text, str):
        yield from _spec(text, spec)
    if isinstance(result, Mapping):
        current = result.get("current") is True
        about = f"it says {result.get('verdict')}"
        yield Check(
            "probe", True, f"{about}, measured on this spec" if current else f"{about}, of another spec (stale)"
        )


def _spec(text: str, spec: Mapping[str, Any]) -> Iterator[Check]:
    from scoper.services.spec_csv import files_of
    from scoper.services.specs import spec_digest
    from scoper.services.strict_yaml import parse, to_python

    try:
        names_files = bool(files_of(to_python(parse(text, "")), None)) or "csv" in text
    except InputError:
        names_files = False
    if names_files:  # their content is part of the digest, and is not kept here
        return
    real, told = spec_digest(text), spec.get("digest")
    yield Check("spec", real == told, f"digest {real}" if real == told else f"its digest is {real}, recorded is {told}")


def _still(told: Case, now: Case) -> Check:
    if told.digest() == now.digest():
        return Check("case", True, "the case still says the same")
    signals = [s for s in dict.fromkeys((*told.answers, *now.answers)) if told.answers.get(s) != now.answers.get(s)]
    what = f"answers changed since: {', '.join(signals)}" if signals else "its title, summary or other lines changed"
    return Check("case", False, what)
