"""A linear or mixed-integer programme from a CSV table or an MPS file.

The CSV has the columns row, sense, rhs and one for every variable; sense is max or min (the goal), <=, >= or =, or
lower, upper and type (type: real, int or bin). MPS is read in its free form, with OBJSENSE, RANGES and BOUNDS.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from scoper.domain.records import Records, refuse
from scoper.domain.text import shown
from scoper.errors import InputError, Problem, did_you_mean
from scoper.numerics.programme import Programme
from scoper.services.check_records import read_records
from scoper.services.strict_yaml import read_text

MAX_CELLS = 5_000_000
MAX_MPS_BYTES = 16 * 1024 * 1024
_FIRST = ("row", "sense", "rhs")
_SENSES = ("max", "min", "<=", ">=", "=", "lower", "upper", "type")
_TYPES = {"": False, "real": False, "continuous": False, "int": True, "integer": True, "bin": True, "binary": True}
_CODE = "programme"


def read_programme(path: Path) -> Programme:
    """The programme of a file; raises InputError with every problem and its place."""
    if path.suffix.lower() == ".mps":
        return _Mps(path).read()
    return _from_table(read_records(path))


def _from_table(records: Records) -> Programme:
    records.require(_FIRST, "the columns are row, sense, rhs and one for every variable")
    variables = tuple(name for name in records.names if name not in _FIRST)
    if not variables:
        raise InputError(Problem(_CODE, "no column for a variable", records.source, 1, 1))
    problems: list[Problem] = []
    senses = records.column("sense")
    for i, sense in enumerate(senses):
        if sense not in _SENSES:
            problems.append(
                records.problem(i, "sense", (f"'{shown(sense, 20)}' is no sense"), f"allowed: {', '.join(_SENSES)}")
            )
    goals = [i for i, sense in enumerate(senses) if sense in ("max", "min")]
    if len(goals) != 1:
        problems.append(Problem(_CODE, f"{len(goals)} goals, one is needed", records.source, 1, 1, "a row max or min"))
    refuse(problems, records.source)
    kept = [i for i, sense in enumerate(senses) if sense in ("<=", ">=", "=")]
    table = np.array([_cells(records, i, variables, problems) for i in kept]).reshape(len(kept), len(variables))
    cost = np.array(_cells(records, goals[0], variables, problems))
    rhs = np.array([_number(records, i, "rhs", None, problems) for i in kept])
    sense_of = [senses[i] for i in kept]
    low, high, whole = _ends(records, senses, variables, problems)
    refuse(problems, records.source)
    return Programme(
        records.source,
        senses[goals[0]] == "max",
        variables,
        tuple(records.column("row")[i] or f"row {records.lines[i]}" for i in kept),
        cost,
        table,
        np.array([b if s != "<=" else -math.inf for b, s in zip(rhs, sense_of, strict=True)]),
        np.array([b if s != ">=" else math.inf for b, s in zip(rhs, sense_of, strict=True)]),
        low,
        high,
        whole,
        tuple(records.lines[i] for i in kept),
    )


def _ends(
    records: Records, senses: tuple[str, ...], variables: tuple[str, ...], problems: list[Problem]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    low, high = np.zeros(len(variables)), np.full(len(variables), math.inf)
    whole = np.zeros(len(variables), dtype=np.bool_)
    for i, sense in enumerate(senses):
        for j, name in enumerate(variables):
            cell = records.column(name)[i].lower()
            if sense == "lower" and cell:
                low[j] = -math.inf if cell in ("-inf", "free") else _number(records, i, name, 0.0, problems)
            if sense == "upper" and cell:
                high[j] = math.inf if cell == "inf" else _number(records, i, name, 0.0, problems)
            if sense == "type":
                if cell not in _TYPES:
                    words = f"'{shown(cell, 20)}' is no type"
                    problems.append(records.problem(i, name, words, "allowed: real, int, bin"))
                whole[j] = _TYPES.get(cell, False)
                if cell in ("bin", "binary"):
                    high[j] = min(high[j], 1.0)
    for j, name in enumerate(variables):
        if low[j] > high[j]:
            problems.append(
                Problem(_CODE, (f"{shown(name, 40)} is from {low[j]:g} to {high[j]:g}: empty"), records.source)
            )
    return low, high, whole


def _cells(records: Records, row: int, variables: tuple[str, ...], problems: list[Problem]) -> list[float]:
    return [_number(records, row, name, 0.0, problems) for name in variables]


def _number(records: Records, row: int, name: str, empty: float | None, problems: list[Problem]) -> float:
    cell = records.column(name)[row]
    if not cell and empty is not None:
        return empty
    value = records.number_of(cell)
    if value is None:
        problems.append(records.problem(row, name, f"'{shown(cell, 40)}' in {shown(name, 40)} is no number"))
        return 0.0
    return value


@dataclass
class _Mps:
    """A reader of the free form of MPS: words between blanks, a section begins where a line is not indented."""

    path: Path
    problems: list[Problem] = field(default_factory=list)
    maximise: bool = False
    goal: str = ""
    rows: dict[str, tuple[str, int]] = field(default_factory=dict)
    entries: dict[str, dict[str, float]] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)
    rhs: dict[str, float] = field(default_factory=dict)
    ranges: dict[str, float] = field(default_factory=dict)
    low: dict[str, float] = field(default_factory=dict)
    high: dict[str, float] = field(default_factory=dict)
    marked: bool = False

    def read(self) -> Programme:
        section = ""
        text = read_text(self.path, MAX_MPS_BYTES)
        if not text.strip():
            raise InputError(Problem(_CODE, "the file is empty", str(self.path)))
        for number, line in enumerate(text.splitlines(), start=1):
            if not line.strip() or line.startswith("*"):
                continue
            words = line.split()
            if not line[0].isspace():
                section = words[0].upper()
                if section == "OBJSENSE" and len(words) > 1:
                    self.maximise = words[1].upper().startswith("MAX")
                if section == "ENDATA":
                    break
                continue
            self._line(section, words, number)
        if not self.goal or not self.entries:
            self._add(1, "no goal (a row N) or no variable", "sections ROWS, COLUMNS, RHS, BOUNDS, ENDATA")
        refuse(self.problems, str(self.path))
        return self._made()

    def _add(self, line: int, message: str, remedy: str = "") -> None:
        self.problems.append(Problem(_CODE, message, str(self.path), line, 1, remedy))

    def _line(self, section: str, words: list[str], number: int) -> None:
        if section == "OBJSENSE":
            self.maximise = words[0].upper().startswith("MAX")
        elif section == "ROWS":
            self._row(words, number)
        elif section == "COLUMNS":
            self._column(words, number)
        elif section in ("RHS", "RANGES"):
            into = self.rhs if section == "RHS" else self.ranges
            pairs = words[len(words) % 2 :]
            for name, value in zip(pairs[::2], pairs[1::2], strict=True):
                if self._known(name, number):
                    into[name] = self._value(value, number)
        elif section == "BOUNDS":
            self._bound(words, number)
        elif section != "NAME":
            self._add(number, f"the section '{shown(section, 20)}' is not read", "linear programmes only")

    def _row(self, words: list[str], number: int) -> None:
        if len(words) != 2 or words[0].upper() not in ("N", "L", "G", "E"):
            self._add(number, f"'{shown(' '.join(words), 40)}' is no row", "N, L, G or E, and a name")
        elif words[0].upper() == "N" and not self.goal:
            self.goal = words[1]
        elif words[0].upper() != "N":
            self.rows[words[1]] = (words[0].upper(), number)

    def _column(self, words: list[str], number: int) -> None:
        if len(words) >= 3 and "MARKER" in words[1].upper():
            self.marked = "INTORG" in words[2].upper()
            return
        if len(words) % 2 == 0:
            self._add(number, "a variable, and pairs of a row and a number, belong here")
            return
        into = self.entries.setdefault(words[0], {})
        if self.marked:
            self.whole.add(words[0])
        for name, value in zip(words[1::2], words[2::2], strict=True):
            if self._known(name, number):
                into[name] = self._value(value, number)

    def _bound(self, words: list[str], number: int) -> None:
        kind, rest = words[0].upper(), words[1:]
        takes = 0 if kind in ("FR", "MI", "PL", "BV") else 1
        name = rest[-1 - takes] if len(rest) > takes else ""
        if name not in self.entries:
            self._add(number, f"there is no variable '{shown(name, 40)}'", did_you_mean(name, self.entries))
            return
        value = self._value(rest[-1], number) if takes else 0.0
        if kind in ("UP", "UI", "FX", "BV"):
            self.high[name] = 1.0 if kind == "BV" else value
        if kind in ("LO", "LI", "FX"):
            self.low[name] = value
        if kind in ("FR", "MI"):
            self.low[name] = -math.inf
        if kind in ("BV", "UI", "LI"):
            self.whole.add(name)

    def _known(self, name: str, number: int) -> bool:
        if name == self.goal or name in self.rows:
            return True
        self._add(number, f"there is no row '{shown(name, 40)}'", did_you_mean(name, [self.goal, *self.rows]))
        return False

    def _value(self, word: str, number: int) -> float:
        try:
            value = float(word)
        except ValueError:
            value = math.nan
        if math.isnan(value):
            self._add(number, f"'{shown(word, 40)}' is no number")
            return 0.0
        return value

    def _made(self) -> Programme:
        names, rows = tuple(self.entries), tuple(self.rows)
        if len(names) * max(1, len(rows)) > MAX_CELLS:
            message = f"{len(rows)} rows of {len(names)} variables are too many for this check"
            raise InputError(Problem("too-large", message, str(self.path), remedy="give a small instance"))
        table = np.zeros((len(rows), len(names)))
        place = {name: i for i, name in enumerate(rows)}
        for j, entries in enumerate(self.entries.values()):
            for name, value in entries.items():
                if name in place:
                    table[place[name], j] = value
        ends = [self._row_ends(name) for name in rows]
        return Programme(
            str(self.path),
            self.maximise,
            names,
            rows,
            np.array([entries.get(self.goal, 0.0) for entries in self.entries.values()]),
            table,
            np.array([low for low, _ in ends]),
            np.array([high for _, high in ends]),
            np.array([self.low.get(name, 0.0) for name in names]),
            np.array([self.high.get(name, math.inf) for name in names]),
            np.array([name in self.whole for name in names], dtype=np.bool_),
            tuple(line for _, line in self.rows.values()),
        )

    def _row_ends(self, name: str) -> tuple[float, float]:
        kind, b, span = self.rows[name][0], self.rhs.get(name, 0.0), self.ranges.get(name)
        if kind == "L":
            return (-math.inf if span is None else b - abs(span)), b
        if kind == "G":
            return b, (math.inf if span is None else b + abs(span))
        if span is None:
            return b, b
        return (b, b + span) if span > 0 else (b + span, b)
