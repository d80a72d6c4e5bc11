"""Uniformly random actions: what happens when nobody decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scoper.baselines import Baseline, Context, Outcome, Task
from scoper.baselines._effort import enough_episodes
from scoper.baselines._exact import exact_outcome
from scoper.baselines._rollout import rollout, sampled_outcome
from scoper.domain.episodes import Episodes, joined

_LEAST_EPISODES, _EPISODES, _STEPS = 10, 1000, 20_000
_MORE_EPISODES, _MORE_STEPS = 3000, 60_000
_WORDS = "every available action with equal probability"


def _run(task: Task, context: Context) -> Mapping[str, Outcome]:
    if task.table is not None:
        policy = task.table.available / task.table.available.sum(axis=1, keepdims=True)
        return {"random": exact_outcome(task, policy, _WORDS)}
    return {"random": sampled_outcome(_sample(task, context), _WORDS)}


def _sample(task: Task, context: Context) -> Episodes:
    """Enough episodes for an interval; more of them while no reward was ever seen, to tell rare from never."""
    assert task.make_env is not None
    env = task.make_env()
    seeds = context.seeds("random", 1 + _EPISODES + _MORE_EPISODES)
    env.action_space.seed(seeds[0])

    def sample(chosen: Sequence[int], least: int, most_steps: int) -> Episodes:
        return rollout(
            env,
            lambda _: env.action_space.sample(),
            chosen,
            discount=task.evaluation_discount,
            objective=task.objective,
            enough=enough_episodes(task, context, least, most_steps),
        )

    episodes = sample(seeds[1 : 1 + _EPISODES], _LEAST_EPISODES, _STEPS)
    if episodes.n_nonzero == 0:
        episodes = joined(episodes, sample(seeds[1 + _EPISODES :], 1, _MORE_STEPS))
    env.close()
    return episodes


BASELINE = Baseline(
    id="random",
    kind="floor",
    summary="Uniformly random actions.",
    applies_to=lambda task: task.table is not None or task.make_env is not None,
    run=_run,
)
