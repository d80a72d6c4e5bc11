"""The audit's part of a report: what the reward asks for, what mends it, what survives, what is open.

Layout only; every number and every sentence on the policy's doings was made while probing.
"""

from __future__ import annotations

from typing import Any

from scoper.domain.dossier import Dossier
from scoper.domain.probe import ProbeResult
from scoper.domain.repairs import RepairSummary
from scoper.domain.robustness import CHALLENGE_WORDS, RobustnessSummary
from scoper.services.report_data import ReportData
from scoper.services.roles import policy_words, spelled

Row = dict[str, Any]
OPEN_CODES = (
    "not_assessed",
    "objective_not_declared",
    "objective_not_tested",
    "objective_refused",
    "statement_not_tested",
    "example_not_replayed",
    "broken_plug_in",
    "missing_extra",
    "learner_failed",
    "budget_exhausted",
    "table_not_used",
    "space_not_learnable",
)
"""Findings that say that something was not looked at."""


def audit_view(dossier: Dossier, data: ReportData) -> Row | None:
    """The section's rows; None without a current result that was audited."""
    result = dossier.result if dossier.result_is_current else None
    if result is None or not (result.behaviour or result.robustness or result.repairs):
        return None
    conduct = result.behaviour
    return {
        "policy": conduct.policy if conduct else "",
        "basis": data.name("basis", conduct.basis) if conduct else "",
        "sentences": list(conduct.sentences) if conduct else [],
        "robust": _robustness(result.robustness, data),
        "repairs": [_repair(row, data) for row in result.repairs],
        "open": open_sentences(result),
    }


def open_sentences(result: ProbeResult) -> list[str]:
    """What could not be assessed, and why."""
    said = [spelled(finding.claim) for finding in result.findings if finding.code in OPEN_CODES]
    if result.behaviour is None:
        said.append(
            "what the reward-optimal policy does is not told: there is no table, and no model came of what was stepped"
        )
    if result.robustness is None:
        said.append(_not_disturbed(result))
    else:
        said += [f"not disturbed: {words}" for words in result.robustness.left_out]
    return list(dict.fromkeys(said))


def _not_disturbed(result: ProbeResult) -> str:
    """Why nothing was disturbed, as far as the result itself tells."""
    if any(finding.severity == "blocker" for finding in result.findings):
        return "robustness was not looked at: a blocker was found before"
    if result.verdict in ("feasible", "feasible_with_conditions"):
        return "robustness was not looked at in this probe"
    return "robustness was not looked at: no policy is shown to stand above the floors that could lose its advantage"


def _robustness(known: RobustnessSummary | None, data: ReportData) -> Row | None:
    if known is None or not known.rows:
        return None
    rows = [
        {
            "challenge": CHALLENGE_WORDS[row.challenge],
            "strength": row.strength,
            "level": row.level,
            "mean": row.mean,
            "share": row.share,
            "low": row.low,
            "high": row.high,
            "spread": row.low != row.high,
            "basis": data.name("basis", row.basis),
        }
        for row in known.rows
    ]
    return {"policy": known.policy, "mean": known.mean, "floor": policy_words(known.floor), "rows": rows} | {
        "floor_return": known.floor_return,
        "all_proved": all(row.basis == "proved" and row.low == row.high for row in known.rows),
        "is_best": known.is_best,
    }


def _repair(row: RepairSummary, data: ReportData) -> Row:
    sides = {
        name: {
            "verdict": data.name("probe_verdicts", side.verdict),
            "objective": side.objective,
            "share": side.share,
        }
        for name, side in (("before", row.before), ("after", row.after))
    }
    return {
        "words": row.words,
        "defect": row.defect,
        "claimed": row.claimed,
        "patch": row.patch.splitlines(),
        **sides,
    } | {
        "wrapper": row.wrapper.splitlines(),
        "wrapper_file": row.wrapper_file,
    }
