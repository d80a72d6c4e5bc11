"""The best policy of a finite model that was estimated by stepping: planning where nobody gave a table.

Several policies are planned that differ in cells and caution, the best is chosen on some seeds and reported on others,
once for the reward and, where an objective is declared, once for the objective. The model itself goes along.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from scoper.baselines import Baseline, Context, Outcome, Task
from scoper.baselines._choosing import halved, mean_objective, mean_return, report
from scoper.baselines._numbered import Acting, Numbered, sign_of, traces_of
from scoper.baselines._planning import MODEL_STEPS, Candidate, Collection, candidates, collection_of, steps_for
from scoper.baselines._rollout import sampled_outcome
from scoper.domain.empirical import Aim, EmpiricalModel, Planned, Steps
from scoper.domain.numbers import count
from scoper.numerics.empirical import planning_table
from scoper.numerics.empirical import wanted_of as wanted_per_transition

_CHOICE_SEEDS, _CHOICE_SHARE, _CHOICE_EACH = 2_000, 0.4, 0.1
_TRACES = 5


def _run(task: Task, context: Context) -> Mapping[str, Outcome]:
    n_steps = steps_for(task, context, MODEL_STEPS)
    if n_steps == 0:
        return {}
    collection = collection_of(task, context, n_steps)
    steps = collection.run()
    aims: tuple[Aim, ...] = ("reward", "objective") if np.ptp(steps.wanted) > 0 else ("reward",)
    planned, outcomes = {}, {}
    for aim in aims:
        view, found, outcome = _planned(task, context, collection, steps, aim, n_steps)
        planned[aim] = found
        outcomes["planned" if aim == "reward" else "planned_objective"] = outcome
        if aim == "reward":
            first = view
    model = _model(task, collection, steps, first, planned)
    outcomes["planned"] = replace(outcomes["planned"], model=model)
    collection.env.env.close()
    return outcomes


def _planned(
    task: Task, context: Context, collection: Collection, steps: Steps, aim: Aim, n_steps: int
) -> tuple[Candidate, Planned, Outcome]:
    """The policy for one aim: planned in several ways, chosen on some seeds, reported on others."""
    env = collection.env
    env.cut_after, env.phase, env.keeps = float("inf"), "chosen", False
    env.forget()
    with context.own_work():
        options = candidates(steps, task, len(env.actions), aim)
    chosen, tried, taken = halved(
        env,
        options,
        lambda option: _acting(env, option),
        context.seeds(f"planned/choice/{aim}", _CHOICE_SEEDS),
        int(min(_CHOICE_SHARE, _CHOICE_EACH * len(options)) * n_steps),
        worth=mean_return if aim == "reward" else mean_objective(sign_of(task.objective)),
        discount=task.evaluation_discount,
        objective=task.objective,
    )
    view, plan, words = best = chosen[0]
    env.forget()
    env.keeps = True
    fresh = report(env, _acting(env, best), f"planned/report/{aim}", task, context)
    whose = "" if aim == "reward" else " for the objective"
    words = f"planned{whose} on a model of {view.words} from {count(steps.size)} timesteps, {words}"
    outcome = replace(
        sampled_outcome(fresh, f"{words}, chosen on other episodes"),
        tried=tried,
        steps=steps.size + taken,
    )
    traces = traces_of(env.steps(told=False), declared=task.objective is not None)[:_TRACES]
    return best, Planned(aim, plan.actions, plan.value, fresh, traces, words), outcome


def _acting(env: Numbered, option: Candidate) -> Acting:
    view, plan, _ = option
    return Acting(env, view.cells.number, plan.actions)


def _model(
    task: Task, collection: Collection, steps: Steps, chosen: Candidate, planned: Mapping[Aim, Planned]
) -> EmpiricalModel:
    """The model in the cells of the policy that was chosen for the reward."""
    view = chosen[0]
    found, cells = view.found, view.cells
    table, source = planning_table(found, discount=task.discount)
    return EmpiricalModel(
        table=replace(table, horizon=task.horizon),
        wanted=None if task.objective is None else wanted_per_transition(found, source),
        counts=found.counts,
        transition_counts=np.where(source >= 0, found.times[source], 0),
        reward_mean=found.reward_mean,
        reward_sd=found.reward_sd,
        wanted_mean=found.wanted_mean,
        termination_share=found.termination_share,
        truncation_share=found.truncation_share,
        coding=cells.coding,
        rows=cells.rows,
        edges=cells.edges,
        scale=cells.scale,
        centres=cells.centres,
        components=collection.env.reader.names,
        actions=tuple(collection.env.actions),
        state=view.state,
        successor=view.successor,
        steps=steps,
        noise=found.noise,
        known_share=collection.known_share,
        planned=planned,
        limit=task.horizon,
    )


BASELINE = Baseline(
    id="planned",
    kind="planner",
    summary="The best policy of a model estimated by stepping.",
    applies_to=lambda task: task.table is None and task.make_env is not None,
    run=_run,
)
