"""Results of offline checks kept beside their case, so that its report can show them: CASE.checks.json.

One result per check and files; a later one takes its place. No date and no path of this machine stands in it, so the
same checks give the same bytes. Whether files or answers changed since is told when it is read.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scoper.domain.checks import CheckResult, KeptCheck
from scoper.errors import InputError, Problem, StorageError
from scoper.services.cases import CaseFile
from scoper.services.files import lock, write_atomic
from scoper.services.strict_yaml import read_text

FORMAT = 1
MAX_BYTES = 16 * 2**20
_MOST_READ = 256 * 2**20
_MARK = "scoper_checks"


def kept_path(file: CaseFile) -> Path:
    """Where the results of a case are kept: case.checks.json beside case.yaml, case.PART.checks.json of a part."""
    part = f".{file.part}" if file.part else ""
    return file.path.with_name(f"{file.path.stem}{part}.checks.json")


def load_kept(file: CaseFile) -> tuple[KeptCheck, ...]:
    """The results kept for a case, each held against its files as they are now; none where nothing is kept.

    Raises InputError for a file that is none of ours.
    """
    path = kept_path(file)
    return tuple(_now(kept, file.path.parent) for kept in _read(path)) if os.path.lexists(path) else ()


def keep(file: CaseFile, results: Sequence[CheckResult]) -> Path:
    """Keep results for a case beside those of other checks or other files; returns the file's path.

    Raises StorageError when something else has its name or it cannot be written; it is left alone then.
    """
    path = kept_path(file)
    with lock(path):
        try:
            before = _read(path) if os.path.lexists(path) else ()
        except InputError as error:
            remedy = "move it away and check again"
            message = f"{path.name} beside the case holds something else"
            raise StorageError(Problem("checks-taken", message, str(path), remedy=remedy)) from error
        write_atomic(path, kept_of(file, results, before), overwrite=True)
    return path


def kept_of(file: CaseFile, results: Sequence[CheckResult], before: Sequence[KeptCheck] = ()) -> str:
    """The file's text: of results of the same check on the same files the last one, in a fixed order."""
    from scoper.services.checking import finite

    digest = file.case.digest()
    fresh = [KeptCheck(result=_from_folder(r, file.path.parent), case_digest=digest) for r in results]
    last = {_key(each): each for each in [*before, *fresh]}
    entries = [finite(last[key].model_dump(mode="json", exclude={"changed", "gone"})) for key in sorted(last)]
    return json.dumps({_MARK: FORMAT, "checks": entries}, sort_keys=True, ensure_ascii=False, indent=2) + "\n"


def _key(kept: KeptCheck) -> tuple[str, ...]:
    return (kept.result.technique, kept.result.check, *sorted(kept.result.inputs))


def _read(path: Path) -> tuple[KeptCheck, ...]:
    from pydantic import ValidationError

    text = read_text(path, limit_bytes=MAX_BYTES)
    try:
        document: Any = json.loads(text)
        if not isinstance(document, dict) or document.get(_MARK) != FORMAT:
            raise ValueError(f"'{_MARK}: {FORMAT}' does not stand in it")
        return tuple(KeptCheck.model_validate(entry) for entry in document.get("checks", ()))
    except (ValueError, RecursionError, TypeError) as error:
        what = _first(error) if isinstance(error, ValidationError) else str(error).split("\n")[0]
        remedy = "make it again with `scoper check ... --case CASE --keep`"
        line = getattr(error, "lineno", 1)
        problem = Problem("checks-file", f"no kept results of checks: {what}", str(path), line, 1, remedy)
        raise InputError(problem) from None


def _first(error: Any) -> str:
    first = error.errors()[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"


def _from_folder(result: CheckResult, folder: Path) -> CheckResult:
    """The result with its files named as seen from the case's folder."""
    names = {name: _relative(Path(name), folder) for name in result.inputs}
    faults = tuple(
        fault.model_copy(update={"source": names.get(fault.source, _relative(Path(fault.source), folder))})
        if fault.source
        else fault
        for fault in result.outcome.faults
    )
    inputs = {names[name]: digest for name, digest in result.inputs.items()}
    outcome = result.outcome.model_copy(update={"faults": faults})
    return result.model_copy(update={"inputs": inputs, "outcome": outcome})


def _relative(path: Path, folder: Path) -> str:
    """The path as seen from the folder; on another drive its name alone."""
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:
        return path.name


def _now(kept: KeptCheck, folder: Path) -> KeptCheck:
    """What changed since, file by file."""
    changed, gone = [], []
    for name, digest in kept.result.inputs.items():
        path = folder / name
        if not (path.is_file() or path.is_dir()):
            gone.append(name)
        elif _digest(path) != digest:
            changed.append(name)
    return kept.model_copy(update={"changed": tuple(changed), "gone": tuple(gone)})


def _digest(path: Path) -> str:
    """The content's digest; empty where it cannot be read or is larger than anything a check reads."""
    from scoper.services.check_inputs import file_digest

    try:
        files = [path] if path.is_file() else list(path.iterdir())
        if sum(file.stat().st_size for file in files) > _MOST_READ:
            return ""
        return file_digest([path])
    except OSError:
        return ""
