"""What a report must not do to its reader: say a thing twice, contradict itself, or ask for what is done already."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from scoper.domain.dossier import Dossier
from scoper.domain.questionnaire import Answer
from scoper.interfaces import wording
from scoper.services.gallery import gallery_folder
from scoper.services.library import data_path, load_library
from scoper.services.report_compare import axis_view
from scoper.services.report_data import ReportData, read_plan
from scoper.services.report_how import approach_view
from scoper.services.report_plan import plan_view
from scoper.services.reporting import render
from scoper.services.scoping import assess

REPORTS = sorted(gallery_folder().rglob("report.md"))
RECORDS = sorted(gallery_folder().rglob("decision.md"))


def _name(path: Path) -> str:
    return str(path.relative_to(gallery_folder()).parent)


def _dossier(name: str) -> Dossier:
    return Dossier.model_validate_json((gallery_folder() / name / "dossier.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", REPORTS, ids=_name)
def test_no_item_of_a_list_is_said_twice_outside_the_reward_report(path: Path) -> None:
    text = path.read_text(encoding="utf-8").split("\n<!--")[0]
    text = re.sub(r"(?s)\n## Reward Report.*?(?=\n## )", "", text)
    items = [line.strip() for line in text.splitlines() if re.match(r" *(- |\d+\. )", line) and len(line) > 60]
    own = ("- *Differs in:*", "- **Would reverse it:**")  # of one precedent, of one part: another may share it
    assert [item for item, n in Counter(items).items() if n > 1 and not item.startswith(own)] == []


@pytest.mark.parametrize("path", REPORTS, ids=_name)
def test_no_heading_stands_over_nothing(path: Path) -> None:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    levels = [len(found[0]) - 1 if (found := re.match(r"#+ ", line)) else 0 for line in lines]
    pairs = zip(levels, [*levels[1:], 1], lines, strict=True)
    assert [line for here, after, line in pairs if here and after and after <= here] == []


@pytest.mark.parametrize("path", RECORDS, ids=_name)
def test_a_record_warns_of_nothing_that_makes_being_wrong_cheaper(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"To watch: .*(is rejected before it takes effect|cost little)", text)
    assert not re.search(r"Good, because (the one|an environment|learning by trial)", text)


def test_a_condition_that_a_day_meets_waits_for_that_day(data: ReportData) -> None:
    dossier = _dossier("tender_answers")
    plan = plan_view(dossier, data)
    (day,) = [step for step in plan["steps"] if step["meets"]]
    assert (day["day"], day["meets"], plan["conditions"]) == (3, [1], [])
    assert plan["first"] == plan["steps"][0]["text"]


def _answering(**answers: str) -> Dossier:
    """The example of reinforcement learning with other answers, and what follows from them."""
    dossier, library = _dossier("warehouse_reorder"), load_library()
    given = {signal: (Answer(answer=answer),) for signal, answer in answers.items()}
    case = dossier.case.model_copy(update={"answers": {**dossier.case.answers, **given}})
    return dossier.model_copy(update={"case": case, "verdict": assess(case, library)})


def test_no_condition_overtakes_one_that_is_listed_before_it(data: ReportData) -> None:
    dossier = _answering(cheap_simulation="partly", audit_required="yes", goal_shifts="partly")
    checked, agreed, watched = dossier.verdict.conditions
    plan = plan_view(dossier, data)
    assert [(row["text"], row["day"]) for row in plan["conditions"]] == [(checked, 2), (agreed, None)]
    assert plan["first"] == checked
    text = render(dossier, "md", data=data)
    assert "Condition 1 above comes first." in text
    assert f"Meet the condition: {checked} (Day 2 of the first week.)\n" in text
    assert watched.startswith("Monitor drift")


def test_to_watch_for_drift_is_planned_and_never_what_comes_first(data: ReportData) -> None:
    plan = plan_view(_answering(goal_shifts="partly"), data)
    assert plan["conditions"] == []
    assert plan["first"] == plan["steps"][0]["text"]
    assert [step["day"] for step in plan["steps"] if step["meets"] == [1]] == [5]


def test_a_question_that_a_condition_names_is_asked_once(data: ReportData) -> None:
    plan = plan_view(_dossier("support_mail_triage"), data)
    assert [row["signal"] for row in plan["questions"]] == ["baseline_adequate"]
    assert plan["conditions"] == []


def test_every_condition_that_a_step_meets_is_that_of_a_readiness_rule() -> None:
    rules = {path.stem for path in data_path("rules", "decisions", "readiness").glob("*.yaml")}
    week = read_plan(data_path("reports", "templates", "first_week.yaml"))["first_week"]
    named = {rule for steps in week.values() for step in steps for rule in step.get("meets", ())}
    assert named
    assert named <= rules


def test_a_week_of_another_kind_than_the_one_chosen_is_said_to_be_one(data: ReportData) -> None:
    (rung,) = [block for block in approach_view(_dossier("tender_answers"), data) if block["kind"] == "rung"]
    assert (rung["chosen"]["id"], rung["week_of"]["id"]) == ("workflow_chain", "workflow_parallel")
    assert "*The week below* is that of workflow: parallel calls" in render(_dossier("tender_answers"), "md", data=data)


def test_what_was_measured_is_not_asked_for_as_a_first_step(data: ReportData) -> None:
    dossier = _dossier("parcel_claims")
    plan = plan_view(dossier, data)
    assert [step["day"] for step in plan["steps"] if step["measured"]] == [1]
    assert (plan["first"], plan["first_after"]) == (plan["steps"][1]["text"], [1])
    older = dossier.model_copy(update={"checks": ()})
    assert plan_view(older, data)["first"] == plan["steps"][0]["text"]


def test_an_answer_that_a_check_contradicts_is_named_on_the_first_page_and_offered_once(data: ReportData) -> None:
    dossier = _dossier("parcel_claims")
    text = render(dossier, "md", data=data)
    assert text.index("**Measured otherwise:** known rules, answered yes") < text.index("### What it costs to be wrong")
    assert text.count("`scoper check` with `--case` offers this answer.") == 1
    assert "Nothing known stands in the way" not in text
    assert "Nothing known stands in the way" in render(dossier.model_copy(update={"checks": ()}), "md", data=data)


def _with_known_rules(dossier: Dossier, **told: str | None) -> Dossier:
    """With the deciding answers given plainly, one of them otherwise."""
    firm = {
        signal: tuple(a.model_copy(update={"confidence": "high", "evidence": "Seen."}) for a in given)
        for signal, given in dossier.case.answers.items()
    }
    firm["known_rules"] = tuple(a.model_copy(update=told) for a in firm["known_rules"])
    return dossier.model_copy(update={"case": dossier.case.model_copy(update={"answers": firm}), "checks": ()})


@pytest.mark.parametrize(
    ("told", "faults"),
    [
        ({"confidence": "low", "evidence": None}, "of low confidence and without evidence"),
        ({"confidence": "low"}, "of low confidence"),
        ({"evidence": None}, "without evidence"),
        ({}, ""),
    ],
)
def test_the_box_says_that_a_deciding_answer_should_be_firmer(
    told: dict[str, str | None], faults: str, data: ReportData
) -> None:
    text = render(_with_known_rules(_dossier("parcel_claims"), **told), "md", data=data)
    box = text.partition("\n## Verdict\n")[2].partition("\n\n- **How sure")[0]

    assert "stands in the way" in box
    if faults:
        assert f"It rests on an answer that should be firmer: known rules ({faults})." in box
    else:
        assert "firmer" not in box


def test_rules_for_nine_of_ten_cases_leave_up_to_one_in_ten_to_a_person(data: ReportData) -> None:
    question = load_library().questions["steps_fixed"].text
    assert "at least 90 %" in question
    by_hand = axis_view(_dossier("invoice_approval"), data, "plain_automation", "cost")
    assert by_hand is not None
    assert by_hand["text"] == "0 to 10 % of cases decided by hand"


def test_a_method_that_the_probe_did_not_try_is_told_so_beside_the_one_that_learned(data: ReportData) -> None:
    dossier = _dossier("cartpole")
    assert dossier.result is not None
    tried = dossier.result.model_copy(
        update={"returns": {**dossier.result.returns, "dqn": dossier.result.returns["ppo"]}}
    )

    assert [block["measured"] for block in approach_view(dossier, data)] == ["PPO"]
    assert approach_view(dossier.model_copy(update={"result": tried}), data)[0]["measured"] == ""
    assert {block["measured"] for block in approach_view(_dossier("warehouse_reorder"), data)} == {""}


ALONE = [path for path in REPORTS if not any(path.parent.glob("*/report.md"))]
NAMED = sorted(_name(path) for path in ALONE if (path.parent / "dossier.json").is_file())
"""Cases of one part: what a project says of each part stands in the part's own report."""


@pytest.mark.parametrize("name", NAMED)
def test_a_question_without_an_answer_is_listed_once_with_what_it_can_still_change(
    name: str,
) -> None:
    dossier = _dossier(name)
    text = render(dossier, "md").split("\n<!--")[0]
    rest = text.partition("<summary>Not answered</summary>")[2].partition("</details>")[0]
    asked = {entry.signal for entry in dossier.verdict.next_questions}
    for signal in dossier.questions:
        if dossier.case.answers.get(signal):
            continue
        assert (f"`{signal}`" in rest) == (signal not in asked)
    left_out = rest.partition("Skipped, because no answer can change the verdict any more:")[2]
    unanswered = {s for s in dossier.questions if not dossier.case.answers.get(s)}
    assert {s for s in dossier.questions if f"`{s}`" in left_out} == unanswered & set(dossier.verdict.skipped)


@pytest.mark.parametrize("name", NAMED)
def test_a_risk_is_told_with_trigger_detection_mitigation_and_owner_and_in_no_wide_table(name: str) -> None:
    dossier = _dossier(name)
    section = render(dossier, "md").partition("\n## Risks\n")[2].partition("\n## ")[0]
    told = [risk for risk in dossier.approach.risks if risk.standing == "fits"] if dossier.approach else []
    assert not re.search(r"^\|", section, re.MULTILINE)
    line = r"^- \*\*.+\*\*.* · .+\. \*What sets it off:\* .+ \*How to notice:\* .+ \*What to do:\* .+$"
    assert len(re.findall(line, section, re.MULTILINE)) == len(told)


@pytest.mark.parametrize(
    ("matters", "gain", "change", "worth"),
    [
        ("conditions", 0.0, "the conditions |", "sharpens the conditions"),
        (
            "conditions",
            0.01,
            "the conditions; the verdict only if an answer given is wrong |",
            "sharpens the conditions, tells 0.01 bits should a given answer be wrong",
        ),
        ("technique", 0.2, "the technique |", "changes the verdict only with others, tells 0.20 bits"),
    ],
)
def test_what_a_question_can_change_agrees_with_what_it_tells(
    matters: str, gain: float, change: str, worth: str
) -> None:
    dossier = next(_dossier(name) for name in NAMED if _dossier(name).verdict.next_questions)
    entry = dossier.verdict.next_questions[0].model_copy(
        update={"matters": matters, "gain": gain, "may_change": 0.0, "effort": None}
    )
    verdict = dossier.verdict.model_copy(update={"next_questions": (entry,)})
    text = render(dossier.model_copy(update={"verdict": verdict}), "md")
    row = text.partition("### What to find out next")[2].split("\n|")[3]

    assert change in row
    assert wording.worth(entry) == worth
