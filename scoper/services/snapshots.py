"""Snapshots: what a case said on a day, kept whole and never changed.

One sealed JSON file holds the case file byte for byte, the dossier (answers, verdict, spec, result) and the rules that
gave the verdict, so that it can be worked out again when all of them have moved on. Files are made read-only and no
existing one is ever replaced. What day it is comes from the caller.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scoper.domain.dossier import Dossier
from scoper.domain.due import parse_date
from scoper.domain.text import one_line
from scoper.errors import InputError, Problem, ScoperError, StorageError, UsageError
from scoper.services.assembling import assemble, read_result, read_spec_file, result_beside, spec_beside
from scoper.services.cases import CaseFile
from scoper.services.files import write_atomic
from scoper.services.library import Library
from scoper.services.strict_yaml import read_text
from scoper.services.verifying_seal import seal_of, sealed_json

MARK = "scoper_snapshot"
FOLDER = "snapshots"
LARGEST = 64 * 1_048_576
_READ_ONLY = 0o444
_MOST_A_DAY = 1000
_WORD = re.compile(r"[^\w]+")


@dataclass(frozen=True)
class Snapshot:
    """`name` is what somebody called it, may be empty; `rules` are relative names of rule files to their texts.

    `part` is the id of the part of the case that it is of, empty for the whole case.
    """

    date: str
    name: str
    case_file: str
    case_text: str
    dossier: Dossier
    rules: Mapping[str, str]
    part: str = ""


def take(
    file: CaseFile,
    library: Library,
    today: str,
    *,
    name: str = "",
    spec: Path | None = None,
    result: Path | None = None,
) -> Snapshot:
    """The snapshot of a case on the day `today` (YYYY-MM-DD).

    Spec and result are those of `scoper report`: given, or the spec that the case names and a result.json beside it
    that was measured on it. Raises InputError for faulty files, UsageError when `today` is no date.
    """
    if parse_date(today) is None:
        raise UsageError(Problem("snapshot-date", f"'{today}' is not a date", remedy="such as 2027-01-31"))
    spec_path = spec or spec_beside(file)
    own = read_spec_file(spec_path) if spec_path else None
    beside = result or (result_beside(own) if own else None)
    measured = read_result(beside) if beside else None
    dossier = assemble(file, library, spec=own, result=measured, provenance={"date": today})
    return Snapshot(today, one_line(name), file.path.name, file.text, dossier, dict(library.texts), file.part or "")


def snapshot_text(snapshot: Snapshot) -> str:
    """The file of a snapshot: sealed JSON."""
    return sealed_json(
        {
            MARK: 1,
            "date": snapshot.date,
            "name": snapshot.name,
            "case_file": snapshot.case_file,
            "case_text": snapshot.case_text,
            "dossier": json.loads(snapshot.dossier.model_dump_json()),
            "rules": dict(snapshot.rules),
            "part": snapshot.part,
        }
    )


def keep(snapshot: Snapshot, folder: Path) -> tuple[Path, bool]:
    """Write the snapshot to a new file of `folder`; returns its path, and whether it is new.

    The file is called after case, date and name; when one of that name holds something else, a number is added. When
    one holds exactly this, nothing is written. Raises StorageError when it cannot be written.
    """
    text = snapshot_text(snapshot)
    words = (Path(snapshot.case_file).stem, snapshot.part, snapshot.date, _slug(snapshot.name))
    stem = "-".join(word for word in words if word)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(1, _MOST_A_DAY):
            path = folder / f"{stem}{f'-{number}' if number > 1 else ''}.json"
            if path.exists() or path.is_symlink():
                if path.is_file() and path.read_bytes() == text.encode("utf-8", "surrogatepass"):
                    return path, False
                continue
            write_atomic(path, text, overwrite=False)
            path.chmod(_READ_ONLY)
            return path, True
    except OSError as error:
        raise StorageError(Problem("snapshot", error.strerror or str(error), str(folder))) from None
    raise StorageError(Problem("snapshot", f"there are {_MOST_A_DAY} snapshots of that day", str(folder)))


def read_snapshot(path: Path, *, text: str | None = None) -> Snapshot:
    """The snapshot in a file (or in its `text`); raises InputError for anything else, and for one that was changed."""
    text = read_text(path, limit_bytes=LARGEST) if text is None else text
    document = snapshot_document(text)
    if document is None:
        raise InputError(
            Problem("snapshot-file", "this is no snapshot", str(path), remedy="`scoper snapshot` makes one")
        )
    if not seal_of(text).holds:
        message = "the snapshot was changed after it was taken: its seal is another one"
        raise InputError(
            Problem("snapshot-changed", message, str(path), remedy=f"`scoper verify {path}` says what differs")
        )
    return snapshot_of(document, path)


def snapshot_document(text: str) -> dict[str, Any] | None:
    """The JSON of a text that is a snapshot, whole or not; None for any other text."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) and MARK in document else None


def snapshot_of(document: Mapping[str, Any], path: Path) -> Snapshot:
    """The snapshot that a document tells; raises InputError when parts are missing, or it is of a later scoper."""
    from pydantic import ValidationError

    if document[MARK] != 1:
        message = f"this snapshot has format {str(document[MARK])[:20]}; this scoper reads format 1"
        raise InputError(Problem("snapshot-newer", message, str(path), remedy="upgrade scoper"))
    try:
        rules = {str(name): str(text) for name, text in dict(document["rules"]).items()}
        told = [str(document[key]) for key in ("date", "name", "case_file", "case_text")]
        dossier = Dossier.model_validate(document["dossier"])
        if parse_date(told[0]) is None:
            raise ValueError("date")
    except (KeyError, TypeError, ValueError, ValidationError):
        raise InputError(Problem("snapshot-file", "the snapshot cannot be read whole", str(path))) from None
    return Snapshot(told[0], told[1], told[2], told[3], dossier, rules, str(document.get("part", "")))


def snapshots_of(case: Path, folder: Path | None = None, part: str = "") -> tuple[tuple[Path, Snapshot], ...]:
    """The readable snapshots of a case file or a part of it in a folder (beside it by default), the oldest first."""
    place = folder or case.parent / FOLDER
    found = []
    for path in sorted(place.glob(f"{_glob(case.stem)}-*.json")) if place.is_dir() else ():
        with contextlib.suppress(ScoperError):
            snapshot = read_snapshot(path)
            if (snapshot.case_file, snapshot.part) == (case.name, part):
                found.append((snapshot.date, _order(path), path, snapshot))
    return tuple((path, snapshot) for _, _, path, snapshot in sorted(found, key=lambda one: one[:2]))


def _order(path: Path) -> tuple[int, str]:
    number = re.search(r"-(\d{1,3})$", path.stem)
    return (int(number[1]) if number and not re.search(r"\d{4}-\d\d-\d\d$", path.stem) else 1, path.name)


def _slug(name: str) -> str:
    return _WORD.sub("-", name).strip("-").lower()[:40]


def _glob(text: str) -> str:
    return re.sub(r"([*?\[\]])", r"[\1]", text)
