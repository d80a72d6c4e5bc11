"""Probe results kept beside the spec they were measured on, so that they outlive the program that measured them.

One `result.json` in the spec's folder, as `scoper run` writes it and `scoper report` reads it. Its digest says on which
text of the spec it was measured; whether that is still the text is for the caller to compare.
"""

from __future__ import annotations

import json
from pathlib import Path

from scoper.domain.probe import ProbeResult
from scoper.errors import InputError, Problem, StorageError
from scoper.services.assembling import RESULT_NAME, read_result
from scoper.services.files import lock, require_folder, write_atomic
from scoper.services.specs import spec_digest
from scoper.services.strict_yaml import parse


def result_path(spec: Path) -> Path:
    """Where the result of the spec in the file `spec` is kept."""
    return spec.with_name(RESULT_NAME)


def load_result(spec: Path) -> ProbeResult | None:
    """The result kept beside the spec, of whichever text of it; None when there is none.

    Raises InputError for a file that holds no result, StorageError when it cannot be read.
    """
    path = result_path(spec)
    return read_result(path) if path.is_file() else None


def belongs(result: ProbeResult, text: str, folder: Path | None = None) -> bool:
    """Whether `result` was measured on this or another text of the same spec; a text without a name may be any."""
    if result.spec.get("digest") == spec_digest(text, folder):
        return True
    try:
        name = parse(text, "").get("name")
    except InputError:
        return True
    return name is None or name.text.strip() == result.spec.get("name")


def save_result(spec: Path, result: ProbeResult) -> Path:
    """Keep `result` beside the spec, in place of an earlier one of the same spec; returns the file's path.

    Raises StorageError when the name is taken by anything else or the file cannot be written; it is left alone then.
    """
    path = result_path(spec)
    with lock(path):
        if path.exists() and not _earlier(path, result):
            message = f"{RESULT_NAME} beside the spec holds something else"
            raise StorageError(Problem("result-taken", message, str(path), remedy="move it away and probe again"))
        write_atomic(path, _text(result), overwrite=True)
    return path


def require_place(path: Path, *, overwrite: bool) -> None:
    """Raise now the StorageError that `write_result` would raise for a file that exists or for want of its folder."""
    if not overwrite and (path.exists() or path.is_symlink()):
        remedy = "use --force to replace it, or another name"
        raise StorageError(Problem("file-exists", "the file exists already", str(path), remedy=remedy))
    require_folder(path)


def write_result(path: Path, result: ProbeResult, *, overwrite: bool) -> None:
    """Put `result` into the file `path` as it is kept beside a spec; `read_result` reads it back.

    Raises StorageError when the file exists and `overwrite` is false, or cannot be written.
    """
    write_atomic(path, _text(result), overwrite=overwrite)


def _text(result: ProbeResult) -> str:
    return json.dumps(result.model_dump(mode="json"), sort_keys=True, ensure_ascii=False, indent=2) + "\n"


def _earlier(path: Path, result: ProbeResult) -> bool:
    """Whether the file holds a result of a spec with the name or the digest of this one's."""
    try:
        present = read_result(path).spec
    except InputError:
        return False
    return any(present.get(key) == result.spec.get(key) is not None for key in ("name", "digest"))
