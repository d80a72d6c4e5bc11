"""The probe's part of a report: what was measured and proved, the findings.

Layout only. Speeds and hours depend on the machine and the moment; they stay in the JSON result, so that the same case
and seed give the same report. A result measured on another spec is shown as stale and nothing is derived from it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from scoper.domain.dossier import Dossier
from scoper.domain.findings import Finding
from scoper.domain.probe import WORTHLESS, GapShare, ProbeResult
from scoper.domain.questionnaire import UNKNOWN
from scoper.services.numbers import plain
from scoper.services.probe_words import (
    decision_sentence,
    improvement_sentence,
    needed_sentence,
    projection_sentence,
    typical_words,
    worth_sentence,
)
from scoper.services.report_commands import open_lines, probe_commands
from scoper.services.report_data import ReportData
from scoper.services.report_view import phrase
from scoper.services.roles import ROLE_WORDS, entries, policy_words, spelled

Row = dict[str, Any]
SEVERITIES = ("blocker", "caution", "info")
_SETTINGS = {
    "budget": "budget",
    "seed": "first seed",
    "n_seeds": "seeds of a learner at most",
    "learning_steps": "timesteps for each seed",
}
SOLVES, SMALL = "dynamic_programming", 50  # options up to which the question on actions says "discrete_small"
CUT = "for laws cut at "  # how `scoper.baselines._exact` begins what a proof on the table rests on
SHARED = 3  # rows that end with the same clause: told once beneath them
NEAR = 0.05  # of the return or of the way to it; what the plan's "stop" and the question on the baseline say
_ROUNDING = 1e-9  # relative: returns that are closer are the same return, reached in another order of sums
_DEEP = "stable-baselines3"  # what it learns depends on the machine, so the machine is named


def probe_view(dossier: Dossier, data: ReportData) -> Row:
    """Where the probe stands (`current`, `stale` or `missing`) and, when current, its verdict, tables and curves."""
    result = dossier.result
    row: Row = {"state": probe_state(dossier), "notes": dossier.spec_notes, "spec_name": dossier.spec_name or ""}
    row |= {"n_lines": open_lines(dossier), "commands": probe_commands(dossier)}
    row["wanted"] = dossier.verdict.technique == "reinforcement_learning" or result is not None
    if result is None:
        return row
    returns, shared = _told_once(return_rows(result, data))
    row |= {
        "verdict": data.name("probe_verdicts", result.verdict),
        "meaning": data.meaning("probe_verdicts", result.verdict),
        "because": spelled(result.because),
        "criterion": result.criterion,
        "returns": returns,
        "shared": shared,
        "gap": _gap(result),
        "gap_basis": data.name("basis", result.basis.get("gap_share", "measured")),
        "steps_basis": data.name("basis", result.basis.get("cost.steps_to_target", "measured")),
        "inferred": _inferred(result),
        "objective": result.objective,
        "objective_basis": data.name("basis", result.basis.get("objective", "measured")),
        "solutions": result.solutions,
        "approximate": _is_approximate(result),
        "steps": result.cost.steps_to_target if result.cost else None,
        "speed": result.cost is not None,
        "bases": [{"name": data.name("basis", b), "meaning": data.meaning("basis", b)} for b in _bases(result)],
        "spec": result.spec.get("name", ""),
        "measured_digest": dossier.result_spec_digest or result.spec.get("digest", ""),
        "policy": _choices(result),
        "n_findings": len(result.findings),
    }
    return row


def exact_view(dossier: Dossier, data: ReportData) -> Row | None:
    """What follows when the probe solved the present spec exactly: a table decides, whatever the answers favour.

    None also where the exact policy is worth nothing: the reward is defective, or no policy beats the floors.
    """
    result = dossier.result if dossier.result_is_current else None
    if result is None or result.verdict in WORTHLESS or not any(s.converged for s in result.solutions):
        return None
    if _is_approximate(result):
        return None
    sizes = result.mdp
    n_actions = sizes.n_actions if sizes and sizes.n_actions else 0
    answers = {signal: dossier.case.value_of(signal) for signal in ("state_space", "action_space")}
    against = {
        "state_space": answers["state_space"] not in (UNKNOWN, "enumerable"),
        "action_space": answers["action_space"] == "continuous"
        or (answers["action_space"] == "discrete_large" and 0 < n_actions <= SMALL),
    }
    return {
        "n_states": sizes.n_states if sizes and sizes.n_states else 0,
        "n_actions": n_actions,
        "overrides": dossier.verdict.family not in (None, SOLVES),
        "disagree": [phrase(dossier, data, signal) for signal, disagrees in against.items() if disagrees],
    }


def _is_approximate(result: ProbeResult) -> bool:
    """Whether the optimum is that of arrays which only approximate the spec."""
    return "optimal" in result.returns and result.returns["optimal"].basis == "extrapolated"


def rule_view(dossier: Dossier) -> Row | None:
    """The best rule to beat and how the best of what was found stands against it, by their intervals.

    What differs by rounding alone is `equal`, so that no rule seems to beat an optimum.
    """
    result = dossier.result if dossier.result_is_current else None
    known = [entry for entry in entries(result) if math.isfinite(entry.summary.mean)] if result else []
    rules = [entry for entry in known if entry.role == "rule"]
    found = [e for e in known if e.policy == "optimal"] or [e for e in known if e.role == "learner"]
    if not rules or not found:
        return None
    rule = max(rules, key=lambda entry: entry.summary.mean)
    best = max(found, key=lambda entry: entry.summary.mean)
    ours, bar = best.summary, rule.summary
    rounding = _ROUNDING * max(abs(bar.mean), abs(ours.mean), 1.0)
    standing = "above" if ours.low > bar.high + rounding else "below" if ours.high < bar.low - rounding else "level"
    if max(abs(ours.low - bar.high), abs(ours.high - bar.low)) <= rounding:
        standing = "equal"
    names = {"name": policy_words(rule.policy), "best": policy_words(best.policy)}
    return names | {"mean": bar.mean, "best_mean": ours.mean, "standing": standing}


def near_view(dossier: Dossier) -> list[Row]:
    """The rules to beat that leave too little to gain, best first: the lower ends of their intervals count.

    A rule is one of them when it lacks at most 5 % of the exact return and is below no floor, or lacks at most 5 % of
    the way from the best floor to the exact return. `share` is what its mean lacks, `of_way` says of which of the two.
    None without an exact return, or where that is worth nothing.
    """
    result = dossier.result if dossier.result_is_current else None
    known = [entry for entry in entries(result) if math.isfinite(entry.summary.mean)] if result else []
    best = next((entry.summary.mean for entry in known if entry.policy == "optimal"), None)
    if result is None or result.verdict in WORTHLESS or best is None:
        return []
    below = best - _ROUNDING * max(abs(best), 1.0)  # a floor that is optimal itself bars nothing
    floors = [entry.summary.mean for entry in known if entry.role == "floor" and entry.summary.mean < below]
    floor = max(floors, default=None)
    rows = []
    for entry in known:
        if entry.role != "rule":
            continue
        wholes = {False: abs(best) if floor is None or entry.summary.low >= floor else 0.0}
        wholes |= {True: best - floor} if floor is not None else {}
        near = [way for way, whole in wholes.items() if whole > 0 and best - entry.summary.low <= NEAR * whole]
        if near:
            lacks = max(best - entry.summary.mean, 0.0) / wholes[near[0]]
            names = {"name": policy_words(entry.policy), "mean": entry.summary.mean, "best_mean": best}
            rows.append(names | {"share": lacks, "of_way": near[0]})
    return rows


def probe_state(dossier: Dossier) -> str:
    """`missing` without a result, `stale` when it was measured on another spec, else `current`."""
    if dossier.result is None:
        return "missing"
    return "current" if dossier.result_is_current else "stale"


def return_rows(result: ProbeResult, data: ReportData) -> list[Row]:
    """Every policy's return, ceiling first."""
    return [
        {
            "role": ROLE_WORDS[entry.role],
            "policy": policy_words(entry.policy),
            "detail": "; ".join(filter(None, (entry.summary.policy, typical_words(result, entry.policy)))),
            "mean": entry.summary.mean,
            "low": entry.summary.low,
            "high": entry.summary.high,
            "spread": entry.summary.low != entry.summary.high,
            "proved": entry.summary.basis == "proved",
            "n": entry.summary.n,
            "basis": data.name("basis", entry.summary.basis),
        }
        for entry in entries(result)
    ]


def _told_once(rows: list[Row]) -> tuple[list[Row], str]:
    """The rows without the clause on cut laws that most of the proved ones end with, and that clause."""
    ends = [end for row in rows if row["proved"] and (end := str(row["detail"]).rpartition("; ")[2]).startswith(CUT)]
    common = max(ends, key=ends.count, default="")
    if ends.count(common) < SHARED:
        return rows, ""
    return [
        {**row, "detail": str(row["detail"]).removesuffix(f"; {common}")} if row["proved"] else row for row in rows
    ], common


def _choices(result: ProbeResult) -> Row | None:
    """The listed states by what the best policy does in them; `when` is what all of them begin with."""
    if not result.policy:
        return None
    heads = {state.partition(": ")[0] if ": " in state else "" for state, _ in result.policy}
    when = next(iter(heads)) if len(heads) == 1 else ""
    chosen: dict[str, list[str]] = {}
    for state, choice in result.policy:
        chosen.setdefault(choice, []).append(state.removeprefix(f"{when}: ") if when else state)
    return {"when": when, "rows": [{"choice": choice, "states": states} for choice, states in chosen.items()]}


def _bases(result: ProbeResult) -> list[str]:
    return list(dict.fromkeys(entry.summary.basis for entry in entries(result)))


def _inferred(result: ProbeResult) -> list[Row]:
    """Sentences on what was decided, what would decide, how likely and how far, and whether a rule would do."""
    said = {
        "Decision": decision_sentence(result.decision) if result.decision else "",
        "What would decide": needed_sentence(result.decision),
        "Chance of improvement": improvement_sentence(result),
        "Way to the target": projection_sentence(result.projection),
        "Worth over a rule": worth_sentence(result),
    }
    return [{"title": title, "text": spelled(words)} for title, words in said.items() if words]


def _gap(result: ProbeResult) -> Row | None:
    gap = result.gap_share
    if gap is None:
        return None
    names = {"learner": gap.learner, "floor": gap.floor, "ceiling": gap.ceiling}
    return {key: policy_words(name) for key, name in names.items()} | {
        "rule": _rule_share(result, gap),
        "estimate": gap.estimate,
        "low": gap.low,
        "high": gap.high,
        "n_seeds": gap.n_seeds,
        "estimator": gap.estimator,
    }


def _rule_share(result: ProbeResult, gap: GapShare) -> Row | None:
    """How far the best rule to beat gets on the same way from floor to ceiling."""
    known = entries(result)
    means = {entry.policy: entry.summary.mean for entry in known}
    rules = [entry for entry in known if entry.role == "rule" and math.isfinite(entry.summary.mean)]
    if not rules or not {gap.floor, gap.ceiling} <= set(means) or means[gap.ceiling] <= means[gap.floor]:
        return None
    best = max(rules, key=lambda entry: entry.summary.mean)
    floor, ceiling = means[gap.floor], means[gap.ceiling]
    return {"name": policy_words(best.policy), "share": (best.summary.mean - floor) / (ceiling - floor)}


def findings_view(dossier: Dossier, data: ReportData) -> list[Row]:
    """The findings of a current result, blockers first; a stale result's findings are not repeated."""
    if dossier.result is None or not dossier.result_is_current:
        return []
    rank = {severity: index for index, severity in enumerate(SEVERITIES)}
    found = sorted(dossier.result.findings, key=lambda f: rank[f.severity])
    return [_finding(finding, data) for finding in found]


def _finding(finding: Finding, data: ReportData) -> Row:
    return {
        "severity": data.name("severities", finding.severity),
        "severity_id": finding.severity,
        "severity_meaning": data.meaning("severities", finding.severity),
        "claim": spelled(finding.claim),
        "code": finding.code,
        "evidence": [
            {"key": data.name("evidence", key), "value": plain(v)}
            for key, v in sorted(finding.evidence.items())
            if v is not None
        ],
        "remedy": spelled(finding.remedy),
    }


def settings_view(result: ProbeResult) -> list[Row]:
    """Versions, seeds and budget of a result; what depends on the machine's mood is left to the JSON."""
    known = result.provenance
    rows = [{"key": name, "value": plain(known[key])} for key, name in _SETTINGS.items() if known.get(key) is not None]
    versions = known.get("versions")
    if isinstance(versions, Mapping):
        rows += (
            [{"key": "machine", "value": plain(known["machine"])}] if _DEEP in versions and "machine" in known else []
        )
        listed = ", ".join(f"{name} {versions[name]}" for name in sorted(versions))
        rows.append({"key": "versions", "value": listed})
    return rows
