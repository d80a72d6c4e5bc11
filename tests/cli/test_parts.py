"""A case with parts on the command line: told as a whole, opened, drafted and run part by part."""

import json
from pathlib import Path

import pytest

from tests.cli.test_assess import scoper

pytestmark = pytest.mark.slow

TEXT = (
    "scoper: 1\ntitle: T\nanswers: {language_and_tools: no}  # all\nparts:\n"
    "  forms:\n    title: Forms\n    answers: {known_rules: yes, steps_fixed: yes}\n    hands_to: {rest: the others}\n"
    "  rest:\n    title: Rest  # open\n"
)


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "case.yaml"
    path.write_text(TEXT)
    return path


def test_assess_tells_every_part_in_words_and_in_json(case: Path) -> None:
    told = scoper("assess", case).stdout
    assert "1. Forms  [forms]" in told
    assert "Hands over to Rest: the others" in told
    project = json.loads(scoper("assess", case, "--json").stdout)["project"]
    assert [part["id"] for part in project["parts"]] == ["forms", "rest"]
    assert project["parts"][0]["verdict"]["technique"] == "plain_automation"


def test_a_part_is_assessed_like_a_case(case: Path) -> None:
    document = json.loads(scoper("assess", f"{case}#forms", "--json").stdout)
    assert document["case"]["title"] == "T: Forms"
    assert document["verdict"]["technique"] == "plain_automation"
    assert "project" not in document


@pytest.mark.parametrize(
    ("ending", "holds"), [("md", "## Part by part"), ("html", "Part by part"), ("json", '"project"')]
)
def test_a_report_shows_the_whole(case: Path, ending: str, holds: str) -> None:
    out = case.with_name(f"r.{ending}")
    assert scoper("report", case, "-o", out, "--format", ending).returncode == 0
    assert holds in out.read_text()


def test_a_decision_record_wants_one_part(case: Path) -> None:
    run = scoper("report", case, "-o", case.with_name("d.md"), "--format", "adr")
    assert run.returncode == 2
    assert "name one: CASE#forms" in run.stderr
    assert scoper("report", f"{case}#forms", "-o", case.with_name("d.md"), "--format", "adr").returncode == 0


def test_ask_saves_into_the_part_and_resumes_it(case: Path) -> None:
    run = scoper("ask", f"{case}#rest", input="known_rules\n1\nq\n")
    assert run.returncode == 0
    assert f"scoper ask '{case}#rest'" in run.stdout or f"'{case}#rest'" in run.stdout
    assert sorted(path.name for path in case.parent.iterdir() if path.is_file()) == ["case.yaml"]
    before, mark, _ = TEXT.partition("    title: Rest  # open\n")
    assert case.read_text().startswith(before + mark)
    assert case.read_text() != TEXT


def test_ask_refuses_a_part_that_is_not_there(case: Path) -> None:
    run = scoper("ask", f"{case}#forma", "--title", "X", input="q\n")
    assert (run.returncode, "did you mean 'forms'?" in run.stderr) == (2, True)


def test_a_case_with_parts_is_drafted_part_by_part(case: Path) -> None:
    run = scoper("scaffold", case, "-o", case.with_name("out"), "--json")
    assert [part["part"] for part in json.loads(run.stdout)["parts"]] == ["forms", "rest"]
    assert {path.name for path in case.with_name("out").iterdir()} == {"forms", "rest"}
    refused = scoper("scaffold", case, "-o", case.with_name("o2"), "--template", "inventory")
    assert (refused.returncode, "#forms" in refused.stderr) == (2, True)


def test_a_run_leaves_a_folder_for_each_part_and_a_report_of_the_whole(case: Path) -> None:
    out = case.with_name("out")
    run = scoper("run", case, "-o", out, "--json")
    assert json.loads(run.stdout)["parts"][0]["technique"] == "plain_automation"
    assert "## Part by part" in (out / "report.md").read_text()
    assert (out / "forms" / "report.md").is_file()
    refused = scoper("run", case, "-o", case.with_name("o2"), "--result", "r.json")
    assert (refused.returncode, "--result is for one part" in refused.stderr) == (2, True)
