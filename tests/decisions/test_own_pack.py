"""A whole pack of one's own, with other questions than the shipped one, from the first question to the report."""

import json
import subprocess
import sys

import pytest

from scoper.errors import InputError
from scoper.interfaces.cli.main import main
from scoper.services.cases import read_case
from scoper.services.library import load_library

FILES = {
    "pack.yaml": "replaces: true\n",
    "priors.yaml": "source: own\ndefault: {yes: 1, partly: 1, no: 1}\nsignals: {paper_trail: {yes: 3, no: 1}}\n",
    "decisions/technique/_table.yaml": (
        "id: technique\nkind: technique\nhit_policy: first\ninputs: [paper_trail, phone_calls]\n"
        "outputs: [plain_automation, llm_orchestration, undecided]\ndefault: undecided\nbecause: b\n"
    ),
    "decisions/family/_table.yaml": (
        "id: family\nkind: family\nhit_policy: first\ninputs: [phone_calls]\noutputs: [value_based]\n"
        "default: value_based\nbecause: b\n"
    ),
    "decisions/technique/follow-paper.yaml": (
        "id: follow-paper\norder: 10\nwhen: {paper_trail: [yes]}\nthen: plain_automation\nbecause: b\nsource: s\n"
        "basis: stated\n"
    ),
    "decisions/technique/answer-calls.yaml": (
        "id: answer-calls\norder: 20\nwhen: {phone_calls: [yes, partly]}\nthen: llm_orchestration\nbecause: b\n"
        "source: s\nbasis: stated\n"
    ),
}
QUESTION = (
    "id: {id}\norder: {order}\nsection: Office\nkind: graded\ntext: Is there a {id}?\nwhy: w\nexample: e\n"
    "counter_example: c\nmeanings: {{yes: y, partly: p, no: n, unknown: u, not_applicable: a}}\nsource: s\n"
)


@pytest.fixture
def own(tmp_path):
    files = FILES | {
        f"questions/{name}.yaml": QUESTION.format(id=name, order=k)
        for k, name in enumerate(("paper_trail", "phone_calls"))
    }
    for name, text in files.items():
        (tmp_path / "own" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "own" / name).write_text(text)
    return tmp_path / "own"


@pytest.fixture
def case(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text("scoper: 1\ntitle: Office\nanswers: {paper_trail: no, phone_calls: yes}\n")
    return path


def test_a_pack_that_replaces_has_its_own_questions_rules_and_priors_and_no_others(own):
    library = load_library(own)

    assert list(library.questions) == ["paper_trail", "phone_calls"]
    assert {rule.id for table in library.pack.tables for rule in table.rules} == {"follow-paper", "answer-calls"}
    assert library.pack.prior["paper_trail"] == {"yes": 0.75, "no": 0.25}
    assert (library.levers, library.traps, library.pack.cells) == ({}, (), ())


def test_it_is_assessed_reported_and_checked_from_end_to_end(own, case, tmp_path, capsys):
    assert main(["assess", str(case), "--json", "--rules", str(own)]) == 0
    told = json.loads(capsys.readouterr().out)
    verdict = told["verdict"]
    assert (verdict["technique"], verdict["reasons"]) == ("llm_orchestration", [["paper_trail", "phone_calls"]])
    flips = {(tuple(flip["change"]), flip["to"]) for flip in verdict["flips"]}
    assert flips == {(("paper_trail",), "plain_automation"), (("phone_calls",), "undecided")}

    report = tmp_path / "report.md"
    assert main(["report", str(case), "-o", str(report), "--rules", str(own)]) == 0
    assert told["rules_digest"] in report.read_text()

    capsys.readouterr()
    assert main(["rules", "check", str(own), "--json"]) in (0, 1)
    assert json.loads(capsys.readouterr().out)["answer_vectors"] == 4 * 4


def test_its_questions_are_asked_and_the_shipped_ones_are_not(own, tmp_path):
    path = tmp_path / "new.yaml"
    path.write_text("scoper: 1\ntitle: Office\nanswers: {}\n")

    command = [sys.executable, "-m", "scoper", "ask", str(path), "--rules", str(own)]

    said = subprocess.run(command, input="no\nyes\n", capture_output=True, text=True, check=False).stdout

    assert "Is there a paper_trail?" in said
    assert "Is there a phone_calls?" in said
    assert "reward_measurable" not in said
    assert read_case(path, load_library(own).questions).case.facts() == {"paper_trail": "no", "phone_calls": "yes"}


def test_a_case_with_a_shipped_question_is_refused_by_it(own, tmp_path, capsys):
    path = tmp_path / "other.yaml"
    path.write_text("scoper: 1\ntitle: Office\nanswers: {reward_measurable: yes}\n")

    assert main(["assess", str(path), "--rules", str(own)]) == 2
    assert "reward_measurable" in capsys.readouterr().err


def test_an_incomplete_pack_is_refused_with_everything_that_is_missing_at_once(tmp_path):
    (tmp_path / "pack.yaml").write_text("replaces: true\n")
    with pytest.raises(InputError) as refused:
        load_library(tmp_path)

    problems = refused.value.problems
    assert {p.code for p in problems} == {"rules-incomplete"}
    assert [p.line for p in problems] == [1] * 4
    for name in ("questions/", "decisions/technique/", "decisions/family/", "priors.yaml"):
        assert any(name in p.message for p in problems)


def test_faults_inside_an_incomplete_pack_are_told_beside_what_is_missing(own):
    (own / "priors.yaml").unlink()
    rule = own / "decisions/technique/follow-paper.yaml"
    rule.write_text(rule.read_text().replace("paper_trail", "paper_trial"))
    with pytest.raises(InputError) as refused:
        load_library(own)

    assert ["priors.yaml" in p.message for p in refused.value.problems].count(True) == 1
    assert any("paper_trial" in p.message and p.line == 3 for p in refused.value.problems)


@pytest.mark.parametrize("text", ["replaces: maybe\n", "replace: true\n", "[]\n"])
def test_a_pack_file_that_says_something_else_is_refused(own, text):
    (own / "pack.yaml").write_text(text)

    with pytest.raises(InputError):
        load_library(own)


def test_without_the_word_the_same_folder_is_an_overlay(own):
    (own / "pack.yaml").write_text("replaces: false\n")
    (own / "decisions/technique/_table.yaml").unlink()
    (own / "decisions/family/_table.yaml").unlink()
    for rule in (own / "decisions/technique").glob("*.yaml"):
        rule.unlink()

    assert {"reward_measurable", "paper_trail"} <= set(load_library(own).questions)
