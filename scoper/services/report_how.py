"""How to go about the verdict, in a report: methods, rungs, kinds of solution, and risks that open facts decide.

Layout only: what fits and why is read from the dossier's approach.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scoper.domain.approach import Approach, Choice, Entry, Ground, Selection
from scoper.domain.dossier import Dossier
from scoper.services.kind_scaffolds import kind_scaffold
from scoper.services.report_data import ReportData

Row = dict[str, Any]
METHODS_SHOWN = 5
WORK = {
    "check": "Check first",
    "scaffold": "Write down",
    "first_week": "In the first week",
    "kill": "Stop when",
    "come_back": "Come back",
}


def approach_view(dossier: Dossier, data: ReportData) -> list[Row]:
    """One block for each selection; empty where the dossier holds no approach."""
    if dossier.approach is None:
        return []
    approach = dossier.approach
    told = [(each, _block(each, approach, data)) for each in approach.selections if each.choices]
    return [{**block, "measured": _measured_instead(block, selection, dossier)} for selection, block in told]


def _measured_instead(block: Row, selection: Selection, dossier: Dossier) -> str:
    """The method that the probe learned with where nothing was solved and the one to start with not tried; or empty."""
    result = dossier.result if dossier.result_is_current else None
    chosen = block["chosen"]
    if block["kind"] != "methods" or chosen is None or result is None or result.gap_share is None or result.solutions:
        return ""
    if result.verdict not in ("feasible", "feasible_with_conditions") or chosen["id"] in result.returns:
        return ""
    named = {choice.id: choice.name for choice in selection.choices}
    return str(named.get(result.gap_share.learner, ""))


def _block(selection: Selection, approach: Approach, data: ReportData) -> Row:
    kind = kind_scaffold(approach, selection.technique, data.packs) if selection.kind in ("sub_type", "rung") else None
    planned = ("first_week", "kill") if kind is not None and kind.stop else ()
    rows = [_row(choice, selection, data, planned) for choice in selection.choices]
    fitting = [row for row in rows if row["standing"] != "excluded"]
    shown = fitting[:METHODS_SHOWN] if selection.kind == "methods" else fitting
    chosen = next((row for row in rows if row["chosen"]), None)
    same = [row for row in fitting if row["standing"] == "fits" and chosen and row["level"] == chosen["level"]]
    return {
        "kind": selection.kind,
        "technique": data.name("techniques", selection.technique),
        "settled": selection.settled,
        "chosen": chosen,
        "beside": [row["name"] for row in same if selection.kind == "rung" and not row["chosen"]],
        "highest": max((row["level"] for row in rows if row["id"] in selection.possible), default=0),
        "shown": shown,
        "further": [row["name"] for row in fitting[len(shown) :]],
        "ruled_out": _together([row for row in rows if row["standing"] == "excluded"]),
        "asks": selection.asks,
        "n_possible": len(selection.possible),
        "week_of": next((row for row in rows if kind is not None and row["id"] == kind.id and not row["chosen"]), None),
    }


def _together(rows: Sequence[Row]) -> list[Row]:
    """Those that are ruled out for the same reasons, told of the same facts, in one row with their `names`."""
    groups: dict[str, Row] = {}
    for row in rows:
        group = groups.setdefault(repr(row["why_not"]), {"names": [], "why_not": row["why_not"]})
        group["names"].append(row["name"])
    return list(groups.values())


def _row(choice: Choice, selection: Selection, data: ReportData, planned: Sequence[str]) -> Row:
    """A choice; `planned` are its texts that the plan of this report gives in its own words."""
    return {
        "id": choice.id,
        "name": choice.name,
        "summary": choice.summary,
        "standing": choice.standing,
        "level": choice.level,
        "chosen": choice.id == selection.chosen,
        "why": [_reason(ground, data) for ground in choice.why if ground.basis != "needed"],
        "why_not": [_reason(ground, data) for ground in choice.why_not],
        "open": [_reason(ground, data) for ground in choice.open],
        "texts": {key: "; ".join(texts) for key, texts in choice.texts.items()},
        "climb": choice.texts.get("climb", ()),
        "work": [
            {"name": name, "text": "; ".join(choice.texts[key])}
            for key, name in WORK.items()
            if key in choice.texts and key not in planned
        ],
        "source": choice.source,
    }


def _reason(ground: Ground, data: ReportData) -> Row:
    return {"text": ground.text, "facts": fact_rows(ground.facts, data), "source": ground.source}


def fact_rows(facts: Mapping[str, str], data: ReportData) -> list[Row]:
    """Facts by name with what is known of each."""
    return [{"name": data.name("signals", fact), "value": value.replace("_", " ")} for fact, value in facts.items()]


def open_risks(dossier: Dossier, data: ReportData, technique: str) -> list[Row]:
    """The risks of a technique that open facts decide, with these facts."""
    entries: tuple[Entry, ...] = dossier.approach.risks if dossier.approach else ()
    return [
        {"title": entry.title, "catalogue": entry.catalogue, "facts": fact_rows(entry.facts, data)}
        for entry in entries
        if entry.standing == "open" and entry.techniques[0] == technique
    ]


def holding(dossier: Dossier) -> frozenset[str] | None:
    """The ids of the risks that certainly hold; None where the dossier was made without looking."""
    if dossier.approach is None:
        return None
    return frozenset(entry.id for entry in dossier.approach.risks if entry.standing == "fits")
