"""The table of a sweep from its records: one row a learner and spec, between the floor and the ceiling of the spec.

The ceiling is the proved optimum, else the declared target, else the best return that anything reached. Rows and
numbers depend on the records alone, not on the order in which they came.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scoper.domain.cell import Bounds, Fault, NotMeasured, SeedReturn
from scoper.domain.probe import ProbePlan
from scoper.domain.sweep import CellRecord, Interval, Row, SpecSummary, SweepTable, summary_of_cell
from scoper.numerics.statistics import bootstrap_interval, interquartile_mean, mean_interval

_EQUAL = 1e-9


@dataclass(frozen=True)
class _Frame:
    """What the learners of a spec lie between."""

    floor: str = ""
    low: float | None = None
    ceiling: str = ""
    high: float | None = None

    def share(self, found: Interval) -> Interval | None:
        """(found - floor) / (ceiling - floor)."""
        if self.low is None or self.high is None or self.high - self.low <= _EQUAL * max(1.0, abs(self.high)):
            return None
        reach = self.high - self.low
        shares = [None if v is None else (v - self.low) / reach for v in (found.estimate, found.low, found.high)]
        assert shares[0] is not None
        return Interval(estimate=shares[0], low=shares[1], high=shares[2])


def tabulate(plans: Sequence[ProbePlan], seeds: Sequence[int], records: Iterable[CellRecord]) -> SweepTable:
    """The table of all `records` that belong to `plans`, specs in the plans' order, learners by name."""
    ordered = sorted(records, key=lambda record: (record.key.learner or "", record.key.number))
    of_spec = {plan.spec_digest: [r for r in ordered if r.key.spec == plan.spec_digest] for plan in plans}
    first = plans[0]
    return SweepTable(
        seed=first.seed,
        seeds=tuple(seeds),
        budget=first.budget,
        budget_s=first.budget_s,
        learning_steps=first.learning_steps,
        specs=tuple(_spec(plan, of_spec[plan.spec_digest]) for plan in plans),
        rows=tuple(row for plan in plans for row in _rows(plan, of_spec[plan.spec_digest])),
        cells=tuple(summary_of_cell(record) for found in of_spec.values() for record in found),
        versions=_versions(ordered),
    )


def _spec(plan: ProbePlan, records: Sequence[CellRecord]) -> SpecSummary:
    bounds = _bounds(records)
    told = SpecSummary(name=plan.spec.name, digest=plan.spec_digest, source=plan.spec_source)
    if bounds is None:
        return told
    serious = tuple(f"{f.severity}: {f.claim}" for f in bounds.findings if f.severity != "info")
    return told.model_copy(
        update={
            "criterion": bounds.criterion,
            "returns": bounds.returns,
            "missing": bounds.missing,
            "findings": tuple(dict.fromkeys(serious)),
        }
    )


def _bounds(records: Sequence[CellRecord]) -> Bounds | None:
    return next((r.measurement for r in records if isinstance(r.measurement, Bounds)), None)


def _rows(plan: ProbePlan, records: Sequence[CellRecord]) -> list[Row]:
    learned: dict[str, list[CellRecord]] = {}
    for record in records:
        if record.key.learner is not None:
            learned.setdefault(record.key.learner, []).append(record)
    returns = [r.measurement.mean for r in records if isinstance(r.measurement, SeedReturn)]
    bounds = _bounds(records)
    frame = _frame(bounds, returns)
    return [_row(plan, learner, cells, frame, bounds) for learner, cells in learned.items()]


def _frame(bounds: Bounds | None, learned: Sequence[float]) -> _Frame:
    """Best floor and ceiling, chosen as a probe does; a myopic policy is no floor where it is optimal."""
    if bounds is None:
        return _Frame()
    floors = {name: bounds.returns[name].mean for name in bounds.floors}
    if bounds.optimal is not None:
        ceiling, high = "optimal", bounds.optimal
    else:
        planned = {name: bounds.returns[name].mean for name in bounds.planners}
        ceiling, high = "best found", max([*learned, *floors.values(), *planned.values()], default=-np.inf)
        if bounds.target is not None and bounds.target >= high:
            ceiling, high = "declared target", bounds.target
    if "myopic" in floors and len(floors) > 1 and high - floors["myopic"] <= _EQUAL * max(1.0, abs(high)):
        del floors["myopic"]
    if not floors:
        return _Frame(ceiling=ceiling, high=float(high)) if np.isfinite(high) else _Frame()
    floor = max(floors, key=lambda name: floors[name])
    return _Frame(floor, floors[floor], ceiling, float(high))


def _row(plan: ProbePlan, learner: str, cells: Sequence[CellRecord], frame: _Frame, bounds: Bounds | None) -> Row:
    found = [cell.measurement for cell in cells if isinstance(cell.measurement, SeedReturn)]
    reasons = [cell.measurement.reason for cell in cells if isinstance(cell.measurement, NotMeasured)]
    row = Row(
        spec=plan.spec.name,
        digest=plan.spec_digest,
        learner=learner,
        seeds=len(found),
        failed=sum(isinstance(cell.measurement, Fault) for cell in cells),
        cut=sum(bool(seed.note) for seed in found),
        floor=frame.floor,
        floor_return=frame.low,
        ceiling=frame.ceiling,
        ceiling_return=frame.high,
        reason=reasons[0] if reasons else "",
    )
    if not found:
        return row
    samples = np.array([seed.mean for seed in found])
    iqm = _iqm(samples, np.random.default_rng([plan.seed, *(zlib.crc32(t.encode()) for t in (row.digest, learner))]))
    limits = (bounds.lowest, bounds.highest) if bounds else (None, None)
    return row.model_copy(update={"iqm": iqm, "mean": _mean(samples, limits), "gap_share": frame.share(iqm)})


def _iqm(samples: np.ndarray[tuple[int], np.dtype[np.float64]], rng: np.random.Generator) -> Interval:
    """Interquartile mean and its percentile bootstrap interval over seeds (Agarwal et al. 2021)."""
    if samples.size == 1:
        return Interval(estimate=float(samples[0]))
    estimate, low, high = bootstrap_interval(samples, rng, statistic=interquartile_mean)
    return Interval(estimate=estimate, low=low, high=high)


def _mean(samples: np.ndarray[tuple[int], np.dtype[np.float64]], limits: tuple[float | None, float | None]) -> Interval:
    """Mean and Student's interval over seeds, within the returns that are possible."""
    mean, low, high = mean_interval(samples)
    if samples.size == 1:
        return Interval(estimate=mean)
    lowest, highest = limits
    low = low if lowest is None else max(low, min(lowest, mean))
    high = high if highest is None else min(high, max(highest, mean))
    return Interval(estimate=mean, low=low, high=high)


def _versions(records: Iterable[CellRecord]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for record in records:
        for package, version in record.versions.items():
            found.setdefault(package, set()).add(version)
    return {package: tuple(sorted(found[package])) for package in sorted(found)}
