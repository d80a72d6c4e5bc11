"""A finding: one claim about the reward, the environment or the evidence, with what supports it and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from scoper.domain.questionnaire import Value

Severity = Literal["blocker", "caution", "info"]
DEFECTS: tuple[str, ...] = (
    "unreachable_goal",
    "hard_exploration",
    "deceptive_local_optimum",
    "constant_reward",
    "policy_independent_return",
    "actions_no_effect",
    "noise_dominated",
    "positive_cycle",
    "do_nothing_optimal",
    "suicide_optimal",
    "sign_flip",
    "scale_domination",
    "proxy_true_divergence",
    "unbounded_reward",
    "nan_or_inf_reward",
    "shaping_changes_optimum",
    "simulator_exploit",
    "metric_tampering",
    "ratio_gaming",
    "double_counting",
    "risk_mispriced",
    "side_effect",
    "clipped_reward",
    "discount_horizon",
    "credit_assignment",
    "non_markov_observation",
    "time_limit_leak",
    "no_episode_end",
    "observation_at_reset_only",
    "non_stationary",
    "not_sequential",
    "trivial_constant",
    "observation_scale",
    "reward_scale",
    "action_scale",
)
"""The kinds of defect that a finding may name, the worst first."""


class Finding(Value):
    """`defect` is one of `DEFECTS`, or a fault of the environment, when the claim is that there is one, else None.

    evidence holds plain JSON.
    """

    code: str
    defect: str | None = None
    severity: Severity
    claim: str
    evidence: Mapping[str, Any] = {}
    remedy: str = ""
