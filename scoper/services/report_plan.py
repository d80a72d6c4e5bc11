"""What to do on Monday, what to watch for, and where everything in a report comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scoper.domain.decision import TECHNIQUES, UNDECIDED, Verdict
from scoper.domain.dossier import Dossier
from scoper.domain.findings import Finding
from scoper.domain.probe import WORTHLESS
from scoper.reasoning.verdict import TO_FIND_OUT
from scoper.services.kind_scaffolds import Part, steps_of
from scoper.services.report_checks import measured_by
from scoper.services.report_commands import again_command, open_lines
from scoper.services.report_data import ReportData, Step
from scoper.services.report_how import holding, open_risks
from scoper.services.report_joined import joined_steps, then_words, to_mend
from scoper.services.report_probe import exact_view, probe_state, rule_view, settings_view
from scoper.services.report_view import condition_texts, next_rows
from scoper.services.roles import spelled

Row = dict[str, Any]
TERMS = ("signal", "unknown", "readiness", "flip")
PROBE_TERMS = (
    "MDP",
    "policy",
    "return",
    "discount",
    "horizon",
    "floor",
    "ceiling",
    "gap share",
    "learner",
)
PLACES = ("case_file", "spec_file")
QUESTIONS_FIRST = 3


def risks_view(dossier: Dossier, data: ReportData) -> list[Row]:
    """The risks of the technique and of what surrounds it whose condition the answers meet, grouped by technique.

    A risk of several techniques stands in the first group; the later ones only name it.
    """
    groups: list[Row] = []
    told: set[str] = set()
    held = holding(dossier)
    for technique in _techniques(dossier):
        own = [risk for risk in data.risks if technique in risk.techniques]
        found = [risk for risk in own if (risk.when.holds(dossier.case) if held is None else risk.id in held)]
        new, again = [r for r in found if r.id not in told], [r.title for r in found if r.id in told]
        told |= {risk.id for risk in new}
        undecided = open_risks(dossier, data, technique)
        if found or undecided:
            name = data.name("techniques", technique)
            groups.append({"name": name, "risks": new, "again": again, "open": undecided})
    return groups


def _techniques(dossier: Dossier) -> list[str]:
    """The verdict's technique, or the two best ones while undecided, then the techniques around it."""
    verdict = dossier.verdict
    best = [entry.technique for entry in verdict.ranking if entry.technique in verdict.possible][:2]
    core = best if verdict.technique == UNDECIDED else [verdict.technique]
    return list(dict.fromkeys([*core, *(t for t in verdict.surroundings if t in TECHNIQUES)]))


def plan_view(dossier: Dossier, data: ReportData) -> Row:
    """First what this case asks for (open questions, conditions, blockers, spec lines), then the technique's steps."""
    verdict = dossier.verdict
    current = dossier.result if dossier.result_is_current else None
    blockers = [f for f in (current.findings if current else ()) if f.severity == "blocker" and f.remedy]
    learns = verdict.technique == "reinforcement_learning"
    steps = [] if verdict.readiness == "no" else _applying("first_week", dossier, data)
    questions = _to_settle(dossier, data)
    met = [_conditions_met(step, verdict) for step in steps]
    measured = [_measured(step, dossier) for step in steps]
    first = _first(dossier, data, steps, blockers)
    return {
        "questions": questions,
        "conditions": _unplanned(dossier, data, _days(steps, verdict), questions),
        "n_lines": open_lines(dossier) if learns and current is None else 0,
        "spec_name": dossier.spec_name or "mdp.yaml",
        "rule": rule_view(dossier)
        if current and current.verdict not in WORTHLESS and verdict.readiness != "no"
        else None,
        "stale": probe_state(dossier) == "stale",
        "remedies": [{"claim": spelled(f.claim), "remedy": spelled(f.remedy)} for f in blockers],
        "first": first,
        "first_joined": bool(first) and first in joined_steps(dossier),
        "mend_first": bool(to_mend(dossier)) and verdict.settled,
        "first_then": then_words(dossier),
        "first_after": [s.day for s, done in zip(steps, measured, strict=True) if done and s.day]
        if first in [step.text for step in steps]
        else [],
        "steps": [
            {"text": s.text, "day": s.day, "go": s.go, "no_go": s.no_go, "meets": numbers, "measured": done}
            for s, numbers, done in zip(steps, met, measured, strict=True)
        ],
        "stop": [step.text for step in _applying("stop", dossier, data)],
    }


def _conditions_met(step: Step, verdict: Verdict) -> list[int]:
    """The numbers, from 1, of the verdict's conditions that a step of the week meets."""
    rules = (entry for entry in verdict.trace if entry.status == "hit" and entry.rule in step.meets)
    advice = {entry.advice for entry in rules if entry.advice}
    return [number for number, text in enumerate(verdict.conditions, start=1) if text in advice]


def _days(steps: Sequence[Step], verdict: Verdict) -> dict[int, int]:
    """The numbers of the conditions that steps of the week meet, with the first day on which one does."""
    return {number: step.day for step in reversed(steps) for number in _conditions_met(step, verdict)}


def _measured(step: Step, dossier: Dossier) -> bool:
    """Whether results kept for this case measure all that the step's threshold is about."""
    return bool(step.checks) and measured_by(dossier).issuperset(step.checks)


def _unplanned(dossier: Dossier, data: ReportData, planned: Mapping[int, int], questions: Sequence[Row]) -> list[Row]:
    """The conditions that neither a step of the week meets nor the questions listed before them ask; `day` is None.

    One that the week meets stays, with its day, where it is listed before a thing to do that has none: none overtakes.
    """
    asked = {row["signal"] for row in questions}
    rows: list[Row] = [
        {"number": number, "text": text, "day": planned.get(number), "ask": raw.startswith(TO_FIND_OUT)}
        for number, (text, raw) in enumerate(
            zip(condition_texts(dossier, data), dossier.verdict.conditions, strict=True), start=1
        )
        if not (raw.startswith(TO_FIND_OUT) and asked.issuperset(_to_find_out(raw)))
    ]
    last = max((row["number"] for row in rows if row["day"] is None and not row["ask"]), default=0)
    return [row for row in rows if row["day"] is None or row["number"] < last]


def _to_settle(dossier: Dossier, data: ReportData) -> list[Row]:
    """The questions to begin with: those that can change technique or family, and those that a condition names."""
    named = {s for raw in dossier.verdict.conditions if raw.startswith(TO_FIND_OUT) for s in _to_find_out(raw)}
    rows = next_rows(dossier, data)
    return [row for row in rows if row["level"] != "conditions" or row["signal"] in named][:QUESTIONS_FIRST]


def _to_find_out(condition: str) -> list[str]:
    return condition.removeprefix(TO_FIND_OUT).rstrip(".").split(", ")


def _first(dossier: Dossier, data: ReportData, steps: Sequence[Step], blockers: Sequence[Finding]) -> str:
    """The one thing to begin with: an open question, what the probe asks for, a condition, else the week's first step.

    A condition that a step of the week meets waits for its day unless one after it has none, and a step whose threshold
    is measured is done.
    """
    if dossier.verdict.readiness == "no":
        return "build nothing now, and come back when one of the answers changes"
    asked = [row["find_out"] or row["text"] for row in next_rows(dossier, data)[:1]]
    if asked and not dossier.verdict.settled:
        return str(asked[0])
    if to_mend(dossier):
        return joined_steps(dossier)[0]
    met = {n for step in steps if _measured(step, dossier) for n in _conditions_met(step, dossier.verdict)}
    rows = _unplanned(dossier, data, _days(steps, dossier.verdict), ())
    meet = [str(asked[0]) if asked and row["ask"] else row["text"] for row in rows if row["number"] not in met]
    texts = [
        *(spelled(f.remedy) for f in blockers),
        *joined_steps(dossier),
        *meet,
        *(step.text for step in steps if not _measured(step, dossier)),
    ]
    return texts[0] if texts else ""


def _applying(which: Part, dossier: Dossier, data: ReportData) -> list[Step]:
    """What applies of the steps of the technique and its settled kind, by day; within a day in the file's order."""
    probe = dossier.result.verdict if dossier.result and dossier.result_is_current else _unprobed(dossier)
    exact = exact_view(dossier, data) is not None
    steps = data.first_week if which == "first_week" else data.stop
    own = steps_of(steps, dossier.verdict.technique, dossier.approach, which, data.packs)
    listed = [step for step in own if step.applies(dossier.case, probe, exact)]
    return sorted(listed, key=lambda step: step.day)


def _unprobed(dossier: Dossier) -> str:
    return "none" if dossier.spec_text is None else "unprobed"


def terms_view(dossier: Dossier, data: ReportData) -> list[Row]:
    """The glossary's entries for the words that this report uses."""
    learns = dossier.verdict.technique == "reinforcement_learning" or dossier.result is not None
    terms = TERMS + (PROBE_TERMS if learns else ())
    return [{"name": term, "meaning": data.glossary[term]} for term in terms if term in data.glossary]


def provenance_view(dossier: Dossier) -> Row:
    """Digests, versions, seeds and the command that makes this report again."""
    rows = [{"key": "case", "value": dossier.case_digest}, {"key": "rules", "value": dossier.rules_digest}]
    if dossier.precedents_digest is not None:
        rows.append({"key": f"precedents ({dossier.n_precedents})", "value": dossier.precedents_digest})
    rows += [{"key": "spec", "value": dossier.spec_digest}] if dossier.spec_digest else []
    if dossier.result is not None and not dossier.result_is_current:
        rows.append({"key": "spec that was probed", "value": dossier.result_spec_digest or "unknown"})
    known = dossier.provenance
    shown = [{"key": key.replace("_", " "), "value": known[key]} for key in sorted(known) if key not in PLACES]
    probe = settings_view(dossier.result) if dossier.result and dossier.result_is_current else []
    return {"digests": rows, "facts": shown, "probe": probe, "command": again_command(dossier)}
