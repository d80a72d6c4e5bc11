"""A case held against a gate file: what each demand means, and what a faulty gate file is told."""

import pytest

from scoper.domain.gate import Gate, gate_schema
from scoper.errors import InputError
from scoper.services.cases import read_case
from scoper.services.gating import annotation, judge, read_gate
from scoper.services.library import load_library
from scoper.services.scopings import read_scoping
from scoper.services.snapshots import keep, take

LIBRARY = load_library()
TODAY = "2026-11-22"
BASE = """scoper: 1
title: Approve invoices
review_by: 2027-01-31
answers:
  language_and_tools: {answer: no, confidence: high, evidence: XML, by: Ana}
  known_rules: {answer: yes, confidence: medium, evidence: handbook, by: Ana}
  steps_fixed: {answer: yes, by: Bo}
  audit_required: no
"""


def judged(folder, gate, case=BASE, today=TODAY):
    (folder / "gate.yaml").write_text(f"scoper_gate: 1\n{gate}\n")
    path = folder / "case.yaml"
    path.write_text(case)
    return judge(read_gate(folder / "gate.yaml", LIBRARY), read_scoping(path, LIBRARY), LIBRARY, today)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("demand", "met"),
    [
        ("technique: plain_automation", True),
        ("technique: [llm_orchestration, supervised_learning]", False),
        ("readiness: [go, go_if]", True),
        ("readiness: no", False),
        ("settled: yes", True),
        ("settled: no", False),
        ("support: 0.5", True),
        ("support: 1", False),
        ("answers: {audit_required: [no, partly]}", True),
        ("answers: {audit_required: yes}", False),
        ("answers: {horizon: unknown}", True),
        ("answered: [known_rules, audit_required]", True),
        ("answered: horizon", False),
        ("evidence: one_reason", True),
        ("evidence: reasons", False),
        ("evidence: all", False),
        ("evidence: [known_rules]", True),
        ("evidence: [steps_fixed]", False),
        ("confidence: {at_least: medium}", True),
        ("confidence: {at_least: high}", False),
        ("confidence: {at_least: high, of: [language_and_tools]}", True),
        ("min_respondents: 2", True),
        ("min_respondents: 3", False),
        ("agreement: yes", True),
        ("agreement: no", False),
        ("contradictions: no", True),
        ("qualifiers_forbidden: [research_grade]", True),
        (f"rules: {LIBRARY.digest}", True),
        ("rules: ['0123456789abcdef']", False),
        ("review: {stated: yes}", True),
        ("review: {due: no}", True),
        ("review: {due: yes}", False),
        ("review: {max_age_days: 9}", False),
        ("review: {snapshot_current: yes}", False),
        ("probe: {verdict: feasible}", None),
        ("family: value_based", None),
    ],
)
def test_each_demand_is_met_or_not_as_its_words_say(tmp_path, demand, met):
    (condition,) = judged(tmp_path, demand).conditions

    assert condition.met is met, condition.sentence
    assert condition.id.split(".")[0] == demand.split(":")[0]


def test_a_case_past_its_date_is_due(tmp_path):
    assert judged(tmp_path, "review: {due: no}", today="2027-01-31").met
    found = judged(tmp_path, "review: {due: no}", today="2027-02-01")
    assert "reviewed by 2027-01-31" in found.failed[0].sentence


def test_age_is_counted_from_the_newest_snapshot_and_a_changed_case_is_not_current(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text(BASE)
    for day in ("2026-11-20", "2026-11-12"):
        keep(take(read_case(path, LIBRARY.questions), LIBRARY, day), tmp_path / "snapshots")
    demand = "review: {max_age_days: 2, snapshot_current: yes}"

    assert judged(tmp_path, demand).met
    assert [c.id for c in judged(tmp_path, demand, today="2026-11-23").failed] == ["review.max_age_days"]
    changed = judged(tmp_path, demand, BASE.replace("audit_required: no", "audit_required: yes"))
    assert [c.id for c in changed.failed] == ["review.snapshot_current"]


def test_a_failed_condition_names_its_place_in_the_gate_and_the_answer_in_the_case(tmp_path):
    found = judged(tmp_path, "technique: plain_automation\nanswers:\n  audit_required: yes")
    (failed,) = found.failed

    assert failed.gate_place == (str(tmp_path / "gate.yaml"), 4, 3)
    assert failed.case_place == (str(tmp_path / "case.yaml"), 8, 3)


def test_an_annotation_is_one_line_that_no_text_can_leave(tmp_path):
    hostile = 'a: "x"\n'.replace("a", "review_by").replace('"x"', "2020-01-01")
    case = BASE.replace(
        "review_by: 2027-01-31\n", hostile + 'update_when:\n  - {note: "x\\n::set-env %0A, a:b", probe: feasible}\n'
    )
    found = judged(tmp_path, "review: {due: no, stated: no}", case)
    lines = [annotation(condition, found) for condition in found.failed]

    assert len(lines) == 2
    assert all(line.startswith("::error file=") and "\n" not in line for line in lines)
    place, _, _ = lines[0].removeprefix("::error ").partition("::")
    assert [part.split("=")[0] for part in place.split(",")] == ["file", "line", "col", "title"]


BAD = """scoper_gate: 1
tecnique: plain_automation
technique: [plain_automatin]
settled: maybe
support: 7
answers: {audit_requird: yes, known_rules: [yess]}
answered: [horizn]
evidence: one_reasn
confidence: {at_least: medum, off: all}
review: {max_age_days: -1}
probe: {verdict: feasable, findings: {cautoin: 0}}
"""


def test_every_mistake_of_a_gate_file_has_its_place_and_the_nearest_word(tmp_path):
    path = tmp_path / "gate.yaml"
    path.write_text(BAD)
    with pytest.raises(InputError) as caught:
        read_gate(path, LIBRARY)
    told = {(p.line, p.column): p.sentence() for p in caught.value.problems}

    near = {
        (2, 1): "technique",
        (3, 13): "plain_automation",
        (9, 24): "medium",
        (9, 31): "of",
        (11, 18): "feasible",
        (11, 39): "caution",
    }
    assert {place: word for place, word in near.items() if f"did you mean '{word}'?" not in told.get(place, "")} == {}
    assert "yes, no" in told[4, 10]
    assert "at most 1" in told[5, 10]
    assert list(told) == sorted(told)


def test_questions_and_answers_that_there_are_not_are_told_once_the_rest_is_right(tmp_path):
    path = tmp_path / "gate.yaml"
    path.write_text(
        "scoper_gate: 1\nanswers: {audit_requird: yes, known_rules: [yess]}\nanswered: [horizn]\nevidence: one_reasn\n"
    )
    with pytest.raises(InputError) as caught:
        read_gate(path, LIBRARY)

    assert [(p.line, p.column, p.remedy) for p in caught.value.problems] == [
        (2, 11, "did you mean 'audit_required'?"),
        (2, 45, "did you mean 'yes'?"),
        (3, 12, "did you mean 'horizon'?"),
        (4, 11, "did you mean 'one_reason'?"),
    ]


@pytest.mark.parametrize(
    "text", ["", "[]", "x", "a: [", "title: x", "scoper_gate: 2", "scoper_gate: 1\nscoper_gate: 1"]
)
def test_what_is_no_gate_file_is_a_sentence(tmp_path, text):
    path = tmp_path / "gate.yaml"
    path.write_text(text)
    with pytest.raises(InputError):
        read_gate(path, LIBRARY)


def test_the_schema_knows_every_key_and_says_what_it_demands():
    schema = gate_schema()
    described = {key for key, value in schema["properties"].items() if "description" in value}

    assert set(schema["properties"]) == set(Gate.model_fields)
    assert described == set(Gate.model_fields) - {"scoper_gate", "title"}
