"""Files and words of the command line as what a check runs on: records, rule tables, documents, texts, numbers.

Every mistake is told with its place; all wrong parameters at once.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from scoper.checks import Check, Document, Given, Input, Param
from scoper.domain.text import shown
from scoper.domain.tree import Tree
from scoper.errors import InputError, Problem, UsageError, did_you_mean
from scoper.services.other_files import other_at
from scoper.services.strict_yaml import Node, parse, read_text, to_python

MAX_DOCUMENTS, MAX_DOCUMENT_BYTES = 10_000, 4 * 1024 * 1024
_RANGE = re.compile(r"\s*([^\s.]\S*?)\s*\.\.\s*(\S+)\s*")
_TODO = re.compile(r"\bTODO\b")
_CODE = "check-option"
_LIMITS: Mapping[str, tuple[int, str]] = {
    "rules": (2**20, "a decision table has some hundred lines: split it, or name another file"),
    "document": (2**20, "such a file has a few kilobytes: name another one"),
    "texts": (MAX_DOCUMENT_BYTES, "give a folder with one document a file, a random sample of 50"),
    "programme": (16 * 2**20, "give a small instance of the same form"),
    "case": (2**20, "a case has a few kilobytes: name another file"),
}
"""Bytes of a file of each kind at most, and what to do with a larger one; records have a limit of their own."""


def given_for(check: Check, files: Mapping[str, Path], words: Mapping[str, Any], rules: Path | None = None) -> Given:
    """What `check` runs on: its inputs read from `files`, its parameters read from `words` (texts or None).

    Raises UsageError for missing inputs and for all wrong parameters at once, InputError for faulty files.
    """
    missing = [item for item in check.inputs if item.required and item.name not in files]
    if missing:
        problems = [Problem(_CODE, f"{item.name.upper()} is missing: {item.help}") for item in missing]
        raise UsageError(problems)
    values = values_of(check, words)
    return Given({name: _read(check, name, path, rules) for name, path in files.items()}, values)


def values_of(check: Check, words: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters as numbers, texts and pairs; defaults where nothing was entered."""
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for param in check.params:
        word = words.get(param.name)
        if word is None or word == ():
            found[param.name] = param.default
            if param.required:
                problems.append(Problem(_CODE, f"{_flag(param)} is needed: {param.help}"))
            continue
        try:
            found[param.name] = _value(param, word)
        except ValueError as error:
            problems.append(Problem(_CODE, f"{_flag(param)} {error}"))
    if problems:
        raise UsageError(problems)
    return found


def _flag(param: Param) -> str:
    return f"--{param.name.replace('_', '-')}"


def _value(param: Param, word: Any) -> Any:
    if param.kind in ("word", "column"):
        if param.choices and word not in param.choices:
            raise ValueError(f"'{shown(str(word), 40)}' is not possible ({did_you_mean(str(word), param.choices)})")
        return str(word)
    if param.kind == "flag":
        return bool(word)
    if param.kind == "columns":
        return tuple(part.strip() for part in str(word).split(",") if part.strip())
    if param.kind == "words":
        return tuple(str(part) for part in word)
    if param.kind == "range":
        match = _RANGE.fullmatch(str(word))
        low, high = (_number(param, part) for part in (match.groups() if match else (word, word)))
        if low > high:
            raise ValueError(f"'{shown(str(word), 40)}': the smaller number comes first")
        return low, high
    return _number(param, word)


def _number(param: Param, word: Any) -> float | int:
    text = str(word).strip().replace("_", "")
    percent = text.endswith("%") and param.kind == "share"
    try:
        value = float(text.removesuffix("%")) / (100.0 if percent else 1.0)
    except ValueError:
        value = math.nan
    low, high = _ends(param)
    inside = low < value < high if param.open_ends else low <= value <= high
    if not math.isfinite(value) or not inside or (param.kind == "whole" and value != int(value)):
        what = {"whole": "whole number", "share": "share"}.get(param.kind, "number")
        raise ValueError(f"'{shown(str(word), 40)}' is no {what}{_within(low, high, param.open_ends)}")
    return int(value) if param.kind == "whole" else value


def _ends(param: Param) -> tuple[float, float]:
    low = -math.inf if param.low is None else param.low
    high = math.inf if param.high is None else param.high
    return (max(low, 0.0), min(high, 1.0)) if param.kind == "share" else (low, high)


def _within(low: float, high: float, open_ends: bool) -> str:
    if low == -math.inf and high == math.inf:
        return ""
    if high == math.inf:
        return f" {'above' if open_ends else 'from'} {low:g}{'' if open_ends else ' on'}"
    return f" {'between' if open_ends else 'from'} {low:g} {'and' if open_ends else 'to'} {high:g}"


def _read(check: Check, name: str, path: Path, rules: Path | None) -> Any:
    return read_as(next(item for item in check.inputs if item.name == name), path, rules)


def read_as(item: Input, path: Path, rules: Path | None = None) -> Any:
    """The file as this input means it; raises InputError with every problem."""
    _refuse_large(path, item)
    if item.kind != "texts" and path.is_file() and (other := other_at(path, item.kind)):
        raise InputError(other)
    if item.kind == "case":
        return _case(path, rules)
    return _READERS[item.kind](path, item)


def _refuse_large(path: Path, item: Input) -> None:
    """Tell from its size, without reading it, that a file is not what this input means, and what to do instead."""
    limit, advice = _LIMITS.get(item.kind, (0, ""))
    size = path.stat().st_size if limit and path.is_file() else 0
    if size > limit:
        message = f"the file has {size / 2**20:,.0f} MiB, the most is {limit / 2**20:,.0f}"
        raise InputError(Problem("too-large", message, str(path), remedy=advice))


def _case(path: Path, rules: Path | None) -> object:
    from scoper.checks._case import Scoped
    from scoper.services.cases import read_case, single
    from scoper.services.library import load_library
    from scoper.services.scoping import assess

    library = load_library(rules)
    file = single(read_case(path, library.questions))
    return Scoped(str(path), file.case, assess(file.case, library), library.questions)


def _records(path: Path, item: Input) -> object:
    from scoper.services.check_records import read_records

    return read_records(path)


def _rules(path: Path, item: Input) -> object:
    from scoper.services.csv_table import read_csv_table

    return read_csv_table(path)


def _programme(path: Path, item: Input) -> object:
    from scoper.services.check_programme import read_programme

    return read_programme(path)


def read_document(path: Path) -> Document:
    """A YAML or JSON file as a tree with places; raises InputError with all problems of its syntax."""
    text = read_text(path)
    if path.suffix.lower() == ".json":
        text = text.replace("\t", " ")  # JSON may be indented by tabs, YAML may not; places stay the same
    if not text.strip("\ufeff \r\n\t"):
        raise InputError(Problem("document", "the file is empty", str(path)))
    todo = tuple(line for line, words in enumerate(text.split("\n"), start=1) if _TODO.search(words))
    return Document(str(path), _tree(parse(text, str(path))), todo)


def _document(path: Path, item: Input) -> object:
    return read_document(path)


def _tree(node: Node) -> Tree:
    if node.kind == "mapping":
        items = tuple((key.text, _tree(key), _tree(value)) for key, value in node.items)
        return Tree("mapping", None, node.line, node.column, items=items)
    if node.kind == "sequence":
        return Tree("sequence", None, node.line, node.column, children=tuple(_tree(child) for child in node.children))
    return Tree("scalar", to_python(node), node.line, node.column)


def _texts(path: Path, item: Input) -> object:
    """The lengths of sample documents: of the files of a folder, or one file."""
    if path.is_dir():
        paths = sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith("."))
        if not paths:
            raise InputError(Problem("documents", "the folder holds no file", str(path), remedy="put samples in it"))
        if len(paths) > MAX_DOCUMENTS:
            message = f"{len(paths):,} files, the most is {MAX_DOCUMENTS:,}"
            raise InputError(Problem("documents", message, str(path), remedy="a random sample of 200 is enough"))
    else:
        paths = [path]
    return tuple(read_text(p, MAX_DOCUMENT_BYTES) for p in paths)


_READERS: Mapping[str, Callable[[Path, Input], object]] = {
    "records": _records,
    "rules": _rules,
    "programme": _programme,
    "document": _document,
    "texts": _texts,
}


def file_digest(paths: Sequence[Path]) -> str:
    """SHA-256 (first 16 hex digits) of the bytes of files, or of all files of a folder in order of their names."""
    import hashlib

    seen = hashlib.sha256()
    for path in paths:
        for file in sorted(path.iterdir()) if path.is_dir() else [path]:
            if file.is_file():
                seen.update(file.read_bytes())
    return seen.hexdigest()[:16]
