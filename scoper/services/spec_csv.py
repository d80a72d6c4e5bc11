"""Observed numbers from a column of a CSV file beside the spec.

UTF-8, one header line, one number a cell; `,`, `;` or tab between the cells. The file lies in the spec's folder or
below it - a spec from a stranger reads nothing else - and its content is part of what the spec says.
"""

from __future__ import annotations

import contextlib
import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from scoper.errors import InputError, Problem, StorageError, did_you_mean
from scoper.services.spec_format import FARTHEST, Sheet
from scoper.services.strict_yaml import Node, read_text

MAX_BYTES = 4 * 1_048_576
MAX_ROWS = 200_000
MAX_PROBLEMS = 20
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)
_LONGEST = 40


def read_column(sheet: Sheet, file: Node, column: Node, path: str) -> dict[str, Any] | None:
    """The law's parameters: distinct values with their shares, file, column and number of rows."""
    names = sheet.text(file, f"{path}.csv"), sheet.text(column, f"{path}.column")
    if names[0] is None or names[1] is None:
        return None
    described = {"csv": names[0], "column": names[1]}
    if sheet.outline:
        return {"values": [0.0], "probabilities": [1.0], "rows": 0, **described}
    place = _inside(sheet.folder, names[0])
    if isinstance(place, str):
        sheet.add("spec-csv", f"{path}.csv: {place}", file, "name a file in the spec's folder")
        return None
    try:
        counts = _counted(read_text(place, limit_bytes=MAX_BYTES), str(place), names[1])
    except InputError as error:
        sheet.include([_advised(problem) for problem in error.problems])
        sheet.add("spec-csv", f"{path}: the numbers of {names[0]} cannot be read", file)
        return None
    except StorageError as error:
        sheet.add("spec-csv", f"{path}.csv: {error.problems[0].message}", file)
        return None
    rows = counts.total()
    values = sorted(counts)
    return {"values": values, "probabilities": [counts[v] / rows for v in values], "rows": rows, **described}


def _advised(problem: Problem) -> Problem:
    if problem.code != "yaml-too-large":
        return problem
    remedy = "keep the column alone, or write the shares of its values under 'values:'"
    return Problem("spec-csv", problem.message, problem.source, remedy=remedy)


def files_of(document: object, folder: Path | None) -> dict[str, str]:
    """The CSV files that a spec's plain `document` names in `folder`: name to text; what cannot be read is left out."""
    found: dict[str, str] = {}
    for name in _named(document):
        place = _inside(folder, name)
        if isinstance(place, Path):
            with contextlib.suppress(InputError, StorageError):
                found[name] = read_text(place, limit_bytes=MAX_BYTES)
    return found


def files_digest(document: object, folder: Path | None) -> list[str]:
    """One digest per CSV file that a spec's plain `document` names, in its order; none when it names none."""
    return [_file_digest(name, folder) for name in _named(document)]


def _named(document: object) -> Iterator[str]:
    if isinstance(document, dict):
        if isinstance(document.get("csv"), str) and "column" in document:
            yield document["csv"]
        for value in document.values():
            yield from _named(value)
    elif isinstance(document, list):
        for value in document:
            yield from _named(value)


def _file_digest(name: str, folder: Path | None) -> str:
    place = _inside(folder, name)
    if isinstance(place, str):
        return "unread"
    try:
        with place.open("rb") as file:
            return hashlib.sha256(file.read(MAX_BYTES + 1)).hexdigest()
    except (OSError, ValueError):
        return "unread"


def _inside(folder: Path | None, name: str) -> Path | str:
    """The file `name` within `folder`, or why there is none."""
    if folder is None:
        return f"'{name}' lies beside the spec's file, and there is none"
    windows = PureWindowsPath(name)
    if windows.drive or windows.root or PurePosixPath(name).is_absolute() or "\x00" in name:
        return f"'{name}' is not a path relative to the spec's file"
    try:
        home, place = folder.resolve(), (folder / name).resolve()
        if not place.is_relative_to(home):
            return f"'{name}' lies outside the spec's folder"
        if place.exists() and not place.is_file():
            return f"'{name}' is not a regular file"
    except (OSError, RuntimeError, ValueError):
        return f"'{name}' cannot be a file name"
    return folder / name


def _counted(text: str, source: str, column: str) -> Counter[float]:
    """How often every number stands in the column; raises InputError with the places of what is none."""
    lines = _lines(text.removeprefix("\ufeff"))
    head = next(lines, None)
    if head is None:
        raise InputError(Problem("spec-csv", "the file is empty", source, remedy="a header line, then numbers"))
    delimiter = max(",;\t", key=head[1].count)
    header = [cell for cell, _ in _cells(head[1], delimiter)]
    if header.count(column) != 1:
        twice = column in header
        message = f"the header has the column '{column}' twice" if twice else f"the header has no column '{column}'"
        remedy = "rename one" if twice else did_you_mean(column, header)
        raise InputError(Problem("spec-csv", message, source, head[0], 1, remedy))
    counts: Counter[float] = Counter()
    problems: list[Problem] = []
    for number, line in lines:
        found = _number(_cells(line, delimiter), header.index(column), len(header))
        if isinstance(found, float):
            counts[found] += 1
        else:
            problems.append(Problem("spec-csv", found[0], source, number, found[1], found[2]))
        if len(problems) >= MAX_PROBLEMS:
            break
    if counts.total() > MAX_ROWS:
        message = f"the file has {counts.total():,} rows, at most {MAX_ROWS:,} are read"
        remedy = "write the shares of the values under 'values:'"
        problems.append(Problem("spec-csv", message, source, 0, 0, remedy))
    if not counts and not problems:
        problems.append(Problem("spec-csv", "there is no row below the header", source, head[0], 1))
    if problems:
        raise InputError(problems)
    return counts


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(re.split("\r\n|[\r\n]", text), 1):
        if line.strip(" \t,;"):
            yield number, line


def _cells(line: str, delimiter: str) -> list[tuple[str, int]]:
    """The cells of a line without quotes and outer blanks, and the column where each begins; none for open quotes."""
    if '"' not in line:
        cells, at = [], 0
        for part in line.split(delimiter):
            cells.append((part.strip(), at + len(part) - len(part.lstrip()) + 1))
            at += len(part) + 1
        return cells
    cell = re.compile(rf'\s*(?:"((?:[^"]|"")*)"\s*|([^{delimiter}"]*))(?:{delimiter}|$)')
    found, at = [], 0
    while match := cell.match(line, at):
        group = 1 if match.group(1) is not None else 2
        found.append((match.group(group).replace('""', '"').strip(), match.start(group) + 1))
        if match.end() == len(line) and not line.endswith(delimiter, match.end(group)):
            return found
        at = match.end()
    return []


def _number(cells: list[tuple[str, int]], index: int, width: int) -> float | tuple[str, int, str]:
    """The number in the cell, or what is wrong, in which column, and a remedy."""
    if not cells:
        return "a quotation mark is never closed", 1, "close it on its line"
    if len(cells) != width:
        return f"{len(cells)} cells, the header has {width}", 1, "one cell per column of the header"
    text, column = cells[index]
    if not text:
        return "the cell is empty", column, "remove the row, or fill it in"
    value = float(text) if _NUMBER.fullmatch(text) and len(text) <= _LONGEST else math.nan
    if abs(value) <= FARTHEST:
        return value
    shown = text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
    remedy = "decimals are written with a point" if "," in text else ""
    return f"'{shown}' is not a number", column, remedy
