"""What a report advises: the commands, Monday's tasks, the rule to beat, the exact policy, the ranking's numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoper.domain.decision import NextQuestion
from scoper.domain.dossier import Dossier
from scoper.domain.findings import Finding
from scoper.domain.probe import ReturnSummary
from scoper.domain.questionnaire import Answer
from scoper.reasoning.verdict import TO_FIND_OUT
from scoper.services.library import load_library
from scoper.services.report_commands import again_command, probe_commands
from scoper.services.report_data import ReportData
from scoper.services.report_plan import plan_view
from scoper.services.report_reasons import answers_view
from scoper.services.report_view import condition_texts, percents, ranking_rows
from scoper.services.reporting import render
from scoper.services.risk_files import Risk, When

TECHNIQUES = ("reinforcement_learning", "llm_orchestration", "plain_automation")


def test_open_places_are_one_task_however_many_lines_there_are(
    dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    notes = ("m.yaml:7:3: fill in a", "m.yaml:7:9: fill in b", "m.yaml:8:1: fill in c")
    update = {"result": None, "result_spec_digest": None, "spec_notes": notes, "spec_name": "m.yaml"}
    text = render(dossiers["reinforcement_learning"].model_copy(update=update), "md", data=data)
    tasks = re.findall(r"(?m)^\d+\. (Fill in .*)$", text)
    assert tasks == ["Fill in 2 lines of `m.yaml`; the probe's section lists them."]
    assert "Still to be filled in before it can run: 2 lines of `m.yaml`." in text


def test_without_a_spec_the_commands_begin_with_drafting_one(dossiers: Mapping[str, Dossier], data: ReportData) -> None:
    update = {"result": None, "result_spec_digest": None, "spec_name": None, "spec_digest": None}
    dossier = dossiers["reinforcement_learning"].model_copy(
        update=update | {"provenance": {"case_file": "a `b`; rm -rf.yaml"}}
    )
    assert probe_commands(dossier) == [
        'scoper scaffold "a ?b?? rm -rf.yaml" -o work',
        "scoper probe work/mdp.yaml -o work/result.json",
        'scoper report "a ?b?? rm -rf.yaml" -o report.md --spec work/mdp.yaml --result work/result.json --force',
    ]
    assert all(command in render(dossier, "md", data=data) for command in probe_commands(dossier))


def test_the_commands_for_a_stale_result_replace_it_and_let_the_specs_own_code_run(
    dossiers: Mapping[str, Dossier],
) -> None:
    own = "scoper_mdp: 1\nname: own\nenvironment: {entry_point: 'own:Env', path: .}\n"
    update = {"spec_text": own, "spec_name": "own.yaml", "result_spec_digest": "older"}
    dossier = dossiers["reinforcement_learning"].model_copy(update=update)
    assert probe_commands(dossier)[0] == "scoper probe own.yaml --trust -o result.json --force"


def test_the_command_that_makes_the_report_again_names_a_spec_that_the_case_does_not(
    dossiers: Mapping[str, Dossier],
) -> None:
    dossier = dossiers["reinforcement_learning"]
    assert dossier.result is not None
    measured = dossier.result.model_copy(update={"provenance": {"budget": "30 s", "seed": 4}})
    places = {"case_file": "case.yaml", "spec_file": "out/scaffold/mdp.yaml"}
    dossier = dossier.model_copy(update={"result": measured, "provenance": places})
    expected = "scoper run case.yaml -o out --spec out/scaffold/mdp.yaml --budget 30 --seed 4"
    assert again_command(dossier) == expected
    named = dossier.case.model_copy(update={"spec": "own.yaml"})
    dossier = dossier.model_copy(update={"case": named, "provenance": {"case_file": "case.yaml"}})
    assert again_command(dossier) == "scoper run case.yaml -o out --budget 30 --seed 4"


def with_answers(dossier: Dossier, **answers: str) -> Dossier:
    given = {signal: (Answer(answer=answer),) for signal, answer in answers.items()}
    case = dossier.case.model_copy(update={"answers": {**dossier.case.answers, **given}})
    return dossier.model_copy(update={"case": case, "case_digest": case.digest()})


def test_an_exact_solution_comes_before_the_family_that_the_answers_favour(
    dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    dossier = with_answers(dossiers["reinforcement_learning"], state_space="large_discrete", action_space="continuous")
    text = render(dossier, "md", data=data)
    assert "**A table decides.** The probe solved the spec exactly (231 states): take the exact policy" in text
    assert "disagree with the spec on state space (large discrete) and action space (continuous)" in text
    monday = text.partition("## What to do on Monday")[2]
    assert "Take the exact policy as it is" in monday
    assert "Repeat the probe with the long budget" not in monday
    agreeing = with_answers(dossier, state_space="enumerable", action_space="discrete_small")
    assert "disagree with the spec" not in render(agreeing, "md", data=data)


@pytest.mark.parametrize("verdict", ["infeasible", "reward_defective"])
def test_an_exact_policy_that_is_worth_nothing_is_not_recommended(
    verdict: str, dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    dossier = dossiers["reinforcement_learning"]
    assert dossier.result is not None
    result = dossier.result.model_copy(update={"verdict": verdict})
    text = render(dossier.model_copy(update={"result": result}), "md", data=data)
    assert "exact policy" not in text
    assert "rule to beat" not in text.partition("## What to do on Monday")[2].partition("### Stop")[0]


@pytest.mark.parametrize(
    ("low", "high", "first", "monday"),
    [
        (11.5, 13.5, "12.5, more than the rule", "Measure every result against the rule to beat, my rule"),
        (8.0, 17.0, "12.5, not clearly more or less than the rule", "Keep the rule to beat, my rule"),
        (5.0, 8.0, "12.5, less than the rule", "Keep the rule to beat, my rule"),
    ],
)
def test_the_rule_to_beat_is_named_first_and_on_monday(
    low: float, high: float, first: str, monday: str, dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    dossier = dossiers["reinforcement_learning"]
    assert dossier.result is not None
    returns = {name: entry for name, entry in dossier.result.returns.items() if not name.startswith("rule")}
    rule = ReturnSummary(mean=9.0, low=9.0, high=9.0, n=1, basis="proved")
    best = ReturnSummary(mean=12.5, low=low, high=high, n=3, basis="measured")
    result = dossier.result.model_copy(update={"returns": {**returns, "optimal": best, "my_rule": rule}})
    text = render(dossier.model_copy(update={"result": result}), "md", data=data)
    assert f"- **Rule to beat:** my rule, which returns 9. Against it: exact optimum with {first}." in text
    assert monday in text.partition("## What to do on Monday")[2]
    # (9 + 3.25) / (12.5 + 3.25)
    assert "The rule to beat, my rule, stands at 77.8 % of the same way." in text


def with_rule(dossier: Dossier, rule: ReturnSummary, **update: object) -> Dossier:
    """The dossier with `my_rule` as its only rule beside an exact optimum of 12.5; its best floor returns -3.25."""
    assert dossier.result is not None
    kept = {name: entry for name, entry in dossier.result.returns.items() if not name.startswith("rule")}
    best = ReturnSummary(mean=12.5, low=12.5, high=12.5, n=1, basis="proved")
    result = dossier.result.model_copy(update={"returns": {**kept, "optimal": best, "my_rule": rule}, **update})
    return dossier.model_copy(update={"result": result})


@pytest.mark.parametrize("more", [0.0, 2e-13, -2e-13])
def test_a_rule_that_is_optimal_but_for_rounding_does_as_well_as_the_exact_optimum(
    more: float, dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    rule = ReturnSummary(mean=12.5 + more, low=12.5 + more, high=12.5 + more, n=1, basis="proved")
    text = render(with_rule(dossiers["reinforcement_learning"], rule), "md", data=data)
    assert "Against it: exact optimum with 12.5, which the rule reaches too." in text
    assert ". Keep the rule to beat, my rule (mean return 12.5): exact optimum returns the same.\n" in text


@pytest.mark.parametrize(
    ("mean", "low", "said"),
    [
        (12.2, 12.2, "is already within 2.4 % of the best possible return (12.2 of 12.5)"),  # 0.3 / 12.5
        (12.5, 12.5, "is already within 0.0 % of the best possible return (12.5 of 12.5)"),
        # 0.7 / 12.5 is more than 5 %, 0.7 / (12.5 + 3.25) is not
        (11.8, 11.8, "within 4.4 % of the best possible return, counted on the way from the best floor to it"),
        (11.5, 11.5, ""),  # 8 % and 6.3 %
        (12.2, 11.0, ""),  # measured, and it may be 12 % and 9.5 %
    ],
)
def test_a_rule_that_leaves_too_little_to_gain_stops_the_project_under_the_verdict(
    mean: float, low: float, said: str, dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    rule = ReturnSummary(mean=mean, low=low, high=2 * mean - low, n=1, basis="measured")
    text = render(with_rule(dossiers["reinforcement_learning"], rule), "md", data=data)
    lines = [line for line in text.split("\n") if line.startswith("- **Good enough already:** my rule")]
    assert len(lines) == bool(said)
    assert not said or (said in lines[0] and lines[0].endswith("if it is what runs today, stop here."))


@pytest.mark.parametrize("verdict", ["infeasible", "reward_defective"])
def test_no_rule_is_good_enough_for_a_reward_that_is_worth_nothing(
    verdict: str, dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    rule = ReturnSummary(mean=12.5, low=12.5, high=12.5, n=1, basis="proved")
    text = render(with_rule(dossiers["reinforcement_learning"], rule, verdict=verdict), "md", data=data)
    assert "Good enough already" not in text


@pytest.mark.parametrize(
    ("verdict", "stops"), [("infeasible", True), ("reward_defective", True), ("not_shown", False), ("feasible", False)]
)
@pytest.mark.parametrize("form", ["md", "adr"])
def test_nothing_is_a_go_while_the_probe_says_that_the_reward_is_worth_nothing(
    form: str, verdict: str, stops: bool, dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    dossier = dossiers["reinforcement_learning"]
    assert dossier.result is not None
    blocker = Finding(code="x", severity="blocker", claim="It pays twice.", remedy="pay once")
    result = dossier.result.model_copy(update={"verdict": verdict, "findings": (blocker,)})
    text = render(dossier.model_copy(update={"result": result}), form, data=data)  # type: ignore[arg-type]
    assert ("that is to be mended first" in text) is stops
    if form == "md":
        assert (". Before anything is built: pay once; then probe again.\n" in text) is stops
        assert ("learning: not yet.**" in text) is stops


def test_respondents_are_said_to_be_completed_by_what_the_others_agree_on(
    dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    words = "What each respondent said, completed by what the others agree on, leads to"
    for technique in TECHNIQUES:
        assert words in render(dossiers[technique], "md", data=data)


def test_a_risk_of_two_techniques_is_told_once(dossiers: Mapping[str, Dossier], data: ReportData) -> None:
    both = ("reinforcement_learning", "plain_automation")
    shared = Risk("shared", both, When({}), "Shared risk", "t", "d", "m", "o", "s")
    text = render(dossiers["reinforcement_learning"], "md", data=replace(data, risks=(*data.risks, shared)))
    assert text.count("- **Shared risk** ") == 1
    assert "Risks from above that hold here too: Shared risk." in text


def test_the_ranking_shows_what_no_technique_gets_and_adds_up(
    dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    verdict = dossiers["plain_automation"].verdict
    supports = (0.555, 0.205, 0.105, 0.035, 0.001, 0.0)
    ranking = tuple(t.model_copy(update={"support": s}) for t, s in zip(verdict.ranking, supports, strict=True))
    rows = ranking_rows(verdict.model_copy(update={"ranking": ranking}), data)
    assert rows[-1]["name"] == "undecided"
    told = [(row["percent"], row["support"]) for row in rows if "<" not in row["percent"]]
    assert sum(int(percent.removesuffix(" %")) for percent, _ in told) == 100
    assert all(abs(int(percent.removesuffix(" %")) - 100 * share) < 1 for percent, share in told)
    names = [data.name("techniques", entry.technique) for entry in verdict.ranking]
    assert [row["name"] for row in ranking_rows(verdict, data)] == names


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=8).filter(any))
def test_percents_add_up_to_a_hundred_and_are_off_by_less_than_one(parts: list[int]) -> None:
    shares = [part / sum(parts) for part in parts]
    edges = {"< 1 %": 0, "> 99 %": 100}
    numbers = [edges[text] if text in edges else int(text.removesuffix(" %")) for text in percents(shares)]
    assert sum(numbers) == 100
    assert all(abs(number - 100 * share) < 1 for number, share in zip(numbers, shares, strict=True))


def test_a_question_that_moves_no_technique_has_words_in_place_of_zero_bits(
    dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    asked = (NextQuestion(signal="known_rules", gain=0.0004), NextQuestion(signal="goal_shifts", gain=0.314))
    verdict = dossiers["plain_automation"].verdict.model_copy(update={"next_questions": asked})
    text = render(dossiers["plain_automation"].model_copy(update={"verdict": verdict}), "md", data=data)
    assert "0.00 bits" not in text
    assert "| sharpens the conditions |" in text
    assert "| 0.31 bits |" in text


def test_the_efforts_behind_flips_are_explained(dossiers: Mapping[str, Dossier], data: ReportData) -> None:
    text = render(dossiers["plain_automation"], "md", data=data)
    assert "### What would reverse it\n\nIn brackets: what bringing the change about would take.\n\n- " in text


def test_evidence_is_named_in_words_where_its_key_alone_says_little(
    dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    dossier = dossiers["reinforcement_learning"]
    assert dossier.result is not None
    finding = Finding(code="gap", severity="info", claim="c", evidence={"share_left": 0.295, "other_key": 1})
    result = dossier.result.model_copy(update={"findings": (finding,)})
    text = render(dossier.model_copy(update={"result": result}), "md", data=data)
    assert "other key 1; share that the rule leaves of all that looking at the state and ahead gains 0.295." in text


def test_no_task_points_below_itself(data: ReportData) -> None:
    texts = [step.text for steps in (*data.first_week.values(), *data.stop.values()) for step in steps]
    assert [
        text for text in texts if re.search(r"(risks|questions|table|tables|report) below", text)
    ] == []  # the plan is the last that argues


def test_a_condition_calls_a_signal_what_the_rest_of_the_report_calls_it(
    dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    bare = dossiers["plain_automation"]
    questions = load_library().questions
    told = ("Find out what could still stand in the way: baseline_adequate, not_a_signal.",)
    verdict = bare.verdict.model_copy(update={"conditions": told})

    found = condition_texts(bare.model_copy(update={"verdict": verdict, "questions": questions}), data)

    name = data.words["signals"]["baseline_adequate"]["name"]
    assert found == [f"Find out what could still stand in the way: {name}, not_a_signal."]


def test_a_follow_up_answer_stands_beside_its_question(dossiers: Mapping[str, Dossier], data: ReportData) -> None:
    bare = dossiers["llm_orchestration"]
    case = bare.case.model_copy(update={"answers": {"run_steps": (Answer(answer="few"),)}})

    rows = answers_view(bare.model_copy(update={"case": case}), data)["given"]

    assert [row["text"] for row in rows] == [load_library().questions.follow_ups["run_steps"].text]


def test_the_first_step_is_a_thing_to_do_where_the_only_condition_names_open_signals(
    dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    bare = dossiers["plain_automation"]
    question = NextQuestion(signal="goal_shifts", gain=0.0, matters="conditions", find_out="List the changes.")
    told = {"conditions": (f"{TO_FIND_OUT}goal_shifts.",), "settled": True, "next_questions": (question,)}

    first = plan_view(bare.model_copy(update={"verdict": bare.verdict.model_copy(update=told)}), data)["first"]

    assert first == "List the changes."
