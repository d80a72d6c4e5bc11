"""A probe's events folded into what is known so far, for every display: terminal interface, command line, recordings.

Pure: a view and an event give the next view. Remaining times are estimates, made here from counts in the events and
from the events' own times; no clock is read.
"""

from __future__ import annotations

from dataclasses import replace

from scoper.domain.cell import CellMeasured
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
    Replayed,
    ReturnMeasured,
    Sampled,
    StageChanged,
    Started,
)
from scoper.domain.probe_progress import StageProgressed, StopRule
from scoper.interfaces.probe_state import Pace, Points, ProbeStatus, ProbeView

__all__ = ["Pace", "Points", "ProbeStatus", "ProbeView", "duration", "fold", "left_words", "of_result", "stop_words"]

_SOON_S = 0.5
"""Less than this would be told as 0 s."""


def fold(view: ProbeView, event: ProbeEvent) -> ProbeView:
    """What is known after `event`."""
    now = replace(view, t_s=max(view.t_s, event.t_s), waited_s=_waited_s(view, event))
    match event:
        case Heartbeat() | Sampled() | Collected() | Examined() | CellMeasured() | Replayed():
            return now
        case Started():
            spec = event.spec_digest or now.of_spec
            return replace(now, status="running", of_spec=spec, budget_s=event.budget_s, n_seeds=event.n_seeds)
        case StageChanged():
            return _staged(now, event)
        case StageProgressed():
            pace = Pace(event.done, event.of, now.entered.get(event.stage, event.t_s), event.t_s)
            return replace(now, doing=event.doing, pace=pace)
        case StopRule():
            return replace(now, stops={**now.stops, event.stage: event.when})
        case ReturnMeasured():
            return _measured(now, event)
        case CurvePoint():
            return _pointed(now, event)
        case FindingRaised():
            return replace(now, findings=(*now.findings, event.finding))
        case Finished() | Failed():
            return _ended(now, event)


def of_result(result: ProbeResult) -> ProbeView:
    """What the probe showed at its end, from its result alone."""
    curves: dict[str, dict[int, Points]] = {}
    for curve in result.curves:
        points = tuple(zip(map(float, curve.steps), curve.returns, strict=True))
        curves.setdefault(curve.learner, {})[curve.seed] = points
    ended = ProbeView(status="finished", passed=STAGES, result=result, of_spec=result.spec.get("digest", ""))
    return replace(ended, findings=result.findings, returns=result.returns, curves=curves)


def stop_words(view: ProbeView) -> str:
    """What would end the present stage, as half a sentence; empty where nothing was said about it."""
    when = view.stops.get(view.stage, ())
    if not when:
        return ""
    return f"stops {'at' if when[0].startswith('at ') else 'when'} {', or '.join(when).removeprefix('at ')}"


def left_words(view: ProbeView) -> str:
    """How long it still takes: an estimate while there is one, and how the budget stands by the probe's own clock.

    Nothing is said of when it ends at the latest: on a busy machine that is later than when the budget is used up.
    """
    return ", ".join(part for part in (_estimate_words(view), _budget_words(view)) if part)


def _estimate_words(view: ProbeView) -> str:
    left_s = view.left_s()
    if left_s is None or view.pace is None:
        return ""
    if left_s < _SOON_S:  # what is counted is over, or took longer than so far: work goes on in either case
        return "" if view.pace.share >= 1.0 else "longer than estimated"
    if left_s > view.budget_left_s() > 0.0:
        return f"would take about {duration(left_s)} more (estimate)"
    return f"about {duration(left_s)} left (estimate)"


def _budget_words(view: ProbeView) -> str:
    over_s = -view.budget_left_s()
    if not view.budget_s:
        return ""
    if over_s < -_SOON_S:
        return f"budget left: {duration(-over_s)}"
    return "the budget is used up" if over_s < _SOON_S else f"{duration(over_s)} over its budget"


def duration(seconds: float) -> str:
    """Seconds as people say them."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _waited_s(view: ProbeView, event: ProbeEvent) -> float:
    """What a busy machine took, which the budget does not count; heartbeats of earlier versions do not tell it."""
    if not isinstance(event, Heartbeat) or event.used_s is None:
        return view.waited_s
    return max(0.0, event.t_s - event.used_s)


def _ended(view: ProbeView, event: Finished | Failed) -> ProbeView:
    if isinstance(event, Failed):
        failed = replace(view, status="failed", code=event.code, message=event.message, result=event.result)
        return replace(failed, pace=None)
    spec = view.of_spec or event.result.spec.get("digest", "")
    ended = replace(view, status="finished", stage="", passed=STAGES, result=event.result, pace=None, of_spec=spec)
    return replace(ended, findings=event.result.findings, returns=event.result.returns)


def _measured(view: ProbeView, event: ReturnMeasured) -> ProbeView:
    """A learner's return ends its learning; the next one begins now."""
    entered = {**view.entered, "learn": event.t_s} if view.stage == "learn" else view.entered
    return replace(view, returns={**view.returns, event.policy: event.summary}, entered=entered)


def _staged(view: ProbeView, event: StageChanged) -> ProbeView:
    passed = view.passed if not view.stage or view.stage == event.stage else (*view.passed, view.stage)
    entered = {**view.entered, event.stage: event.t_s}
    begun = replace(view, stage=event.stage, detail=event.detail, passed=passed, entered=entered)
    return replace(begun, doing="", pace=None, status="running" if view.status == "idle" else view.status)


def _pointed(view: ProbeView, event: CurvePoint) -> ProbeView:
    seeds = view.curves.get(event.learner, {})
    fresh = not view.curves or next(reversed(list(view.curves))) != event.learner
    rises = not fresh and event.of_steps > view.of_steps > 0  # all seeds learn anew, with more timesteps
    seeds = {} if rises else seeds
    known = seeds.get(event.seed, ())
    again = bool(known) and event.steps <= known[-1][0]  # the seed learns anew
    points = (*(() if again else known), (float(event.steps), event.mean_return))
    others = {name: known for name, known in view.curves.items() if name != event.learner}
    curves = {**others, event.learner: {**seeds, event.seed: points}}
    over = {event.seed} if event.stopped or event.steps >= event.of_steps else set()
    kept = frozenset() if fresh or rises else view.ended - {event.seed} if again else view.ended
    now = replace(view, curves=curves, of_steps=event.of_steps, doing=event.learner, ended=kept | over)
    return replace(now, pace=_learning_pace(now, event))


def _learning_pace(view: ProbeView, event: CurvePoint) -> Pace:
    """Timesteps of all seeds together: those taken, and those that no seed has been excused from."""
    taken = {seed: points[-1][0] for seed, points in view.curves[event.learner].items()}
    n_seeds = max(view.n_seeds, len(taken))
    of = sum(taken.values()) + sum(max(0.0, event.of_steps - n) for seed, n in taken.items() if seed not in view.ended)
    of += (n_seeds - len(taken)) * event.of_steps
    return Pace(sum(taken.values()), of, view.entered.get("learn", 0.0), event.t_s)
