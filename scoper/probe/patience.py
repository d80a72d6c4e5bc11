"""How long an environment may be silent before it counts as hanging, and in words what that follows from."""

from __future__ import annotations

from scoper.domain.mdp import EnvironmentSpec, Spec
from scoper.domain.probe import ProbePlan

SILENCE_S = 30.0
_LEAST_S = 15.0
_LOADING_FACTOR, _LOADING_S = 3.0, 30.0


def silence_s(spec: Spec, budget_s: float) -> float:
    """Seconds for a plan: so many of the spec's own slowest steps, but hardly longer than the whole budget."""
    return min(SILENCE_S * slowest_step_s(spec), max(budget_s, _LEAST_S))


def slowest_step_s(spec: Spec) -> float:
    """What one step may take by the spec, a second at least."""
    return max(1.0, spec.seconds_per_step) if isinstance(spec, EnvironmentSpec) else 1.0


def allowed_s(plan: ProbePlan, *, begun: bool) -> float:
    """Seconds without a sign of life: more before the first one, while modules are imported, as the budget allows."""
    if begun:
        return plan.silence_s
    return min(_LOADING_FACTOR * plan.silence_s, max(plan.silence_s, plan.budget_s, _LOADING_S))


def hang_words(plan: ProbePlan, seconds: float) -> str:
    """That the environment did not return, and what the time follows from."""
    said = f"the environment did not return within {seconds:g} s"
    slow = slowest_step_s(plan.spec)
    if seconds == plan.budget_s:
        return f"{said}, the whole budget"
    if seconds != plan.silence_s or slow == 1.0:
        return said
    return f"{said}, {seconds / slow:g} times its limits.seconds_per_step"
