"""Two scopings compared: nothing between equals, the changes that moved the verdict, rules, measurements."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoper.domain.findings import Finding
from scoper.domain.probe import ProbeResult, ReturnSummary
from scoper.errors import InputError, UsageError
from scoper.interfaces.cli.diff_text import diff_lines
from scoper.services.case_format import allowed_values
from scoper.services.cases import read_case
from scoper.services.diffing import diff, document
from scoper.services.library import load_library
from scoper.services.reporting import render
from scoper.services.scoping import make_dossier
from scoper.services.scopings import read_scoping
from scoper.services.snapshots import keep, take

LIBRARY = load_library()
EXAMPLES = Path(__file__).parents[2] / "examples"
BASE = {"language_and_tools": "no", "known_rules": "yes", "steps_fixed": "yes", "labelled_targets": "yes"}


def scoping(folder, name, answers, head="", library=LIBRARY):
    path = folder / f"{name}.yaml"
    lines = "".join(f"  {signal}: {value}\n" for signal, value in answers.items())
    path.write_text(f"scoper: 1\ntitle: x\n{head}answers:\n{lines}")
    return read_scoping(path, library)


def compared(folder, before, after, **head):
    return diff(scoping(folder, "a", before), scoping(folder, "b", after, **head), LIBRARY)


ANSWERS = st.dictionaries(st.sampled_from(list(LIBRARY.questions)), st.integers(0, 20), min_size=1).map(
    lambda drawn: {s: (v := allowed_values(LIBRARY.questions[s]))[k % len(v)] for s, k in drawn.items()}
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(ANSWERS)
def test_a_case_does_not_differ_from_itself(tmp_path, answers):
    found = compared(tmp_path, answers, answers)

    assert found.empty
    assert document(found)["answers"] == document(found)["moves"] == []


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(ANSWERS, st.data())
def test_applying_a_named_set_of_changes_alone_moves_the_verdict_to_what_it_says(tmp_path, before, data):
    changed = data.draw(st.lists(st.sampled_from(sorted(before)), max_size=6, unique=True))
    others = {s: data.draw(st.sampled_from(allowed_values(LIBRARY.questions[s]))) for s in changed}
    found = compared(tmp_path, before, {**before, **others})
    for move in found.moves.moves:
        alone = {**before, **{s: others[s] for s in move.signals}}
        applied = compared(tmp_path, before, alone)
        assert applied.verdicts[1][move.aspect] == move.to != applied.verdicts[0][move.aspect]


def test_the_answer_that_moved_the_verdict_is_told_apart_from_those_that_did_not(tmp_path):
    after = {**BASE, "known_rules": "partly", "audit_required": "yes"}
    found = compared(tmp_path, BASE, after)

    technique = [(m.signals, m.to) for m in found.moves.moves if m.aspect == "technique"]
    assert technique == [(("known_rules",), "supervised_learning")]
    assert found.verdicts[0]["technique"] == "plain_automation"
    assert {change.signal: change.moves for change in found.answers}["known_rules"] == "alone"
    assert ("known_rules",) in [signals for signals, _ in found.back]


def test_other_evidence_is_a_change_that_moves_nothing(tmp_path):
    after = scoping(tmp_path, "b", {**BASE, "known_rules": '{answer: yes, evidence: "handbook", by: Ana}'})
    found = diff(scoping(tmp_path, "a", BASE), after, LIBRARY)

    (change,) = found.answers
    assert (change.signal, change.counts, change.moves) == ("known_rules", ("yes", "yes"), "no")
    assert not found.empty
    assert not found.verdict_moved


def test_other_lines_of_a_case_are_told(tmp_path):
    found = compared(tmp_path, BASE, BASE, head="domain: finance\nreview_by: 2027-01-31\n")

    assert found.lines == (("domain", "", "finance"), ("review_by", "", "2027-01-31"))


def own_rules(folder):
    """Rules under which written rules call for supervised learning."""
    table = folder / "decisions" / "technique"
    table.mkdir(parents=True)
    (table / "overrule.yaml").write_text(
        "id: overrule\norder: 1\nwhen: {written-rules: [complete, fixed]}\nthen: supervised_learning\n"
        "because: A test.\nsource: a test\nbasis: inferred\n"
    )
    return load_library(folder)


def test_a_change_of_rules_that_moved_the_verdict_is_named_even_when_only_a_snapshot_has_the_old_ones(tmp_path):
    path = scoping(tmp_path, "a", BASE).path
    old, _ = keep(take(read_case(path, LIBRARY.questions), LIBRARY, "2026-11-22"), tmp_path / "snapshots")
    rules = own_rules(tmp_path / "rules")

    found = diff(read_scoping(old, rules), read_scoping(path, rules), rules)

    assert found.rules.added == ("overrule",)
    assert found.rules.compared
    assert [(m.aspect, m.signals, m.rules, m.to) for m in found.moves.moves] == [
        ("technique", (), True, "supervised_learning")
    ]
    assert (found.verdicts[0]["technique"], found.verdicts[1]["technique"]) == (
        "plain_automation",
        "supervised_learning",
    )


def test_rules_that_are_not_at_hand_are_said_and_their_verdict_is_the_recorded_one(tmp_path):
    dossier = make_dossier(scoping(tmp_path, "a", BASE).case, LIBRARY)
    path = tmp_path / "dossier.json"
    path.write_text(render(dossier, "json"))
    rules = own_rules(tmp_path / "rules")

    found = diff(read_scoping(path, rules), scoping(tmp_path, "b", BASE, library=rules), rules)

    assert found.verdicts[0]["technique"] == "plain_automation"
    assert [(m.aspect, m.rules) for m in found.moves.moves] == [("technique", True)]
    assert "not at hand" in found.notes[0]
    assert not found.rules.compared


@pytest.mark.parametrize("format", ["md", "html", "json"])
def test_a_report_can_be_compared_with_the_case_it_was_made_from(tmp_path, format):
    case = scoping(tmp_path, "a", BASE)
    path = tmp_path / f"report.{format}"
    path.write_text(render(make_dossier(case.case, LIBRARY), format))

    assert diff(read_scoping(path, LIBRARY), case, LIBRARY).empty


def result(verdict="feasible", mean=10.0, findings=(), digest="a" * 16):
    return ProbeResult(
        spec={"name": "x", "digest": digest},
        verdict=verdict,
        criterion="x",
        findings=findings,
        returns={"random": ReturnSummary(mean=mean, low=mean - 1, high=mean + 1, n=3, basis="measured")},
        provenance={"seed": 0, "budget": "quick"},
    )


def measured(folder, name, value):
    path = folder / f"{name}.json"
    path.write_text(json.dumps(value.model_dump(mode="json")))
    return read_scoping(path, LIBRARY)


def test_two_results_are_compared_by_verdict_findings_and_numbers(tmp_path):
    finding = Finding(code="sign_flip", severity="blocker", claim="The sign is wrong.")
    one = measured(tmp_path, "one", result())
    two = measured(tmp_path, "two", result("reward_defective", 13.0, (finding,), "b" * 16))
    near = measured(tmp_path, "near", result(mean=11.0))

    found = diff(one, two, LIBRARY).measures
    assert found.verdict == ("feasible", "reward_defective")
    assert found.spec == ("a" * 16, "b" * 16)
    assert found.appeared == (("sign_flip", "blocker", "The sign is wrong."),)
    assert [(n.name, n.apart) for n in found.numbers] == [("return of random", True)]
    assert [n.apart for n in diff(one, near, LIBRARY).measures.numbers] == [False]
    assert diff(one, one, LIBRARY).empty


@pytest.mark.parametrize("format", ["md", "html", "json"])
def test_a_report_of_a_probe_does_not_differ_from_the_case_that_keeps_it(tmp_path, format):
    finding = Finding(code="sign_flip", severity="blocker", claim="The sign is wrong.")
    kept = result(findings=(finding,))
    case = replace(scoping(tmp_path, "a", BASE), result=kept)
    path = tmp_path / f"report.{format}"
    path.write_text(render(make_dossier(case.case, LIBRARY, result=kept), format))
    report = read_scoping(path, LIBRARY)

    assert diff(report, case, LIBRARY).empty
    assert diff(case, report, LIBRARY).empty
    assert diff(report, measured(tmp_path, "alone", kept), LIBRARY).empty


@pytest.mark.parametrize("format", ["md", "html"])
def test_what_a_report_does_not_keep_of_a_probe_is_said_and_not_compared(tmp_path, format):
    case = replace(scoping(tmp_path, "a", BASE), result=result("reward_defective", 13.0))
    path = tmp_path / f"report.{format}"
    path.write_text(render(make_dossier(case.case, LIBRARY, result=result()), format))
    found = diff(read_scoping(path, LIBRARY), case, LIBRARY)

    assert found.measures.verdict == ("feasible", "reward_defective")
    assert (found.measures.spec, found.measures.appeared, found.measures.numbers) == (None, (), ())
    assert found.measures.untold == (str(path),)
    assert document(found)["measurements"]["not_told_by"] == [str(path)]
    assert "does not tell which" in " ".join(" ".join(diff_lines(found)).split())
    near = diff(read_scoping(path, LIBRARY), replace(case, result=result(mean=11.0)), LIBRARY)
    assert not near.empty
    assert near.measures.verdict is None


def test_a_result_and_a_case_without_one_cannot_be_compared(tmp_path):
    with pytest.raises(UsageError, match="the other has none"):
        diff(measured(tmp_path, "one", result()), scoping(tmp_path, "a", BASE), LIBRARY)


def test_a_folder_of_a_run_is_read_by_its_dossier_and_other_folders_are_refused(tmp_path):
    case = scoping(tmp_path, "a", BASE)
    run = tmp_path / "out"
    run.mkdir()
    with pytest.raises(InputError, match="neither"):
        read_scoping(run, LIBRARY)
    (run / "dossier.json").write_text(render(make_dossier(case.case, LIBRARY), "json"))

    assert read_scoping(run, LIBRARY).kind == "dossier"
    assert diff(read_scoping(run, LIBRARY), case, LIBRARY).empty


@pytest.mark.parametrize("text", ["{", "{}", '{"case": {}, "verdict": {}}', '{"scoper_snapshot": 9}', "[]"])
def test_json_of_anything_else_is_a_sentence(tmp_path, text):
    path = tmp_path / "x.json"
    path.write_text(text)

    with pytest.raises(InputError):
        read_scoping(path, LIBRARY)


def test_a_digest_that_only_looks_like_the_present_rules_does_not_count(tmp_path):
    case = scoping(tmp_path, "a", BASE)
    path = tmp_path / "dossier.json"
    path.write_text(render(make_dossier(case.case, replace(LIBRARY, digest="0" * 16)), "json"))

    assert read_scoping(path, LIBRARY).library is None


def told(found):
    return " ".join(" ".join(diff_lines(found)).split())


@pytest.mark.parametrize(("before", "after"), [(None, "amounts"), ("amounts", "yes_no_choices"), ("amounts", None)])
def test_a_follow_up_answered_otherwise_is_told_with_what_it_moves(tmp_path, before, after):
    one, two = ({**BASE, **({"plan_form": value} if value else {})} for value in (before, after))
    text = told(compared(tmp_path, one, two))

    assert f"plan_form: {before or 'unknown'} -> {after or 'unknown'} - moves nothing" in text
    assert "what counts is the same" not in text
    assert "How to go about it" not in text


def test_follow_ups_that_move_the_kind_of_solution_are_named_with_both_kinds(tmp_path):
    case = read_case(EXAMPLES / "field_service.yaml", LIBRARY.questions)
    tours = next(part for part in case.case.parts if part.id == "tours")
    whole = {name: given[0].answer for name, given in case.case.of_part(tours).answers.items()}
    found = compared(tmp_path, whole, {**whole, "plan_form": "yes_no_choices", "uncertain_inputs": "no"})

    (change,) = document(found)["solutions"]
    assert (change["a"]["chosen"], change["b"]["chosen"]) == ("routing", "rolling_horizon")
    assert change["by"] == ["plan_form"]
    text = told(found)
    assert "plan_form: routes -> yes_no_choices - moves how to go about it, not the verdict" in text
    assert "uncertain_inputs: partly -> no - moves nothing" in text
    assert "How to go about it" in text
    assert not found.verdict_moved


def test_an_answer_of_unknown_where_there_was_none_is_no_other_respondent(tmp_path):
    text = told(compared(tmp_path, BASE, {**BASE, "audit_required": "unknown"}))

    assert "audit_required: unanswered -> unknown; what counts is the same" in text


def test_respondents_that_differ_are_told_as_disputed_with_what_each_said(tmp_path):
    both = {**BASE, "known_rules": "[{answer: no}, {answer: yes, by: Ana}]"}
    text = told(compared(tmp_path, {**BASE, "known_rules": "no"}, both))

    assert "known_rules: no -> disputed (no name: no, Ana: yes), counts as unknown - moves" in text
