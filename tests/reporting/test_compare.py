"""Six techniques on three axes, the cost of being wrong, the first week's thresholds, the decision record."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from markdown_it import MarkdownIt

from scoper.domain.decision import TECHNIQUES
from scoper.domain.dossier import Dossier
from scoper.domain.questionnaire import Answer
from scoper.services.library import load_library
from scoper.services.report_compare import axis_view, comparison_view, wrong_view
from scoper.services.report_data import AXES, ReportData
from scoper.services.reporting import render


def answered(dossier: Dossier, **answers: str) -> Dossier:
    """`dossier` with these answers and no result."""
    known = {signal: (Answer(answer=value),) for signal, value in answers.items()}
    case = dossier.case.model_copy(update={"answers": known})
    return dossier.model_copy(update={"case": case, "case_digest": case.digest(), "result": None})


def test_whatever_the_answers_each_technique_has_a_range_on_each_axis(data: ReportData) -> None:
    assert set(data.comparison) == set(TECHNIQUES)
    for technique, entry in data.comparison.items():
        for axis in AXES:
            last = entry.axes[axis][-1]
            assert not last.when.values, (technique, axis)
            assert last.exact is None
            for known in entry.axes[axis]:
                assert 0 <= known.low <= known.high
                assert known.basis in ("declared", "cited", "proved")
                assert bool(known.source) == (known.basis == "cited"), (technique, known.unit)


def test_conditions_name_questions_and_their_values(data: ReportData) -> None:
    questions = load_library().questions
    for entry in data.comparison.values():
        conditions = [known.when for axis in AXES for known in entry.axes[axis]] + [harm.when for harm in entry.wrong]
        for when in conditions:
            for signal, values in when.values.items():
                assert set(values) <= set(questions[signal].values), signal
        assert {harm.evidence for harm in entry.wrong if harm.evidence} <= set(questions)


def test_an_answer_moves_the_effort_and_says_so(dossiers: Mapping[str, Dossier], data: ReportData) -> None:
    bare = dossiers["reinforcement_learning"]
    found = [
        axis_view(answered(bare, cheap_simulation=value), data, "reinforcement_learning", "effort")
        for value in ("yes", "partly", "no")
    ]
    texts = [each["text"] for each in found if each]
    lows = [float(text.split(" ")[0]) for text in texts]
    assert lows == sorted(set(lows)), texts
    assert found[0] is not None
    assert found[0]["moved"] == "a simulator is there"


def test_what_the_probe_measured_comes_before_what_is_declared(
    dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    dossier = dossiers["reinforcement_learning"]
    assert dossier.result is not None
    learned = dossier.result.model_copy(update={"solutions": ()})
    cost = axis_view(dossier.model_copy(update={"result": learned}), data, "reinforcement_learning", "cost")
    assert cost is not None
    assert (cost["text"], cost["basis"]) == ("10,000 to 20,000 timesteps a seed", "measured")
    solved = axis_view(dossier, data, "reinforcement_learning", "cost")
    assert solved is not None
    assert (solved["text"], solved["basis"]) == ("no timesteps of learning", "proved")


def test_the_verdict_stands_first_and_what_is_ruled_out_is_marked(
    dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    rows = comparison_view(dossiers["llm_orchestration"], data)["rows"]
    assert (rows[0]["name"], rows[0]["chosen"]) == ("LLM orchestration", True)
    assert len(rows) == 6
    assert {row["reachable"] for row in rows} == {True, False}


def test_what_being_wrong_costs_follows_the_answers(dossiers: Mapping[str, Dossier], data: ReportData) -> None:
    bare = dossiers["reinforcement_learning"]
    safe = wrong_view(answered(bare, exploration_safe="yes", reward_measurable="yes"), data)
    risky = wrong_view(answered(bare, exploration_safe="no", reward_measurable="partly"), data)
    assert [harm["say"] for harm in safe["harms"]] == [
        "Mistakes made while learning cost little or happen in simulation only"
    ]
    assert {"A reward that is only a stand-in", "Mistakes of a policy that is new cost money"} == {
        harm["say"].partition(" pays")[0].partition(", time")[0] for harm in risky["harms"]
    }


@pytest.mark.parametrize("technique", ["reinforcement_learning", "llm_orchestration", "plain_automation"])
def test_the_first_week_has_days_and_thresholds(
    technique: str, dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    text = render(dossiers[technique], "md", data=data)
    week = text.partition("### The first week")[2].partition("\n### ")[0]
    days = [int(day) for day in re.findall(r"(?m)^\| (\d) \|", week)]
    assert len(days) >= 4
    assert days == sorted(days)
    assert set(days) <= {1, 2, 3, 4, 5}
    assert "### Kill criteria" in text


def test_a_decision_record_has_the_headings_of_madr_and_names_every_option(
    dossiers: Mapping[str, Dossier], data: ReportData, parser: MarkdownIt
) -> None:
    text = render(dossiers["plain_automation"], "adr", data=data)
    assert text.startswith("---\nstatus: proposed\n---\n\n# Use plain automation for: ")
    found = re.findall(r"(?m)^## (.+)$", text)
    assert found == [
        "Context and Problem Statement",
        "Decision Drivers",
        "Considered Options",
        "Decision Outcome",
        "Pros and Cons of the Options",
        "More Information",
    ]
    options = text.partition("## Considered Options")[2].partition("\n## ")[0]
    assert len(re.findall(r"(?m)^- ", options)) == len(TECHNIQUES)
    assert 'Chosen option: "Plain automation", because' in text
    assert not [token for token in parser.parse(text.partition("---\n\n")[2]) if token.type == "html_block"][1:]


def test_a_stated_date_stands_in_the_record_and_nothing_else_passes_for_one(
    dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    dossier = dossiers["plain_automation"]
    dated = dossier.model_copy(update={"provenance": {"date": "2026-11-22"}})
    assert render(dated, "adr", data=data).startswith("---\nstatus: proposed\ndate: 2026-11-22\n---\n")
    forged = dossier.model_copy(update={"provenance": {"date": "x\nstatus: accepted"}})
    assert "accepted" not in render(forged, "adr", data=data).partition("---\n\n")[0]


def test_the_record_of_a_learning_verdict_is_filled_in_and_names_what_is_left(
    dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    learning = render(dossiers["reinforcement_learning"], "md", data=data)
    part = learning.partition("## Reward Report and model card")[2].partition("\n## ")[0]
    assert part.count("Left for its owner to write: ") == 2
    assert "Exact solution of a table of 231 states." in part
    assert "## Reward Report" not in render(dossiers["llm_orchestration"], "md", data=data)


@pytest.mark.parametrize("signal", ["steps_fixed", "known_rules", "labelled_targets", "logged_decisions"])
def test_what_was_answered_with_not_applicable_is_never_called_unanswered(
    signal: str, dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    def said(value: str) -> list[str]:
        case = answered(dossiers["plain_automation"], **{signal: value})
        views = [axis_view(case, data, technique, axis) for technique in TECHNIQUES for axis in AXES]
        return [view["moved"] for view in views if view and "nobody has said" in view["moved"]]

    assert len(said("not_applicable")) < len(said("unknown"))


def test_a_range_of_many_millions_is_written_out(dossiers: Mapping[str, Dossier], data: ReportData) -> None:
    view = axis_view(
        answered(dossiers["plain_automation"], state_space="continuous"), data, "reinforcement_learning", "cost"
    )
    assert view is not None
    assert view["text"] == "1,000,000 to 50,000,000 timesteps of learning"
    assert view["moved"] == "states are too many to list"
