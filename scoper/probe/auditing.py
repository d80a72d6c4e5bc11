"""Before an audit judges a reward by a model, it follows the policies in question in the environment itself.

What the model promises is replaced by what was earned on fresh episodes; their seeds and actions are the certificates.
Where these leave open whether the owner loses, as rare events do, the policies in question are followed for longer.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from scoper.baselines import Context, Task
from scoper.baselines._numbered import Acting, Numbered, traces_of
from scoper.baselines._rollout import rollout
from scoper.baselines._vectors import actions_of, reader_of
from scoper.diagnostics import Evidence
from scoper.diagnostics._audit import LOSS, Audit
from scoper.diagnostics._rung import Rung
from scoper.domain.empirical import EmpiricalModel, Played
from scoper.domain.tabular import Ints
from scoper.numerics.empirical_cells import Cells

EPISODES, STEPS = 40, 4_000
_LEAST, _TRACES, _LONGER = 5, 3, 5


def play(task: Task, context: Context, evidence: Evidence) -> Mapping[str, Played]:
    """The audit's rungs that decide, followed in the environment, by name; nothing where there is no model."""
    model = evidence.model
    if model is None or task.make_env is None:
        return {}
    audit, found = evidence.audit, {}
    deciding = {rung.name: rung for rung in audit.steady if rung.does is not None and rung.exact}
    env = task.make_env()
    numbered = Numbered(env, task, reader_of(env.observation_space), actions_of(env.action_space))
    for name in _wanted(list(deciding), audit_names(evidence)):
        does = deciding[name].does
        assert does is not None
        if does.policy.dtype.kind in "iu":
            found[name] = _followed(name, does.policy.astype("int64"), model, numbered, task, context)
    for name in _left_open(replace(evidence, played=found).audit):
        does = deciding[name].does if name in found else None
        if does is not None:
            policy = does.policy.astype("int64")
            found[name] = _followed(name, policy, model, numbered, task, context, times=_LONGER)
    env.close()
    return found


def _left_open(audit: Audit) -> list[str]:
    """The rungs of a loss that is seen and not yet clear; none where it is small, or where one of them keeps enough."""
    wished, known = audit.wished, audit.deciding
    losses = [audit.share_lost(rung) for rung in known]
    seen = bool(known) and all(lost is not None and lost > LOSS / 2 for lost in losses)
    if wished is None or not seen or all(audit.loses(rung) for rung in known):
        return []
    return list(dict.fromkeys([wished.name, *(rung.name for rung in known)]))


def audit_names(evidence: Evidence) -> list[str]:
    """The rungs that decide: best, worst tie and best for the owner, and one of each kind planned on the model."""
    audit = evidence.audit
    chosen = [rung for rung in (audit.best, audit.unkind, audit.wished) if rung is not None]
    for rung in audit.steady:
        is_planned = rung.name.startswith(("reward_", "objective_")) and rung.does is not None
        if is_planned and not any(_same(rung, other) for other in chosen):
            chosen.append(rung)
    return [*(rung.name for rung in chosen), "reward_discounted_kind", "reward_discounted"]


def _same(one: Rung, other: Rung) -> bool:
    """Whether the model promises the same of both."""
    return math.isclose(one.reward, other.reward, rel_tol=1e-6, abs_tol=1e-9) and math.isclose(
        one.wanted or 0.0, other.wanted or 0.0, rel_tol=1e-6, abs_tol=1e-9
    )


def _wanted(known: list[str], names: list[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if name in known]


def _followed(
    name: str, actions: Ints, model: EmpiricalModel, env: Numbered, task: Task, context: Context, *, times: int = 1
) -> Played:
    """Fresh episodes of a policy on cells, (S,), the same first ones whatever `times` as many are asked for."""
    cells = Cells(model.coding, model.rows, model.edges, model.centres, model.scale)
    env.forget()
    episodes = rollout(
        env,
        Acting(env, cells.number, actions),
        context.seeds(f"audit/{name}", times * EPISODES),
        discount=task.evaluation_discount,
        objective=task.objective,
        enough=lambda n, steps: n >= _LEAST and steps >= times * STEPS,
    )
    steps = env.steps()
    return Played(episodes, steps, traces_of(steps, declared=task.objective is not None)[:_TRACES])
