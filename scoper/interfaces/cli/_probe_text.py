"""A probe as plain text: one line per event while it runs, and the result as a page."""

from __future__ import annotations

import textwrap

from scoper.domain.findings import Finding
from scoper.domain.probe import (
    STAGES,
    CurvePoint,
    FindingRaised,
    ProbeEvent,
    ProbeResult,
    ReturnMeasured,
    ReturnSummary,
    StageChanged,
)
from scoper.domain.probe_progress import StopRule
from scoper.interfaces import console
from scoper.interfaces.cli._audit_text import audit_lines
from scoper.interfaces.cli.doctor_text import contract_text
from scoper.interfaces.cli.repair_text import repairs_text
from scoper.interfaces.watching import ProbeView, left_words, stop_words
from scoper.services.numbers import count, number, share, tiny
from scoper.services.probe_words import (
    decision_sentence,
    earlier_words,
    improvement_sentence,
    needed_sentence,
    projection_sentence,
    trace_words,
    typical_words,
    worth_sentence,
)

_WIDTH = 79
_BAR = 20
_VERDICTS = {
    "feasible": "feasible",
    "feasible_with_conditions": "feasible with conditions",
    "not_shown": "not shown",
    "infeasible": "infeasible",
    "reward_defective": "reward defective",
}
_MARKS = {"blocker": "[x] blocker", "caution": "[!] caution", "info": "[i] info"}


def event_line(event: ProbeEvent, before: ProbeView | None = None) -> str:
    """What to say about `event`, `before` being what was known until then; empty for what is not worth a line."""
    if isinstance(event, StageChanged):
        return f"{event.t_s:6.1f} s  {event.stage:<9} {event.detail}".rstrip()
    if isinstance(event, StopRule):
        return f"{event.t_s:6.1f} s    {stop_words(ProbeView(stage=event.stage, stops={event.stage: event.when}))}"
    if isinstance(event, ReturnMeasured):
        earlier = earlier_words(before.returns.get(event.policy) if before else None, event.summary)
        return f"{event.t_s:6.1f} s    {event.policy:<20} {_mean(event.summary)}{earlier}"
    if isinstance(event, FindingRaised) and event.finding.severity != "info":
        return f"{event.t_s:6.1f} s    {_MARKS[event.finding.severity]}: {event.finding.claim}"
    if isinstance(event, CurvePoint) and (_enters_quarter(event, before) or event.stopped):
        steps = f"{count(event.steps)} of {count(event.of_steps)} timesteps"
        reason = f"; stopped here: {event.stopped}" if event.stopped else ""
        place = f"{event.t_s:6.1f} s    {event.learner} seed {event.seed + 1}"
        return f"{place}: {number(event.mean_return)} after {steps}{reason}"
    return ""


def live_line(view: ProbeView) -> str:
    """Where the probe stands, on one line; empty before it starts and after its end."""
    if view.status != "running" or not view.stage:
        return ""
    place = STAGES.index(view.stage) + 1 if view.stage in STAGES else 0
    said = [f"{view.t_s:.0f} s", f"{view.stage} ({place} of {len(STAGES)})"]
    share_done = "" if view.pace is None else f" {100 * view.pace.share:.0f} %"
    said += [f"{view.doing}{share_done}"] if view.doing else []
    return " · ".join(part for part in (*said, left_words(view)) if part)


def _enters_quarter(event: CurvePoint, before: ProbeView | None) -> bool:
    """Whether the point is the first of its seed within another quarter of the planned timesteps."""
    points = before.curves.get(event.learner, {}).get(event.seed, ()) if before else ()
    reached, of = points[-1][0] if points and points[-1][0] < event.steps else 0.0, max(1, event.of_steps)
    return int(4 * event.steps / of) > int(4 * reached / of)


def _mean(summary: ReturnSummary) -> str:
    if summary.basis == "proved":
        return f"{number(summary.mean)} (proved)"
    if summary.low == summary.high:
        return f"{number(summary.mean)}, no spread, n = {count(summary.n)}"
    return f"{number(summary.mean)} [{number(summary.low)}, {number(summary.high)}], n = {count(summary.n)}"


def result_text(result: ProbeResult) -> str:
    """Verdict first, then the returns between floor and ceiling, then what to do."""
    lines = [console.emphasis(f"{result.spec.get('name', '')}: {_VERDICTS[result.verdict]}")]
    lines += _wrapped(result.because) if result.because else []
    if result.returns:
        lines += ["", *_wrapped(f"Returns are the {result.criterion}."), "", *_table(result)]
    lines += _facts(result)
    told = list(audit_lines(result))
    lines += ["", *told] if told else []
    for finding in result.findings:
        lines += ["", *_finding(finding)]
    lines += _certificates(result)
    lines += repairs_text(result.repairs)
    lines += ["", *contract_text(result.doctor)] if result.doctor else []
    return "\n".join(lines)


def _table(result: ProbeResult) -> list[str]:
    rows = sorted(result.returns.items(), key=lambda item: item[1].mean)
    low, high = rows[0][1].mean, rows[-1][1].mean
    comparable = {name for name, _ in rows if name not in ("optimal_discounted", "optimal_undiscounted")}
    width = max(len(name) for name, _ in rows)
    lines = []
    for name, summary in rows:
        filled = round(_BAR * (summary.mean - low) / (high - low)) if high > low and name in comparable else 0
        bar = "█" * filled + "·" * (_BAR - filled) if name in comparable else " " * _BAR
        interval = _interval(summary)
        lines.append(f"  {name:<{width}}  {bar}  {number(summary.mean):>11}  {interval}".rstrip())
    lines.append("")
    for name, summary in rows:
        if told := "; ".join(filter(None, (summary.policy, typical_words(result, name)))):
            lines += _wrapped(f"{name}: {told}", "    ", "  ")
    return lines


def _interval(summary: ReturnSummary) -> str:
    """Exact only where it is proved; a measured result whose samples were all the same has no spread."""
    if summary.basis == "proved":
        return "exact"
    low, high = number(summary.low), number(summary.high)
    return "no spread" if summary.low == summary.high else low if low == high else f"{low} to {high}"


def _inferred(result: ProbeResult) -> list[str]:
    """What was decided at which error rate, what is likely, what is still to be spent, and whether a rule would do."""
    said = {
        "Decision": decision_sentence(result.decision) if result.decision else "",
        "To decide": needed_sentence(result.decision),
        "Next seed": improvement_sentence(result),
        "To target": projection_sentence(result.projection),
        "Worth it": worth_sentence(result),
    }
    return [line for title, words in said.items() if words for line in _wrapped(f"{title}: {words}", "  ")]


def _facts(result: ProbeResult) -> list[str]:
    lines = []
    if result.gap_share is not None:
        gap = result.gap_share
        low, high = share(gap.low), share(gap.high)
        interval = "" if low == high == share(gap.estimate) else f" [{low}, {high}]"
        way = f"of the way from {gap.floor} to {gap.ceiling}"
        how = "95 % Student interval" if gap.estimator == "mean" else "interquartile mean, 95 % bootstrap interval"
        method = f"{gap.learner}, {how} over {gap.n_seeds} seeds"
        method += "" if gap.ceiling in result.returns else "; the ceiling is not proved"
        lines += _wrapped(f"Gap share: {share(gap.estimate)}{interval} {way} ({method})", "  ")
    lines += _inferred(result)
    if result.objective is not None:
        wanted = result.objective
        best = (
            "" if wanted.of_best_objective_policy is None else f"; possible {number(wanted.of_best_objective_policy)}"
        )
        earned = (
            f"{number(wanted.of_best_reward_policy)} by the reward's best policy, {number(wanted.of_random)} by random"
        )
        lines.append(f"Objective: {earned}{best}")
    if result.cost is not None:
        whose = "the environment's own steps" if result.cost.speed_of == "environment" else "learning on the table"
        speed = f"Speed: {count(result.cost.steps_per_s)} timesteps/s ({whose})"
        lines += _wrapped(f"{speed}{_target_words(result)}", "  ")
    approximate = "optimal" in result.returns and result.returns["optimal"].basis == "extrapolated"
    exact = "On the arrays, which approximate the spec" if approximate else "Exact"
    for solution in result.solutions:
        state = f"error at most {tiny(solution.error_bound)}" if solution.converged else "did not converge"
        lines.append(f"{exact}: {number(solution.value)} by {solution.method} ({state})")
    return ["", *lines] if lines else []


def _target_words(result: ProbeResult) -> str:
    steps = result.cost.steps_to_target if result.cost else None
    if steps is None:
        return ""
    low, high = count(steps.low), count(steps.high)
    return f"; 95 % of the gap after {low if low == high else f'{low} to {high}'} timesteps"


def _finding(finding: Finding) -> list[str]:
    lines = _wrapped(f"{_MARKS[finding.severity]} {finding.code}: {finding.claim}", "    ")
    return [*lines, *_wrapped(f"-> {finding.remedy}", "       ", "    ")] if finding.remedy else lines


def _certificates(result: ProbeResult) -> list[str]:
    """What can be run again; the episodes themselves are in the JSON and in the report."""
    lines: list[str] = []
    for certificate in result.certificates:
        lines += ["", *_wrapped(f"[#] certificate: {certificate.claim}", "    ")]
        for trace in certificate.traces:
            lines += _wrapped(f"-> {trace.policy}: {trace_words(trace)}", "       ", "    ")
        if not certificate.replays:
            lines += _wrapped("followed again it came out otherwise: the problem does not replay", "       ", "    ")
    return [*lines, *_wrapped("`scoper replay RESULT SPEC` runs it again", "    ", "    ")] if lines else []


def _wrapped(text: str, later: str = "", first: str = "") -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=first, subsequent_indent=later) or [""]
