"""One cell of a sweep, measured in the child: one seed of one learner, or everything that does not learn.

A seed of a cell is the same as that seed of a whole probe: its random numbers come from the plan's seed and its own
number alone. What a cell says holds no time; faults of the environment or the learner are values, not crashes.
"""

from __future__ import annotations

import math
import traceback
from pathlib import Path

from scoper.baselines import Baseline, Outcome, discover
from scoper.domain.cell import Bounds, CellMeasured, CellPlan, Fault, Measurement, NotMeasured, SeedReturn
from scoper.domain.text import shown
from scoper.errors import did_you_mean
from scoper.modelling.faults import EnvironmentFault, OutOfTime
from scoper.probe import result as assemble
from scoper.probe.exact import ExactSolution, solve
from scoper.probe.places import place_of_error
from scoper.probe.prepare import Prepared, prepare
from scoper.probe.session import Session


def run_cell(session: Session, cell: CellPlan) -> CellMeasured:
    """The measurement of `cell`; what is wrong with the environment or the learner is a `Fault`.

    Raises what the environment's own code raises, for the child to name the line.
    """
    used_deep = False
    try:
        session.stage("contract", session.plan.spec.name)
        prepared = prepare(session)
        if cell.learner is None:
            measurement: Measurement = _bounds(session, prepared)
        else:
            measurement, used_deep = _seed(session, prepared, cell.learner, cell.seed)
    except EnvironmentFault as fault:
        measurement = Fault(code=fault.code, claim=fault.claim, remedy=fault.remedy)
    except OutOfTime:
        claim = f"the budget of {session.plan.budget_s:g} s was used up in the middle of a measurement"
        measurement = Fault(code="budget_exhausted", claim=claim, remedy="a larger --budget, or a faster environment")
    versions = assemble.provenance(session.plan, used_deep)["versions"]
    return CellMeasured(measurement=measurement, versions=versions)


def _bounds(session: Session, prepared: Prepared) -> Bounds:
    """Exact solution, floors, references and planners, and which learners apply."""
    from scoper.baselines._deep import lacks_extra

    task, solution = prepared.task, None
    baselines, _ = discover()
    session.stage("solve", "exact" if task.table is not None else "no table: nothing to solve exactly")
    if task.table is not None:
        with session.own_work():
            solution = solve(task, is_environment=prepared.is_environment)
    session.stage("floors")
    outcomes: dict[str, Outcome] = {}
    names: dict[str, list[str]] = {"floor": [], "reference": [], "planner": []}
    applying = [baseline for baseline in baselines if baseline.applies_to(task)]
    for baseline in applying:
        if baseline.kind != "learner":
            found = baseline.run(task, session)
            outcomes |= found
            names[baseline.kind] += found
    limits = _limits(prepared, solution)
    outcomes = {name: assemble.within(outcome, limits) for name, outcome in outcomes.items()}
    learners = [baseline for baseline in applying if baseline.kind == "learner"]
    lacking = {b.id for b in learners if lacks_extra(b, task)}
    return Bounds(
        returns={name: outcome.summary for name, outcome in outcomes.items()} | (solution.returns if solution else {}),
        floors=tuple(names["floor"]),
        planners=tuple(names["planner"]),
        optimal=solution.optimal if solution and solution.proved else None,
        lowest=limits.low if math.isfinite(limits.low) else None,
        highest=limits.high if math.isfinite(limits.high) else None,
        target=task.target,
        learners=tuple(b.id for b in learners if not b.fallback and b.id not in lacking),
        others=tuple(b.id for b in learners if b.fallback and b.id not in lacking),
        missing=tuple(b.id for b in learners if not b.fallback and b.id in lacking),
        criterion=prepared.criterion(),
        findings=tuple(session.findings),
    )


def _limits(prepared: Prepared, solution: ExactSolution | None) -> assemble.Limits:
    """Returns beyond which none is possible."""
    if solution is not None and solution.proved:
        return assemble.Limits(solution.worst + 0.0, solution.optimal, proved=True)
    if prepared.seen is not None and prepared.task.evaluation_discount == 1.0:
        return assemble.Limits(*prepared.seen.bounds(prepared.task.horizon))
    return assemble.Limits()


def _seed(session: Session, prepared: Prepared, learner: str, seed: int) -> tuple[Measurement, bool]:
    """What this seed comes to, and whether the optional packages made it."""
    baselines, _ = discover()
    learners = {baseline.id: baseline for baseline in baselines if baseline.kind == "learner"}
    baseline = learners.get(learner)
    if baseline is None:
        claim = f"no learner here is called '{learner}'"
        return Fault(code="unknown_learner", claim=claim, remedy=did_you_mean(learner, learners)), False
    if not baseline.applies_to(prepared.task):
        return NotMeasured(reason=f"{learner} does not take these observations and actions"), False
    if _lacks_extra(baseline, prepared):
        claim = f"{learner} cannot run here without the extra '{baseline.extra}'"
        return Fault(code="missing_extra", claim=claim, remedy=f"pip install 'problem-scoper[{baseline.extra}]'"), False
    session.batch, session.first_seeds, session.most_seeds = range(seed, seed + 1), 1, 1
    session.stage("learn", f"{learner} seed {seed}")
    try:
        outcomes = baseline.run(prepared.task, session)
    except (EnvironmentFault, OutOfTime, MemoryError):
        raise
    except Exception as error:
        if _came_from_environment(error):
            raise
        return _learner_failed(learner, error), False
    if not outcomes:
        return NotMeasured(reason=f"{learner} has nothing to learn here: a constant action is optimal"), False
    outcome = outcomes.get(learner) or next(iter(outcomes.values()))
    return _of_seed(outcome, seed), (baseline.extra if outcome.extra is None else outcome.extra) in ("deep", "contrib")


def _of_seed(outcome: Outcome, seed: int) -> SeedReturn:
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
    )


def _lacks_extra(baseline: Baseline, prepared: Prepared) -> bool:
    from scoper.baselines._deep import lacks_extra

    return lacks_extra(baseline, prepared.task)


def _came_from_environment(error: BaseException) -> bool:
    """Whether the environment was being asked when `error` was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    return any(Path(frame.filename).parts[-2:] == ("probe", "watched.py") for frame in frames)


def _learner_failed(learner: str, error: Exception) -> Fault:
    place = place_of_error(error, Path())
    where = f", at {place}" if place else ""
    claim = f"{learner} cannot learn here: {type(error).__name__}: {shown(str(error), 200)}{where}"
    return Fault(code="learner_failed", claim=claim, remedy="wrap the environment's spaces into what the learner takes")
