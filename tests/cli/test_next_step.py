"""What to do next, said once on stderr after a verdict, a register and a check; never to programs."""

from pathlib import Path

import pytest

from scoper.domain.decision import Verdict
from scoper.interfaces.cli.main import main
from scoper.interfaces.cli.next_step import everything, next_line, next_of_several

MAILS = "answers: {language_and_tools: yes, known_rules: no, labelled_targets: no}\n"
RULES = "answers: {language_and_tools: no, known_rules: yes}\n"
SETTLED = "answers: {language_and_tools: no, known_rules: yes, automation_output: decision}\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Two settled cases of one folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    (tmp_path / "mails.yaml").write_text(f"scoper: 1\ntitle: Mails\n{MAILS}")
    (tmp_path / "rules.yaml").write_text(f"scoper: 1\ntitle: Rules\n{RULES}")
    return tmp_path


def test_several_cases_of_one_folder_lead_to_the_page_that_ranks_them(folder, capsys):
    assert main(["assess", "mails.yaml", "rules.yaml"]) == 0
    assert "Next: scoper portfolio .   (" in capsys.readouterr().err


def test_several_cases_of_several_folders_lead_to_the_first_that_is_open():
    settled, still = (
        Verdict(technique="plain_automation", ranking=(), possible=("plain_automation",), settled=sure, readiness="go")
        for sure in (True, False)
    )

    assert "scoper ask b/two.yaml" in next_of_several([("a/one.yaml", settled), ("b/two.yaml", still)])
    assert "scoper run a/one.yaml" in next_of_several([("a/one.yaml", settled), ("b/two.yaml", settled)])


def test_the_register_leads_to_the_questions_that_settle_its_open_risks_and_then_to_the_report(folder, capsys):
    assert main(["risks", "mails.yaml"]) == 0
    assert "Next: scoper ask mails.yaml --follow-ups   (" in capsys.readouterr().err
    (folder / "settled.yaml").write_text(f"scoper: 1\ntitle: Rules\n{SETTLED}")
    assert main(["risks", "settled.yaml"]) == 0
    assert "Next: scoper report settled.yaml -o report.md   (" in capsys.readouterr().err


def test_a_check_leads_to_being_kept_and_a_kept_one_to_the_report(folder, capsys):
    check = ["check", "llm", "evaluation-size", "--target", "0.9"]

    assert main(check) == 0
    assert "Next: the same command with --case CASE --keep" in capsys.readouterr().err
    assert main([*check, "--case", "mails.yaml"]) == 0
    assert "Next: the same command with --case mails.yaml --keep" in capsys.readouterr().err
    assert main([*check, "--case", "mails.yaml", "--keep"]) == 0
    said = capsys.readouterr()
    assert "kept: mails.checks.json\nNext: scoper report mails.yaml -o report.md   (" in said.err
    assert "Accepted" not in said.out
    assert "VERDICT" not in said.out


@pytest.mark.parametrize("flag", ["--json", "--quiet"])
@pytest.mark.parametrize(
    "command",
    [["assess", "mails.yaml", "rules.yaml"], ["risks", "mails.yaml"], ["check", "llm", "evaluation-size"]],
)
def test_programs_are_told_no_next_step(folder, capsys, command, flag):
    assert main([*command, flag]) == 0
    assert "Next:" not in capsys.readouterr().err


def test_a_register_for_a_spreadsheet_is_told_no_next_step(folder, capsys):
    assert main(["risks", "mails.yaml", "--csv"]) == 0
    assert capsys.readouterr().err == ""


def test_only_a_verdict_of_learning_is_promised_a_spec_and_a_probe():
    assert "probe" in everything("x.yaml", "reinforcement_learning")
    assert "probe" not in everything("x.yaml", "plain_automation")
    assert "probe" not in next_line("x.yaml", True, "llm_orchestration")


def test_a_folder_in_the_place_of_a_checks_file_is_said_to_be_one(folder, capsys):
    assert main(["check", "llm", "."]) == 2
    assert "error[check-folder]: . is a folder" in capsys.readouterr().err


def test_an_example_that_is_not_here_is_said_to_come_with_the_program(folder, capsys):
    assert main(["assess", "examples/cartpole.yaml"]) == 2
    assert "scoper init FOLDER --example cartpole" in capsys.readouterr().err
    assert main(["assess", "examples/nothing.yaml"]) == 2
    assert "scoper init" not in capsys.readouterr().err


@pytest.mark.slow
def test_a_run_that_leaves_the_probe_out_says_which_file_to_fill_in_and_how_to_go_on(folder, capsys):
    answers = "language_and_tools: no, known_rules: no, reward_measurable: yes, sequential_delayed: yes,"
    answers += " cheap_simulation: yes, solver_formulation: no, myopic_enough: no, data_without_environment: no"
    (folder / "case.yaml").write_text(f"scoper: 1\ntitle: Zzz\nanswers: {{{answers}}}\n")

    assert main(["run", "case.yaml", "-o", "out"]) == 0
    said = capsys.readouterr()
    assert f"Fill in the lines of {Path('out/scaffold/mdp.yaml')} that are marked TODO.\n" in said.err
    assert "Next: scoper run case.yaml -o out --force " in said.err
    assert "Next" not in said.out

    assert main(["run", "case.yaml", "-o", "out", "--force", "--json"]) == 0
    assert "Next" not in capsys.readouterr().err
