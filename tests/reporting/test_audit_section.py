"""The report on the audit: what is printed, what stays inert, what stays open."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

import pytest

from scoper.domain.conduct import Conduct, OccupancyMap, OccupancyShare
from scoper.domain.dossier import Dossier
from scoper.domain.findings import Finding
from scoper.domain.probe import ProbeResult
from scoper.domain.repairs import AuditedState, RepairSummary
from scoper.domain.robustness import RobustnessRow, RobustnessSummary
from scoper.services.occupancy_figure import OCCUPANCY_FILE, occupancy_figure
from scoper.services.report_audit import open_sentences
from scoper.services.report_data import ReportData
from scoper.services.reporting import figures, render

TITLE = "## What the reward asks for"
EVIL = "<script>alert(1)</script> | [x](javascript:y)"
ROW = RobustnessRow(
    challenge="action_delay",
    strength="every action 1 timestep late",
    level="moderate",
    mean=4.0,
    share=0.25,
    low=0.125,
    high=0.375,
    n=40,
    basis="measured",
)
ROBUST = RobustnessSummary(
    policy=f"planned {EVIL}", mean=10.0, floor="random", floor_return=2.0, rows=(ROW,), left_out=("noise: too dear",)
)
CONDUCT = Conduct(
    policy="the policy that earns the most",
    basis="proved",
    sentences=(f"it takes {EVIL} all the time", "it returns 10"),
    states=(OccupancyShare(label=EVIL, share=0.75), OccupancyShare(label="there", share=0.25)),
)
MAP = OccupancyMap(
    x_name="stock", x_labels=("0", "1"), y_name=EVIL, y_labels=("low", "high"), cells=((0.5, 0.25), (0.25, 0.0))
)


@pytest.fixture
def audited(dossiers: Mapping[str, Dossier]) -> Dossier:
    dossier = dossiers["reinforcement_learning"]
    assert dossier.result is not None
    result = dossier.result.model_copy(update={"behaviour": CONDUCT, "robustness": ROBUST})
    return dossier.model_copy(update={"result": result})


def section(text: str) -> str:
    return text.split(TITLE, 1)[1].split("\n## ", 1)[0]


def test_a_result_that_was_not_audited_has_no_section(dossiers: Mapping[str, Dossier], data: ReportData) -> None:
    assert TITLE not in render(dossiers["reinforcement_learning"], "md", data=data)


def test_the_section_tells_behaviour_shares_and_what_is_open(audited: Dossier, data: ReportData) -> None:
    text = section(render(audited, "md", data=data))

    assert "- It returns 10." in text
    row = next(line for line in text.splitlines() if line.startswith("| actions take effect late"))
    assert [cell.strip() for cell in row.strip("|").split("|")][2:] == [
        "moderate",
        "4",
        "25.0 %",
        "12.5 % to 37.5 %",
        "measured",
    ]
    assert "Not disturbed: noise: too dear." in text


def test_texts_of_users_stay_text_in_every_form(audited: Dossier, data: ReportData) -> None:
    text = section(render(audited, "md", data=data))

    assert "\\<script\\>" in text
    assert re.search(r"(?<!\\)<script|(?<!\\)\]\(javascript", text) is None
    assert "<script" not in render(audited, "html", data=data)
    assert all("<script" not in svg for svg in figures(audited).values())


def test_the_same_dossier_gives_the_same_bytes_and_its_picture_stands_beside_it(
    audited: Dossier, data: ReportData
) -> None:
    assert render(audited, "html", data=data) == render(audited, "html", data=data)
    assert f"report_figures/{OCCUPANCY_FILE}" in figures(audited)
    assert f"report_figures/{OCCUPANCY_FILE}" in section(render(audited, "md", data=data))
    before = render(audited, "md", data=data).split(TITLE, 1)[0]
    assert OCCUPANCY_FILE not in before


def test_states_without_two_components_are_bars_as_long_as_their_shares() -> None:
    drawn = occupancy_figure(CONDUCT)

    assert drawn is not None
    assert "75.0 %" in drawn.svg
    assert "there: 25.0 %" in drawn.alt
    widths = [float(part.split('"')[0]) for part in drawn.svg.split(' width="')[1:] if 'fill="#0072b2"' in part[:60]]
    assert widths[0] == pytest.approx(3 * widths[1], rel=0.01)


def test_states_of_two_components_are_a_map_with_its_extremes() -> None:
    drawn = occupancy_figure(CONDUCT.model_copy(update={"map": MAP}))

    assert drawn is not None
    assert "lightest 0, darkest 50" in drawn.svg
    assert drawn.svg.count("<rect") == 1 + 4


def test_rest_of_the_time_is_one_bar_for_all_other_states() -> None:
    drawn = occupancy_figure(CONDUCT.model_copy(update={"rest": 0.1, "n_rest": 7}))

    assert drawn is not None
    assert "7 others" in drawn.svg


def test_without_shares_there_is_no_picture() -> None:
    assert occupancy_figure(None) is None
    assert occupancy_figure(CONDUCT.model_copy(update={"states": ()})) is None


def test_what_was_not_assessed_is_told_with_the_reason() -> None:
    failed = Finding(code="not_assessed", severity="caution", claim="the diagnostic 'x' failed")
    known = Finding(code="constant_reward", severity="info", claim="something that was assessed")
    result = ProbeResult(spec={"name": "s"}, verdict="not_shown", criterion="c", findings=(failed, known))
    told = open_sentences(result)

    assert told[0] == "the diagnostic 'x' failed"
    assert not any("something that was assessed" in text for text in told)
    assert any("robustness was not looked at" in text for text in told)


@pytest.mark.parametrize("status", ["passed", "candidate"])
def test_a_repair_shows_the_change_and_both_verdicts(
    audited: Dossier, data: ReportData, status: Literal["passed", "candidate"]
) -> None:
    repair = RepairSummary(
        id="r1",
        repair="discount",
        defect="positive_cycle",
        words=f"pay once {EVIL}",
        status=status,
        patch=f"-reward: a\n+reward: b\n+``` {EVIL}",
        wrapper="class Once:",
        wrapper_file="once.py",
        before=AuditedState(verdict="reward_defective", objective=0.0),
        after=AuditedState(verdict="feasible", objective=1.0),
    )
    assert audited.result is not None
    result = audited.result.model_copy(update={"repairs": (repair,)})
    text = section(render(audited.model_copy(update={"result": result}), "md", data=data))

    assert "Before: reward defective, objective 0; after: feasible, objective 1." in text
    assert "- `+reward: b`" in text
    assert "- `class Once:`" in text
    assert ("A candidate only" in text) == (status == "candidate")
    assert re.search(r"(?<!\\)<script|^```", text, re.MULTILINE) is None
