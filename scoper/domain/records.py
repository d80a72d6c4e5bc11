"""A CSV file of past cases as columns of text that know where they stand in the file.

Values only; `scoper.services.check_records` reads them. Numbers are parsed here, so that every check refuses the same
things with the same sentence: file, line and column of the cell.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from scoper.domain.text import shown
from scoper.errors import InputError, Problem, did_you_mean

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "?", "-"})
_MOST_NAMED = 20


@dataclass(frozen=True)
class Records:
    """N rows of K named columns.

    rows: the cells as written, without outer blanks. lines (N,): the line of the file on which each row begins. texts:
    the file's lines, for the place of a cell within its line. delimiter: between cells; with `;` a comma may stand in
    a number instead of the point.
    """

    source: str
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    texts: tuple[str, ...]
    delimiter: str = ","

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def _columns(self) -> dict[str, tuple[str, ...]]:
        turned = zip(*self.rows, strict=True) if self.rows else (() for _ in self.names)
        return dict(zip(self.names, turned, strict=True))

    def column(self, name: str) -> tuple[str, ...]:
        """(N,) cells of a column that exists."""
        return self._columns[name]

    def require(self, names: Sequence[str], remedy: str = "") -> None:
        """Raise InputError that names every one of `names` that is no column, with the nearest spelling."""
        missing = [name for name in names if name not in self.names]
        if missing:
            raise InputError(
                [
                    Problem(
                        "column-missing",
                        f"there is no column '{shown(name)}'",
                        self.source,
                        1,
                        1,
                        _nearest(name, self.names, remedy),
                    )
                    for name in missing
                ]
            )

    def place(self, row: int, name: str) -> tuple[int, int]:
        """Line and column of a cell, both from 1; of a cell behind a line break within quotes that of its row."""
        line = self.lines[row]
        text = self.texts[line - 1] if line <= len(self.texts) else ""
        column, quoted, seen, wanted = 1, False, 0, self.names.index(name)
        for position, char in enumerate(text):
            if seen == wanted:
                column = position + 1
                break
            if char == '"':
                quoted = not quoted
            elif char == self.delimiter and not quoted:
                seen += 1
                column = position + 2
        return line, column if seen == wanted else 1

    def problem(self, row: int, name: str, message: str, remedy: str = "") -> Problem:
        """What is wrong with one cell, with its place."""
        line, column = self.place(row, name)
        return Problem("bad-cell", message, self.source, line, column, remedy)

    def number_of(self, text: str) -> float | None:
        """The number that a cell says, None where it says none."""
        plain = text.replace(",", ".") if self.delimiter == ";" and text.count(",") == 1 else text
        value = float(plain) if _NUMBER.fullmatch(plain) else math.nan
        return value if math.isfinite(value) else None

    def numbers(
        self, name: str, *, low: float = -math.inf, high: float = math.inf, above: bool = False
    ) -> NDArray[np.float64]:
        """(N,) numbers of a column within [low, high], or above `low` with `above`.

        Raises InputError with the place of every cell (of the first twenty) that is none.
        """
        self.require([name])
        values = np.empty(len(self.rows))
        bad: list[Problem] = []
        span = _span(low, high, above)
        for row, cell in enumerate(self.column(name)):
            value = self.number_of(cell)
            if value is None or not low <= value <= high or (above and value == low):
                bad.append(self.problem(row, name, f"'{shown(cell, 40)}' in {name} is no number{span}"))
                value = 0.0
            values[row] = value
        refuse(bad, self.source)
        return values

    def is_numeric(self, name: str) -> bool:
        """Whether every cell that is not missing says a number, and one does."""
        cells = [cell for cell in self.column(name) if cell.lower() not in MISSING]
        return bool(cells) and all(self.number_of(cell) is not None for cell in cells)

    def picked(self, rows: Sequence[int]) -> Records:
        """The records with these rows only, in this order."""
        return Records(
            self.source,
            self.names,
            tuple(self.rows[i] for i in rows),
            tuple(self.lines[i] for i in rows),
            self.texts,
            self.delimiter,
        )


def refuse(problems: Sequence[Problem], source: str) -> None:
    """Raise InputError with the first twenty problems and how many more there are; nothing without any."""
    if not problems:
        return
    named = list(problems[:_MOST_NAMED])
    if len(problems) > _MOST_NAMED:
        named.append(Problem("more", f"{len(problems) - _MOST_NAMED:,} more of this kind", source))
    raise InputError(named)


def _span(low: float, high: float, above: bool) -> str:
    if low == -math.inf and high == math.inf:
        return ""
    if high == math.inf:
        return f" {'above' if above else 'from'} {low:g}{'' if above else ' on'}"
    return f" {'above' if above else 'from'} {low:g} {'and at most' if above else 'to'} {high:g}"


def _nearest(name: str, names: Sequence[str], remedy: str) -> str:
    """The nearest column, and what is said of columns anyway."""
    near = did_you_mean(name, names)
    return f"{near} {remedy}" if remedy and near.startswith("did you mean") else remedy or near
