"""The result of a probe, put together from what every stage left behind."""

from __future__ import annotations

import math
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal

import numpy as np

import scoper
from scoper.baselines import Outcome, Task
from scoper.diagnostics.learner_beats_floors import tolerance
from scoper.domain.decision import Basis
from scoper.domain.numbers import number
from scoper.domain.probe import Cost, GapShare, ObjectiveSummary, ProbePlan, ReturnSummary, StepsRange
from scoper.domain.probe_statistics import DecisionSummary, ImprovementSummary, ProjectionSummary, WorthSummary
from scoper.domain.tabular import TabularMdp
from scoper.numerics.improvement import stratified_bootstrap
from scoper.numerics.reach import reachable_states
from scoper.numerics.statistics import mean_interval
from scoper.probe.spending import ERROR, looks_of

CLOSE = 0.95
_BOOTSTRAP_SEEDS = 8
_SHOWN_STATES = 200


@dataclass(frozen=True)
class Limits:
    """The lowest and highest return that are possible: proved on a table, else with rewards like those seen."""

    low: float = -math.inf
    high: float = math.inf
    proved: bool = False


def within(outcome: Outcome, limits: Limits) -> Outcome:
    """`outcome` with an interval that stays within what is possible; its words say where that cut it."""
    summary = outcome.summary
    low = min(max(summary.low, limits.low), summary.mean, *outcome.samples)
    high = max(min(summary.high, limits.high), summary.mean, *outcome.samples)
    low, high = max(low, summary.low), min(high, summary.high)
    if (low, high) == (summary.low, summary.high):
        return outcome
    why = "the proved limits" if limits.proved else "the time limit times the rewards seen"
    cut = " and ".join(number(new) for new, old in ((low, summary.low), (high, summary.high)) if new != old)
    words = f"{summary.policy}, cut at {cut} ({why})"
    return replace(outcome, summary=summary.model_copy(update={"low": low, "high": high, "policy": words}))


def gap_share(
    outcomes: Mapping[str, Outcome],
    learner: str | None,
    found: Sequence[str],
    optimal: float | None,
    target: float | None,
    limits: Limits,
    rng: np.random.Generator,
) -> GapShare | None:
    """How much of the way from the best floor to the ceiling the learner went, with its interval over seeds.

    The ceiling is the proved optimum, else the declared target, else the best return of `found`: what any planner
    returns, or any seed of a learner. A myopic policy counts as a floor unless it is as good as optimal. From eight
    seeds on it is the interquartile mean with a bootstrap interval, below that the mean with Student's, as bootstraps
    of fewer are too narrow. None when less than a thousandth of what is possible lies between floor and ceiling, or
    when the best return found lies within the floor's own interval: shares of a reach that is noise say nothing. The
    interval stays within `limits`: at most 100 % when the ceiling is proved.
    """
    floors = {
        name: outcomes[name].summary.mean for name in ("random", "idle", "constant", "myopic") if name in outcomes
    }
    if learner is None or not floors:
        return None
    samples = np.asarray(outcomes[learner].samples)
    reached = {name: _reached(outcomes[name]) for name in found}
    best_known = max(*reached.values(), *floors.values())
    ceiling = optimal if optimal is not None else max(target, best_known) if target is not None else best_known
    nothing = tolerance(ceiling, min(floors.values()))
    if "myopic" in floors and len(floors) > 1 and ceiling - floors["myopic"] <= nothing:
        del floors["myopic"]
    floor = max(floors, key=lambda name: floors[name])
    reach = ceiling - floors[floor]
    if reach <= nothing:
        return None
    if optimal is None and ceiling != target and ceiling <= outcomes[floor].summary.high:
        return None
    shares = (samples - floors[floor]) / reach
    many = samples.size >= _BOOTSTRAP_SEEDS
    estimate, low, high = stratified_bootstrap([shares], rng) if many else mean_interval(shares)
    low = max(low, min((limits.low - floors[floor]) / reach, estimate))
    high = min(high, max((limits.high - floors[floor]) / reach, estimate))
    best = max(reached, key=lambda other: reached[other])
    name = f"best found, by {best}" if reached[best] >= ceiling and best != learner else "best found"
    name = "optimal" if optimal is not None else "declared target" if ceiling == target else name
    return GapShare(
        estimate=estimate,
        low=low,
        high=high,
        n_seeds=samples.size,
        learner=learner,
        floor=floor,
        ceiling=name,
        floor_return=floors[floor],
        ceiling_return=ceiling,
        estimator="interquartile mean" if many else "mean",
    )


def _reached(outcome: Outcome) -> float:
    """The best that was reached: by a seed, or on average by a policy that was measured on episodes."""
    return outcome.summary.mean if outcome.episodes is not None else float(np.max(outcome.samples))


def cost_of(task: Task, outcomes: Mapping[str, Outcome], share: GapShare | None) -> Cost | None:
    """Measured speed, and the timesteps after which every seed had closed 95 % of the gap."""
    whose: Literal["environment", "learner"] = "environment" if task.steps_per_s > 0 else "learner"
    if share is None or share.ceiling_return is None:
        return Cost(steps_per_s=task.steps_per_s, speed_of=whose) if task.steps_per_s > 0 else None
    learned = outcomes[share.learner]
    learning_speed = learned.steps / learned.seconds if learned.seconds > 0 and learned.steps else 0.0
    speed = task.steps_per_s or learning_speed
    if speed <= 0.0:
        return None
    bar = outcomes[share.floor].summary.mean
    bar += CLOSE * (share.ceiling_return - bar)
    reached = [_first_mark(curve.steps, curve.returns, bar) for curve in learned.curves]
    known = [mark for mark in reached if mark is not None]
    if len(known) < len(reached) or not known or learning_speed <= 0.0:
        return Cost(steps_per_s=speed, speed_of=whose)
    steps = StepsRange(low=float(min(known)), high=float(max(known)))
    hours = steps.high / learning_speed / 3600.0
    return Cost(steps_per_s=speed, speed_of=whose, steps_to_target=steps, hours_to_target=hours)


def _first_mark(steps: Sequence[int], returns: Sequence[float], bar: float) -> int | None:
    return next((step for step, value in zip(steps, returns, strict=True) if value >= bar), None)


def shown_policy(
    table: TabularMdp, policy: np.ndarray[Any, np.dtype[np.int64]], *, timed: bool = False
) -> tuple[tuple[str, str], ...]:
    """(state, action) by label for the first 200 states that `policy` (S,) visits from the start.

    timed: the policy holds for timestep 0 only, which every row then says.
    """
    when = "at timestep 0: " if timed else ""
    pair = table.pair_of_transition
    chosen = (pair % table.n_actions) == policy[pair // table.n_actions]
    visited = reachable_states(table, chosen)
    return tuple(
        (when + _label(table.state_labels, int(state)), _label(table.action_labels, int(policy[state])))
        for state in np.flatnonzero(visited)[:_SHOWN_STATES]
    )


def _label(labels: Sequence[str], index: int) -> str:
    return labels[index] if index < len(labels) else str(index)


def inferred_basis(
    decision: DecisionSummary | None,
    improvement: ImprovementSummary | None,
    projection: ProjectionSummary | None,
    worth: WorthSummary | None,
) -> dict[str, Basis]:
    """Where the numbers that follow from the returns come from."""
    basis: dict[str, Basis] = {}
    if decision is not None:
        basis |= {"decision": "measured", "decision.error": "proved"}
        basis |= {"decision.needed": "extrapolated"} if decision.needed is not None else {}
        basis |= {"decision.excluded": "extrapolated"} if decision.excluded is not None else {}
    if improvement is not None:
        basis["improvement"] = "measured"
    if projection is not None:
        basis["projection"] = "measured" if projection.status == "reached" else "extrapolated"
    if worth is not None:
        basis["worth"] = "measured"
    return basis


def basis_of(
    returns: Mapping[str, ReturnSummary], share: GapShare | None, objective: ObjectiveSummary | None, cost: Cost | None
) -> dict[str, Basis]:
    """Where every number comes from."""
    basis: dict[str, Basis] = {f"returns.{name}": summary.basis for name, summary in returns.items()}
    if share is not None:
        proved = returns[share.learner].basis == "proved" and share.ceiling == "optimal"
        basis["gap_share"] = "proved" if proved else "measured"
        if share.ceiling == "declared target":
            basis["gap_share.ceiling"] = "declared"
    if objective is not None:
        exact = objective.of_best_objective_policy is not None
        basis["objective"] = returns["optimal"].basis if exact and "optimal" in returns else "measured"
    if cost is not None:
        basis["cost.steps_per_s"] = "measured"
        if cost.steps_to_target is not None:
            basis |= {"cost.steps_to_target": "measured", "cost.hours_to_target": "extrapolated"}
    return basis


def provenance(plan: ProbePlan, used_deep: bool) -> dict[str, Any]:
    """Versions, seeds, budget and machine class; no names, no paths, no times."""
    packages = ["numpy", *(["gymnasium"] if "gymnasium" in sys.modules else [])]
    packages += ["stable-baselines3", "torch"] if used_deep else []
    return {
        "versions": {"scoper": scoper.__version__, "python": platform.python_version(), **_versions(packages)},
        "seed": plan.seed,
        "n_seeds": looks_of(plan)[-1],
        "error_rate": ERROR,
        "budget": plan.budget,
        "budget_s": plan.budget_s,
        "learning_steps": plan.learning_steps,
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
    }


def _versions(packages: Sequence[str]) -> dict[str, str]:
    found = {}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
