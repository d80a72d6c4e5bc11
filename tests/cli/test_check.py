"""`scoper check` as people and programs use it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from scoper.checks import discover
from scoper.interfaces.cli.main import main
from scoper.services.library import load_library

CASES = "amount,kind,decision\n" + "".join(
    f"{20 * (i % 10)},{'ab'[i % 2]},{'ask' if i % 10 > 5 else 'accept'}\n" for i in range(200)
)


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.csv"
    path.write_text(CASES)
    return path


def test_a_file_runs_every_check_of_the_technique_that_needs_no_more(
    cases: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "automation", str(cases), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)

    assert (document["format"], document["technique"]) == (1, "plain_automation")
    assert [result["check"] for result in document["results"]] == ["determinism", "drift", "rule_learnability"]
    assert all(result["shows_not"] and result["formula"] and result["source"] for result in document["results"])


def test_every_number_has_a_basis_and_the_input_its_digest(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "automation", "determinism", str(cases), "--json"])
    (result,) = json.loads(capsys.readouterr().out)["results"]

    assert {q["basis"] for q in result["outcome"]["quantities"]} <= {
        "declared", "cited", "measured", "proved", "extrapolated",
    }  # fmt: skip
    assert re.fullmatch("[0-9a-f]{16}", result["inputs"][str(cases)])
    assert result["settings"]["seed"] == 0


def test_the_same_call_prints_the_same_bytes(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = []
    for _ in range(2):
        main(["check", "automation", str(cases)])
        said.append(capsys.readouterr().out)

    assert said[0] == said[1]


def test_lines_fit_a_terminal_of_80_columns(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "automation", str(cases)])
    lines = [line.replace(str(cases), "cases.csv") for line in capsys.readouterr().out.splitlines()]

    assert [line for line in lines if len(line) > 80] == []


def test_markdown_keeps_what_the_user_wrote_inert(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "cases.csv"
    path.write_text(
        "amount,decision\n" + "".join(f"{i % 4},{'<b>|x|' if i % 4 > 1 else '[y](z)'}\n" for i in range(40))
    )
    assert main(["check", "automation", "rule-learnability", str(path), "--markdown"]) == 0
    text = capsys.readouterr().out

    assert text.startswith("### Check: rule learnability")
    assert "<b>" not in text
    assert "It does not show: " in text
    widths = {line.count(" |") for line in text.splitlines() if line.startswith("| amount")}
    assert len(widths) == 1


def test_fail_on_gates_a_build(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "workflow.yaml"
    path.write_text("scoper_workflow: 1\nstart: a\nsteps:\n  a: {kind: agent, next: end}\n")

    assert main(["check", "llm", "workflow", str(path)]) == 0
    assert main(["check", "llm", "workflow", str(path), "--fail-on", "blocker"]) == 1


def test_offers_are_written_only_when_they_are_accepted(
    cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = tmp_path / "case.yaml"
    text = "scoper: 1\ntitle: Approve\nanswers:\n  language_and_tools: no\n"
    case.write_text(text)
    argv = ["check", "automation", "rule-learnability", str(cases), "--case", str(case)]

    assert main([*argv, "--no-input"]) == 0
    assert "known_rules = partly   [not answered yet]" in capsys.readouterr().out
    assert case.read_text() == text
    assert main([*argv, "--accept", "all", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["accepted"] == ["known_rules"]
    assert "known_rules:" in case.read_text()
    assert "measured: scoper check automation rule-learnability" in case.read_text()
    assert main(["check", "automation", "determinism", str(cases), "--accept", "all"]) == 2


def test_an_answer_that_stands_is_not_replaced_by_all(cases: Path, tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_text("scoper: 1\ntitle: Approve\nanswers:\n  known_rules: yes\n")
    before = case.read_text()

    main(["check", "automation", "rule-learnability", str(cases), "--case", str(case), "--accept", "all"])
    assert case.read_text() == before


def test_the_list_names_every_check_and_short_and_full_names_mean_the_same(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check", "--json"]) == 0
    listed = [check["id"] for check in json.loads(capsys.readouterr().out)["checks"]]
    assert sorted(listed) == sorted(check.id for check in discover()[0])

    assert main(["check"]) == 0
    assert "scoper check llm pass-k" in capsys.readouterr().out
    assert main(["check", "llm_orchestration", "reliability", "--steps", "3"]) == 0


@pytest.mark.parametrize("check", [pytest.param(c, id=c.id) for c in discover()[0]])
def test_the_help_of_a_check_says_what_it_does_not_show_and_gives_an_example(
    check: object, capsys: pytest.CaptureFixture[str]
) -> None:
    from scoper.checks import Check
    from scoper.services.checking import short_name

    assert isinstance(check, Check)
    assert main(["check", short_name(check.technique), check.id.replace("_", "-"), "--help"]) == 0
    text = capsys.readouterr().out
    assert "It does not show" in text
    assert "Example: scoper check" in text


def test_a_misspelled_check_or_technique_gets_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "llm", "relaibility"]) == 2
    assert "did you mean 'reliability'?" in capsys.readouterr().err
    assert main(["check", "lmm", "reliability"]) == 2


def test_every_signal_that_a_check_can_speak_for_has_that_answer() -> None:
    questions = load_library().questions
    for check in discover()[0]:
        for signal in check.informs:
            assert {"yes", "partly"} <= set(questions[signal].values), (check.id, signal)
