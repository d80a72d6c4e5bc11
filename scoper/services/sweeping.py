"""Running a sweep: which cells there are, which of them are measured already, and what is written when all are.

Every cell has one file, named by all that it depends on and written as soon as it is measured. A sweep that was
interrupted, or lost cells, goes on where it stood: valid files are kept, torn ones and failed cells are done again.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from scoper.domain.cell import Bounds
from scoper.domain.probe import ProbePlan
from scoper.domain.sweep import CellRecord, Job, SweepTable
from scoper.errors import Problem, StorageError, UsageError, did_you_mean
from scoper.services.files import lock, write_atomic
from scoper.services.sweep_code import UNKNOWN
from scoper.services.sweep_engines import Engine
from scoper.services.sweep_fit import Unfit, unfit_of
from scoper.services.sweep_jobs import code_of, job_of
from scoper.services.sweep_markdown import markdown
from scoper.services.sweep_opening import Current, Stale, finished, stale_of
from scoper.services.sweep_table import tabulate

CELLS, TABLE, REPORT = "cells", "sweep.json", "sweep.md"
MOST_SEEDS = 10_000


@dataclass(frozen=True)
class Wishes:
    """learners: ids, None for all that a probe would try first. retry: whether failed cells are done again."""

    learners: tuple[str, ...] | None
    seeds: tuple[int, ...]
    retry: bool = True


@dataclass(frozen=True)
class Progress:
    """A cell that has its record now: the `number`-th of `of` known ones. kept: it had one before; where: a machine."""

    name: str
    record: CellRecord
    number: int
    of: int
    kept: bool
    where: str = ""


@dataclass(frozen=True)
class Opening:
    """How a sweep begins. cells: None until it is known which learners fit; kept: those that are finished already.

    stale: finished cells that are measured anew. unfit: learners that are known not to fit before anything runs.
    unseen: specs of whose code it is not known whether it changed.
    """

    specs: int
    cells: int | None
    kept: int
    stale: tuple[Stale, ...] = ()
    unfit: tuple[Unfit, ...] = ()
    unseen: tuple[str, ...] = ()


def read_seeds(text: str) -> tuple[int, ...]:
    """Seed numbers from `N` (0 to N-1), a list `0,3,7` or ranges `0-4,9`; raises UsageError for anything else."""
    remedy = "for example --seeds 5, --seeds 0,3,7 or --seeds 0-4"
    parts = [part.strip() for part in text.split(",")]
    try:
        if len(parts) == 1 and "-" not in text:
            found = list(range(int(text)))
        else:
            found = [number for part in parts if part for number in _range(part)]
    except ValueError:
        raise UsageError(Problem("seeds", f"'{text}' names no seeds", remedy=remedy)) from None
    if not found or len(found) > MOST_SEEDS or min(found) < 0 or max(found) >= 2**31:
        raise UsageError(Problem("seeds", f"'{text}' gives no seeds, or too many of them", remedy=remedy))
    return tuple(sorted(set(found)))


def _range(part: str) -> range:
    first, dash, last = part.partition("-")
    if not dash:
        return range(int(first), int(first) + 1)
    if int(last) - int(first) > MOST_SEEDS:
        raise ValueError
    return range(int(first), int(last) + 1)


def read_learners(text: str | None) -> tuple[str, ...] | None:
    """The ids in `a,b`; None for None. Raises UsageError with every id that is no learner's."""
    if text is None:
        return None
    from scoper.baselines import discover

    known = sorted(baseline.id for baseline in discover()[0] if baseline.kind == "learner")
    ids = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    wrong = [Problem("learner", f"'{i}' is no learner", remedy=did_you_mean(i, known)) for i in ids if i not in known]
    if wrong or not ids:
        raise UsageError(wrong or [Problem("learner", "--learners names none", remedy=f"allowed: {', '.join(known)}")])
    return ids


def sweep(
    plans: Sequence[ProbePlan],
    wishes: Wishes,
    folder: Path,
    engine: Engine,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    on_open: Callable[[Opening], None] = lambda opening: None,
) -> SweepTable:
    """Measure every cell that `folder` does not hold yet, write the table and the report there, return the table.

    `on_open` hears once, before anything runs, how much is to be done and which finished cells cannot be used.
    Failed cells are rows of the table, not exceptions. Raises StorageError when the folder holds something else, is
    used by another sweep or cannot be written.
    """
    plans = tuple({plan.spec_digest: plan for plan in plans}.values())
    _open(folder)
    with lock(folder / TABLE):
        run = _Run(plans, wishes, folder / CELLS, on_progress)
        on_open(run.opening())
        if waiting := run.admitted(run.first_jobs()):
            engine(waiting, run.done)
        table = tabulate(plans, wishes.seeds, run.records.values())
        write_atomic(folder / TABLE, json_text(table.document()), overwrite=True)
        write_atomic(folder / REPORT, markdown(table), overwrite=True)
    return table


def json_text(document: object) -> str:
    """`document` as the files here hold it: the same value, the same bytes."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _open(folder: Path) -> None:
    """Make the folder of a sweep, or take one that holds nothing of somebody else's under our names."""
    with _as_storage_error(folder):
        if folder.exists() and not folder.is_dir():
            raise StorageError(Problem("folder-file", "this is a file, not a folder", str(folder)))
        (folder / CELLS).mkdir(parents=True, exist_ok=True)
        table, report = folder / TABLE, folder / REPORT
        foreign = report if report.exists() and not table.exists() else None
        if table.exists():
            try:
                SweepTable.model_validate_json(table.read_bytes())
            except ValidationError:
                foreign = table
    if foreign is not None:
        remedy = "name another folder, or move the file away"
        raise StorageError(
            Problem("sweep-taken", "the file is no sweep's and is not overwritten", str(foreign), remedy=remedy)
        )


@contextlib.contextmanager
def _as_storage_error(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(Problem("folder", error.strerror or str(error), str(error.filename or path))) from None


@dataclass
class _Run:
    """One run of a sweep: the records so far, and which jobs they make possible."""

    plans: Sequence[ProbePlan]
    wishes: Wishes
    cells: Path
    on_progress: Callable[[Progress], None]
    records: dict[str, CellRecord] = field(default_factory=dict)
    known: int = 0

    def __post_init__(self) -> None:
        self._codes = {plan.spec_digest: code_of(plan) for plan in self.plans}
        self._plans = {plan.spec_digest: plan for plan in self.plans}

    def first_jobs(self) -> list[Job]:
        """The jobs that need no other's outcome: bounds first, so that a broken spec is seen early."""
        jobs = [self._job(plan, None, 0) for plan in self.plans]
        for learner in self.wishes.learners or ():
            jobs += [self._job(plan, learner, number) for plan in self.plans for number in self.wishes.seeds]
        return jobs

    def opening(self) -> Opening:
        """What the folder holds before anything is measured."""
        learners, seeds = self.wishes.learners, set(self.wishes.seeds)
        current = {
            spec: Current(self._job(plan, None, 0).key, self._codes[spec].files) for spec, plan in self._plans.items()
        }
        records = finished(self.cells)
        usable = [r for r in records if r.key.spec in current and current[r.key.spec].has(r.key)]
        of_spec = {spec: learners for spec in current}
        if learners is None:
            of_spec |= {r.key.spec: r.measurement.learners for r in usable if isinstance(r.measurement, Bounds)}
        sizes = [None if ids is None else 1 + len(ids) * len(seeds) for ids in of_spec.values()]
        kept = 0
        for key in (record.key for record in usable):
            ids = of_spec[key.spec]
            kept += key.learner is None or (key.number in seeds and (ids is None or key.learner in ids))
        cells = None if None in sizes else sum(size for size in sizes if size is not None)
        unfit = unfit_of(self._plans.values(), learners or ())
        unseen = tuple(plan.spec.name for spec, plan in self._plans.items() if self._codes[spec].digest == UNKNOWN)
        return Opening(len(current), cells, kept, stale_of(records, current, learners, seeds), unfit, unseen)

    def admitted(self, jobs: Sequence[Job]) -> list[Job]:
        """Those of `jobs`, and of what they make possible, that have no valid record yet; the others are taken over."""
        self.known += len(jobs)
        waiting = []
        for job in jobs:
            record = self._kept(job)
            if record is None:
                waiting.append(job)
            else:
                waiting += self._taken(job, record, kept=True, where="")
        return waiting

    def done(self, job: Job, record: CellRecord, where: str) -> list[Job]:
        """Keep a record that was measured now; returns what is to be measured because of it."""
        path = self.cells / job.key.file_name
        if job.key.learner is None:
            record = record.model_copy(update={"sources": self._codes[job.key.spec].files})
        write_atomic(path, json_text(record.model_dump(mode="json")), overwrite=True)
        return self._taken(job, record, kept=False, where=where)

    def _taken(self, job: Job, record: CellRecord, *, kept: bool, where: str) -> list[Job]:
        self.records[job.key.file_name] = record
        plan, found = self._plans[job.key.spec], record.measurement
        further: list[Job] = []
        if self.wishes.learners is None and isinstance(found, Bounds):
            further = [self._job(plan, learner, n) for learner in found.learners for n in self.wishes.seeds]
        of = self.known + len(further)
        self.on_progress(Progress(plan.spec.name, record, len(self.records), of, kept, where))
        return self.admitted(further)

    def _kept(self, job: Job) -> CellRecord | None:
        """The record in the cell's file; None when there is none, it is torn, or it failed and is tried again."""
        path = self.cells / job.key.file_name
        try:
            record = CellRecord.model_validate_json(path.read_bytes())
        except (FileNotFoundError, ValidationError):
            return None
        except OSError as error:
            raise StorageError(Problem("unreadable", error.strerror or str(error), str(path))) from None
        if record.key != job.key or (record.failed and self.wishes.retry):
            return None
        return record

    def _job(self, plan: ProbePlan, learner: str | None, number: int) -> Job:
        return job_of(plan, self._codes[plan.spec_digest].digest, learner, number)
