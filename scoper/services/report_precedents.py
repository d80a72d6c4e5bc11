"""The nearest real projects in a report: what worked there, how each differs, and whether they bear the verdict out.

Layout only, as in `scoper.services.report_view`; no verdict is made from precedents, and nothing is ranked again here.
"""

from __future__ import annotations

from scoper.domain.decision import UNDECIDED
from scoper.domain.dossier import Dossier
from scoper.domain.precedent import PrecedentMatch
from scoper.reasoning.precedents import MIN_COMPARED
from scoper.services.precedent_bearing import Used, bearing
from scoper.services.report_data import ReportData
from scoper.services.report_view import Row, in_order, words


def precedents_view(dossier: Dossier, data: ReportData) -> Row:
    """The nearest projects and what they say about the verdict; `looked` is False in dossiers made without any."""
    nearest = dossier.precedents
    technique = dossier.verdict.technique
    used = [Used(each.worked, each.distance, each.arguable) for each in nearest]
    return {
        "looked": dossier.precedents_digest is not None,
        "n_known": dossier.n_precedents,
        "n_answers": len(dossier.case.facts()),
        "needed": MIN_COMPARED,
        "rows": [_row(dossier, data, each) for each in nearest],
        "bearing": bearing(technique, used, lambda name: data.name("techniques", name)),
        "families": _families(dossier, data),
        "identical": [each.title for each in nearest if each.identical],
        "alike_so_far": [
            {"title": each.title, "compared": each.compared, "rest": len(each.uncompared)}
            for each in nearest
            if not each.different and each.uncompared
        ],
    }


def _row(dossier: Dossier, data: ReportData, match: PrecedentMatch) -> Row:
    return {
        "title": match.title,
        "domain": match.domain,
        "year": str(match.year),
        "source": match.source,
        "source_seen": match.source_seen,
        "problem": match.problem,
        "lesson": match.lesson,
        "worked": data.name("techniques", match.worked),
        "family": data.name("families", match.family) if match.family else "",
        "alternatives": [data.name("families", family) for family in match.family_alternatives],
        "research_grade": match.research_grade,
        "arguable": match.arguable,
        "other": dossier.verdict.technique not in (UNDECIDED, match.worked),
        "distance": f"{match.distance:.2f}" if match.distance else "0",
        "compared": match.compared,
        "n_same": len(match.same),
        "unknown": _unknown(dossier, data, match),
        "different": [
            {"name": data.name("signals", each.signal), "ours": words(each.ours), "theirs": words(each.theirs)}
            for each in match.different
        ],
    }


def _families(dossier: Dossier, data: ReportData) -> list[str]:
    """The families that worked in the nearest learning projects where none of them could be the verdict's."""
    chosen = dossier.verdict.family
    learned = [each for each in dossier.precedents if each.family]
    if chosen is None or any(chosen in (each.family, *each.family_alternatives) for each in learned):
        return []
    return list(dict.fromkeys(data.name("families", each.family) for each in learned if each.family))


def _unknown(dossier: Dossier, data: ReportData, match: PrecedentMatch) -> list[str]:
    """The answers that some project was compared by and this one was not: not known there, disputed, not comparable."""
    nearest = dossier.precedents
    compared = {signal for each in nearest for signal in (*each.same, *(part.signal for part in each.different))}
    own = {*match.same, *(part.signal for part in match.different)}
    return [data.name("signals", signal) for signal in in_order(dossier, compared - own)]
