"""What the child does, stage by stage: contract, solve, floors, learn, diagnose."""

from __future__ import annotations

import numpy as np

from scoper.baselines import discover
from scoper.diagnostics import Evidence, diagnose
from scoper.domain.conduct import Conduct
from scoper.domain.findings import Finding
from scoper.domain.probe import ProbeResult
from scoper.domain.repairs import Diagnosis
from scoper.domain.tabular import TabularMdp
from scoper.modelling.faults import EnvironmentFault, OutOfTime
from scoper.probe import result as assemble
from scoper.probe.auditing import play
from scoper.probe.certificates import Shown, certify, with_wanted
from scoper.probe.conduct import conduct_of
from scoper.probe.doctor.table import doctor_table
from scoper.probe.evidence import evidence_of
from scoper.probe.exact import ExactSolution, solve
from scoper.probe.exploring import explore
from scoper.probe.inference import improvement_of, projection_of, worth_of
from scoper.probe.learning import learn, with_bars
from scoper.probe.objectives import objective_summary, objective_values, unspoken, untested
from scoper.probe.prepare import Prepared, prepare
from scoper.probe.progress import Progress, run_baseline
from scoper.probe.repairing import diagnosis_of
from scoper.probe.robustness import robustness_of
from scoper.probe.session import Session
from scoper.probe.state_maps import state_maps
from scoper.probe.verdict import REWARD_DEFECTS, decide


def run_stages(session: Session) -> ProbeResult:
    """Probe the plan's spec; a broken contract ends it early with a result that says so."""
    progress, prepared = Progress(), None
    try:
        session.stage("contract", session.plan.spec.name)
        prepared = prepare(session)
        return _measure(session, prepared, progress)
    except EnvironmentFault as fault:
        if not fault.known:
            session.found(fault.finding())
        return _conclude(session, prepared, progress, None)
    except OutOfTime:
        session.found(_out_of_time(session))
        return _conclude(session, prepared, progress, None)


def _measure(session: Session, prepared: Prepared, progress: Progress) -> ProbeResult:
    task, solution = prepared.task, None
    baselines, broken = discover()
    for plug_in in broken:
        claim = plug_in.sentence("baseline")
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
    order = {"floor": 0, "reference": 0, "planner": 1}
    compared = [b for b in baselines if b.kind in order and b.applies_to(task)]
    compared.sort(key=lambda b: (order[b.kind], b.fallback))
    for place, baseline in enumerate(compared):
        session.progress("floors", place, len(compared), doing=baseline.id)
        if not baseline.superfluous(progress.outcomes):
            progress.keep(session, prepared, baseline, run_baseline(session, prepared, baseline))
    session.progress("floors", len(compared), len(compared))
    progress.exploration = explore(task, session, progress.outcomes)
    if task.table is None:
        progress.played = play(task, session, evidence_of(prepared, progress, None, None, {}))
    optimal = solution.optimal if solution is not None and solution.proved else None
    prepared = with_bars(prepared, progress, optimal)
    decided = bool(progress.played) and _is_defective(prepared, progress)
    session.stage("learn", "nothing: the reward is defective, whatever learns" if decided else "")
    wants_learners = not (session.plan.audit_only or decided)
    learners = [b for b in baselines if b.kind == "learner" and b.applies_to(task) and wants_learners]
    learn(session, prepared, learners, progress, optimal, lambda: _is_hopeless(prepared, progress))
    session.stage("diagnose")
    if not (session.plan.audit_only or decided):  # nobody needs to know what disturbs a policy that is not wanted
        progress.robustness = robustness_of(session, prepared, progress, solution)
    return _conclude(session, prepared, progress, solution)


def _is_hopeless(prepared: Prepared, progress: Progress) -> bool:
    """Whether what is known already excludes that another learner would show something, or proves it drowned."""
    found = diagnose(evidence_of(prepared, progress, None, None, {}))
    return any(
        f.severity == "blocker" or (f.defect == "noise_dominated" and f.evidence.get("basis") == "proved")
        for f in found
    )


def _is_defective(prepared: Prepared, progress: Progress) -> bool:
    """Whether policies that were followed show already that the reward pays for something else."""
    found = diagnose(evidence_of(prepared, progress, None, None, {}))
    return any(finding.severity == "blocker" and finding.defect in REWARD_DEFECTS for finding in found)


def _out_of_time(session: Session) -> Finding:
    return Finding(
        code="budget_exhausted",
        severity="caution",
        claim=f"the budget of {session.plan.budget_s:g} s was used up in the middle of a measurement",
        remedy="a larger --budget, or a faster environment",
    )


def _conclude(
    session: Session, prepared: Prepared | None, progress: Progress, solution: ExactSolution | None
) -> ProbeResult:
    plan, outcomes = session.plan, progress.outcomes
    task = prepared.task if prepared else None
    complete = prepared is not None and not any(f.severity == "blocker" for f in session.findings)
    optimal = solution.optimal if solution and solution.proved else None
    target = task.target if task else None
    learner = Evidence(
        returns={name: outcomes[name].summary for name in progress.learners},
        learners=tuple(progress.learners),
        decisions=progress.decisions,
    ).best_learner
    found = (*progress.learners, *progress.planners)
    rng = np.random.default_rng(session.seeds("inference", 4))
    share = assemble.gap_share(outcomes, learner, found, optimal, target, progress.limits, rng)
    wanted = objective_values(session, task, outcomes, solution) if task and complete else {}
    missing = untested(prepared.task, prepared.seen) if prepared and complete else None
    evidence = evidence_of(prepared, progress, solution, share, wanted) if prepared else Evidence()
    if missing is not None:
        session.found(missing)
        evidence, wanted = unspoken(evidence), {}
    handed = Shown()
    if prepared and complete:
        evidence, handed = with_wanted(session, prepared, evidence, solution)
    if complete:
        for finding in diagnose(evidence):
            session.found(finding)
    verdict, because = decide(evidence, session.findings)
    if prepared and complete:
        handed = certify(session, prepared, evidence, solution, verdict, handed)
    returns = {name: outcome.summary for name, outcome in outcomes.items()}
    returns |= solution.returns if solution else {}
    cost = assemble.cost_of(task, outcomes, share) if task else None
    decision = progress.decisions.get(learner or "")
    improvement = improvement_of(outcomes[share.learner], share) if share else None
    projection = projection_of(outcomes[share.learner], share, target, rng) if share else None
    worth = worth_of(evidence)
    objective = objective_summary(plan.spec.objective, wanted, evidence, solution)
    table = task.table if task else None
    return ProbeResult(
        spec={"name": plan.spec.name, "digest": plan.spec_digest},
        verdict=verdict,
        because=because,
        criterion=prepared.criterion() if prepared else "no return was measured",
        findings=tuple(session.findings),
        doctor=doctor_table(session),
        returns=returns,
        gap_share=share,
        decision=decision,
        decisions=progress.decisions,
        improvement=improvement,
        projection=projection,
        worth=worth,
        objective=objective,
        cost=cost,
        solutions=solution.solutions if solution else (),
        curves=tuple(curve for outcome in outcomes.values() for curve in outcome.curves),
        mdp=prepared.summary if prepared else None,
        policy=_policy_rows(table, solution),
        maps=state_maps(table, solution),
        behaviour=_conduct(session, evidence) if complete else None,
        robustness=progress.robustness,
        certificates=handed.certificates,
        traces=handed.traces,
        basis=assemble.basis_of(returns, share, objective, cost)
        | assemble.inferred_basis(decision, improvement, projection, worth),
        provenance=assemble.provenance(plan, progress.used_deep),
        diagnosis=_for_repairs(session, evidence),
    )


def _conduct(session: Session, evidence: Evidence) -> Conduct | None:
    with session.own_work():
        return conduct_of(evidence)


def _for_repairs(session: Session, evidence: Evidence) -> Diagnosis | None:
    """What the parent needs in order to look for repairs; nothing where it does not ask."""
    plan = session.plan
    if not plan.repairs and not plan.audit_only:
        return None
    with session.own_work():
        return diagnosis_of(plan.spec, evidence, session.findings, plan.repairs)


def _policy_rows(table: TabularMdp | None, solution: ExactSolution | None) -> tuple[tuple[str, str], ...]:
    if table is None or solution is None:
        return ()
    return assemble.shown_policy(table, solution.shown, timed=solution.timed)
