"""The rules that the spec's owner already has, each under its own name."""

from __future__ import annotations

from collections.abc import Mapping

from scoper.baselines import Baseline, Context, Outcome, Task
from scoper.baselines._effort import enough_episodes
from scoper.baselines._exact import exact_outcome
from scoper.baselines._rollout import rollout, sampled_outcome

_LEAST_EPISODES, _EPISODES, _STEPS = 10, 1000, 20_000
_SHARE = 0.1


def _run(task: Task, context: Context) -> Mapping[str, Outcome]:
    if task.table is not None:
        return {name: exact_outcome(task, policy, f"the spec's rule {name}") for name, policy in task.named.items()}
    share = _SHARE / len(task.rules)
    return {name: _sampled(task, context, name, share) for name in task.rules}


def _sampled(task: Task, context: Context, name: str, share: float) -> Outcome:
    """Episodes in which the environment itself plays the rule."""
    assert task.make_env is not None
    env = task.make_env()
    episodes = rollout(
        env,
        lambda _: env.unwrapped.ruled(name),
        context.seeds(f"rule {name}", _EPISODES),
        discount=task.evaluation_discount,
        objective=task.objective,
        enough=enough_episodes(task, context, _LEAST_EPISODES, _STEPS, share),
    )
    env.close()
    return sampled_outcome(episodes, f"the spec's rule {name}")


BASELINE = Baseline(
    id="named",
    kind="reference",
    summary="The spec's own rules.",
    applies_to=lambda task: bool(task.named if task.table is not None else task.rules and task.make_env),
    run=_run,
)
