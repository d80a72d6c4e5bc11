"""After learning: how much of the best policy's advantage over the floors would survive in a world a little different.

Exact on a spec's arrays, measured on fresh episodes where there is only an environment. What it costs follows from the
plan and the environment's class of speed; what is too dear is left out and said.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scoper.baselines import Outcome
from scoper.diagnostics.learner_beats_floors import tolerance
from scoper.domain.mdp import EnvironmentSpec, MdpSpec
from scoper.domain.numbers import number
from scoper.domain.robustness import RobustnessRow, RobustnessSummary
from scoper.modelling.arrays import has_arrays
from scoper.modelling.faults import EnvironmentFault, OutOfTime
from scoper.numerics.statistics import student_quantile
from scoper.probe.evidence import idle_number
from scoper.probe.exact import ExactSolution
from scoper.probe.prepare import Prepared
from scoper.probe.progress import Progress
from scoper.probe.robustness_arrays import WORK, Arrays
from scoper.probe.robustness_parameters import varied_kwargs
from scoper.probe.robustness_stepping import Disturbance, Stepping, disturbances, same_spaces, scaled_actions
from scoper.probe.session import Session

SECONDS = {"quick": 4.0, "standard": 20.0, "long": 120.0}
"""What all rows together may take by stepping, at the environment's class of speed."""
_OWN_STEP_S, _BETTER = 2e-5, 0.2
_FLOORS = ("random", "idle", "constant", "myopic")


def robustness_of(
    session: Session, prepared: Prepared, progress: Progress, solution: ExactSolution | None
) -> RobustnessSummary | None:
    """The table of disturbances; None without a policy, after a blocker, or where only the audit is asked for."""
    if (
        session.plan.cell is not None
        or session.plan.audit_only
        or any(finding.severity == "blocker" for finding in session.findings)
    ):
        return None
    if solution is not None and prepared.task.table is not None:
        return _computed(session, prepared, progress, solution)
    return _measured(session, prepared, progress)


def _computed(
    session: Session, prepared: Prepared, progress: Progress, solution: ExactSolution
) -> RobustnessSummary | None:
    task, spec = prepared.task, session.plan.spec
    floor = _best_floor(progress.outcomes, below=solution.optimal)
    if floor is None or task.table is None or not math.isfinite(solution.optimal):
        return None
    name, bar = floor, progress.outcomes[floor].summary.mean
    if solution.optimal - bar <= tolerance(solution.optimal, min(_known(progress.outcomes).values())):
        return None
    arrays = Arrays(
        task,
        task.table,
        solution.policy if solution.timed else solution.shown,
        bar,
        solution.optimal,
        WORK.get(session.plan.budget, WORK["standard"]),
        spec if isinstance(spec, MdpSpec) and has_arrays(spec) else None,
        idle_number(task) if prepared.is_environment else None,
    )
    with session.own_work():
        rows = tuple(arrays.rows())
    words = "the best of all policies, by timestep" if solution.timed else "the best of all policies"
    return RobustnessSummary(
        policy=words, mean=solution.optimal, floor=name, floor_return=bar, rows=rows, left_out=tuple(arrays.left_out)
    )


def _measured(session: Session, prepared: Prepared, progress: Progress) -> RobustnessSummary | None:
    outcomes = progress.outcomes
    model = next((o.model for o in outcomes.values() if o.model is not None), None)
    planned = None if model is None else model.planned.get("reward")
    best = max((outcomes[name].summary.mean for name in (*progress.planners, *progress.learners)), default=-math.inf)
    floor = _best_floor(outcomes, below=best)
    if model is None or planned is None or floor is None:
        return None
    bar = outcomes[floor]
    stepping = Stepping(prepared.task, session, model, planned, _floor(bar), idle_number(prepared.task))
    summary = RobustnessSummary(
        policy=planned.words,
        mean=float(planned.episodes.returns.mean()),
        floor=floor,
        floor_return=bar.summary.mean,
    )
    better = [
        n for n in (*progress.planners, *progress.learners) if _clearly_better(outcomes[n], outcomes["planned"], bar)
    ]
    better = [name for name in better if not name.endswith("_objective")]
    not_kept = []
    if better:
        first = max(better, key=lambda name: outcomes[name].summary.mean)
        not_kept = [f"{first}, which returns more ({number(outcomes[first].summary.mean)}): its policy is not kept"]
        summary = summary.model_copy(update={"is_best": False})
    if not _stands_out(summary, outcomes["planned"], bar):
        why = "everything: the planned policy does not clearly return more than the floors, so nothing could be lost"
        return summary.model_copy(update={"left_out": (*not_kept, why)})
    tried = list(disturbances(model, all_of_them=session.plan.budget != "quick"))
    per_row = stepping.cost_steps * (1.0 / prepared.task.pace + _OWN_STEP_S)
    allowed = SECONDS.get(session.plan.budget, SECONDS["standard"])
    affordable = int(allowed / per_row)
    if affordable < 3:
        why = f"everything: one disturbance takes about {per_row:.0f} s of stepping, too much for this budget"
        return summary.model_copy(update={"left_out": (*not_kept, why)})
    rows: list[RobustnessRow] = []
    left_out = [*not_kept, *(f"{what.words}: too dear for this budget" for what in tried[affordable - 1 :])]
    try:
        rows += [stepping.row(what) for what in tried[: affordable - 1]]
        rows += _dynamics(session, prepared, stepping, affordable - len(rows), left_out)
    except OutOfTime:
        left_out.append("the rest: the probe's time was over")
    except EnvironmentFault as fault:
        left_out.append(f"the rest: under a disturbance the environment failed ({fault})")
    return summary.model_copy(update={"rows": tuple(rows), "left_out": tuple(left_out)})


def _dynamics(
    session: Session, prepared: Prepared, stepping: Stepping, most: int, left_out: list[str]
) -> list[RobustnessRow]:
    """The worst of worlds with an argument a tenth off, else with actions a tenth weaker or stronger, else faster."""
    tried = _other_arguments(session, prepared, stepping, most, left_out) or _other_actions(prepared, stepping, most)
    if tried:
        return [min(tried, key=lambda row: row.share)]
    faster = "one timestep in ten is followed by another with the same action, unseen"
    return [stepping.row(Disturbance("dynamics", faster, "mild", 0.1))] if most > 0 else []


def _other_arguments(
    session: Session, prepared: Prepared, stepping: Stepping, most: int, left_out: list[str]
) -> list[RobustnessRow]:
    spec, rows = session.plan.spec, []
    if not isinstance(spec, EnvironmentSpec):
        return []
    worlds = [(f, *w) for f in (0.9, 1.1) for w in varied_kwargs(spec, f)]
    for factor, name, changed in worlds[:most]:
        make = _maker(session, prepared, changed)
        words = f"the argument {name} 10 % {'higher' if factor > 1 else 'lower'}"
        try:
            if same_spaces(make, stepping.model):
                rows.append(stepping.row(Disturbance("dynamics", words, "mild", 0.1), make=make))
        except OutOfTime:
            raise
        except Exception as error:  # what another value of an argument breaks is the environment's own business
            left_out.append(f"{words}: the environment does not take it ({type(error).__name__})")
    if worlds[most:]:
        left_out.append(f"dynamics: {len(worlds[most:])} further changes of arguments")
    return rows


def _other_actions(prepared: Prepared, stepping: Stepping, most: int) -> list[RobustnessRow]:
    assert prepared.task.make_env is not None
    env = prepared.task.make_env()
    rows: list[RobustnessRow] = []
    space = env.action_space
    env.close()
    for factor, words in ((0.9, "weaker"), (1.1, "stronger, within their range")):
        actions = scaled_actions(list(stepping.model.actions), space, factor)
        if actions is not None and len(rows) < most:
            what = Disturbance("dynamics", f"actions 10 % {words}", "mild", 0.1)
            rows.append(stepping.row(what, actions=actions))
    return rows


def _maker(session: Session, prepared: Prepared, spec: EnvironmentSpec) -> Any:
    from scoper.probe.loading import environment_factory
    from scoper.probe.prepare import OWN_LIMIT
    from scoper.probe.watched import Watched

    make_raw = environment_factory(spec, Path(session.plan.spec_dir))
    limit = prepared.task.horizon or OWN_LIMIT
    return lambda: Watched(make_raw(), session.pulse, limit, session.deadline)


def _known(outcomes: Mapping[str, Outcome]) -> dict[str, float]:
    return {name: outcomes[name].summary.mean for name in _FLOORS if name in outcomes}


def _best_floor(outcomes: Mapping[str, Outcome], below: float) -> str | None:
    """The floor with the highest return; a myopic policy that is as good as the best found is none."""
    known = _known(outcomes)
    nothing = tolerance(below, min(known.values(), default=below))
    if "myopic" in known and len(known) > 1 and below - known["myopic"] <= nothing:
        del known["myopic"]
    return max(known, key=lambda name: known[name], default=None)


def _floor(bar: Outcome) -> tuple[float, float]:
    """Mean and standard error."""
    n = len(bar.samples)
    if n < 2:
        return bar.summary.mean, 0.0
    width = 0.5 * (bar.summary.high - bar.summary.low)
    return bar.summary.mean, width / student_quantile(0.975, n - 1)


def _stands_out(summary: RobustnessSummary, planned: Outcome, bar: Outcome) -> bool:
    """By three standard errors of both means."""
    error = math.hypot(_floor(planned)[1], _floor(bar)[1])
    return summary.mean - summary.floor_return > max(3.0 * error, 1e-9 * max(1.0, abs(summary.mean)))


def _clearly_better(other: Outcome, planned: Outcome, bar: Outcome) -> bool:
    """By three standard errors, and by a fifth of the planned policy's way from the floor."""
    error, gain = math.hypot(_floor(other)[1], _floor(planned)[1]), other.summary.mean - planned.summary.mean
    return gain > max(3.0 * error, _BETTER * abs(planned.summary.mean - bar.summary.mean))
