"""What a decision record says beyond the report: the options with what speaks for and against each, and its date.

The record follows MADR 4 (Markdown Architectural Decision Records). Layout only.
"""

from __future__ import annotations

from scoper.domain.dossier import Dossier
from scoper.services.report_compare import axis_view
from scoper.services.report_data import ReportData
from scoper.services.report_reasons import why_not_view
from scoper.services.report_view import Row, words

_FAVOURABLE = {"needs": ("yes", "partly"), "favours": None}


def adr_view(dossier: Dossier, data: ReportData) -> Row:
    """The options in the order of the ranking; `date` is empty unless one was stated."""
    verdict = dossier.verdict
    against = {row["name"]: row["reasons"] for row in why_not_view(dossier, data)}
    rows = []
    for entry in verdict.ranking:
        name = data.name("techniques", entry.technique)
        chosen = entry.technique == verdict.technique
        good = [
            trace.because for trace in verdict.trace if trace.status == "hit" and trace.concludes == entry.technique
        ]
        cells = [cell for cell in verdict.cells if cell.technique == entry.technique and cell.spoke]
        good = [_joined(text) for text in good]
        good += [
            f"{data.name('signals', cell.signal)} ({words(cell.answer)}): {_joined(cell.reason)}"
            for cell in cells
            if _for(cell.mark, cell.answer)
        ]
        rows.append(
            {
                "name": name,
                "chosen": chosen,
                "good": list(dict.fromkeys(good)),
                "bad": against.get(name, []),
                "effort": axis_view(dossier, data, entry.technique, "effort"),
            }
        )
    return {
        "date": dossier.provenance.get("date", ""),
        "options": [row["name"] for row in rows],
        "rows": rows,
    }


def _for(mark: str, answer: str) -> bool:
    values = _FAVOURABLE.get(mark, ())
    return values is None or answer in values


def _joined(text: str) -> str:
    """A sentence as it reads after "because": the article's words keep their names in capitals."""
    first = text.split(" ", 1)[0]
    keeps = len(first) > 1 and any(char.isupper() for char in first[1:])
    return text if keeps else text[:1].lower() + text[1:]
