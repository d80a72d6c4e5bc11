"""A user's own decision table, read from CSV, as the table that rules are checked in.

The header names inputs, then outputs. Outputs are marked `-> name` or `out:name`; without a mark the last column is the
output. A column marked `# name` is a note to the reader (DMN's annotation): neither input nor output. An input may
declare what it can be: `size {small, large}`, `age {0..120}`, `count {integer 0..99}`, `weight {number}`. Without that,
a column of words has the values that stand in it, and one of numbers has all of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf
from pathlib import Path

from scoper.errors import InputError, Problem, did_you_mean
from scoper.reasoning.diagram import Variable
from scoper.reasoning.rule_table import HitPolicy, Line, RuleTable, Spans
from scoper.services import csv_cells
from scoper.services.csv_grid import Cell, read_grid

MAX_WORK = 4_000_000
NUMBER_FORMS = "a number 5, a list 5, 7, a comparison >= 5, a range [150..250] ((150..250) without its ends), not(5)"
_NONE_SEEN = ("any",)
_HYPHENED = re.compile(r"(\d+(?:\.\d+)?)\s*(?:-|–|to)\s*(\d+(?:\.\d+)?)")
_OUTPUT = re.compile(r"(?:->|out\s*:)\s*(.+)", re.IGNORECASE)
_NOTE = re.compile(r"#.*")
_DECLARED = re.compile(r"(.*?)\s*\{(.*)\}")
_NUMBERS = re.compile(r"(number|integer)?\s*(?:\[?\s*(\S*?)\s*\.\.\s*(\S*?)\s*\]?)?", re.IGNORECASE)


@dataclass(frozen=True)
class _Column:
    """`declared` is what stands in braces after an input's name, None without braces."""

    name: str
    index: int
    head: Cell
    output: bool
    declared: str | None


@dataclass
class _Faults:
    source: str
    problems: list[Problem] = field(default_factory=list)

    def add(self, cell: Cell, message: str, remedy: str = "") -> None:
        self.problems.append(Problem("table-file", message, self.source, cell.line, cell.column, remedy))


def read_csv_table(path: Path, hit_policy: HitPolicy = "unique", default: str | None = None) -> RuleTable:
    """The decision table of a CSV file; its lines are named by their place in the file.

    Raises InputError with all problems of the file, each with line and column.
    """
    grid = read_grid(path)
    faults = _Faults(str(path), list(grid.problems))
    header, rows = grid.rows[0], grid.rows[1:]
    columns = _columns(header, faults)
    if not rows and not grid.problems:
        faults.add(header[0], "a header without a single line below it", "add the rules of the table")
    inputs = [column for column in columns if not column.output]
    outputs = [column for column in columns if column.output]
    if not inputs:
        faults.add(header[0], "no input column", "inputs come first, outputs are marked '-> name'")
    variables = [_variable(column, [row[column.index] for row in rows], faults) for column in inputs]
    lines = [_line(row, inputs, variables, outputs, faults) for row in rows]
    if faults.problems:
        raise InputError(sorted(faults.problems, key=lambda problem: (problem.line, problem.column)))
    return RuleTable(path.stem, tuple(variables), tuple(lines), hit_policy, default)


def assumed_words(path: Path, table: RuleTable) -> tuple[Variable, ...]:
    """The inputs of words whose values are only those that stand in their cells, because the header declares none.

    Requires that `table` was read from `path`.
    """
    columns = _columns(read_grid(path).rows[0], _Faults(str(path)))
    open_ended = {column.name for column in columns if not column.output and column.declared is None}
    words = (variable for variable in table.variables if not isinstance(variable, Spans))
    return tuple(variable for variable in words if variable.name in open_ended and variable.values != _NONE_SEEN)


def _columns(header: Sequence[Cell], faults: _Faults) -> list[_Column]:
    columns: list[_Column] = []
    marked = any(_OUTPUT.fullmatch(cell.text) for cell in header)
    read = [(index, cell) for index, cell in enumerate(header) if not _NOTE.fullmatch(cell.text)]
    for index, cell in read:
        output = _OUTPUT.fullmatch(cell.text)
        name = output.group(1).strip() if output else cell.text
        declared = None
        if not output and (match := _DECLARED.fullmatch(name)):
            name, declared = match.group(1), match.group(2).strip()
        is_output = bool(output) if marked else index == read[-1][0]
        if not name:
            faults.add(cell, f"column {index + 1} has no name")
        if any(other.name == name and other.output == is_output for other in columns):
            faults.add(cell, f"the column '{name}' stands twice", "give every column its own name")
        columns.append(_Column(name, index, cell, is_output, declared))
    return columns


def _variable(column: _Column, cells: Sequence[Cell], faults: _Faults) -> Variable:
    texts = [cell.text for cell in cells]
    numbers = _declared_numbers(column, faults)
    if numbers is not None or (column.declared is None and csv_cells.looks_numeric(texts)):
        domain, whole = numbers or ((-inf, False, inf, False), False)
        return _numeric(column, cells, domain, whole, faults)
    tests = [
        (cell, test) for cell in cells if not csv_cells.is_any(cell.text) for test in csv_cells.parts(cell.text)[1]
    ]
    if column.declared is None:
        _check_words(column, tests, faults)
        return Variable(column.name, tuple(dict.fromkeys(test for _, test in tests)) or _NONE_SEEN)
    values = tuple(dict.fromkeys(word.strip().strip("\"'") for word in re.split(r"[,|;]", column.declared)))
    for cell, test in tests:
        if test not in values:
            faults.add(cell, f"'{test}' is no value of {column.name}", did_you_mean(test, values))
    return Variable(column.name, values)


def _check_words(column: _Column, tests: Sequence[tuple[Cell, str]], faults: _Faults) -> None:
    """Refuse words that cannot be told from one another by a reader, and comparisons with what is no number."""
    first: dict[object, tuple[Cell, str]] = {}
    for cell, test in tests:
        there, other = first.setdefault(csv_cells.likeness(test), (cell, test))
        if csv_cells.looks_ordered(test):
            faults.add(cell, f"'{test}' is no test of a number", _number_form(test))
        elif other != test:
            remedy = f"write both alike, or list what {column.name} can be: {{{other}, {test}}}"
            faults.add(cell, f"'{test}' and '{other}' of line {there.line} look like one value", remedy)


def _number_form(test: str) -> str:
    """How a test of numbers is written."""
    match = _HYPHENED.fullmatch(test)
    return f"write [{match.group(1)}..{match.group(2)}]" if match else f"allowed: {NUMBER_FORMS}"


def _declared_numbers(column: _Column, faults: _Faults) -> tuple[csv_cells.Span, bool] | None:
    """The domain that braces declare, and whether it is one of whole numbers; None when they list words."""
    match = _NUMBERS.fullmatch(column.declared) if column.declared is not None else None
    if match is None or not (match.group(1) or ".." in (column.declared or "")):
        return None
    ends = []
    for text, without in ((match.group(2), -inf), (match.group(3), inf)):
        end = csv_cells.number(text) if text else without
        if end is None:
            faults.add(column.head, f"'{text}' is no finite number", "for example {0..120}")
        ends.append(without if end is None else end)
    if ends[0] > ends[1]:
        faults.add(column.head, f"the range {ends[0]:g}..{ends[1]:g} is empty")
    whole = (match.group(1) or "").lower() == "integer"
    return (ends[0], ends[0] > -inf, ends[1], ends[1] < inf), whole


def _numeric(column: _Column, cells: Sequence[Cell], domain: csv_cells.Span, whole: bool, faults: _Faults) -> Variable:
    spans = []
    for cell in cells:
        for test in csv_cells.parts(cell.text)[1] if not csv_cells.is_any(cell.text) else ():
            span = csv_cells.span_of(test)
            if span is None:
                faults.add(cell, f"'{test}' is no test of a number", _number_form(test))
            elif span[0] > span[2] or (span[0] == span[2] and not (span[1] and span[3])):
                faults.add(cell, f"the range {test} holds no number", "the smaller end comes first")
            else:
                spans.append(span)
    variable = csv_cells.spans_variable(column.name, spans, domain, whole)
    if len(variable.values) * len(cells) > MAX_WORK:
        message = f"{len(cells)} lines with {len(variable.values)} spans of {column.name} are too many to compare"
        faults.add(column.head, message, "split the table")
        return Variable(column.name, ("any",))
    return variable


def _line(
    row: Sequence[Cell],
    inputs: Sequence[_Column],
    variables: Sequence[Variable],
    outputs: Sequence[_Column],
    faults: _Faults,
) -> Line:
    when = {}
    for column, variable in zip(inputs, variables, strict=True):
        cell = row[column.index]
        if csv_cells.is_any(cell.text):
            continue
        negated, tests = csv_cells.parts(cell.text)
        if "" in tests:
            faults.add(cell, f"'{cell.text}' has an empty place in its list")
        when[variable.name] = csv_cells.chosen(variable, tests, negated)
    said = {}
    for column in outputs:
        cell = row[column.index]
        if csv_cells.is_any(cell.text):
            faults.add(cell, f"no output in the column '{column.name}'", "every line concludes something")
        said[column.name] = cell.text
    then = [text if len(outputs) == 1 else f"{name} = {text}" for name, text in said.items()]
    return Line(f"line {row[0].line}", when, ", ".join(then), said)
