"""Which of a probe's policies is a floor, a rule to beat, a learner or the ceiling, and what they are called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from scoper.domain.probe import ProbeResult, ReturnSummary

Role = Literal["floor", "rule", "planner", "learner", "ceiling", "other"]
ROLE_ORDER: tuple[Role, ...] = ("ceiling", "learner", "planner", "rule", "floor", "other")
ROLE_WORDS: dict[str, str] = {
    "floor": "floor",
    "rule": "rule to beat",
    "planner": "planned by stepping",
    "learner": "learner",
    "ceiling": "ceiling",
    "other": "other criterion",  # a number that must not be compared with the rest
}
_FLOORS = ("random", "idle", "constant", "myopic")
_CEILINGS = ("optimal",)
_OTHERS = ("optimal_discounted", "optimal_undiscounted")
_TABULAR = ("q_learning", "sarsa", "expected_sarsa", "dyna_q", "reinforce", "actor_critic")
_LEARNERS = (*_TABULAR, "ppo", "dqn", "sac", "a2c", "td3", "maskable_ppo", "recurrent_ppo")
_PLANNERS = ("planned", "planned_objective")
_WORDS = {
    "random": "random",
    "idle": "do nothing",
    "constant": "best constant action",
    "myopic": "best immediate reward",
    "optimal": "exact optimum",
    "optimal_discounted": "exact optimum, discounted",
    "optimal_undiscounted": "exact optimum, undiscounted",
    "q_learning": "Q-learning",
    "sarsa": "SARSA",
    "expected_sarsa": "Expected SARSA",
    "dyna_q": "Dyna-Q",
    "reinforce": "REINFORCE",
    "actor_critic": "actor-critic",
    "ppo": "PPO",
    "dqn": "DQN",
    "sac": "SAC",
    "a2c": "A2C",
    "td3": "TD3",
    "maskable_ppo": "PPO with masks",
    "recurrent_ppo": "PPO with memory",
    "threshold": "best threshold rule",
    "base_stock": "best base-stock rule",
    "linear": "best linear rule",
    "planned": "policy planned on a model",
    "planned_objective": "policy planned for the objective",
    "linear_objective": "best linear rule for the objective",
}
_CEILING_WORDS = {
    "best found": "the best return that any seed reached",
    "declared target": "the return at which the environment counts as solved",
}
_LEARNER_IDS = re.compile(rf"(?<![\w.])(?:{'|'.join(_LEARNERS)})(?![\w.])")


@dataclass(frozen=True)
class Entry:
    """One policy of a result: its id, its role, its return."""

    policy: str
    role: Role
    summary: ReturnSummary


def policy_words(policy: str) -> str:
    """A policy's id in words; names given by the user lose their underscores only."""
    return _WORDS.get(policy, policy.replace("_", " "))


def spelled(text: str) -> str:
    """A sentence of the probe with the ids of learners replaced by their names."""
    return _LEARNER_IDS.sub(lambda match: _WORDS[match.group()], text)


def role_of(policy: str, result: ProbeResult) -> Role:
    """The role `policy` has in `result`: by the gap share, the curves and the known ids, in this order."""
    gap = result.gap_share
    learners = {curve.learner for curve in result.curves} | {gap.learner if gap else ""}
    if policy in _OTHERS:
        return "other"
    if policy in learners or policy in _LEARNERS:
        return "learner"
    if policy in _CEILINGS or (gap and policy == gap.ceiling):
        return "ceiling"
    if policy in _PLANNERS:
        return "planner"
    return "floor" if policy in _FLOORS or (gap and policy == gap.floor) else "rule"


def entries(result: ProbeResult) -> list[Entry]:
    """Every policy of `result`: by role from ceiling to floor, then from best to worst, then by id."""
    known = [Entry(policy, role_of(policy, result), summary) for policy, summary in result.returns.items()]
    known += _unlisted_ceiling(result)
    return sorted(known, key=lambda e: (ROLE_ORDER.index(e.role), -e.summary.mean, e.policy))


def _unlisted_ceiling(result: ProbeResult) -> list[Entry]:
    """The gap share's ceiling when it is no policy's return (a declared target, the best seed): its definition solved.

    estimate = (learner - floor) / (ceiling - floor), hence ceiling = floor + (learner - floor) / estimate.
    """
    gap = result.gap_share
    if gap is None or gap.ceiling in result.returns or not gap.estimate:
        return []
    if not {gap.floor, gap.learner} <= set(result.returns):
        return []
    floor = result.returns[gap.floor].mean
    value = floor + (result.returns[gap.learner].mean - floor) / gap.estimate
    basis = result.basis.get("gap_share.ceiling", "measured")
    return [
        Entry(
            gap.ceiling,
            "ceiling",
            ReturnSummary(
                mean=value, low=value, high=value, n=1, basis=basis, policy=_CEILING_WORDS.get(gap.ceiling, "")
            ),
        )
    ]
