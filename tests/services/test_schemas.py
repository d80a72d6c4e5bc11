"""The schemas accept every file that scoper accepts, refuse what it refuses, and name the signals and answers."""

import copy
import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from scoper.domain.questionnaire import Answer
from scoper.errors import InputError
from scoper.services.case_format import ANSWER_KEYS, CASE_KEYS, parse_case
from scoper.services.gating import read_gate
from scoper.services.library import load_library
from scoper.services.mdp_templates import load_templates
from scoper.services.schema_case import case_schema
from scoper.services.schema_gate import gate_schema
from scoper.services.schema_rules import KINDS, kind_of, rules_schema
from scoper.services.schema_spec import spec_schema
from scoper.services.spec_environment import ENVIRONMENT_KEYS
from scoper.services.specs import DECLARATIVE_KEYS, parse_spec
from scoper.services.strict_yaml import parse, to_python

ROOT = Path(__file__).parent.parent.parent
LIBRARY = load_library()
CASE, SPEC, RULES = case_schema(LIBRARY.questions), spec_schema(), rules_schema(LIBRARY)
CASES = sorted(path for path in (ROOT / "examples").glob("*.yaml") if ".mdp." not in path.name)
SPECS = sorted((ROOT / "examples").glob("*.mdp.yaml"))
RULE_FILES = sorted((ROOT / "rules").rglob("*.yaml"))


def faults(schema, text):
    document = json.loads(json.dumps(to_python(parse(text, "text"))))
    return [error.message for error in Draft7Validator(schema).iter_errors(document)]


@pytest.mark.parametrize(
    "schema", [CASE, SPEC, RULES, gate_schema(LIBRARY.questions), *(rules_schema(LIBRARY, kind) for kind in KINDS)]
)
def test_every_schema_is_a_draft_7_schema_whose_references_lead_somewhere(schema):
    Draft7Validator.check_schema(schema)
    text = json.dumps(schema)
    named = {part.split('"')[0] for part in text.split("#/definitions/")[1:]}

    assert named <= set(schema["definitions"])


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_shipped_cases_are_right_by_the_schema(path):
    assert faults(CASE, path.read_text()) == []


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_the_shipped_specs_are_right_by_the_schema(path):
    assert faults(SPEC, path.read_text()) == []


def test_every_template_filled_in_is_right_by_the_schema_and_with_its_placeholders_it_is_still_to_be_filled_in():
    templates = load_templates(LIBRARY)
    faulty = {name: found for name, each in templates.items() if (found := faults(SPEC, each.filled()))}

    assert faulty == {}
    assert any(faults(SPEC, each.spec) for each in templates.values())


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_files_of_each_kind_are_right_by_its_schema_and_by_that_of_all(kind):
    own = rules_schema(LIBRARY, kind)
    files = [path for path in RULE_FILES if kind_of(path.relative_to(ROOT / "rules").as_posix()) == kind]
    texts = {path.name: path.read_text() for path in files} or {"pack.yaml": "replaces: true\ntitle: Ours\n"}

    assert {name: found for name, text in texts.items() if (found := faults(own, text))} == {}
    assert {name: found for name, text in texts.items() if (found := faults(RULES, text))} == {}


def test_the_case_schema_lists_exactly_the_signals_with_exactly_their_values():
    answers = CASE["properties"]["answers"]["properties"]

    assert list(answers) == [*LIBRARY.questions, *LIBRARY.questions.follow_ups]
    for name, question in LIBRARY.questions.items():
        values = CASE["definitions"][f"{name}-value"]
        texts = [value for value in values["enum"] if isinstance(value, str)]
        assert texts == list(question.values)
        assert len(values["enumDescriptions"]) == len(values["enum"])
        assert values["enumDescriptions"][: len(texts)] == [question.meanings[value] for value in texts]


def test_the_schemas_know_exactly_the_keys_of_the_readers():
    long = CASE["definitions"]["markov_state-answer"]["properties"]

    assert set(CASE["properties"]) == set(CASE_KEYS)
    assert set(long) == set(ANSWER_KEYS) == set(Answer.model_fields)
    assert set(SPEC["else"]["properties"]) == set(DECLARATIVE_KEYS)
    assert set(SPEC["then"]["properties"]) == set(ENVIRONMENT_KEYS)
    assert [key for key, each in CASE["properties"].items() if not each] == []
    assert [key for form in ("then", "else") for key, each in SPEC[form]["properties"].items() if not each] == []


BAD_CASES = [
    "scoper: 1\nanswers: {}",
    "scoper: 2\ntitle: x",
    "scoper: 1\ntitle: ''",
    "scoper: 1\ntitle: x\nanwers: {}",
    "scoper: 1\ntitle: x\nanswers: {markov_stat: yes}",
    "scoper: 1\ntitle: x\nanswers: {markov_state: maybe}",
    "scoper: 1\ntitle: x\nanswers: {markov_state: }",
    "scoper: 1\ntitle: x\nanswers: {state_space: yes}",
    "scoper: 1\ntitle: x\nanswers: {state_space: true}",
    "scoper: 1\ntitle: x\nanswers: {markov_state: {confidence: low}}",
    "scoper: 1\ntitle: x\nanswers: {markov_state: {answer: yes, confidence: sure}}",
    "scoper: 1\ntitle: x\nanswers: {markov_state: {answer: yes, bye: Ana}}",
    "scoper: 1\ntitle: x\nanswers: {markov_state: []}",
    "scoper: 1\ntitle: x\nanswers: {markov_state: [yes]}",
    "scoper: 1\ntitle: x\nanswers: [markov_state]",
    "- scoper: 1",
    "scoper: 1\ntitle: x\nreview_by: soon",
    "scoper: 1\ntitle: x\nupdate_when: [{answers: {markov_state: maybe}}]",
    "scoper: 1\ntitle: x\nupdate_when: {when: later}",
]
GOOD_CASES = [
    "scoper: 1\ntitle: x",
    "scoper: 1\ntitle: 2024\nsummary:\nanswers:",
    "scoper: 1\ntitle: x\nreview_by: 2027-01-31\nupdate_when: [the contract ends, {answers: {markov_state: [no]}}]",
    "scoper: 1\ntitle: x\nanswers: {markov_state: true, state_space: enumerable, horizon: unknown}",
    "scoper: 1\ntitle: x\nanswers: {markov_state: [{answer: no, by: Ana}, {answer: yes, by: 7, confidence: }]}",
]


@pytest.mark.parametrize("text", BAD_CASES)
def test_what_is_no_case_is_refused_by_schema_and_reader_alike(text):
    with pytest.raises(InputError):
        parse_case(text, "text", LIBRARY.questions)
    assert faults(CASE, text) != []


@pytest.mark.parametrize("text", GOOD_CASES)
def test_what_is_a_case_is_one_by_schema_and_reader_alike(text):
    assert parse_case(text, "text", LIBRARY.questions)
    assert faults(CASE, text) == []


SMALL = {
    "scoper_mdp": 1,
    "name": "a",
    "discount": 0.9,
    "horizon": 5,
    "state": {"s": {"from": 0, "to": 3}},
    "actions": {"a": {"values": ["wait", "go"]}},
    "exogenous": {"d": {"poisson": 1.0}},
    "next": {"s": "min(3, s + d)"},
    "reward": {"gain": "s if a == go else 0"},
    "start": {"s": 0},
}
CHANGES = {
    "discount": [0, 1, 1.5, -0.1, "TODO", True, None],
    "horizon": [1, "infinite", 0, 2.5, "endless", None],
    "state": [{}, {"s": {"from": 0}}, {"s": {"from": 0.5, "to": 3}}, {"s": {"low": 0, "high": 3, "points": 4}},
              {"s": {"values": [0, 1, 2, 3]}}, {"s": {"values": []}}, {"s": [0, 3]}, {"s s": {"from": 0, "to": 3}}],
    "exogenous": [{"d": {"poisson": -1}}, {"d": {"poisson": {"mean": 2}, "truncate": 1e-6}}, {"d": {}},
                  {"d": {"values": {"0": 0.5, "1": 0.5}}}, {"d": {"values": {"a": 1}}}, {"d": 3},
                  {"d": {"uniform": {"from": 0, "to": 2}}}, {"d": {"uniform": {"low": 0, "high": 2, "points": 3}}},
                  {"d": {"uniform": {"from": 0, "to": 2}, "truncate": 0.01}}, {"d": {"binomial": {"n": 2}}},
                  {"d": {"normal": {"mean": 1, "sd": 1, "step": 1}}}, {"d": {"empirical": [1, 2]}},
                  {"d": {"empirical": {"values": [1]}}}, {"d": {"poisson": 1, "geometric": 0.5}}],
    "reward": ["s", 1, {}, {"gain": None}, None, ["s"]],
    "objective": ["s", {"expression": "s", "direction": "minimise"}, {"direction": "minimise"},
                  {"expression": "s", "at": "end"}, {"success": "s == 3"},
                  {"success": {"expression": "s == 3", "at": "end"}}, {"sucess": "s"},
                  {"monotone": [{"more_of": "s"}]}, {"monotone": [{}]}, {"monotone": []}, {"verified": "yes"},
                  {"verified": {"answer": "no", "by": "Ana"}}, {"verified": {"by": "Ana"}}, {"verified": "perhaps"},
                  {"preferred": [{"seed": 1, "actions": ["go", "wait"]}]}, {"preferred": [{"seed": 1}]},
                  {"preferred": [{"actions": ["go"], "rule": "random"}]}, {"undesired": [{"rule": "random"}]}],
    "terminated": ["s == 3", False, None, ["s"]],
    "start": [{"s": {"values": {"0": 0.5, "1": 0.5}}}, {"s": {"from": 0, "to": 2}}, [{"s": 1}, {"s": 2}], [], None,
              {"s": [1]}],
    "bounds": ["hold", "strict", "loose"],
    "invariants": [["s >= 0"], [], "s >= 0"],
    "observation": [["s"], [], {}, {"seen": "s"}, "s"],
    "tables": [{"t": 1}, {"t": [1, 2]}, {"t": {"0": 1}}, {"t": []}, {"t": "x"}, {"t": [[[[1]]]]}, {}],
    "units": [{"s": "pieces"}, {"s": ["pieces"]}, {}],
    "baselines": [{"wait": {"a": "wait"}}, {"wait": "wait"}, {}],
    "timestep": ["1 day", "", 1, None],
    "scoper_mdp": [1, 2, "1"],
    "what": [1],
}  # fmt: skip
ELSEWHERE = {
    "environment": [{"id": "CartPole-v1"}, {}, {"id": "a", "entry_point": "a:B"}, {"id": "a", "path": "."}, "a",
                    {"entry_point": "a.b:C", "path": ".", "kwargs": {"x": [1, None]}}, {"entry_point": "a"}],
    "objective": [{"info": "x", "at": "end"}, {"expression": "x"}, "x", {"success": {"info": "x", "at": "all"}}],
    "idle_action": [0, [0.5, 1], "none", []],
    "limits": [{"seconds_per_step": 1, "memory_mb": 2048}, {"memory_mb": 1}, {"memory": 1}],
    "state": [{"s": {"from": 0, "to": 3}}],
}  # fmt: skip


def variants(base, changes):
    for key, values in changes.items():
        for value in values:
            yield f"{key}: {json.dumps(value)}", {**copy.deepcopy(base), key: value}
    for key in (name for name in base if name != "exogenous"):
        yield f"without {key}", {name: value for name, value in base.items() if name != key}


FOREIGN = {"scoper_mdp": 1, "name": "a", "environment": {"id": "CartPole-v1"}}
SPEC_TEXTS = [*variants(SMALL, CHANGES), *variants(FOREIGN, ELSEWHERE)]


@pytest.mark.parametrize("document", [document for _, document in SPEC_TEXTS], ids=[name for name, _ in SPEC_TEXTS])
def test_a_spec_is_judged_by_the_schema_as_by_the_reader(document):
    """Every one of these faults can be seen without knowing what the names mean."""
    text = re.sub(r'"([01])":', r"\1:", json.dumps(document))  # keys that are numbers are written without quotes
    try:
        parse_spec(text, "text")
        right = True
    except InputError:
        right = False

    assert (faults(SPEC, text) == []) == right


GATE = gate_schema(LIBRARY.questions)
GATES = [
    "technique: plain_automation\nreadiness: [go, go_if]\nsettled: yes\nsupport: 0.8",
    "answers: {exploration_safe: [yes, partly], state_space: enumerable}\nanswered: [reward_measurable]",
    "evidence: one_reason\nconfidence: {at_least: medium, of: one_reason}\nmin_respondents: 2\nagreement: true",
    "evidence: [markov_state]\nrules: [00d4293afbdc35e7]\nreview: {stated: yes, due: no, max_age_days: 180}",
    "probe: {verdict: [feasible], current: yes, gap_share: 0.5, min_seeds: 3, findings: {blocker: 0, never: [x]}}",
    "technique: magic",
    "technique: []",
    "readines: [go]",
    "support: 2",
    "settled: maybe",
    "answers: {markov_stat: yes}",
    "answers: {markov_state: maybe}",
    "answered: [markov_stat]",
    "confidence: {of: all}",
    "review: {max_age_days: -1}",
    "probe: {findings: {blocker: few}}",
    "probe: {verdict: good}",
]


@pytest.mark.parametrize("text", GATES)
def test_a_gate_is_judged_by_the_schema_as_by_the_reader(text, tmp_path):
    path = tmp_path / "gate.yaml"
    path.write_text(f"scoper_gate: 1\n{text}\n")
    try:
        read_gate(path, LIBRARY)
        right = True
    except InputError:
        right = False

    assert (faults(GATE, path.read_text()) == []) == right


BAD_RULES = {
    "rule": "id: a\norder: 1\nwhen: {markov_stat: [yes]}\nthen: go_if\nbecause: x\nsource: y\nbasis: stated",
    "rule value": "id: a\norder: 1\nwhen: {markov_state: [maybe]}\nthen: go_if\nbecause: x\nsource: y\nbasis: stated",
    "rule basis": "id: a\norder: 1\nwhen: {markov_state: [yes]}\nthen: go_if\nbecause: x\nsource: y\nbasis: felt",
    "rule key": "id: a\nwhen: {}\nthen: go_if\nbecause: x\nsource: y\nbasis: stated",
    "question": "id: a\nmeanings: {yes: x}\nkind: graded",
    "risk": "id: a\napplies_to: [alchemy]\ntitle: x",
    "precedent": "id: a\nworked: alchemy",
    "nothing": "a: 1",
}


@pytest.mark.parametrize("name", BAD_RULES)
def test_what_is_no_rule_file_is_refused(name):
    assert faults(RULES, BAD_RULES[name]) != []
