"""The probe's part of a report: what was measured and proved, the findings.

Layout only. Speeds and hours depend on the machine and the moment; they stay in the JSON result, so that the same case
and seed give the same report. A result measured on another spec is shown as stale and nothing is derived from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scoper.domain.dossier import Dossier
from scoper.domain.findings import Finding
from scoper.domain.probe import ProbeResult
from scoper.services.numbers import plain
from scoper.services.report_data import ReportData
from scoper.services.roles import ROLE_WORDS, entries, policy_words, spelled

Row = dict[str, Any]
SEVERITIES = ("blocker", "caution", "info")
_SETTINGS = {"budget": "budget", "seed": "first seed", "n_seeds": "seeds", "learning_steps": "timesteps for each seed"}
_DEEP = "stable-baselines3"  # what it learns depends on the machine, so the machine is named


def probe_view(dossier: Dossier, data: ReportData) -> Row:
    """Where the probe stands (`current`, `stale` or `missing`) and, when current, its verdict, tables and curves."""
    result = dossier.result
    row: Row = {"state": probe_state(dossier), "notes": dossier.spec_notes, "spec_name": dossier.spec_name or ""}
    row["wanted"] = dossier.verdict.technique == "reinforcement_learning" or result is not None
    if result is None:
        return row
    row |= {
        "verdict": data.name("probe_verdicts", result.verdict),
        "meaning": data.meaning("probe_verdicts", result.verdict),
        "because": spelled(result.because),
        "criterion": result.criterion,
        "returns": return_rows(result, data),
        "gap": _gap(result),
        "gap_basis": data.name("basis", result.basis.get("gap_share", "measured")),
        "steps_basis": data.name("basis", result.basis.get("cost.steps_to_target", "measured")),
        "objective": result.objective,
        "objective_basis": data.name("basis", result.basis.get("objective", "measured")),
        "solutions": result.solutions,
        "steps": result.cost.steps_to_target if result.cost else None,
        "speed": result.cost is not None,
        "bases": [{"name": data.name("basis", b), "meaning": data.meaning("basis", b)} for b in _bases(result)],
        "spec": result.spec.get("name", ""),
        "measured_digest": dossier.result_spec_digest or result.spec.get("digest", ""),
        "policy": result.policy,
        "n_findings": len(result.findings),
    }
    return row


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
            "detail": entry.summary.policy,
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


def _bases(result: ProbeResult) -> list[str]:
    return list(dict.fromkeys(entry.summary.basis for entry in entries(result)))


def _gap(result: ProbeResult) -> Row | None:
    gap = result.gap_share
    if gap is None:
        return None
    names = {"learner": gap.learner, "floor": gap.floor, "ceiling": gap.ceiling}
    return {key: policy_words(name) for key, name in names.items()} | {
        "estimate": gap.estimate,
        "low": gap.low,
        "high": gap.high,
        "n_seeds": gap.n_seeds,
    }


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
        "severity_meaning": data.meaning("severities", finding.severity),
        "claim": spelled(finding.claim),
        "code": finding.code,
        "evidence": [
            {"key": key.replace("_", " "), "value": plain(v)}
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
