"""A sweep: specs by learners by seeds as jobs that depend on nothing but their key, one record each, and their table.

Values only. A record and the table hold no time, no place and no order of execution: any number of workers, on one
machine or many, gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from scoper.domain.cell import Bounds, Fault, Measurement, SeedReturn
from scoper.domain.probe import ProbePlan
from scoper.domain.questionnaire import Value, digest_of
from scoper.domain.returns import ReturnSummary

FORMAT = 1
BOUNDS = "bounds"
_UNFIT = re.compile(r"[^A-Za-z0-9_]+")


class CellKey(Value):
    """All that a cell's measurement depends on. code: digest of the code that the spec names, where it names some.

    learner: None for floors and exact solution. number: the seed's number, from 0. seed: what every random number of
    the sweep depends on. learning_steps: timesteps of a seed, None for what the budget buys.
    """

    spec: str
    code: str = ""
    learner: str | None = None
    number: int = 0
    seed: int = 0
    budget: str
    budget_s: float
    learning_steps: int | None = None

    @property
    def file_name(self) -> str:
        """Name of the one file that holds the cell's record, the same for the same key."""
        digest = digest_of({"format": FORMAT, **self.model_dump(mode="json")})[:8]
        part = BOUNDS if self.learner is None else f"{_UNFIT.sub('-', self.learner)}-{self.number}"
        return f"{self.spec}-{part}-{digest}.cell.json"


class Job(Value):
    """A cell to measure: its key and the plan of the child that measures it."""

    key: CellKey
    plan: ProbePlan


class CellRecord(Value):
    """What a cell came to, as its file holds it. log: end of what a failed cell wrote to its stdout and stderr.

    sources: of floors and optimum, the files that `key.code` stands for with their digests.
    """

    format: Literal[1] = 1
    key: CellKey
    measurement: Measurement
    versions: Mapping[str, str] = {}
    log: str = ""
    sources: Mapping[str, str] = {}

    @property
    def failed(self) -> bool:
        """Whether there is a fault instead of a measurement."""
        return isinstance(self.measurement, Fault)


class Interval(Value):
    """An estimate with its 95 % interval; without one where there is a single seed, or where all seeds are the same."""

    estimate: float
    low: float | None = None
    high: float | None = None


class Row(Value):
    """One learner on one spec. seeds: how many were measured; failed: how many cells could not be.

    unfit: how many were not, since the learner does not take the spec's observations and actions. iqm: interquartile
    mean of the seeds' returns, from eight seeds on with a percentile bootstrap interval; mean: with Student's.
    estimator: which of the two the row shows and gap_share is made of. floor and ceiling are names. gap_share:
    (estimate - floor) / (ceiling - floor), None where nothing lies between them. cut: seeds that the clock stopped
    before their timesteps. reason: why nothing was measured, where nothing had to be.
    """

    spec: str
    digest: str
    learner: str
    seeds: int
    failed: int
    unfit: int = 0
    cut: int = 0
    iqm: Interval | None = None
    mean: Interval | None = None
    estimator: Literal["interquartile mean", "mean"] = "mean"
    floor: str = ""
    floor_return: float | None = None
    ceiling: str = ""
    ceiling_return: float | None = None
    gap_share: Interval | None = None
    reason: str = ""


class SpecSummary(Value):
    """One spec of a sweep. missing: learners that would apply if their extra were installed.

    note: why floors and optimum were measured in part only. paces: classes of speed in which its cells found the
    environment (see `SeedReturn`), slowest first.
    """

    name: str
    digest: str
    source: str
    criterion: str = ""
    returns: Mapping[str, ReturnSummary] = {}
    missing: tuple[str, ...] = ()
    paces: tuple[float | None, ...] = ()
    note: str = ""
    findings: tuple[str, ...] = ()


class CellSummary(Value):
    """One cell in the table of all cells: its file and what it came to."""

    file: str
    spec: str
    learner: str | None
    number: int
    state: Literal["measured", "nothing", "unfit", "failed"]
    mean: float | None = None
    code: str = ""
    claim: str = ""
    remedy: str = ""


class SweepTable(Value):
    """The outcome of a sweep; its JSON is sweep.json and what `scoper sweep --json` prints.

    versions: package to every version that any cell was made with, so more than one says that they differ.
    """

    format: Literal[1] = 1
    seed: int
    seeds: tuple[int, ...]
    budget: str
    budget_s: float
    learning_steps: int | None = None
    specs: tuple[SpecSummary, ...]
    rows: tuple[Row, ...]
    cells: tuple[CellSummary, ...]
    versions: Mapping[str, tuple[str, ...]] = {}

    @property
    def failed(self) -> int:
        """How many cells have a fault."""
        return self.count("failed")

    def count(self, state: str) -> int:
        """How many cells are in `state`."""
        return sum(cell.state == state for cell in self.cells)

    def document(self) -> dict[str, Any]:
        """The table as plain JSON values."""
        return self.model_dump(mode="json")


def summary_of_cell(record: CellRecord) -> CellSummary:
    """The record on one line."""
    found, key = record.measurement, record.key
    told: dict[str, Any] = {"state": "measured"}
    if isinstance(found, Fault):
        told = {"state": "failed", "code": found.code, "claim": found.claim, "remedy": found.remedy}
    elif isinstance(found, SeedReturn):
        told["mean"] = found.mean
    elif not isinstance(found, Bounds):
        told = {"state": "nothing" if found.fits else "unfit", "claim": found.reason}
    return CellSummary(file=key.file_name, spec=key.spec, learner=key.learner, number=key.number, **told)
