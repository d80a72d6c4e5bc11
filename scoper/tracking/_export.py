"""From a probe's events to the calls of a tracker: params, curves, returns, verdict. The same for every tracker."""

from __future__ import annotations

import math
import re

from scoper.domain.probe import CurvePoint, Failed, Finished, ProbeEvent, ProbePlan, ProbeResult, ReturnMeasured
from scoper.tracking import Sink


def run_name(plan: ProbePlan) -> str:
    """A name for the run of a plan: the spec's, its digest and the seed; safe as the name of a folder."""
    words = re.sub(r"[^a-z0-9]+", "-", plan.spec.name.lower()).strip("-")[:40].rstrip("-") or "probe"
    return f"{words}-{plan.spec_digest[:8] or 'spec'}-seed{plan.seed}"


def params_of(plan: ProbePlan) -> dict[str, str | int | float]:
    """What the run was planned with."""
    steps: dict[str, str | int | float] = {}
    if plan.learning_steps is not None:
        steps["learning_steps"] = plan.learning_steps
    return {
        "spec": plan.spec.name,
        "spec_digest": plan.spec_digest,
        "budget": plan.budget,
        "budget_s": plan.budget_s,
        "seed": plan.seed,
        "n_seeds": plan.n_seeds,
        **steps,
    }


def export(event: ProbeEvent, sink: Sink) -> None:
    """Write what `event` brings; most events bring nothing to a tracker."""
    if isinstance(event, CurvePoint) and math.isfinite(event.mean_return):
        sink.point(event.learner, event.seed, event.steps, event.mean_return)
    elif isinstance(event, ReturnMeasured):
        _numbers(sink, f"returns/{event.policy}", event.summary.mean, event.summary.low, event.summary.high)
    elif isinstance(event, Finished):
        _result(event.result, sink)
    elif isinstance(event, Failed):
        sink.text("failure", f"{event.code}: {event.message}")
        if event.result is not None:
            _result(event.result, sink)


def _result(result: ProbeResult, sink: Sink) -> None:
    if result.gap_share is not None:
        gap = result.gap_share
        _numbers(sink, "gap_share", gap.estimate, gap.low, gap.high)
    if result.cost is not None:
        _numbers(sink, "cost/steps_per_s", result.cost.steps_per_s)
        if result.cost.hours_to_target is not None:
            _numbers(sink, "cost/hours_to_target", result.cost.hours_to_target)
    sink.text("verdict", result.verdict)
    sink.text("because", result.because)
    sink.text("criterion", result.criterion)
    findings = [f"- {found.severity} {found.code}: {found.claim}" for found in result.findings]
    sink.text("findings", "\n".join(findings) or "none")


def _numbers(sink: Sink, name: str, value: float, low: float | None = None, high: float | None = None) -> None:
    for ending, number in (("", value), ("/low", low), ("/high", high)):
        if number is not None and math.isfinite(number):
            sink.number(f"{name}{ending}", number)
