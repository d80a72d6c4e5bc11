"""A CSV of past cases, read once and refused with a place where it cannot be read as one.

The standard library's reader splits the cells (it is fast enough for a million lines); shape, encoding and size are
checked around it. All problems of a file are told at once. Decision tables have a reader of their own
(`scoper.services.csv_table`), whose cells mean more than text.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

from scoper.domain.records import Records, refuse
from scoper.domain.text import shown
from scoper.errors import InputError, Problem
from scoper.services.strict_yaml import read_text

MAX_BYTES = 64 * 1024 * 1024
MAX_ROWS, MAX_COLUMNS, MAX_CELL = 1_000_000, 1_000, 100_000
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE_END = re.compile("\r\n|[\r\n]")
_CODE = "cases-file"
_MOST = 200
_COMPLAINTS = {
    "unexpected end of data": ("a quote that is opened here or before is never closed", 'add a closing "'),
    "expected after": ("a closing quote is followed by text", 'double a quote that belongs to the cell: ""'),
    "field larger than": (f"a cell of more than {MAX_CELL:,} characters", "shorten it, or look for a missing quote"),
}


def read_records(path: Path) -> Records:
    """The rows of a UTF-8 CSV file with a header; the delimiter is what the header has most of: `,`, `;` or tab.

    Blank lines are skipped. Raises InputError with all problems of the file: missing, too large (told from its size,
    without reading it), empty, not UTF-8, control characters, no row below the header, duplicate or missing names,
    rows that are longer or shorter than the header, cells of more than 100,000 characters.
    """
    text = _text(path)
    source = str(path)
    lines = _LINE_END.split(text)
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    delimiter = max(",;\t", key=_unquoted(lines[first]).count)
    rows, starts = _rows(lines, delimiter, source)
    if not rows:
        raise InputError(
            Problem(_CODE, "every cell is empty", source, first + 1, 1, "a header line and a line for each case")
        )
    names = tuple(cell.strip() for cell in rows[0])
    problems = _header_problems(names, lines, starts[0], delimiter, source)
    if len(rows) == 1 and not problems:
        advice = "add at least one line of data"
        problems.append(Problem(_CODE, "a header without a single row below it", source, starts[0], 1, advice))
    records = Records(
        source,
        names,
        tuple(tuple(cell.strip() for cell in row) for row in rows[1:] if len(row) == len(names)),
        tuple(start for start, row in zip(starts[1:], rows[1:], strict=True) if len(row) == len(names)),
        tuple(lines),
        delimiter,
    )
    problems += [
        Problem(_CODE, f"{len(row)} cells, the header has {len(names)}", source, start, 1, _ragged(row, names))
        for start, row in zip(starts[1:], rows[1:], strict=True)
        if len(row) != len(names)
    ]
    refuse(sorted(problems, key=lambda problem: (problem.line, problem.column)), source)
    return records


def _ragged(row: list[str], names: tuple[str, ...]) -> str:
    if len(row) > len(names):
        return "quote a cell that holds the delimiter"
    return f"nothing stands in {shown(names[len(row)], 40)} and after"


def _is_json(text: str, ending: str) -> bool:
    """Whether a file is JSON or JSON lines: by its ending, or by a first line that is an object or a list."""
    text = text.lstrip()
    if text[0] not in "{[":
        return False
    try:
        return ending in (".json", ".jsonl") or isinstance(json.loads(text.partition("\n")[0]), dict | list)
    except (ValueError, RecursionError):
        return False


def _text(path: Path) -> str:
    source = str(path)
    size = path.stat().st_size if path.is_file() else 0
    if size > MAX_BYTES:
        message = f"the file has {size / 2**20:,.0f} MiB, the most is {MAX_BYTES // 2**20}"
        remedy = "check a random sample of its lines: head -1 FILE > sample.csv; tail -n +2 FILE | shuf -n 100000 >> "
        raise InputError(Problem("too-large", message, source, remedy=f"{remedy}sample.csv"))
    text = read_text(path, MAX_BYTES).removeprefix("\ufeff")
    if match := _CONTROL.search(text):
        before = text[: match.start()]
        line, column = before.count("\n") + 1, match.start() - before.rfind("\n")
        what = "a NUL byte" if match[0] == "\x00" else f"the control character U+{ord(match[0]):04X}"
        remedy = "save it as UTF-8 text" if match[0] == "\x00" else "delete it"
        raise InputError(Problem(_CODE, f"{what}: this is no text file", source, line, column, remedy))
    if not text.strip():
        raise InputError(Problem(_CODE, "the file is empty", source, remedy="a header line and a line for each case"))
    if _is_json(text, path.suffix.lower()):
        remedy = "give a CSV file: a header line with the names of the columns, then a line for each case"
        raise InputError(Problem(_CODE, "this is JSON, and the check reads a table", source, 1, 1, remedy))
    return text


def _rows(lines: list[str], delimiter: str, source: str) -> tuple[list[list[str]], list[int]]:
    """The rows that are not blank, and the line on which each begins."""
    rows: list[list[str]] = []
    starts: list[int] = []
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(_ended(lines), delimiter=delimiter, strict=True, skipinitialspace=True)
    begin = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append(row)
                starts.append(begin)
            begin = reader.line_num + 1
            if len(rows) > MAX_ROWS + 1:
                message, remedy = f"more than {MAX_ROWS:,} rows", "check a random sample of them"
                raise InputError(Problem("too-large", message, source, begin, 1, remedy))
    except csv.Error as error:
        said = next((said for part, said in _COMPLAINTS.items() if part in str(error)), (str(error), ""))
        raise InputError(Problem(_CODE, said[0], source, begin, 1, said[1])) from None
    return rows, starts


def _ended(lines: list[str]) -> Iterator[str]:
    return (f"{line}\n" for line in lines)


def _unquoted(line: str) -> str:
    return re.sub(r'"[^"]*"', "", line)


def _header_problems(names: tuple[str, ...], lines: list[str], at: int, delimiter: str, source: str) -> list[Problem]:
    if len(names) > MAX_COLUMNS:
        return [Problem("too-large", f"{len(names):,} columns, the most is {MAX_COLUMNS:,}", source, at, 1)]
    places = _places(lines[at - 1], delimiter)
    problems = []
    for index, name in enumerate(names):
        column = places[index] if index < len(places) else 1
        if not name:
            message, remedy = f"column {index + 1} has no name", "give it one, or remove the empty column"
            problems.append(Problem(_CODE, message, source, at, column, remedy))
        elif name in names[:index]:
            message = f"the column '{shown(name, 40)}' stands twice"
            problems.append(Problem(_CODE, message, source, at, column, "give every column its own name"))
    return problems[:_MOST]


def _places(line: str, delimiter: str) -> list[int]:
    """The column in which each cell of a line begins, from 1."""
    places, quoted = [1], False
    for position, char in enumerate(line):
        if char == '"':
            quoted = not quoted
        elif char == delimiter and not quoted:
            places.append(position + 2)
    return places
