"""A sweep as plain text: one line per cell while it runs, and its table."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from scoper.domain.cell import Bounds, Fault, SeedReturn
from scoper.domain.sweep import SweepTable
from scoper.interfaces import console
from scoper.services.numbers import count, number
from scoper.services.sweep_fit import Unfit
from scoper.services.sweep_markdown import HEADER, cell_name, cells_of, notes, summary
from scoper.services.sweep_opening import Stale
from scoper.services.sweeping import Opening, Progress

_WIDTH = 100
_LONGEST = 36
_OF = {"code": "of other code", "spec": "of another spec", "plan": "with other options"}


def opening_line(opening: Opening, n_seeds: int, workers: str) -> str:
    """What is about to be done."""
    specs = "1 spec" if opening.specs == 1 else f"{count(opening.specs)} specs"
    if opening.cells is None:
        cells = f"{count(n_seeds)} seeds of every learner that fits" if n_seeds > 1 else "every learner that fits"
    else:
        cells = "1 cell" if opening.cells == 1 else f"{count(opening.cells)} cells"
    kept = f", {count(opening.kept)} finished before are kept" if opening.kept else ""
    return f"sweep of {specs}: {cells}{kept}; on {workers}"


def stale_line(stale: Sequence[Stale]) -> str:
    """Which finished cells are measured anew, and why; empty where there are none."""
    if not stale:
        return ""
    cells = sum(group.cells for group in stale)
    parts = []
    for group in stale:
        differs = f" ({group.differs})" if group.differs else ""
        parts.append(f"{count(group.cells)} {_OF[group.what]}{differs}")
    are = "1 finished cell is" if cells == 1 else f"{count(cells)} finished cells are"
    return f"{are} not reused: {', '.join(parts)}"


def unfit_line(unfit: Unfit) -> str:
    """Which learners will not be measured on a spec, and which could be."""
    do = "does" if len(unfit.learners) == 1 else "do"
    return f"{unfit.spec}: {', '.join(unfit.learners)} {do} not fit; what fits: {', '.join(unfit.fitting)}"


def unseen_line(spec: str) -> str:
    """What to know where a change of the code is not noticed."""
    return f"{spec}: its code is not all found, or too much to look at; cells are kept whatever changes in it"


def progress_line(progress: Progress, elapsed_s: float) -> str:
    """What to say about a cell that has its record now."""
    key, found = progress.record.key, progress.record.measurement
    what = "floors and optimum" if key.learner is None else f"{key.learner} seed {key.number}"
    if isinstance(found, Fault):
        told = f"failed: {found.code}: {found.claim}"
    elif isinstance(found, SeedReturn):
        told = number(found.mean)
    elif isinstance(found, Bounds):
        told = f"measured in part: {found.note}" if found.note else "measured"
    else:
        told = found.reason
    place = f" on {progress.where}" if progress.where else ""
    kept = " (kept)" if progress.kept else ""
    return f"{elapsed_s:7.1f} s  {progress.number}/{progress.of}  {progress.name}, {what}: {told}{kept}{place}"


def kept_words(finished: int, folder: str) -> str:
    """What an interrupted sweep leaves behind."""
    kept = "1 finished cell is" if finished == 1 else f"{count(finished) if finished else 'no'} finished cells are"
    return f"{kept} kept in {folder}; the same command goes on from there"


def table_text(table: SweepTable, folder: str) -> str:
    """The table, what to know about it, and what failed."""
    rows = [_short(cells_of(row)) for row in table.rows]
    lines = [console.emphasis(summary(table)), ""]
    lines += _grid([list(HEADER), *rows]) if rows else ["No learner was measured."]
    for paragraph in notes(table):
        lines += ["", *textwrap.wrap(paragraph, _WIDTH)]
    failed = [cell for cell in table.cells if cell.state == "failed"]
    if failed:
        lines += ["", f"{count(len(failed))} failed; the same command tries them again:"]
    for cell in failed:
        text = f"{cell_name(cell, table.specs)}: {cell.code}: {cell.claim}"
        lines += textwrap.wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="    ")
    return "\n".join([*lines, "", f"Written to {folder}: sweep.md, sweep.json, cells/"])


def _short(cells: Sequence[str]) -> list[str]:
    return [cell if len(cell) <= _LONGEST else cell[: _LONGEST - 1] + "…" for cell in cells]


def _grid(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
