"""A probe's events folded into what is known so far. Pure: a view and an event give the next view."""

from __future__ import annotations

from dataclasses import replace

from scoper.domain.probe import (
    STAGES,
    Collected,
    CurvePoint,
    Examined,
    Failed,
    FindingRaised,
    Finished,
    Heartbeat,
    ProbeEvent,
    ProbeResult,
    ReturnMeasured,
    ReturnSummary,
    Sampled,
    StageChanged,
    Started,
)
from scoper.domain.probe_progress import StageProgressed, StopRule
from scoper.interfaces.tui.session import ProbeView
from scoper.interfaces.tui.widgets.plot import Curves, number
from scoper.services.roles import policy_words

_FLOORS = ("random", "idle", "constant", "myopic")
_CEILING = "optimal"


def fold(view: ProbeView, event: ProbeEvent) -> ProbeView:
    """What is known after `event`."""
    now = replace(view, t_s=max(view.t_s, event.t_s))
    match event:
        case Started() | StageProgressed() | StopRule() | Heartbeat() | Sampled() | Collected() | Examined():
            return now
        case StageChanged():
            return _staged(now, event)
        case ReturnMeasured():
            return replace(now, returns={**now.returns, event.policy: event.summary})
        case CurvePoint():
            return _pointed(now, event)
        case FindingRaised():
            return replace(now, findings=(*now.findings, event.finding))
        case Finished():
            ended = replace(now, status="finished", stage="", passed=STAGES, result=event.result)
            return replace(ended, findings=event.result.findings, returns=event.result.returns)
        case Failed():
            return replace(now, status="failed", code=event.code, message=event.message, result=event.result)


def of_result(result: ProbeResult) -> ProbeView:
    """What the probe showed at its end, from its result alone."""
    curves: dict[str, dict[int, tuple[tuple[float, float], ...]]] = {}
    for curve in result.curves:
        points = tuple(zip(map(float, curve.steps), curve.returns, strict=True))
        curves.setdefault(curve.learner, {})[curve.seed] = points
    ended = ProbeView(status="finished", passed=STAGES, result=result, of_spec=result.spec.get("digest", ""))
    return replace(ended, findings=result.findings, returns=result.returns, curves=curves)


def curves_of(view: ProbeView) -> Curves:
    """The learning curves of the learner that was heard of last, with the best floor and the ceiling."""
    learner = next(reversed(list(view.curves)), None)
    seeds = view.curves[learner] if learner else {}
    floors = [view.returns[name].mean for name in _FLOORS if name in view.returns]
    ceiling = view.returns[_CEILING].mean if _CEILING in view.returns else None
    reached = max((points[-1][0] for points in seeds.values()), default=0.0)
    return Curves(seeds, max(view.of_steps, reached, 1), max(floors, default=None), ceiling)


def summary(view: ProbeView) -> str:
    """The plot in one line of words."""
    curves = curves_of(view)
    if not curves.seeds:
        return "" if view.status == "idle" else "No learning curve yet."
    learner = next(reversed(list(view.curves)))
    last = [points[-1][1] for points in curves.seeds.values()]
    steps = max(points[-1][0] for points in curves.seeds.values())
    mean = sum(last) / len(last)
    said = [f"{policy_words(learner)}: mean {number(mean)} over {len(last)} seeds at {number(steps)} timesteps"]
    said += [f"seeds {number(min(last))} to {number(max(last))}"] if len(last) > 1 else []
    said += [f"floor {number(curves.floor)}"] if curves.floor is not None else []
    said += [f"ceiling {number(curves.ceiling)}"] if curves.ceiling is not None else []
    return ", ".join(said)


def returns_by_basis(view: ProbeView) -> dict[str, str]:
    """Basis of the numbers (proved, measured, ...) to the returns of that kind in words, best first."""
    rows: dict[str, list[str]] = {}
    for name, known in sorted(view.returns.items(), key=lambda item: -item[1].mean):
        rows.setdefault(known.basis, []).append(_return(name, known))
    return {basis: " · ".join(said) for basis, said in rows.items()}


def _return(name: str, known: ReturnSummary) -> str:
    span = f" ({number(known.low)} to {number(known.high)})" if known.low != known.high else ""
    return f"{policy_words(name)}: {number(known.mean)}{span}"


def learned_share(view: ProbeView) -> float:
    """How much of the planned learning is behind us, 0 to 1."""
    curves = curves_of(view)
    if not curves.seeds or not view.of_steps:
        return 0.0
    return min(1.0, sum(points[-1][0] for points in curves.seeds.values()) / len(curves.seeds) / view.of_steps)


def _staged(view: ProbeView, event: StageChanged) -> ProbeView:
    passed = view.passed if not view.stage or view.stage == event.stage else (*view.passed, view.stage)
    return replace(view, stage=event.stage, detail=event.detail, passed=passed)


def _pointed(view: ProbeView, event: CurvePoint) -> ProbeView:
    seeds = view.curves.get(event.learner, {})
    points = (*seeds.get(event.seed, ()), (float(event.steps), event.mean_return))
    others = {name: known for name, known in view.curves.items() if name != event.learner}
    curves = {**others, event.learner: {**seeds, event.seed: points}}
    return replace(view, curves=curves, of_steps=event.of_steps)
