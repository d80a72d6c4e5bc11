"""What the child does, stage by stage: contract, solve, floors, learn, diagnose."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scoper.baselines import Baseline, Outcome, discover
from scoper.diagnostics import Evidence, diagnose
from scoper.domain.episodes import Episodes, Exploration
from scoper.domain.findings import Finding
from scoper.domain.probe import GapShare, ProbeResult, ReturnSummary
from scoper.domain.tabular import TabularMdp
from scoper.domain.text import shown
from scoper.modelling.faults import EnvironmentFault, OutOfTime
from scoper.probe import result as assemble
from scoper.probe.exact import ExactSolution, solve
from scoper.probe.exploring import explore
from scoper.probe.objectives import objective_values, untested
from scoper.probe.places import place_of_error
from scoper.probe.prepare import Prepared, prepare
from scoper.probe.session import Session, learning_ends
from scoper.probe.verdict import decide

_FALLBACK_SHARE = 0.35
_WORTH_TRYING = 0.15


@dataclass
class _Progress:
    """What the stages have come to so far."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    learners: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    limits: assemble.Limits = field(default_factory=assemble.Limits)
    exploration: Exploration | None = None
    used_deep: bool = False


def run_stages(session: Session) -> ProbeResult:
    """Probe the plan's spec; a broken contract ends it early with a result that says so."""
    progress, prepared = _Progress(), None
    try:
        session.stage("contract", session.plan.spec.name)
        prepared = prepare(session)
        return _measure(session, prepared, progress)
    except EnvironmentFault as fault:
        session.found(fault.finding())
        return _conclude(session, prepared, progress, None)
    except OutOfTime:
        session.found(_out_of_time(session))
        return _conclude(session, prepared, progress, None)


def _measure(session: Session, prepared: Prepared, progress: _Progress) -> ProbeResult:
    task, solution = prepared.task, None
    baselines, broken = discover()
    for plug_in in broken:
        claim = f"the baseline plug-in '{plug_in.name}' cannot be used: {plug_in.reason}"
        session.found(Finding(code="broken_plug_in", severity="info", claim=claim, remedy="update or remove it"))
    session.stage("solve", "exact" if task.table is not None else "no table: nothing to solve exactly")
    if task.table is not None:
        with session.own_work():
            solution = solve(task, is_environment=prepared.is_environment)
        if solution.proved:
            progress.limits = assemble.Limits(solution.worst + 0.0, solution.optimal, proved=True)
        for name, summary in solution.returns.items():
            session.measured(name, summary)
    session.stage("floors")
    compared = [b for b in baselines if b.kind != "learner" and b.applies_to(task)]
    for place, baseline in enumerate(compared):
        session.progress("floors", place, len(compared), doing=baseline.id)
        _run(session, prepared, baseline, progress)
    session.progress("floors", len(compared), len(compared))
    progress.exploration = explore(task, session, progress.outcomes)
    session.stage("learn")
    session.stops("learn", *learning_ends(session.plan, task.target))
    _learn(session, prepared, [b for b in baselines if b.kind == "learner" and b.applies_to(task)], progress)
    session.stage("diagnose")
    return _conclude(session, prepared, progress, solution)


def _learn(session: Session, prepared: Prepared, learners: list[Baseline], progress: _Progress) -> None:
    """Every learner that applies; a fallback only when the others have shown nothing, may yet, and time is left."""
    from scoper.baselines._deep import deep_available

    lacking = [] if deep_available() else [b for b in learners if b.extra == "deep"]
    missing = [b.id for b in lacking if b.needs_extra(prepared.task)]
    fallbacks = [b for b in learners if b.fallback]
    able = [b for b in learners if not b.fallback and b.id not in missing]
    if unable := [b.id for b in learners if not b.fallback and b.id in missing]:
        session.found(_missing_extra(unable, any_learns=bool(able)))
    reserve = _FALLBACK_SHARE if any(b.id not in missing for b in fallbacks) else 0.0
    for baseline in able:
        session.reserved_s = reserve * max(session.left_s(), 0.0)
        _run(session, prepared, baseline, progress)
    session.reserved_s = 0.0
    for baseline in fallbacks:
        in_time = session.left_s() >= _WORTH_TRYING * session.plan.budget_s
        if _clearly_learned(progress) or not in_time or _is_hopeless(prepared, progress):
            return
        if baseline.id in missing:
            session.found(_missing_extra([baseline.id], any_learns=bool(able)))
        else:
            _run(session, prepared, baseline, progress)


def _missing_extra(ids: list[str], *, any_learns: bool) -> Finding:
    rest = "so only the other learners were tried" if any_learns else "so nothing was learned here"
    return Finding(
        code="missing_extra",
        severity="caution",
        claim=f"{', '.join(ids)} cannot run without the extra 'deep', {rest}",
        remedy="pip install 'problem-scoper[deep]'",
    )


def _is_hopeless(prepared: Prepared, progress: _Progress) -> bool:
    """Whether what is known already excludes that another learner would show something."""
    return any(f.severity == "blocker" for f in diagnose(_evidence(prepared, progress, None, None, {})))


def _clearly_learned(progress: _Progress) -> bool:
    floors = [o.summary.high for name, o in progress.outcomes.items() if name not in progress.learners]
    return any(progress.outcomes[name].summary.low > max(floors) for name in progress.learners)


def _run(session: Session, prepared: Prepared, baseline: Baseline, progress: _Progress) -> None:
    try:
        outcomes = baseline.run(prepared.task, session)
    except (EnvironmentFault, OutOfTime, MemoryError):
        raise
    except Exception as error:
        if _came_from_environment(error) or baseline.kind != "learner":
            raise
        session.found(_learner_failed(baseline, error))
        return
    if prepared.seen is not None and not progress.limits.proved and prepared.task.evaluation_discount == 1.0:
        progress.limits = assemble.Limits(*prepared.seen.bounds(prepared.task.horizon))
    for name, found in outcomes.items():
        outcome = assemble.within(found, progress.limits)
        progress.outcomes[name] = outcome
        if baseline.kind == "learner":
            progress.learners.append(name)
            made_with = baseline.extra if outcome.extra is None else outcome.extra
            progress.used_deep = progress.used_deep or made_with == "deep"
        if baseline.kind == "reference":
            progress.references.append(name)
        if outcome.note:
            progress.notes.append(outcome.note)
        session.measured(name, outcome.summary)


def _came_from_environment(error: BaseException) -> bool:
    """Whether the environment was being asked when `error` was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    return any(Path(frame.filename).parts[-2:] == ("probe", "watched.py") for frame in frames)


def _learner_failed(baseline: Baseline, error: Exception) -> Finding:
    place = place_of_error(error, Path())
    where = f", at {place}" if place else ""
    return Finding(
        code="learner_failed",
        severity="caution",
        claim=f"{baseline.id} cannot learn here: {type(error).__name__}: {shown(str(error), 200)}{where}",
        remedy="wrap the environment's spaces into what the learner takes",
    )


def _out_of_time(session: Session) -> Finding:
    return Finding(
        code="budget_exhausted",
        severity="caution",
        claim=f"the budget of {session.plan.budget_s:g} s was used up in the middle of a measurement",
        remedy="a larger --budget, or a faster environment",
    )


def _conclude(
    session: Session, prepared: Prepared | None, progress: _Progress, solution: ExactSolution | None
) -> ProbeResult:
    plan, outcomes = session.plan, progress.outcomes
    task = prepared.task if prepared else None
    complete = prepared is not None and not any(f.severity == "blocker" for f in session.findings)
    optimal = solution.optimal if solution and solution.proved else None
    target = task.target if task else None
    share = assemble.gap_share(outcomes, progress.learners, optimal, target, progress.limits)
    wanted = objective_values(session, task, outcomes, solution) if task and complete else {}
    if prepared and complete and (missing := untested(prepared.task, prepared.seen)):
        wanted = {}
        session.found(missing)
    evidence = _evidence(prepared, progress, solution, share, wanted) if prepared else Evidence()
    if complete:
        for finding in diagnose(evidence):
            session.found(finding)
    verdict, because = decide(evidence, session.findings)
    returns = {name: outcome.summary for name, outcome in outcomes.items()}
    returns |= solution.returns if solution else {}
    cost = assemble.cost_of(task, outcomes, share) if task else None
    best = "optimal" if "optimal" in wanted else evidence.best_learner
    objective = assemble.objective_summary(
        plan.spec.objective, wanted, best, solution.best_objective if solution else None
    )
    table = task.table if task else None
    return ProbeResult(
        spec={"name": plan.spec.name, "digest": plan.spec_digest},
        verdict=verdict,
        because=because,
        criterion=prepared.criterion() if prepared else "no return was measured",
        findings=tuple(session.findings),
        returns=returns,
        gap_share=share,
        objective=objective,
        cost=cost,
        solutions=solution.solutions if solution else (),
        curves=tuple(curve for outcome in outcomes.values() for curve in outcome.curves),
        mdp=prepared.summary if prepared else None,
        policy=_policy_rows(table, solution),
        basis=assemble.basis_of(returns, share, objective, cost),
        provenance=assemble.provenance(plan, progress.used_deep),
    )


def _policy_rows(table: TabularMdp | None, solution: ExactSolution | None) -> tuple[tuple[str, str], ...]:
    if table is None or solution is None:
        return ()
    return assemble.shown_policy(table, solution.shown, timed=solution.timed)


def _evidence(
    prepared: Prepared,
    progress: _Progress,
    solution: ExactSolution | None,
    share: GapShare | None,
    wanted: Mapping[str, float],
) -> Evidence:
    task, outcomes = prepared.task, progress.outcomes
    proof = solution if solution and solution.proved else None
    return Evidence(
        table=task.table if task.table is not None and task.table.is_exact else None,
        horizon=task.horizon,
        discount=task.discount,
        returns={name: outcome.summary for name, outcome in outcomes.items()} | _proved(solution),
        samples={name: outcome.samples for name, outcome in outcomes.items()},
        last={name: outcome.last for name, outcome in outcomes.items() if outcome.last},
        episodes=_episodes(outcomes),
        learners=tuple(progress.learners),
        references=tuple(progress.references),
        optimal=proof.optimal if proof else None,
        worst=proof.worst if proof else None,
        target=task.target,
        gap_share=share,
        objective_declared=task.objective is not None,
        objective=wanted,
        best_objective=solution.best_objective if solution else None,
        discounted_loss=solution.discounted_loss if solution else None,
        actions_matter=prepared.actions_matter,
        alike=prepared.alike,
        exploration=progress.exploration,
        stepped=prepared.seen.stepped() if prepared.seen else None,
        replays=prepared.replays,
        limit_is_own=prepared.limit_is_own,
        observation_magnitudes=prepared.observation_magnitudes,
        notes=tuple(progress.notes),
    )


def _proved(solution: ExactSolution | None) -> dict[str, ReturnSummary]:
    return {"optimal": solution.returns["optimal"]} if solution else {}


def _episodes(outcomes: Mapping[str, Outcome]) -> dict[str, Episodes]:
    """Every set of episodes that was sampled, also of candidates that were not chosen."""
    chosen = {name: outcome.episodes for name, outcome in outcomes.items() if outcome.episodes is not None}
    return chosen | {f"{name}/tried": outcome.tried for name, outcome in outcomes.items() if outcome.tried is not None}
