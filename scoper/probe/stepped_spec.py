"""A declarative spec that has no arrays, because an interval names no points: it is probed as the environment it is."""

from __future__ import annotations

import math
from dataclasses import replace

from scoper.baselines import Task
from scoper.domain.mdp import EnvironmentSpec, MdpSpec, Objective

_NEGLIGIBLE, _LONGEST, _OWN_LIMIT = 1e-3, 10_000, 1000


def as_environment(spec: MdpSpec) -> EnvironmentSpec:
    """What a probe must know of the spec's environment; the objective is read from step's info."""
    wanted = None
    if spec.objective is not None:
        wanted = Objective(info="objective", at="sum", direction=spec.objective.direction)
    return EnvironmentSpec(name=spec.name, summary=spec.summary, discount=spec.discount, objective=wanted)


def limit_of(spec: MdpSpec) -> int:
    """Timesteps of an episode: the horizon, else until the discount leaves a thousandth, at most 10,000."""
    if spec.horizon is not None:
        return spec.horizon
    if spec.discount <= 0.0:
        return 1
    if spec.discount >= 1.0:
        return _OWN_LIMIT
    return min(_LONGEST, max(1, math.ceil(math.log(_NEGLIGIBLE) / math.log(spec.discount))))


def as_declared(task: Task, spec: MdpSpec) -> Task:
    """The task with the spec's own discount in every return, and its own rules."""
    return replace(task, evaluation_discount=spec.discount, environment_id=None, rules=tuple(spec.baselines))


def criterion_of(spec: MdpSpec) -> str:
    """Which return is measured, and why nothing is computed."""
    kind = "undiscounted return" if spec.discount >= 1.0 else f"discounted return (discount {spec.discount:g})"
    span = f"over a horizon of {limit_of(spec):,} timesteps"
    if spec.horizon is None:
        span = f"within {limit_of(spec):,} timesteps, where episodes are cut"
    real = [
        n for group in (spec.state, spec.actions) for n, v in group.items() if v.kind == "continuous" and not v.points
    ]
    why = f"measured by stepping: {', '.join(real)} can be any number of an interval, and no points stand for it"
    return f"expected {kind} {span}, from the start; {why}"
