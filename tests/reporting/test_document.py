"""The report document: plain JSON, the only thing that any rendering reads."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import pytest

from scoper.domain.dossier import Dossier
from scoper.services.report_data import ReportData
from scoper.services.report_document import document, plain
from scoper.services.reporting import render, render_document, to_json

TECHNIQUES = ("reinforcement_learning", "llm_orchestration", "plain_automation")


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_every_rendering_of_a_document_read_back_from_json_has_the_same_bytes(
    technique: str, dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    made = document(dossiers[technique], data)
    again = json.loads(json.dumps(made, allow_nan=False))
    for format in ("md", "html", "adr"):
        assert render_document(again, format) == render_document(made, format)  # type: ignore[arg-type]


def test_the_json_report_holds_the_document_and_is_read_back_as_its_dossier(
    dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    dossier = dossiers["reinforcement_learning"]
    text = render(dossier, "json", data=data)
    assert json.loads(text)["report"] == document(dossier, data)
    assert Dossier.model_validate_json(text) == Dossier.model_validate_json(to_json(dossier)) == dossier


def test_no_entry_is_named_like_a_method_of_a_mapping(dossiers: Mapping[str, Dossier], data: ReportData) -> None:
    """A template would print the method."""

    def names(value: Any) -> set[str]:
        told = {k: v for k, v in value.items() if k != "when"} if isinstance(value, dict) else {}  # never printed
        inside = told.values() if told else value if isinstance(value, list) else ()
        return (set(value) if isinstance(value, dict) else set()).union(*(names(item) for item in inside))

    for technique in TECHNIQUES:
        assert not names(document(dossiers[technique], data)) & set(dir(dict))


def test_a_number_that_is_not_finite_becomes_its_words_and_what_json_lacks_is_refused() -> None:
    assert plain({"a": (1, math.inf, -math.inf, math.nan)}) == {"a": [1, "infinite", "minus infinite", "not a number"]}
    with pytest.raises(TypeError, match="set"):
        plain({"a": {1}})


def test_every_figure_has_words_and_where_no_table_stands_beside_it_its_numbers(
    dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    beside = {"signals.svg", "precedents.svg", "returns.svg"}
    drawn = [f for rows in document(dossiers["reinforcement_learning"], data)["figures"].values() for f in rows]
    assert {f["name"] for f in drawn} > beside
    for figure in drawn:
        assert len(figure["alt"]) > 30, figure["name"]
        assert figure["caption"].endswith(".")
        assert bool(figure["rows"]) == (figure["name"] not in beside)
        assert all(len(row) == len(figure["header"]) for row in figure["rows"])
