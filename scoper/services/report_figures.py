"""Which figures a report has, and in which section each one stands.

Figures of measurements are left out while the result is stale.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scoper.domain.dossier import Dossier
from scoper.services.figures import Figure, result_figures
from scoper.services.gap_figure import gap_figure
from scoper.services.occupancy_figure import occupancy_figure
from scoper.services.precedents_figure import precedents_figure
from scoper.services.report_data import ReportData
from scoper.services.report_view import Row
from scoper.services.signals_figure import signals_figure
from scoper.services.state_figures import state_figures


def figure_entries(dossier: Dossier, data: ReportData, table: Mapping[str, Any]) -> dict[str, list[Row]]:
    """The figures by section (`table`, `precedents`, `probe`, `audit`), each with alt text, numbers and SVG.

    A project in parts has none: every part has its own in its own report.
    """
    placed: dict[str, list[Figure | None]] = {
        "table": [signals_figure(table)],
        "precedents": [precedents_figure(dossier, data)],
        "probe": [],
        "audit": [],
    }
    if dossier.project is not None:
        return {section: [] for section in placed}
    result = dossier.result if dossier.result_is_current else None
    if result is not None:
        placed["probe"] = [*result_figures(result), gap_figure(result), *state_figures(result)]
        placed["audit"] = [occupancy_figure(result.behaviour)]
    return {section: [_entry(figure) for figure in drawn if figure is not None] for section, drawn in placed.items()}


def _entry(figure: Figure) -> Row:
    return {
        "name": figure.name,
        "caption": figure.caption,
        "alt": figure.alt,
        "svg": figure.svg,
        "header": list(figure.header),
        "rows": [list(row) for row in figure.rows],
    }
