"""One cell of a sweep, measured in the child: one seed of one learner, or everything that does not learn.

A seed of a cell is the same as that seed of a whole probe with as many timesteps: its random numbers come from the
plan's seed and its own number alone. It takes all the timesteps of the budget's last rung unless it reaches a declared
target; what a cell says holds no time, and faults of the environment or the learner are values, not crashes.
"""

from __future__ import annotations

import math

from scoper.baselines import Baseline, Outcome, Task, discover
from scoper.domain.cell import Bounds, CellMeasured, CellPlan, Fault, Measurement, NotMeasured, SeedReturn
from scoper.errors import did_you_mean
from scoper.modelling.faults import EnvironmentFault, OutOfTime
from scoper.probe import result as assemble
from scoper.probe.exact import solve
from scoper.probe.prepare import Prepared, prepare
from scoper.probe.progress import Progress, run_baseline
from scoper.probe.session import Session
from scoper.probe.spending import efforts_on

_SHARE = 0.6
"""Of the budget that learning may take by nominal speeds, as in a probe of a single learner."""

_LARGER = "a larger --budget, or a faster environment"


def run_cell(session: Session, cell: CellPlan) -> CellMeasured:
    """The measurement of `cell`; what is wrong with the environment or the learner is a `Fault`.

    Raises what the environment's own code raises, for the child to name the line.
    """
    progress = Progress()
    try:
        session.stage("contract", session.plan.spec.name)
        prepared = prepare(session)
        if cell.learner is None:
            measurement: Measurement = _bounds(session, prepared, progress)
        else:
            measurement = _seed(session, prepared, progress, cell.learner, cell.seed)
    except EnvironmentFault as fault:
        measurement = Fault(code=fault.code, claim=fault.claim, remedy=fault.remedy)
    except OutOfTime:
        measurement = Fault(code="budget_exhausted", claim=_used_up(session), remedy=_LARGER)
    versions = assemble.provenance(session.plan, progress.used_deep)["versions"]
    return CellMeasured(measurement=measurement, versions=versions)


def _bounds(session: Session, prepared: Prepared, progress: Progress) -> Bounds:
    """Exact solution, floors, references and planners, and which learners apply."""
    from scoper.baselines._deep import lacks_extra

    task, solution = prepared.task, None
    session.stage("solve", "exact" if task.table is not None else "no table: nothing to solve exactly")
    if task.table is not None:
        with session.own_work():
            solution = solve(task, is_environment=prepared.is_environment)
        if solution.proved:
            progress.limits = assemble.Limits(solution.worst + 0.0, solution.optimal, proved=True)
    session.stage("floors")
    applying = [baseline for baseline in discover()[0] if baseline.applies_to(task)]
    note = _compare(session, prepared, progress, [b for b in applying if b.kind != "learner"])
    if note and not (progress.outcomes or solution):
        raise OutOfTime
    outcomes, limits = progress.outcomes, progress.limits
    others = {*progress.references, *progress.planners}
    learners = [baseline for baseline in applying if baseline.kind == "learner"]
    lacking = {b.id for b in learners if lacks_extra(b, task)}
    return Bounds(
        returns={name: outcome.summary for name, outcome in outcomes.items()} | (solution.returns if solution else {}),
        floors=tuple(name for name in outcomes if name not in others),
        planners=tuple(progress.planners),
        optimal=solution.optimal if solution and solution.proved else None,
        lowest=limits.low if math.isfinite(limits.low) else None,
        highest=limits.high if math.isfinite(limits.high) else None,
        target=task.target,
        pace=_class_of(task),
        learners=tuple(b.id for b in learners if not b.fallback and b.id not in lacking),
        others=tuple(b.id for b in learners if b.fallback and b.id not in lacking),
        missing=tuple(b.id for b in learners if not b.fallback and b.id in lacking),
        criterion=prepared.criterion(),
        findings=tuple(session.findings),
        note=note,
    )


def _compare(session: Session, prepared: Prepared, progress: Progress, compared: list[Baseline]) -> str:
    """Measure what does not learn, planners last; returns why some of it was not measured, else an empty text."""
    try:
        for baseline in sorted(compared, key=lambda b: b.kind == "planner"):
            progress.keep(session, prepared, baseline, run_baseline(session, prepared, baseline))
    except OutOfTime:
        return _used_up(session)
    return ""


def _used_up(session: Session) -> str:
    return f"the budget of {session.plan.budget_s:g} s was used up in the middle of a measurement"


def _seed(session: Session, prepared: Prepared, progress: Progress, learner: str, seed: int) -> Measurement:
    """What this seed comes to."""
    from scoper.baselines._deep import lacks_extra

    known = {baseline.id: baseline for baseline in discover()[0] if baseline.kind == "learner"}
    if learner not in known:
        claim = f"no learner here is called '{learner}'"
        return Fault(code="unknown_learner", claim=claim, remedy=did_you_mean(learner, known))
    baseline = known[learner]
    if not baseline.applies_to(prepared.task):
        applying = [b for b in known.values() if b.applies_to(prepared.task) and not lacks_extra(b, prepared.task)]
        fitting = ", ".join(b.id for b in sorted(applying, key=lambda b: (b.fallback, b.id)))
        others = f"; what fits: {fitting}" if fitting else ""
        return NotMeasured(reason=f"{learner} does not take these observations and actions{others}", fits=False)
    if lacks_extra(baseline, prepared.task):
        claim = f"{learner} cannot run here without the extra '{baseline.extra}'"
        return Fault(code="missing_extra", claim=claim, remedy=f"pip install 'problem-scoper[{baseline.extra}]'")
    return _learned(session, prepared, progress, baseline, seed)


def _learned(session: Session, prepared: Prepared, progress: Progress, baseline: Baseline, seed: int) -> Measurement:
    session.batch, session.first_seeds, session.most_seeds = range(seed, seed + 1), 1, 1
    session.effort = efforts_on(session.plan, prepared.task)[-1]
    session.share = _SHARE
    session.stage("learn", f"{baseline.id} seed {seed}")
    outcomes = run_baseline(session, prepared, baseline)
    for failure in session.findings:
        if failure.code == "learner_failed":
            return Fault(code=failure.code, claim=failure.claim, remedy=failure.remedy)
    if not outcomes:
        return NotMeasured(reason=f"{baseline.id} has nothing to learn here: a constant action is optimal")
    outcome = outcomes.get(baseline.id) or next(iter(outcomes.values()))
    made_with = baseline.extra if outcome.extra is None else outcome.extra
    progress.used_deep = made_with in ("deep", "contrib")
    return _of_seed(outcome, seed, _class_of(prepared.task))


def _class_of(task: Task) -> float | None:
    return task.pace if math.isfinite(task.pace) else None


def _of_seed(outcome: Outcome, seed: int, pace: float | None) -> SeedReturn:
    """The one seed of `outcome`; of a learner that knows no batches, the seed with that number."""
    place = 0 if len(outcome.samples) == 1 else seed
    curve = outcome.curves[place] if place < len(outcome.curves) else None
    return SeedReturn(
        mean=outcome.samples[place],
        last=outcome.last[place] if place < len(outcome.last) else None,
        steps=outcome.steps // len(outcome.samples),
        curve_steps=curve.steps if curve else (),
        curve_returns=curve.returns if curve else (),
        objective=outcome.objective if len(outcome.samples) == 1 else None,
        policy=outcome.words,
        note=outcome.note,
        pace=pace,
    )
