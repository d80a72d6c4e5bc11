"""A CSV file as a grid of cells that know their line and column (RFC 4180), or every problem of its shape at once.

Beyond the RFC, a delimiter between braces belongs to the cell: `size {small, large}` needs no quotes.

The csv module of the standard library tells neither the column of a cell nor what is wrong with a quote.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from scoper.errors import InputError, Problem
from scoper.services.strict_yaml import read_text

MAX_LINES = 10_000
MAX_COLUMNS = 100
_BRACES = re.compile(r"\{[^{}\r\n]*\}")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Cell:
    """The text of a cell without its quotes and outer blanks; line and column count from 1."""

    text: str
    line: int
    column: int


@dataclass(frozen=True)
class Grid:
    """The rows that have as many cells as the header, the header first, and what is wrong with the others."""

    rows: tuple[tuple[Cell, ...], ...]
    problems: tuple[Problem, ...]


def read_grid(path: Path) -> Grid:
    """The rows of a CSV file that are not blank; its delimiter is what the first line has most of: `,`, `;` or tab.

    Raises InputError for a file that is missing, empty, too large or not UTF-8.
    """
    text = read_text(path).removeprefix("\ufeff")
    source = str(path)
    if match := _CONTROL.search(text):
        line = text.count("\n", 0, match.start()) + 1
        column = match.start() - text.rfind("\n", 0, match.start())
        raise InputError(Problem("table-file", "a control character; this is no text file", source, line, column))
    if not text.strip():
        raise InputError(Problem("table-file", "the file is empty", source, remedy="a header line and rules"))
    head = _BRACES.sub("", text.lstrip("\r\n").split("\n", 1)[0])
    delimiter = max(",;\t", key=head.count)
    reader = _GridReader(text, delimiter, source)
    rows = [row for row in reader.rows() if any(cell.text for cell in row)]
    if not rows:
        raise InputError(Problem("table-file", "the file holds no cell with text", source))
    if len(rows) > MAX_LINES + 1:
        raise InputError(Problem("table-file", f"more than {MAX_LINES} lines", source, remedy="split the table"))
    width = len(rows[0])
    if width > MAX_COLUMNS:
        raise InputError(Problem("table-file", f"more than {MAX_COLUMNS} columns", source, remedy="split the table"))
    uneven = [
        Problem("table-file", f"{len(row)} cells, the header has {width}", source, row[0].line, row[-1].column)
        for row in rows
        if len(row) != width
    ]
    return Grid(tuple(row for row in rows if len(row) == width), (*reader.problems, *uneven))


class _GridReader:
    def __init__(self, text: str, delimiter: str, source: str) -> None:
        self.text, self.delimiter, self.source = text, delimiter, source
        self.at = self.line_start = 0
        self.line = 1
        self.problems: list[Problem] = []

    def rows(self) -> list[tuple[Cell, ...]]:
        rows = []
        while self.at < len(self.text):
            row = [self.cell()]
            while self.at < len(self.text) and self.text[self.at] == self.delimiter:
                self.at += 1
                row.append(self.cell())
            self.end_of_line()
            rows.append(tuple(row))
        return rows

    def end_of_line(self) -> None:
        if self.text.startswith("\r\n", self.at):
            self.at += 2
        elif self.at < len(self.text):
            self.at += 1
        self.line += 1
        self.line_start = self.at

    def cell(self) -> Cell:
        while self.at < len(self.text) and self.text[self.at] in " \t" and self.text[self.at] != self.delimiter:
            self.at += 1
        line, column = self.line, self.at - self.line_start + 1
        if self.at < len(self.text) and self.text[self.at] == '"' and self._closed():
            return Cell(self._quoted(), line, column)
        start = self.at
        while self.at < len(self.text) and self.text[self.at] not in (self.delimiter, "\n", "\r"):
            braces = _BRACES.match(self.text, self.at)
            self.at = braces.end() if braces else self.at + 1
        return Cell(self.text[start : self.at].strip(), line, column)

    def _closed(self) -> bool:
        if self.text.find('"', self.at + 1) >= 0:
            return True
        column = self.at - self.line_start + 1
        message = "this quote is never closed"
        self.problems.append(Problem("table-file", message, self.source, self.line, column, 'add a closing "'))
        return False

    def _quoted(self) -> str:
        opened = (self.line, self.at - self.line_start + 1)
        parts: list[str] = []
        self.at += 1
        while self.at < len(self.text):
            end = self.text.find('"', self.at)
            if end < 0:
                problem = Problem("table-file", "this quote is never closed", self.source, *opened, 'add a closing "')
                self.problems.append(problem)
                self._take(parts, len(self.text))
                break
            self._take(parts, end)
            self.at = end + 1
            if not self.text.startswith('"', self.at):
                break
            parts.append('"')
            self.at += 1
        self._after_quote()
        return " ".join("".join(parts).split())

    def _take(self, parts: list[str], end: int) -> None:
        piece = self.text[self.at : end]
        parts.append(piece)
        if "\n" in piece:
            self.line += piece.count("\n")
            self.line_start = self.at + piece.rfind("\n") + 1
        self.at = end

    def _after_quote(self) -> None:
        start = self.at
        while self.at < len(self.text) and self.text[self.at] not in (self.delimiter, "\n", "\r"):
            self.at += 1
        if self.text[start : self.at].strip():
            column = start - self.line_start + 1
            message = "text after a closing quote"
            remedy = 'write a quote inside a cell twice: ""'
            self.problems.append(Problem("table-file", message, self.source, self.line, column, remedy))
