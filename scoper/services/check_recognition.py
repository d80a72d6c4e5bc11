"""Which checks of a technique a file is for, told from its shape: names of columns, keys at its top, its ending.

A file that no check of the technique takes is refused with the reason of each, and with the technique that takes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scoper.checks import Check, Input, InputKind
from scoper.errors import InputError, Problem, ScoperError, UsageError
from scoper.services.check_inputs import read_as
from scoper.services.checking import checks_of, command_of
from scoper.services.file_sorts import NAMES, sort_of
from scoper.services.other_files import other_at
from scoper.services.strict_yaml import read_text

_ENDINGS: Mapping[str, InputKind] = {
    ".csv": "records", ".tsv": "records", ".txt": "records", ".jsonl": "records",
    ".yaml": "document", ".yml": "document", ".json": "document", ".mps": "programme",
}  # fmt: skip
_READS: Mapping[InputKind, tuple[InputKind, ...]] = {
    "records": ("records", "rules", "programme"),
    "document": ("document", "case"),
    "programme": ("programme",),
}
_SHAPES: Mapping[InputKind, str] = {"records": "a table", "document": "a document", "programme": "a programme"}


@dataclass(frozen=True)
class Fitting:
    """run: the checks that take the file; not_run: every other check of the technique with the reason."""

    shape: str
    run: tuple[Check, ...]
    not_run: tuple[tuple[Check, str], ...]


def fitting(technique: str, path: Path, words: Mapping[str, Any], rules: Path | None = None) -> Fitting:
    """The checks of a technique that this file is for, in their order.

    words: what was entered. Where none takes the file, those that run on the technique's main file are named if it is
    of their kind, so that they tell what is wrong with it. Raises InputError for a file that cannot be read,
    UsageError where it is no file for this technique.
    """
    kind = _kind_of(path)
    material = read_as(Input("file", kind, ""), path, rules)
    said = [(check, _why_not(check, kind, material, words)) for check in checks_of(technique)]
    run = tuple(check for check, why in said if not why)
    if not any(check.inputs for check in run):
        meant = [check for check in checks_of(technique) if check.whole and check.inputs[0].kind in _READS[kind]]
        if not meant:
            raise UsageError(_refused(technique, path, kind, material, said))
        run = (*meant, *run)
    return Fitting(_SHAPES[kind], run, tuple((check, why) for check, why in said if check not in run))


def _kind_of(path: Path) -> InputKind:
    """By the file's ending, else by its first line: a table has more delimiters than a document."""
    if path.suffix.lower() in _ENDINGS or not path.is_file():
        return _ENDINGS.get(path.suffix.lower(), "records")
    try:
        text = read_text(path)
    except InputError:
        if other := other_at(path, "records"):
            raise InputError(other) from None
        raise
    first = next((line for line in text.splitlines() if line.strip()), "")
    document = first.lstrip()[:1] in ("{", "[", "-", "#") or ": " in first or first.rstrip().endswith(":")
    return "document" if document else "records"


def _why_not(check: Check, kind: InputKind, material: Any, words: Mapping[str, Any]) -> str:
    """Why a check does not run on the file; empty where it does."""
    if not check.inputs:
        needed = [param.name for param in check.params if param.required]
        if needed and all(words.get(name) is not None for name in needed):
            return ""
        flags = ", ".join(f"--{name.replace('_', '-')}" for name in needed)
        return f"takes numbers: enter {flags} here too" if needed else f"takes numbers: {command_of(check)} --help"
    first = check.inputs[0]
    if first.kind not in _READS[kind]:
        return f"takes {first.help}"
    if check.fits is None:
        return "" if check.whole else f"is run by its name: {command_of(check)}"
    return check.fits(material, words)


def _refused(
    technique: str, path: Path, kind: InputKind, material: Any, said: list[tuple[Check, str]]
) -> list[Problem]:
    reads = [(check, why) for check, why in said if check.inputs]
    others = [check for check in checks_of() if check.technique != technique and check.inputs]
    elsewhere = [check for check in others if _takes(check, kind, material)]
    remedy = f"{command_of(elsewhere[0])} {path}" if elsewhere else "name the check: scoper check TECHNIQUE CHECK FILE"
    sort = sort_of(read_text(path), str(path))
    message = f"no check of this technique takes {path}" + (f": it is {NAMES[sort]}" if sort else "")
    problems = [Problem("check-file", message, remedy=remedy)]
    return problems + [Problem("check-file", f"{check.id.replace('_', '-')}: {why}", str(path)) for check, why in reads]


def _takes(check: Check, kind: InputKind, material: Any) -> bool:
    try:
        return not _why_not(check, kind, material, {})
    except ScoperError:
        return False
