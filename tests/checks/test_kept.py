"""Results that are kept for a case: where they lie, what its report says of them, and when they are outdated."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scoper.interfaces.cli.main import main
from scoper.services.check_kept import kept_path
from scoper.services.gallery import example_cases
from scoper.services.gallery_checks import text_of_example
from scoper.services.library import load_library
from tests.checks.test_recognition import CASES

CASE = "scoper: 1\ntitle: Approve\nanswers:\n  known_rules: partly\n  language_and_tools: no\n  steps_fixed: yes\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "cases.csv").write_text(CASES)
    (tmp_path / "case.yaml").write_text(CASE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def keep(*more: str) -> int:
    argv = ["check", "automation", "rule-learnability", "data/cases.csv", "--case", "case.yaml", "--keep", "--no-input"]
    return main([*argv, *more])


def report(capsys: pytest.CaptureFixture[str], format: str = "md") -> str:
    capsys.readouterr()
    assert main(["report", "case.yaml", "-o", "-", "--format", format]) == 0
    return capsys.readouterr().out


@pytest.mark.slow
def test_without_keep_nothing_is_written_and_the_report_has_no_section(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "automation", "data/cases.csv", "--case", "case.yaml", "--no-input"]) == 0
    assert sorted(path.name for path in folder.iterdir()) == ["case.yaml", "data"]
    assert "What the checks measured" not in report(capsys)


def test_a_kept_result_stands_in_the_report_with_figures_basis_and_digest(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert keep() == 0
    text = report(capsys)
    kept = json.loads((folder / "case.checks.json").read_text())["checks"][0]["result"]

    assert "## What the checks measured" in text
    assert list(kept["inputs"]) == ["data/cases.csv"]
    assert f"`{kept['inputs']['data/cases.csv']}`" in text
    assert "| measured |" in text
    assert "The case says the same." in text
    assert "Outdated" not in text
    assert (folder / "case.yaml").read_text() == CASE


@pytest.mark.slow
def test_the_json_report_and_the_page_carry_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep()
    document = json.loads(report(capsys, "json"))
    shown = document["report"]["checks"][0]

    assert document["checks"][0]["result"]["check"] == "rule_learnability"
    assert shown["outdated"] is False
    assert {quantity["basis"] for quantity in shown["quantities"]} == {"measured"}
    assert "What the checks measured" in report(capsys, "html")


def test_the_same_check_gives_the_same_bytes_from_anywhere_and_replaces_itself(folder: Path) -> None:
    keep()
    first = (folder / "case.checks.json").read_bytes()
    absolute = str(folder / "data" / "cases.csv")
    argv = ["check", "automation", "rule-learnability", absolute, "--case", str(folder / "case.yaml"), "--keep"]

    assert main([*argv, "--no-input"]) == 0
    assert (folder / "case.checks.json").read_bytes() == first
    assert str(folder).encode() not in first


def test_another_check_is_kept_beside_the_first(folder: Path) -> None:
    keep()
    assert main(["check", "automation", "data/cases.csv", "--case", "case.yaml", "--keep", "--no-input"]) == 0
    kept = json.loads((folder / "case.checks.json").read_text())["checks"]

    assert [entry["result"]["check"] for entry in kept] == ["determinism", "drift", "rule_learnability"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda folder: (folder / "data/cases.csv").write_text(CASES + "10,a,no\n"), "Changed since it was measured"),
        (lambda folder: (folder / "data" / "cases.csv").unlink(), "No longer there"),
    ],
    ids=["file changed", "file gone"],
)  # fmt: skip
def test_a_result_is_told_as_outdated_when_its_file_changed(
    change: object, said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep()
    change(folder)  # type: ignore[operator]
    text = report(capsys)

    assert "**Outdated.**" in text
    assert said in text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("check", "outdated"),
    [(("automation", "determinism", "data/cases.csv"), False), (("not-yet", "measure-first", "case.yaml"), True)],
    ids=["reads no answers", "reads the answers"],
)
def test_other_answers_make_only_results_outdated_that_read_answers(
    check: tuple[str, ...], outdated: bool, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", *check, "--case", "case.yaml", "--keep", "--no-input"]) in (0, 1)
    (folder / "case.yaml").write_text(f"{CASE}  model_known: yes\n")
    text = report(capsys)

    assert ("**Outdated.**" in text) is outdated
    assert ("The answers of the case changed" in text) is outdated


def test_accepted_answers_are_those_that_the_result_was_kept_with(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "case.yaml").write_text(CASE.replace("  known_rules: partly\n", ""))
    assert keep("--accept", "all") == 0

    assert "known_rules:" in (folder / "case.yaml").read_text()
    text = report(capsys)
    assert "Outdated" not in text
    assert "The case says the same." in text


def test_a_part_keeps_its_results_apart(folder: Path) -> None:
    parts = "parts:\n  router: {title: Route, answers: {known_rules: yes}}\n  planner: {title: Plan, answers: {}}\n"
    (folder / "case.yaml").write_text(CASE + parts)
    argv = ["check", "automation", "determinism", "data/cases.csv", "--case", "case.yaml#router", "--keep"]

    assert main([*argv, "--no-input"]) == 0
    assert (folder / "case.router.checks.json").is_file()


def test_a_file_that_is_something_else_is_left_alone_and_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "case.checks.json"
    path.write_text('{"mine": 1}')

    assert keep() == 4
    assert path.read_text() == '{"mine": 1}'
    assert main(["report", "case.yaml", "-o", "-"]) == 2
    assert f"{path.name}:1:1" in capsys.readouterr().err


def test_keep_without_a_case_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "automation", "determinism", "data/cases.csv", "--keep"]) == 2
    assert "--keep goes with --case" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("case", [pytest.param(path, id=path.stem) for path in example_cases()])
def test_what_the_examples_keep_is_what_their_own_files_give(case: Path) -> None:
    from scoper.services.cases import read_case

    file = read_case(case, load_library().questions)
    path, text = kept_path(file), text_of_example(file)

    assert (path.read_text() if path.is_file() else None) == text
