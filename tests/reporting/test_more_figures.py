"""Signals, precedents, gap shares and maps of the state as pictures: what stands in them and where."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree

import pytest

from scoper.domain.conduct import StateMap
from scoper.domain.dossier import Dossier
from scoper.domain.probe import GapShare, ProbeResult, ReturnSummary
from scoper.services.gap_figure import gap_ends, gap_figure
from scoper.services.precedents_figure import precedents_figure
from scoper.services.report_data import ReportData
from scoper.services.report_figures import figure_entries
from scoper.services.report_view import table_view
from scoper.services.signals_figure import direction, signals_figure
from scoper.services.state_figures import state_figures


def result(returns: Mapping[str, tuple[float, float, float]], gap: GapShare | None = None) -> ProbeResult:
    known = {
        name: ReturnSummary(mean=mean, low=low, high=high, n=3, basis="measured")
        for name, (mean, low, high) in returns.items()
    }
    return ProbeResult(spec={}, verdict="feasible", criterion="c", returns=known, gap_share=gap)


GAP = GapShare(estimate=0.75, low=0.5, high=1.0, n_seeds=3, learner="ppo", floor="random", ceiling="optimal")


def test_a_share_is_where_the_return_lies_between_floor_and_ceiling() -> None:
    drawn = gap_figure(
        result({"random": (10, 10, 10), "optimal": (50, 50, 50), "ppo": (40, 30, 50), "rule": (20, 15, 25)}, GAP)
    )
    assert drawn is not None
    assert drawn.rows == (
        ("PPO", "learner", "75.0 %", "50.0 % to 100.0 %"),
        ("rule", "rule to beat", "25.0 %", "12.5 % to 37.5 %"),  # (20 - 10) / (50 - 10)
    )
    ElementTree.fromstring(drawn.svg)


def test_a_share_far_below_the_floor_is_an_arrow_at_the_edge() -> None:
    drawn = gap_figure(
        result({"random": (10, 10, 10), "optimal": (50, 50, 50), "ppo": (40, 30, 50), "rule": (-990, -990, -990)}, GAP)
    )
    assert drawn is not None
    xs = [float(x) for x in re.findall(r'<circle cx="([-\d.]+)"', drawn.svg)]
    assert len(xs) == 1
    assert drawn.svg.count("<polygon") == 1
    assert drawn.rows[1][2] == "−2500.0 %"


def test_without_a_way_from_floor_to_ceiling_there_is_no_share() -> None:
    same = {"random": (10.0, 10.0, 10.0), "optimal": (10.0, 10.0, 10.0), "ppo": (10.0, 10.0, 10.0)}
    assert gap_ends(result(same, GAP)) is None
    assert gap_figure(result(same, GAP)) is None
    assert gap_figure(result(same)) is None


@pytest.mark.parametrize(
    ("mark", "answer", "expected"),
    [("needs", "yes", "for"), ("needs", "no", "against"), ("favours", "yes", "for"), ("excludes", "yes", "against")],
)
def test_a_need_that_is_not_met_speaks_against(mark: str, answer: str, expected: str) -> None:
    assert direction({"mark_id": mark, "answer_id": answer}) == expected


def test_exactly_the_cells_that_spoke_are_filled(dossiers: Mapping[str, Dossier], data: ReportData) -> None:
    dossier = dossiers["plain_automation"]
    drawn = signals_figure(table_view(dossier, data))
    assert drawn is not None
    spoke = sum(cell.spoke for cell in dossier.verdict.cells)
    assert drawn.svg.count('class="on"') == spoke + 2  # two in the legend
    assert signals_figure({"rows": [], "columns": []}) is None


def test_a_project_stands_as_far_right_as_it_is_distant(dossiers: Mapping[str, Dossier], data: ReportData) -> None:
    drawn = precedents_figure(dossiers["reinforcement_learning"], data)
    assert drawn is not None
    near, far = sorted(float(x) for x in re.findall(r'<circle cx="([\d.]+)"', drawn.svg))
    start = float(re.findall(r'<line x1="([\d.]+)"', drawn.svg)[0])
    assert (near - start) / (far - start) == pytest.approx(0.2 / 0.25, abs=0.01)
    assert drawn.svg.count('fill="#ffffff" stroke="#b84f00"') == 1  # the other technique is hollow


def test_a_map_shows_every_state_and_its_table_says_the_same() -> None:
    known = StateMap(
        kind="policy",
        x_name="stock",
        x_labels=("0", "1", "2"),
        y_name="season",
        y_labels=("dry", "wet"),
        cells=((5.0, 3.0, 0.0), (None, 1.0, 0.0)),
        of="order",
        timed=True,
    )
    (drawn,) = state_figures(result({}).model_copy(update={"maps": (known,)}))
    assert drawn.header == ("season \\ stock", "0", "1", "2")
    assert drawn.rows == (("dry", "5", "3", "0"), ("wet", "–", "1", "0"))
    assert drawn.svg.count('stroke-width="0.3"') == 5
    assert "best order, at timestep 0" in drawn.svg


def test_no_two_elements_of_a_report_s_figures_share_an_id(dossiers: Mapping[str, Dossier], data: ReportData) -> None:
    dossier = dossiers["reinforcement_learning"]
    entries = figure_entries(dossier, data, table_view(dossier, data))
    ids = [name for rows in entries.values() for f in rows for name in re.findall(r' id="([^"]+)"', f["svg"])]
    assert len(ids) == len(set(ids)) > 8
