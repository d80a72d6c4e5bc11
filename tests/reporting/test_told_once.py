"""What a report of a learning verdict tells in one place only, and that nothing of it is lost."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from scoper.domain.dossier import Dossier
from scoper.domain.returns import ReturnSummary
from scoper.services.gallery import gallery_folder
from scoper.services.report_data import ReportData
from scoper.services.report_figures import figure_entries
from scoper.services.report_probe import probe_view
from scoper.services.report_reasons import answers_view, reasons_view, unknowns_view
from scoper.services.report_reward import record_view
from scoper.services.report_view import flip_rows, table_view
from scoper.services.reporting import render


@pytest.fixture(scope="module")
def solved() -> Dossier:
    """The example that is solved exactly, with every section that a report of a learning verdict can have."""
    path = gallery_folder() / "warehouse_reorder" / "dossier.json"
    return Dossier.model_validate_json(path.read_text(encoding="utf-8"))


def test_what_all_reasons_share_and_what_completes_each_are_together_the_reasons(
    solved: Dossier, data: ReportData
) -> None:
    view = reasons_view(solved, data)
    sets = {frozenset(part["signal"] for part in reason) for reason in (*view["reasons"], *view["more"])}
    assert sets == {frozenset(reason) for reason in solved.verdict.reasons}
    assert set(view["core"]) == frozenset.intersection(*sets)
    part = render(solved, "md", data=data).partition("## Why\n")[2].partition("### Rules")[0]
    for row in view["carriers"]:
        times = 1 if row["signal"] in view["core"] else len(row["reasons"])
        assert part.count(f"{row['name']}: **{row['answer']}**") == times, row["name"]


def test_an_answer_without_evidence_that_carries_the_verdict_is_named_where_the_reasons_are(
    solved: Dossier, data: ReportData
) -> None:
    view = reasons_view(solved, data)
    assert view["bare"] == [row["name"] for row in view["carriers"] if not row["evidence"]] != []
    text = render(solved, "md", data=data)
    assert f"**Without any evidence:** {', '.join(view['bare'])}." in text
    given = {row["signal"]: row["reasons"] for row in answers_view(solved, data)["given"]}
    assert {given[signal] for signal in view["core"]} == {"all"}
    assert [s for s in given if given[s]] == [row["signal"] for row in view["carriers"]]


def test_flips_are_grouped_by_where_they_lead_and_none_is_lost(solved: Dossier, data: ReportData) -> None:
    flips = flip_rows(solved, data)[3:]
    groups = unknowns_view(solved, data)["flips"]
    assert [flip for group in groups for flip in group["rows"]] == sorted(
        flips, key=lambda f: [(g["to"], g["effort"]) for g in groups].index((f["to"], f["effort"]))
    )
    text = render(solved, "md", data=data).partition("Other changes that would reverse the verdict")[2]
    assert text.partition("</details>")[0].count("turns out") == sum(len(flip["changes"]) for flip in flips)


def test_the_states_of_the_best_policy_are_listed_by_its_choice(solved: Dossier, data: ReportData) -> None:
    assert solved.result is not None
    listed = probe_view(solved, data)["policy"]
    told = {(f"{listed['when']}: {state}", row["choice"]) for row in listed["rows"] for state in row["states"]}
    assert told == set(solved.result.policy)


def test_value_and_policy_are_one_table_with_every_number_of_both(solved: Dossier, data: ReportData) -> None:
    entries = {e["name"]: e for e in figure_entries(solved, data, table_view(solved, data))["probe"]}
    value, policy = entries["value.svg"], entries["policy.svg"]
    assert value["rows"] == []
    assert solved.result is not None
    maps = {known.kind: known for known in solved.result.maps}
    assert policy["rows"][0][1] == f"{maps['policy'].cells[0][0]:g} ({maps['value'].cells[0][0]:.2f})"
    assert all(re.fullmatch(r"\S+ \(\d+(\.\d+)?\)", cell) for row in policy["rows"] for cell in row[1:])


def test_a_clause_that_most_proved_rows_end_with_is_told_once(solved: Dossier, data: ReportData) -> None:
    view = probe_view(solved, data)
    assert solved.result is not None
    ending = [s for s in solved.result.returns.values() if s.policy.endswith(f"; {view['shared']}")]
    assert len(ending) >= 3
    assert not any(view["shared"] in row["detail"] for row in view["returns"])
    assert render(solved, "md", data=data).count(f"What is proved holds {view['shared']}.") == 1


@pytest.mark.parametrize(("clause", "shared"), [("for laws cut at 1.0e-12", True), ("with discount 0.9", False)])
def test_only_what_proofs_hold_for_is_told_beneath_them(
    clause: str, shared: bool, solved: Dossier, data: ReportData
) -> None:
    assert solved.result is not None
    one = ReturnSummary(mean=1.0, low=1.0, high=1.0, n=1, basis="proved", policy=f"always wait; {clause}")
    result = solved.result.model_copy(update={"returns": dict.fromkeys(("optimal", "random", "constant"), one)})
    view = probe_view(solved.model_copy(update={"result": result}), data)
    assert view["shared"] == (clause if shared else "")
    assert {row["detail"] for row in view["returns"]} == {"always wait" if shared else one.policy}


def test_a_figure_without_a_table_of_its_own_speaks_of_none(solved: Dossier, data: ReportData) -> None:
    """Of two maps of 20 rows, more than a table shows, the choice keeps the one table that both have."""
    assert solved.result is not None
    labels = tuple(map(str, range(20)))
    maps = tuple(
        known.model_copy(update={"y_labels": labels, "cells": (known.cells[0],) * len(labels)})
        for known in solved.result.maps
    )
    large = solved.model_copy(update={"result": solved.result.model_copy(update={"maps": maps})})
    entries = {e["name"]: e for e in figure_entries(large, data, table_view(large, data))["probe"]}
    assert entries["value.svg"]["rows"] == []
    assert entries["value.svg"]["caption"].endswith(", by the exact solution.")
    assert entries["policy.svg"]["caption"].endswith(" The table shows a part of the states.")


def test_the_model_card_names_what_the_reward_report_tells_and_only_what_it_tells(
    solved: Dossier, dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    record = record_view(solved, data)
    assert record is not None
    told = {f"{part['title']}, {line['name']}" for part in record["reward"] for line in part["lines"]}
    places = {re.sub(r".*\((.*)\)", r"\1", said) for said in record["card_same"]}
    assert places <= told | {"Method family and MDP", "Probe", "the title of this report"}
    assert not any(line["where"] for part in record["card"] for line in part["lines"])
    assert all(part["lines"] for part in record["card"])
