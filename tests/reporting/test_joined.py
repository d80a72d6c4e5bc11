"""The first page of answers and probe together: the headline, the conditions, the first step, what differs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

import pytest

from scoper.domain.dossier import Dossier
from scoper.domain.findings import Finding
from scoper.domain.probe import ProbeResult
from scoper.domain.probe_statistics import DecisionSummary
from scoper.domain.questionnaire import Answer
from scoper.services.gallery import gallery_folder
from scoper.services.report_data import ReportData
from scoper.services.report_joined import decides, joined_view, otherwise_view, within
from scoper.services.report_plan import plan_view
from scoper.services.reporting import render

BLOCKER = Finding(code="x", severity="blocker", claim="It pays twice.", remedy="pay once.")
CAUTION = Finding(code="y", severity="caution", claim="Not above.", remedy="a larger budget.")
OWN = "Ask the night shift."
UNDECIDED = DecisionSummary(
    outcome="undecided",
    learner="q_learning",
    floor="random",
    claim="mean",
    law="typical",
    estimate=1.0,
    low=-1.0,
    high=3.0,
    bar=0.0,
    bar_high=0.0,
    n_seeds=5,
    looks=(3, 7),
    steps=2000,
    error=0.05,
    assumed="the seeds",
    needed=12,
)


def probed(dossier: Dossier, found: str, *findings: Finding, **verdict: object) -> Dossier:
    """The dossier with this verdict of its probe, these findings and one condition of the answers' own."""
    assert dossier.result is not None
    result = dossier.result.model_copy(update={"verdict": found, "findings": findings or (BLOCKER,)})
    said = dossier.verdict.model_copy(update={"conditions": (OWN,), **verdict})
    return dossier.model_copy(update={"result": result, "verdict": said})


def not_shown(dossier: Dossier, **verdict: object) -> Dossier:
    """The dossier with a sequential test that ended undecided: 12 seeds would do, 5 of at most 7 were taken."""
    made = probed(dossier, "not_shown", CAUTION, **verdict)
    assert made.result is not None
    return made.model_copy(update={"result": made.result.model_copy(update={"decision": UNDECIDED})})


def first_page(dossier: Dossier, data: ReportData) -> str:
    return render(dossier, "md", data=data).partition("\n[Verdict](#verdict)")[0]


@pytest.fixture
def learns(dossiers: Mapping[str, Dossier]) -> Dossier:
    return dossiers["reinforcement_learning"]


@pytest.mark.parametrize("found", ["infeasible", "reward_defective"])
@pytest.mark.parametrize("settled", [True, False])
@pytest.mark.parametrize("form", ["md", "html", "adr", "json"])
def test_what_the_probe_stops_at_is_headline_and_condition_in_every_format(
    form: Literal["md", "html", "adr", "json"], settled: bool, found: str, learns: Dossier, data: ReportData
) -> None:
    text = render(probed(learns, found, settled=settled, readiness="go"), form, data=data)
    if form == "json":
        joined = json.loads(text)["report"]["joined"]
        assert (joined["stops"], joined["headline"]) == (True, "not yet")
        text = joined["condition"]
    assert "Before anything is built: pay once; then probe again." in text
    assert "Nothing known stands in the way" not in text
    if form in ("md", "adr"):
        assert f"1. {OWN}\n2. Before anything is built: pay once; then probe again." in text


def test_a_not_yet_of_the_answers_keeps_its_own_reason_beside_the_probes(learns: Dossier, data: ReportData) -> None:
    said = joined_view(probed(learns, "infeasible", readiness="not_yet"), data)["sentence"]
    assert said.startswith(data.meaning("readiness", "not_yet").capitalize())
    assert "but the probe" not in said
    assert said.endswith('the probe of the spec says "infeasible": that is to be mended first.')


def test_the_first_step_is_to_mend_and_probe_again(learns: Dossier, data: ReportData) -> None:
    plan = plan_view(probed(learns, "reward_defective", settled=True), data)
    assert (plan["first"], plan["first_then"], plan["mend_first"]) == ("pay once; then probe again", "", True)
    assert plan_view(probed(learns, "feasible", CAUTION, settled=True), data)["first"] != "pay once; then probe again"


@pytest.mark.parametrize("technique", ["reinforcement_learning", "undecided"])
def test_an_open_question_comes_before_mending_which_only_one_of_its_answers_needs(
    technique: str, learns: Dossier, data: ReportData
) -> None:
    dossier = probed(learns, "reward_defective", technique=technique, settled=False)
    plan = plan_view(dossier, data)
    assert plan["first"] == "Look."
    assert plan["first_then"] == "if it is reinforcement learning then: pay once; then probe again"
    assert "Look. If it is reinforcement learning then: pay once; then probe again." in first_page(dossier, data)


@pytest.mark.parametrize(
    ("technique", "found", "said"),
    [
        ("undecided", "feasible", "lead to reinforcement learning, this reward is within reach."),
        ("undecided", "not_shown", "it is still to be shown that this reward can be learned. Which"),
        ("llm_orchestration", "infeasible", 'lead to reinforcement learning, this spec is in the way ("infeasible")'),
        ("reinforcement_learning", "feasible_with_conditions", "leave it at reinforcement learning, this reward is"),
    ],
)
def test_the_first_page_says_what_a_probe_means_for_a_verdict_that_is_open(
    technique: str, found: str, said: str, learns: Dossier, data: ReportData
) -> None:
    dossier = probed(learns, found, technique=technique, settled=False)
    text = first_page(dossier, data)
    (line,) = [line for line in text.split("\n") if line.startswith("- **What that means here:**")]
    assert said in line
    assert line.endswith("Which technique it is they say, not the probe.")
    assert joined_view(probed(learns, found, settled=True), data)["bears"] == ""


def test_a_probe_of_a_technique_that_is_ruled_out_changes_nothing(learns: Dossier, data: ReportData) -> None:
    others = ("plain_automation", "llm_orchestration")
    dossier = probed(learns, "feasible", technique="plain_automation", possible=others)
    assert "which these answers rule out, and changes nothing here" in joined_view(dossier, data)["bears"]
    assert plan_view(dossier, data)["first_then"] == ""


def test_a_condition_keeps_the_number_under_which_the_first_page_lists_it(data: ReportData) -> None:
    dossier = _example("tender_answers")
    assert [step["meets"] for step in plan_view(dossier, data)["steps"] if step["meets"]] == [[1]]
    assert f"1. {dossier.verdict.conditions[0].split()[0]}" in render(dossier, "md", data=data)


@pytest.mark.parametrize(("found", "adds"), [("reward_defective", True), ("not_shown", True), ("feasible", False)])
def test_the_probes_condition_comes_after_those_of_the_answers(
    found: str, adds: bool, learns: Dossier, data: ReportData
) -> None:
    dossier = probed(learns, found)
    condition = joined_view(dossier, data)["condition"]
    assert bool(condition) is adds
    assert (f"1. {OWN}\n2. " in first_page(dossier, data)) is adds


def test_a_probe_that_showed_nothing_is_told_with_its_budget_and_with_what_would_decide(
    learns: Dossier, data: ReportData
) -> None:
    text = first_page(not_shown(learns, settled=True, readiness="go"), data)
    spent = "5 of at most 7 seeds of Q-learning, 2,000 timesteps each at most"
    needed = "about 12 seeds like these would decide it, 24,000 timesteps in all (extrapolated)"
    assert f"**Can the reward be learned?** Not shown within this budget ({spent}): " in text
    assert f"*What would decide:* {needed[0].upper()}{needed[1:]}. Nothing proves that it cannot be learned." in text
    assert f"It is shown that this reward can be learned. What would decide: {needed}." in text
    assert "learning: go, if the conditions below are met.**" in text
    assert "Condition 2 above comes first." in text
    assert "infeasible" not in text.lower()
    assert "not yet.**" not in text


def test_what_would_decide_is_the_remedy_of_a_blocker_the_seeds_or_something_else_than_seeds(learns: Dossier) -> None:
    def of(decision: DecisionSummary | None, *findings: Finding, **update: object) -> ProbeResult:
        assert learns.result is not None
        return learns.result.model_copy(update={"decision": decision, "findings": findings, **update})

    assert (within(of(UNDECIDED, BLOCKER)), decides(of(UNDECIDED, BLOCKER))) == ("", "pay once; then probe again")
    less = UNDECIDED.model_copy(update={"outcome": "not_better", "margin": 0.5})
    assert decides(of(less, CAUTION)).endswith("further seeds like these would not decide it")
    never = UNDECIDED.model_copy(update={"needed": None})
    assert decides(of(never, CAUTION)) == decides(of(less, CAUTION))
    assert (within(of(None, CAUTION)), decides(of(None, CAUTION))) == ("quick, at most 60 s", "a larger budget")
    silent = CAUTION.model_copy(update={"remedy": ""})
    assert decides(of(None, silent)) == "look at the probe's first finding"


def test_without_a_finding_of_its_own_kind_what_would_decide_is_the_probes_reason(
    learns: Dossier, data: ReportData
) -> None:
    """A note that all is well is not where to look."""
    assert learns.result is not None
    note = CAUTION.model_copy(update={"severity": "info"})
    for findings in ((), (note,)):
        result = learns.result.model_copy(update={"decision": None, "findings": findings, "verdict": "not_shown"})
        assert decides(result) == "settle what the probe gives as its reason"
        stopped = learns.model_copy(update={"result": result.model_copy(update={"verdict": "infeasible"})})
        condition = joined_view(stopped, data)["condition"]
        assert condition == "Before anything is built: settle what the probe gives as its reason; then probe again."


@pytest.mark.parametrize(
    "update",
    [{"spec_digest": "spec-2"}, {"verdict": {"readiness": "no"}}, {"verdict": {"technique": "plain_automation"}}],
)
def test_an_older_probe_a_no_and_another_technique_keep_the_answers_headline(
    update: dict[str, Any], learns: Dossier, data: ReportData
) -> None:
    dossier = probed(learns, "reward_defective", **update.get("verdict", {}))
    if "spec_digest" in update:
        dossier = dossier.model_copy(update=update)
    joined = joined_view(dossier, data)
    assert (joined["stops"], joined["headline"], joined["sentence"], joined["condition"]) == (False, "", "", "")


def _answered(dossier: Dossier, signal: str, value: str) -> Dossier:
    answers = {**dossier.case.answers, signal: (Answer(answer=value),)}
    case = dossier.case.model_copy(update={"answers": answers})
    return dossier.model_copy(update={"case": case, "case_digest": case.digest()})


def _example(name: str) -> Dossier:
    return Dossier.model_validate_json((gallery_folder() / name / "dossier.json").read_text(encoding="utf-8"))


def _at(dossier: Dossier, steps_per_s: float) -> Dossier:
    assert dossier.result is not None
    assert dossier.result.cost is not None
    cost = dossier.result.cost.model_copy(update={"steps_per_s": steps_per_s})
    return dossier.model_copy(update={"result": dossier.result.model_copy(update={"cost": cost})})


def test_what_a_probe_proved_against_an_answer_is_named_on_the_first_page(data: ReportData) -> None:
    dossier = _answered(_example("warehouse_reorder"), "model_known", "no")
    (row,) = [row for row in otherwise_view(dossier, data) if row["present"] == "no"]
    assert (row["answer"], row["probe"], row["words"][:8]) == ("yes", True, "proved: ")
    line = f"**Measured otherwise:** {row['name']}, answered no; the probe speaks for yes (proved: the optimum"
    assert line in first_page(dossier, data)
    assert otherwise_view(dossier.model_copy(update={"result_spec_digest": "older"}), data) == []


def test_a_speed_against_an_answer_is_told_without_its_number_and_only_where_a_tenth_of_it_would_do(
    data: ReportData,
) -> None:
    """A million timesteps an hour, 278 a second, are the `yes` of the question; see its reader."""
    slow = _answered(_example("warehouse_reorder"), "cheap_simulation", "no")
    told = {speed: otherwise_view(_at(slow, speed), data) for speed in (300.0, 3000.0, 4567.0)}
    name = data.name("signals", "cheap_simulation")
    assert [row for row in told[300.0] if row["name"] == name] == []
    (row,) = [row for row in told[3000.0] if row["name"] == name]
    assert (row["present"], row["answer"], row["words"][:10]) == ("no", "yes", "measured: ")
    assert told[3000.0] == told[4567.0]
