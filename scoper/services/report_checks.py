"""What offline checks measured for a case, as its report shows it: figures, faults, what it means, what is outdated.

Layout only: a result stands beside the answers, none of which it changes; whether it agrees with them is compared.
"""

from __future__ import annotations

from typing import Any

from scoper.domain.checks import KeptCheck, Listing, Speaks
from scoper.domain.dossier import Dossier
from scoper.domain.questionnaire import UNKNOWN
from scoper.services.check_words import quantity_text
from scoper.services.kind_scaffolds import steps_of
from scoper.services.report_commands import check_command
from scoper.services.report_data import ReportData
from scoper.services.report_view import words

Row = dict[str, Any]
WHOLE_LIST, FIRST_ROWS = 10, 6
"""A list of so many rows is shown whole; of a longer one so many rows."""


def checks_view(dossier: Dossier, data: ReportData) -> list[Row]:
    """A row per kept result, those of the verdict's technique first."""
    kept = sorted(dossier.checks, key=lambda each: each.result.technique != dossier.verdict.technique)
    rows = [_row(each, dossier, data) for each in kept]
    told: set[tuple[str, str]] = set()
    for said in (each for row in rows for each in row["speaks"]):
        said["told"] = (said["name"], said["answer"]) in told
        told.add((said["name"], said["answer"]))
    return rows


def differing_view(dossier: Dossier, data: ReportData) -> list[Row]:
    """What up-to-date results say otherwise than the case, a row per question and answer."""
    rows = [said for row in checks_view(dossier, data) if not row["outdated"] for said in row["speaks"]]
    return [said for said in rows if said["relation"] == "differs" and not said["told"]]


def measured_by(dossier: Dossier) -> frozenset[str]:
    """The ids of the checks whose kept results still hold for the case and its files."""
    same = (kept for kept in dossier.checks if not kept.answers_changed(dossier.case_digest))
    return frozenset(kept.result.check for kept in same if not kept.changed and not kept.gone)


def _row(kept: KeptCheck, dossier: Dossier, data: ReportData) -> Row:
    result, outcome = kept.result, kept.result.outcome
    answers_changed = kept.answers_changed(dossier.case_digest)
    return {
        "id": result.check,
        "name": words(result.check),
        "technique": data.name("techniques", result.technique),
        "own": result.technique == dossier.verdict.technique,
        "question": result.question,
        "headline": outcome.headline,
        "files": [{"name": name, "digest": digest} for name, digest in result.inputs.items()],
        "changed": list(kept.changed),
        "gone": list(kept.gone),
        "answers_changed": answers_changed,
        "outdated": bool(kept.changed or kept.gone or answers_changed),
        "quantities": [
            {
                "name": quantity.name,
                "text": quantity_text(quantity),
                "value": quantity.value,
                "low": quantity.low,
                "high": quantity.high,
                "unit": quantity.unit,
                "basis": data.name("basis", quantity.basis) or quantity.basis,
                "words": quantity.words,
            }
            for quantity in outcome.quantities
        ],
        "faults": [
            {"severity": f.severity, "place": f.place(), "claim": f.claim, "remedy": f.remedy} for f in outcome.faults
        ],
        "blocked": result.worst == "blocker",
        "listings": [_listing(each) for each in outcome.listings],
        "command": check_command(result),
        "speaks": [_said(said, dossier, data) for said in outcome.speaks],
        "steps": _steps(kept, dossier, data),
        "formula": result.formula,
        "source": result.source,
        "shows_not": result.shows_not,
    }


def _listing(listing: Listing) -> Row:
    """A list as it is, or the first rows of a long one with how many follow."""
    rows = listing.rows if len(listing.rows) <= WHOLE_LIST else listing.rows[:FIRST_ROWS]
    return {
        "title": listing.title,
        "header": listing.header,
        "rows": rows,
        "more": len(listing.rows) - len(rows),
        "note": listing.note,
    }


def _said(said: Speaks, dossier: Dossier, data: ReportData) -> Row:
    """What a result says of one question, beside what the case says, and where the verdict would go with it."""
    present = dossier.case.value_of(said.signal)
    relation = "open" if present == UNKNOWN else "agrees" if present in (said.answer, *said.also) else "differs"
    to = [flip.to for flip in dossier.verdict.flips if dict(flip.change) == {said.signal: said.answer}]
    return {
        "name": data.name("signals", said.signal),
        "answer": words(said.answer),
        "present": words(present),
        "relation": relation,
        "basis": data.name("basis", said.basis) or said.basis,
        "words": said.words,
        "to": data.name("techniques", to[0]) if to and relation != "agrees" else "",
    }


def _steps(kept: KeptCheck, dossier: Dossier, data: ReportData) -> list[Row]:
    """The steps of the first week whose threshold this check measures."""
    steps = steps_of(data.first_week, dossier.verdict.technique, dossier.approach, "first_week", data.packs)
    return [
        {"day": step.day, "text": step.text, "go": step.go, "no_go": step.no_go}
        for step in steps
        if kept.result.check in step.checks and step.when.holds(dossier.case)
    ]
