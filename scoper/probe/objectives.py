"""What the owner gets from every policy of a probe: read off the table, or by stepping the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from scoper.baselines import Outcome, Task
from scoper.diagnostics import Evidence
from scoper.domain.episodes import Episodes
from scoper.domain.findings import Finding
from scoper.domain.mdp import Objective
from scoper.domain.probe_summaries import ObjectiveSummary
from scoper.domain.text import shown
from scoper.errors import did_you_mean
from scoper.probe.exact import ExactSolution
from scoper.probe.seen import Seen, came, key_of
from scoper.probe.session import Session

_OBJECTIVE_EPISODES = 100
_SHOWN_KEYS = 20


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


def objective_summary(
    objective: Objective | None, values: Mapping[str, float], evidence: Evidence, solution: ExactSolution | None
) -> ObjectiveSummary | None:
    """The owner's numbers in the owner's sign; `values` have higher as better.

    The reward's best policy is the optimal one, else the best learner's; where nothing was learned, the one of those
    that were followed which earned the most.
    """
    if objective is None or not values:
        return None
    best = "optimal" if "optimal" in values else evidence.best_learner
    of_best, of_random = values.get(best or ""), values.get("random")
    if best is None and (top := evidence.audit.best) is not None:
        of_best, random = top.wanted, evidence.audit.rungs.get("random")
        of_random = of_random if random is None else random.wanted
    if of_best is None or of_random is None:
        return None
    sign = 1.0 if objective.direction == "maximise" else -1.0
    possible = None if solution is None else solution.best_objective
    return ObjectiveSummary(
        of_best_reward_policy=sign * of_best,
        of_random=sign * of_random,
        of_best_objective_policy=None if possible is None else sign * possible,
    )


def untested(task: Task, seen: Seen | None) -> Finding | None:
    """The caution that the objective's key never came, with the keys that did; None when it came or none is asked."""
    return None if seen is None else unheard(task.objective, seen)


def unheard(objective: Objective | None, seen: Seen) -> Finding | None:
    """The same of what was `seen` of any steps."""
    key = key_of(objective)
    if key is None or came(objective, seen):
        return None
    known = sorted(seen.info_keys)
    held = f"it held {', '.join(shown(name, 40) for name in known[:_SHOWN_KEYS])}" if known else "it was always empty"
    return Finding(
        code="objective_not_tested",
        severity="caution",
        claim=f"the objective was not tested: step's info never held '{shown(key)}'; {held}",
        evidence={"key": key, "seen": known[:_SHOWN_KEYS]},
        remedy=did_you_mean(key, known) if known else f"let step put a number at info['{shown(key)}']",
    )


def unspoken(evidence: Evidence) -> Evidence:
    """The evidence without the zeros that stand for an objective which was never told."""
    model = evidence.model
    if model is not None:
        planned = {aim: replace(plan, episodes=_unspoken(plan.episodes)) for aim, plan in model.planned.items()}
        model = replace(model, wanted=None, planned=planned)
    return replace(
        evidence,
        model=model,
        objective={},
        episodes={name: _unspoken(episodes) for name, episodes in evidence.episodes.items()},
        played={name: replace(one, episodes=_unspoken(one.episodes)) for name, one in evidence.played.items()},
    )


def _unspoken(episodes: Episodes) -> Episodes:
    return replace(episodes, objective=None)


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
