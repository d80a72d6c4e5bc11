"""Which figures a report has, and in which section each one stands.

Figures of measurements are left out while the result is stale.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scoper.domain.dossier import Dossier
from scoper.services.figures import Figure, result_figures
from scoper.services.gap_figure import GAP_FILE, NO_SPREAD, gap_figure
from scoper.services.occupancy_figure import occupancy_figure
from scoper.services.precedents_figure import precedents_figure
from scoper.services.report_data import ReportData
from scoper.services.report_view import Row
from scoper.services.signals_figure import signals_figure
from scoper.services.state_figures import IN_PART, STATE_FILES, state_figures


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
    made = {section: [_entry(figure) for figure in drawn if figure is not None] for section, drawn in placed.items()}
    return made | {"probe": _in_one_table(made["probe"])}


def _in_one_table(entries: list[Row]) -> list[Row]:
    """What is best to do and what it is worth over the same states, as one table of `choice (value)`."""
    known = {entry["name"]: entry for entry in entries}
    value, policy = (known.get(STATE_FILES[kind]) for kind in ("value", "policy"))
    if value is None or policy is None or value["header"] != policy["header"] or not policy["rows"]:
        return entries
    rows = [
        [head, *(f"{choice} ({worth})" for choice, worth in zip(choices, worths, strict=True))]
        for (head, *choices), (_, *worths) in zip(policy["rows"], value["rows"], strict=True)
    ]
    table = {"rows": rows, "summary": "Both figures in numbers: the choice, in brackets the value"}
    bare = {"rows": [], "caption": value["caption"].removesuffix(IN_PART)}
    return [entry | table if entry is policy else entry | bare if entry is value else entry for entry in entries]


def _entry(figure: Figure) -> Row:
    return {
        "name": figure.name,
        "caption": figure.caption,
        "alt": figure.alt,
        "svg": figure.svg,
        "header": list(figure.header),
        "summary": "The figure in numbers",
        "rows": [list(row) for row in figure.rows],
        "told": figure.name == GAP_FILE
        and all(cell in figure.alt for row in figure.rows for cell in row if cell != NO_SPREAD),
    }
