"""The probe's part of a report: the MDP, what was measured and proved, the findings.

Layout only. Speeds and hours depend on the machine and the moment; they stay in the JSON result, so that the same case
and seed give the same report. A result measured on another spec is shown as stale and nothing is derived from it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from scoper.domain.dossier import Dossier
from scoper.domain.findings import Finding
from scoper.domain.mdp import Distribution, MdpSpec, Variable
from scoper.domain.probe import ProbeResult
from scoper.errors import InputError
from scoper.services.numbers import number
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


def plain(value: object) -> str:
    """A JSON value as text: numbers in the report's format, lists with commas, anything deeper as JSON."""
    if value is None or isinstance(value, bool):
        return {None: "none", True: "yes", False: "no"}[value]
    if isinstance(value, int):
        return f"{value:,}".replace("-", "−")
    if isinstance(value, float):
        return number(value)
    if isinstance(value, list | tuple) and all(not isinstance(v, list | tuple | Mapping) for v in value):
        return ", ".join(plain(v) for v in value)
    return value if isinstance(value, str) else json.dumps(_jsonable(value), sort_keys=True, ensure_ascii=False)


def _jsonable(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(item) for item in value]
    return float(f"{value:.6g}") if isinstance(value, float) and math.isfinite(value) else value


def mdp_view(dossier: Dossier) -> Row | None:
    """The MDP as a table: from the spec's text where it can be read, else from what the probe saw, else None."""
    spec, summary = _spec(dossier), dossier.result.mdp if dossier.result and dossier.result_is_current else None
    if spec is None and summary is None:
        return None
    sizes = (
        [
            (n, w)
            for n, w in (
                (summary.n_states, "states"),
                (summary.n_actions, "actions"),
                (summary.n_transitions, "transitions"),
            )
            if n
        ]
        if summary
        else []
    )
    view: Row = {"sizes": [{"n": n, "name": name} for n, name in sizes], "rows": [], "loop": None}
    if spec is not None:
        return view | {
            "name": spec.name,
            "rows": _spec_rows(spec),
            "loop": _loop(list(spec.state), list(spec.actions), list(spec.reward), spec.timestep),
        }
    assert summary is not None
    rows = [("States", summary.states), ("Actions", summary.actions), ("Transitions", summary.transitions)]
    rows += [("Reward", summary.reward), ("Discount", number(summary.discount)), ("Horizon", _horizon(summary.horizon))]
    rows += [("Timestep", summary.timestep)] if summary.timestep else []
    return view | {
        "name": summary.name,
        "rows": _rows(rows),
        "loop": _loop([summary.states], [summary.actions], ["reward"], summary.timestep),
    }


def _spec(dossier: Dossier) -> MdpSpec | None:
    """The declarative spec, or None: for an environment, or while lines of it are still to be filled in."""
    if dossier.spec_text is None:
        return None
    from scoper.services.specs import parse_spec

    try:
        spec = parse_spec(dossier.spec_text, dossier.spec_name or "mdp.yaml")
    except InputError:
        return None
    return spec if isinstance(spec, MdpSpec) else None


def _spec_rows(spec: MdpSpec) -> list[Row]:
    rows = [(f"State: {name}", variable_words(v)) for name, v in spec.state.items()]
    rows += [(f"Action: {name}", variable_words(v)) for name, v in spec.actions.items()]
    rows += [("Available actions", spec.available)] if spec.available else []
    rows += [(f"Chance: {name}", law_words(law)) for name, law in spec.exogenous.items()]
    rows += [(f"Transition: next {name}", expression) for name, expression in spec.next.items()]
    rows += [(f"Reward: {name}", expression) for name, expression in spec.reward.items()]
    rows += (
        [("Objective", f"{spec.objective.direction} {spec.objective.expression or spec.objective.info}")]
        if spec.objective
        else []
    )
    rows += [("Discount", number(spec.discount)), ("Horizon", _horizon(spec.horizon)), ("Timestep", spec.timestep)]
    rows += [("Terminated when", spec.terminated)] if spec.terminated != "false" else []
    rows += [("Start", ", ".join(f"{key} = {plain(value)}" for key, value in spec.start.items()))] if spec.start else []
    return _rows(rows)


def _rows(pairs: list[tuple[str, str]]) -> list[Row]:
    return [{"name": name, "text": text} for name, text in pairs]


def variable_words(variable: Variable) -> str:
    """The values a variable can take, in words."""
    if variable.values:
        return "one of " + ", ".join(str(value) for value in variable.values)
    low, high = (("unbounded" if end is None else number(end)) for end in (variable.low, variable.high))
    return f"{'whole' if variable.kind == 'integer' else 'real'} number from {low} to {high}"


def law_words(law: Distribution) -> str:
    """A distribution with its parameters."""
    if law.kind == "values":
        pairs = law.parameters.get("values", law.parameters)
        if isinstance(pairs, Mapping):
            return ", ".join(f"{key} with probability {plain(value)}" for key, value in pairs.items())
    parameters = ", ".join(f"{key} {plain(value)}" for key, value in law.parameters.items())
    return f"{law.kind}: {parameters}" if parameters else law.kind


def _horizon(horizon: int | None) -> str:
    return "infinite" if horizon is None else f"{horizon:,} timesteps"


def _loop(states: list[str], actions: list[str], rewards: list[str], timestep: str) -> Row:
    """The labels of the diagram of environment and policy."""
    return {
        "states": ", ".join(states),
        "actions": ", ".join(actions),
        "rewards": ", ".join(rewards),
        "timestep": timestep or "1 step",
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
