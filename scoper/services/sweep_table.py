"""The table of a sweep from its records: one row a learner and spec, between the floor and the ceiling of the spec.

Floor, ceiling and gap share are a probe's own (`scoper.probe.result.gap_share`); all learners of a spec share its
ceiling. Rows and numbers depend on the records alone, not on the order in which they came.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from scoper.baselines import Outcome
from scoper.baselines._rollout import interval_summary
from scoper.domain.cell import Bounds, Fault, NotMeasured, SeedReturn
from scoper.domain.probe import GapShare, ProbePlan
from scoper.domain.sweep import CellRecord, Interval, Row, SpecSummary, SweepTable, summary_of_cell
from scoper.numerics.improvement import stratified_bootstrap
from scoper.numerics.statistics import interquartile_mean
from scoper.probe.result import Limits, gap_share, within

MANY = 8
"""Seeds from which on a row is the interquartile mean with a bootstrap interval; with fewer that is too narrow."""

_SAME = 1e-9
"""Of the largest return: seeds that differ by less differ by rounding."""


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
    found = {r.measurement.pace for r in records if isinstance(r.measurement, Bounds | SeedReturn)}
    paces = tuple(sorted(found, key=lambda pace: math.inf if pace is None else pace))
    told = SpecSummary(name=plan.spec.name, digest=plan.spec_digest, source=plan.spec_source, paces=paces)
    if bounds is None:
        return told
    serious = tuple(f"{f.severity}: {f.claim}" for f in bounds.findings if f.severity != "info")
    return told.model_copy(
        update={
            "criterion": bounds.criterion,
            "returns": bounds.returns,
            "missing": bounds.missing,
            "note": bounds.note,
            "findings": tuple(dict.fromkeys(serious)),
        }
    )


def _bounds(records: Sequence[CellRecord]) -> Bounds | None:
    return next((r.measurement for r in records if isinstance(r.measurement, Bounds)), None)


def _rows(plan: ProbePlan, records: Sequence[CellRecord]) -> list[Row]:
    cells: dict[str, list[CellRecord]] = {}
    for record in records:
        if record.key.learner is not None:
            cells.setdefault(record.key.learner, []).append(record)
    bounds = _bounds(records) or Bounds(returns={})
    outcomes = {name: Outcome(summary, (summary.mean,)) for name, summary in bounds.returns.items()}
    learned = {learner: found for learner, of in cells.items() if (found := _outcome(of, bounds)) is not None}
    return [_row(plan, learner, cells[learner], bounds, outcomes | learned, tuple(learned)) for learner in cells]


def _limits(bounds: Bounds) -> Limits:
    low = -math.inf if bounds.lowest is None else bounds.lowest
    high = math.inf if bounds.highest is None else bounds.highest
    return Limits(low, high, proved=bounds.optimal is not None)


def _outcome(cells: Sequence[CellRecord], bounds: Bounds) -> Outcome | None:
    """All measured seeds of a learner as a probe would report them; None when there is none."""
    samples = tuple(cell.measurement.mean for cell in cells if isinstance(cell.measurement, SeedReturn))
    return within(Outcome(interval_summary(samples, ""), samples), _limits(bounds)) if samples else None


def _row(
    plan: ProbePlan,
    learner: str,
    cells: Sequence[CellRecord],
    bounds: Bounds,
    outcomes: Mapping[str, Outcome],
    learned: tuple[str, ...],
) -> Row:
    reasons = [cell.measurement.reason for cell in cells if isinstance(cell.measurement, NotMeasured)]
    row = Row(
        spec=plan.spec.name,
        digest=plan.spec_digest,
        learner=learner,
        seeds=len(outcomes[learner].samples) if learner in learned else 0,
        failed=sum(isinstance(cell.measurement, Fault) for cell in cells),
        unfit=sum(isinstance(cell.measurement, NotMeasured) and not cell.measurement.fits for cell in cells),
        cut=sum(isinstance(cell.measurement, SeedReturn) and bool(cell.measurement.note) for cell in cells),
        reason=reasons[0] if reasons else "",
    )
    if learner not in learned:
        return row
    rng = np.random.default_rng([plan.seed, *(zlib.crc32(text.encode()) for text in (row.digest, learner))])
    found, summary = (*learned, *bounds.planners), outcomes[learner].summary
    share = gap_share(outcomes, learner, found, bounds.optimal, bounds.target, _limits(bounds), rng)
    samples = outcomes[learner].samples
    mean = Interval(estimate=summary.mean, low=_known(summary.low), high=_known(summary.high))
    spread = _have_spread(samples)
    return row.model_copy(
        update={
            "iqm": _iqm(samples, rng),
            "mean": mean if spread else Interval(estimate=summary.mean),
            "estimator": "interquartile mean" if len(samples) >= MANY else "mean",
            **_between(share, bounds, has_interval=spread),
        }
    )


def _have_spread(samples: Sequence[float]) -> bool:
    """Whether an interval can be made of the seeds: seeds that all return the same would give one without width.

    That a spread was not seen does not show that there is none, least of all with two seeds.
    """
    return max(samples) - min(samples) > _SAME * max(map(abs, samples))


def _iqm(samples: Sequence[float], rng: np.random.Generator) -> Interval:
    """The interquartile mean; with its percentile bootstrap interval where enough seeds are not all the same."""
    if len(samples) < MANY or not _have_spread(samples):
        return Interval(estimate=interquartile_mean(samples))
    estimate, low, high = stratified_bootstrap([samples], rng)
    return Interval(estimate=estimate, low=low, high=high)


def _between(share: GapShare | None, bounds: Bounds, *, has_interval: bool) -> dict[str, object]:
    """Floor, ceiling and gap share of a row; without a share what is known of the two."""
    if share is None:
        floors = {name: bounds.returns[name].mean for name in bounds.floors}
        floor = max(floors, key=lambda name: floors[name], default="")
        ceiling = "" if bounds.optimal is None else "optimal"
        known = {"floor": floor, "floor_return": floors.get(floor)}
        return {**known, "ceiling": ceiling, "ceiling_return": bounds.optimal}
    return {
        "floor": share.floor,
        "floor_return": share.floor_return,
        "ceiling": share.ceiling,
        "ceiling_return": share.ceiling_return,
        "gap_share": Interval(
            estimate=share.estimate,
            low=_known(share.low) if has_interval else None,
            high=_known(share.high) if has_interval else None,
        ),
    }


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _versions(records: Iterable[CellRecord]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for record in records:
        for package, version in record.versions.items():
            found.setdefault(package, set()).add(version)
    return {package: tuple(sorted(found[package])) for package in sorted(found)}
