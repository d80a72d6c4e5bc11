"""Everything that was measured or proved, put together for the diagnostics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from scoper.baselines import Outcome, Task
from scoper.baselines._numbered import sign_of
from scoper.baselines._vectors import actions_of
from scoper.diagnostics import Evidence
from scoper.domain.episodes import Episodes
from scoper.domain.probe import GapShare, ReturnSummary
from scoper.probe.exact import ExactSolution
from scoper.probe.prepare import Prepared
from scoper.probe.progress import Progress


def evidence_of(
    prepared: Prepared,
    progress: Progress,
    solution: ExactSolution | None,
    share: GapShare | None,
    wanted: Mapping[str, float],
) -> Evidence:
    """The evidence of a probe so far; `share` and `wanted` are known at its end."""
    task, outcomes = prepared.task, progress.outcomes
    proof = solution if solution and solution.proved else None
    return Evidence(
        table=task.table if task.table is not None and task.table.is_exact else None,
        approximate=None if task.table is None or task.table.is_exact else task.table,
        horizon=task.horizon,
        discount=task.discount,
        returns={name: outcome.summary for name, outcome in outcomes.items()} | _proved(solution),
        samples={name: outcome.samples for name, outcome in outcomes.items()},
        last={name: outcome.last for name, outcome in outcomes.items() if outcome.last},
        lowest=progress.limits.low,
        of_seeds={name: outcome.of_seeds for name, outcome in outcomes.items() if outcome.of_seeds},
        episodes=_episodes(outcomes),
        learners=tuple(progress.learners),
        references=tuple(progress.references),
        planners=tuple(progress.planners),
        decisions=dict(progress.decisions),
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
        evaluation_discount=task.evaluation_discount,
        objective_reward=task.objective_reward,
        objective_sign=sign_of(task.objective),
        terms=task.terms() if task.terms is not None else {},
        idle=idle_number(task),
        model=next((outcome.model for outcome in outcomes.values() if outcome.model is not None), None),
        played=progress.played,
        robustness=progress.robustness,
        observed=task.observed,
        action_range=prepared.action_range,
    )


def _proved(solution: ExactSolution | None) -> dict[str, ReturnSummary]:
    return {"optimal": solution.returns["optimal"]} if solution else {}


def _episodes(outcomes: Mapping[str, Outcome]) -> dict[str, Episodes]:
    """Every set of episodes that was sampled, also of candidates that were not chosen."""
    chosen = {name: outcome.episodes for name, outcome in outcomes.items() if outcome.episodes is not None}
    return chosen | {f"{name}/tried": outcome.tried for name, outcome in outcomes.items() if outcome.tried is not None}


def idle_number(task: Task) -> int | None:
    """The number of the declared action that does nothing; None where none is declared."""
    if task.idle_action is None or task.make_env is None:
        return None
    env = task.make_env()
    actions = actions_of(env.action_space)
    env.close()
    return next((number for number, action in enumerate(actions) if _same(action, task.idle_action)), None)


def _same(one: Any, other: Any) -> bool:
    try:
        return bool(np.array_equal(np.asarray(one), np.asarray(other)))
    except (TypeError, ValueError):
        return False
