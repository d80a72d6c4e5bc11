"""What the checks on past cases share: the input columns, the decision, the order in time."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from scoper.checks import Given, Param
from scoper.domain.checks import Fault, Quantity
from scoper.domain.decision import Basis
from scoper.domain.records import MISSING, Records, refuse
from scoper.domain.text import shown
from scoper.errors import InputError, Problem
from scoper.numerics.case_columns import Codes, Column, coded, column_of, groups_of, is_identifier
from scoper.numerics.statistics import share_interval

DECISION = Param("decision", "column", "The column that was decided; without it the last one.")
IGNORE = Param("ignore", "columns", "Columns that are no inputs, separated by commas.")
INPUTS = Param("inputs", "columns", "The inputs, separated by commas; without it all columns but the decision.")
SEED = Param("seed", "whole", "Every random number depends on it.", 0, low=0)
MOST_CLASSES, MOST_INPUTS = 50, 200
_MONTH = re.compile(r"\d{4}-\d{2}")
LEAST_CASES = 10


def cross_validated(folds: int) -> tuple[Param, ...]:
    """The parameters of a check that leaves parts of the cases out; `folds` parts unless the user says otherwise."""
    parts = Param("folds", "whole", "Parts of the cross-validation.", folds, low=2, high=50)
    return DECISION, IGNORE, INPUTS, parts, SEED


@dataclass(frozen=True)
class Cases:
    """N past cases: input columns, the decision of each as a code into `names`, and what was left out."""

    records: Records
    inputs: tuple[Column, ...]
    decisions: Codes
    names: tuple[str, ...]
    target: str
    faults: tuple[Fault, ...]

    def __len__(self) -> int:
        return len(self.records)

    @property
    def groups(self) -> Codes:
        """(N,) numbers of groups of cases with the same inputs."""
        return groups_of(self.inputs, len(self))

    def columns(self, rows: Codes) -> tuple[Column, ...]:
        """The inputs of some cases."""
        return tuple(column.picked(rows) for column in self.inputs)


def cases_of(given: Given, *, also_not: Sequence[str] = ()) -> Cases:
    """The cases of the input `cases` with the columns that DECISION, IGNORE and INPUTS name.

    A column in which every cell differs and that only numbers or names its row, and one that says when the case was,
    are left out with a remark, unless INPUTS names them or nothing else is left. Raises InputError for columns that do
    not exist, cases without a decision, one decision only, or more than fifty.
    """
    records = given.records("cases")
    target = given.get("decision", records.names[-1])
    ignored, named = given.get("ignore", ()), given.get("inputs", ())
    records.require([target, *ignored, *named])
    cells = records.column(target)
    empty = [records.problem(i, target, f"no decision in {target}") for i, cell in enumerate(cells) if not cell]
    refuse(empty, records.source)
    decisions, names = coded(cells)
    _refuse_decisions(records, target, names)
    wanted = [n for n in (named or records.names) if n != target and n not in ignored and n not in also_not]
    identifiers = [] if named else [name for name in wanted if is_identifier(records, name)]
    dates = [] if named else [name for name in wanted if name not in identifiers and is_time(records, name)]
    left_out = {*identifiers, *dates} if len(wanted) > len(identifiers) + len(dates) else {*identifiers}
    if len(wanted) > MOST_INPUTS:
        message = f"{len(wanted):,} input columns, the most is {MOST_INPUTS}"
        remedy = "name those that people look at with --inputs"
        raise InputError(Problem("cases-wide", message, records.source, 1, 1, remedy))
    inputs = tuple(column_of(records, name) for name in wanted if name not in left_out)
    if not inputs:
        message = f"no input column is left beside {target}"
        raise InputError(Problem("cases-file", message, records.source, 1, 1, "name them with --inputs"))
    faults = [_left_out(records, name) for name in identifiers]
    faults += [_time_hint(given, records, name, name in left_out) for name in dates]
    return Cases(records, inputs, decisions, names, target, tuple(faults))


def _refuse_decisions(records: Records, target: str, names: tuple[str, ...]) -> None:
    line, column = records.place(0, target)
    if len(records) < LEAST_CASES:
        message = f"{len(records)} cases are too few, {LEAST_CASES} are the least"
        raise InputError(Problem("cases-few", message, records.source, line, 1, "export some 200 past cases"))
    if len(names) < 2:
        message = f"every case has the same {target}: '{shown(names[0], 40)}'"
        raise InputError(Problem("cases-one", message, records.source, line, column, "name another with --decision"))
    if len(names) > MOST_CLASSES:
        message = f"{target} has {len(names):,} different values, the most is {MOST_CLASSES}"
        remedy = "name the column that was decided with --decision, or group its values"
        raise InputError(Problem("cases-many", message, records.source, line, column, remedy))


def _left_out(records: Records, name: str) -> Fault:
    claim = f"{name} names its row and was left out of the inputs"
    return Fault(
        code="identifier", severity="info", claim=claim, source=records.source, line=1, remedy=f"--inputs {name},..."
    )


def is_time(records: Records, name: str) -> bool:
    """Whether a column says when: every cell an ISO date, in order of the rows or most of them different."""
    moments = [moment_of(cell) for cell in records.column(name)]
    known = [moment for moment in moments if moment is not None]
    if len(known) < len(moments) or len(set(known)) < 3:
        return False
    in_order = all(a <= b for a, b in pairwise(known)) or all(a >= b for a, b in pairwise(known))
    return in_order or len(set(known)) > len(known) / 2


def _time_hint(given: Given, records: Records, name: str, left_out: bool) -> Fault:
    ordered = f"--time {name} puts the cases in its order; " if "time" in given.values else ""
    said = (
        "was left out of the inputs"
        if left_out
        else "was taken for an input as no other is left, so that cases of different days are never alike"
    )
    return Fault(
        code="looks_like_time", severity="info" if left_out else "caution", source=records.source, line=1,
        claim=f"{name} looks like a date and {said}",
        remedy=f"{ordered}--inputs {name},... if people decide by it",
    )  # fmt: skip


def share_of(name: str, hits: int, n: int, words: str, basis: Basis = "measured") -> Quantity:
    """A share with its exact interval (Clopper and Pearson 1934, 95 %)."""
    value, low, high = share_interval(hits, n)
    return Quantity(name=name, value=value, low=low, high=high, unit="share", basis=basis, words=words)


def in_time_order(records: Records, column: str | None) -> Codes:
    """(N,) rows from early to late by a column of dates or numbers, or as they stand in the file.

    Raises InputError with the place of every cell that is neither a number nor an ISO date.
    """
    if column is None:
        return np.arange(len(records))
    records.require([column])
    if records.is_numeric(column) and not any(cell.lower() in MISSING for cell in records.column(column)):
        return np.argsort(records.numbers(column), kind="stable")
    moments = np.empty(len(records))
    bad = []
    for row, cell in enumerate(records.column(column)):
        moment = moment_of(cell)
        if moment is None:
            words = f"'{shown(cell, 40)}' in {column} is no date"
            bad.append(records.problem(row, column, words, "write 2026-03-31, 2026-03 or 2026-03-31T14:05"))
            continue
        moments[row] = moment
    refuse(bad, records.source)
    return np.argsort(moments, kind="stable")


def moment_of(cell: str) -> float | None:
    """Days since 1970 of an ISO date or month; None for anything else. A time without a zone counts as UTC."""
    try:
        moment = datetime.datetime.fromisoformat(f"{cell}-01" if _MONTH.fullmatch(cell) else cell)
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or datetime.UTC).timestamp() / 86_400.0
