"""What the owner gets from every policy of a probe: read off the table, or by stepping the environment."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from scoper.baselines import Outcome, Task
from scoper.probe.exact import ExactSolution
from scoper.probe.session import Session

_OBJECTIVE_EPISODES = 100


def objective_values(
    session: Session, task: Task, outcomes: Mapping[str, Outcome], solution: ExactSolution | None
) -> dict[str, float]:
    """What the owner gets from every policy, higher being better."""
    if task.objective is None:
        return {}
    sign = 1.0 if task.objective.direction == "maximise" or task.objective_reward is not None else -1.0
    values = {name: sign * o.objective for name, o in outcomes.items() if o.objective is not None}
    if solution is not None and solution.objective_of_best is not None:
        values["optimal"] = solution.objective_of_best
    elif solution is not None and task.make_env is not None and task.objective.info:
        values |= {name: sign * value for name, value in _sampled_objective(session, task, solution).items()}
    return values


def _sampled_objective(session: Session, task: Task, solution: ExactSolution) -> dict[str, float]:
    """The owner's mean number of the random and the optimal policy, where a table says nothing about it."""
    from scoper.baselines._rollout import rollout

    assert task.make_env is not None
    env, seeds = task.make_env(), session.seeds("objective", _OBJECTIVE_EPISODES)
    env.action_space.seed(seeds[0])
    clock = _Clocked(solution.policy)
    found = {}
    for name, policy in (("random", lambda _: env.action_space.sample()), ("optimal", clock)):
        means = []
        for seed in seeds:
            clock.timestep = 0
            episodes = rollout(env, policy, [seed], objective=task.objective)
            assert episodes.objective is not None
            means.append(float(episodes.objective[0]))
        found[name] = float(np.mean(means))
    env.close()
    return found


class _Clocked:
    """A table policy that may depend on the timestep."""

    def __init__(self, policy: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> None:
        self._policy = policy
        self.timestep = 0

    def __call__(self, observation: object) -> int:
        row = self._policy if self._policy.ndim == 1 else self._policy[min(self.timestep, len(self._policy) - 1)]
        self.timestep += 1
        return int(row[int(observation)])  # type: ignore[call-overload]
