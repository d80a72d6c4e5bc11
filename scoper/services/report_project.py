"""The parts of a project in a report: a row and a page for each, and the sketch of the hand-overs.

Layout only. Texts stay as they were written; the templates make them inert.
"""

from __future__ import annotations

from typing import Any

from scoper.domain.dossier import Dossier
from scoper.domain.project import PartVerdict
from scoper.services.report_commands import part_command
from scoper.services.report_data import ReportData
from scoper.services.report_reasons import reasons_view
from scoper.services.report_view import Row, in_order, question_text, verdict_view, words


def project_view(dossier: Dossier, data: ReportData) -> Row | None:
    """The parts with what each calls for; None for a case without parts."""
    project = dossier.project
    if project is None:
        return None
    title = {part.id: part.title for part in project.parts}
    place = {part.id: number for number, part in enumerate(project.parts, start=1)}
    return {
        "parts": [{**_part(dossier, part, data), "place": place[part.id]} for part in project.parts],
        "hand_overs": [
            {"from": title[own], "to": title[over.to], "what": over.what, "places": [place[own], place[over.to]]}
            for own, over in project.hand_overs
        ],
        "circles": [[title[name] for name in group] for group in project.circles],
        "alone": [title[name] for name in project.alone],
        "shared": [
            {"text": question_text(dossier, signal), "answer": words(dossier.case.value_of(signal))}
            for signal in in_order(dossier, dossier.case.answers)
        ],
        "techniques": sorted({data.name("techniques", part.verdict.technique) for part in project.parts}),
    }


def _part(dossier: Dossier, part: PartVerdict, data: ReportData) -> dict[str, Any]:
    """What the first page of the part's own report says."""
    seen = dossier.model_copy(
        update={"case": part.case, "case_digest": part.case.digest(), "verdict": part.verdict, "project": None}
    )
    return {
        "id": part.id,
        "title": part.title,
        "summary": part.case.summary.strip(),
        "verdict": verdict_view(seen, data),
        "why": reasons_view(seen, data),
        "own": [data.name("signals", signal) for signal in part.own],
        "command": part_command(dossier, part.id),
    }
