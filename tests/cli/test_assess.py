"""`scoper assess` as programs use it: JSON on stdout, talk on stderr, exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path

from scoper.domain.decision import FAMILIES, TECHNIQUES
from tests.in_process import scoper

EXAMPLES = Path(__file__).parent.parent.parent / "examples"


def test_one_case_gives_one_document_with_every_promised_key():
    run = scoper("assess", EXAMPLES / "warehouse_reorder.yaml", "--json")
    document = json.loads(run.stdout)
    verdict = document["verdict"]

    assert (run.returncode, document["format"], run.stderr) == (0, 1, "")
    assert set(document) == {"format", "case", "rules_digest", "verdict"}
    assert {entry["technique"] for entry in verdict["ranking"]} == set(TECHNIQUES)
    assert {entry["family"] for entry in verdict["family_ranking"]} == set(FAMILIES)
    assert verdict["technique"] == "reinforcement_learning"
    assert verdict["readiness"] in ("go", "go_if", "not_yet", "no")
    promised = {"possible", "settled", "conditions", "qualifiers", "surroundings", "hits", "reasons", "flips"}
    assert promised | {"next_questions", "why_not"} <= set(verdict)


def test_several_cases_give_json_lines_in_the_given_order():
    files = [EXAMPLES / f"{name}.yaml" for name in ("support_mail_triage", "invoice_approval", "cartpole")]
    documents = [json.loads(line) for line in scoper("assess", *files, "--json").stdout.splitlines()]

    named = [document["verdict"]["technique"] for document in documents]
    assert named == ["llm_orchestration", "plain_automation", "reinforcement_learning"]


def test_all_problems_of_all_files_come_at_once_and_nothing_else_is_printed(tmp_path):
    first, second = tmp_path / "first.yaml", tmp_path / "second.yaml"
    first.write_text("scoper: 1\ntitle: First\nanswers:\n  reward_mesurable: yes\n  horizon: longish\n")
    second.write_text("scoper: 1\ntitle: Second\nanswers: {known_rules: maybe, known_rules: yes}\n")

    run = scoper("assess", EXAMPLES / "cartpole.yaml", first, second, "--json")

    assert (run.returncode, run.stdout) == (2, "")
    assert f"{first}:4:3" in run.stderr
    assert "did you mean 'reward_measurable'?" in run.stderr
    assert f"{first}:5:12" in run.stderr
    assert f"{second}:3:" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_missing_file_is_a_sentence_and_exit_2(tmp_path):
    run = scoper("assess", tmp_path / "nowhere.yaml")

    assert run.returncode == 2
    assert "nowhere.yaml" in run.stderr


def test_the_same_case_gives_the_same_bytes():
    case = str(EXAMPLES / "cartpole.yaml")
    command = [sys.executable, "-m", "scoper", "assess", case, "--json"]
    other = {**os.environ, "PYTHONHASHSEED": "1"}
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120, env=other)

    assert run.stdout == scoper("assess", case, "--json").stdout == scoper("assess", case, "--json").stdout


def test_an_open_question_that_could_stand_in_the_way_is_a_condition_not_a_go(tmp_path):
    case = tmp_path / "case.yaml"
    case.write_text(
        "scoper: 1\ntitle: Mails\nanswers: {language_and_tools: yes, known_rules: partly, labelled_targets: partly}\n"
    )

    verdict = json.loads(scoper("assess", case, "--json").stdout)["verdict"]

    assert (verdict["technique"], verdict["settled"]) == ("llm_orchestration", True)
    assert verdict["readiness"] == "go_if"
    assert any("baseline_adequate" in condition for condition in verdict["conditions"])


def test_people_get_the_verdict_first_and_what_would_change_it():
    lines = scoper("assess", EXAMPLES / "warehouse_reorder.yaml").stdout.splitlines()

    assert lines[1].startswith("  VERDICT  reinforcement learning")
    assert any(line.startswith("  What would change it") for line in lines)


def test_every_open_question_has_its_worth_its_effort_and_the_cheapest_way_to_find_out(tmp_path):
    case = tmp_path / "case.yaml"
    case.write_text("scoper: 1\ntitle: Early\nanswers: {language_and_tools: no, known_rules: partly}\n")

    verdict = json.loads(scoper("assess", case, "--json").stdout)["verdict"]
    text = " ".join(scoper("assess", case).stdout.split())
    asked = verdict["next_questions"]

    assert [set(question) for question in asked] == [
        {"signal", "gain", "may_change", "matters", "effort", "find_out"}
    ] * len(asked)
    assert {q["signal"] for q in asked}.isdisjoint(verdict["skipped"])
    assert {q["matters"] for q in asked} == {"technique", "family", "conditions"}
    assert all(q["find_out"] in text for q in asked[:4])
    assert f"({round(100 * asked[0]['may_change'])}% likely to change the verdict alone, " in text
    assert f"Skipped, no answer changes the verdict any more: {', '.join(verdict['skipped'])}" in text


def test_terminal_escapes_in_rules_of_an_own_folder_never_reach_the_terminal(tmp_path):
    shipped = (EXAMPLES.parent / "rules" / "questions" / "reward_measurable.yaml").read_text()
    (tmp_path / "questions").mkdir()
    evil = shipped[: shipped.index("find_out:")] + 'find_out: "evil \\e[31mred\\u202e way"\n'
    (tmp_path / "questions" / "reward_measurable.yaml").write_text(evil)
    case = tmp_path / "case.yaml"
    case.write_text("scoper: 1\ntitle: Early\nanswers: {}\n")

    asked = json.loads(scoper("assess", case, "--json", "--rules", tmp_path).stdout)["verdict"]["next_questions"]

    assert "evil red way" in [question["find_out"] for question in asked]


def test_terminal_escapes_in_a_case_never_reach_the_terminal(tmp_path):
    case = tmp_path / "case.yaml"
    case.write_text('scoper: 1\ntitle: "evil \\e]0;title\\a and \\u009b31m"\nanswers: {known_rules: yes}\n')

    run = scoper("assess", case, "--color", "always")

    assert run.returncode == 0, run.stderr
    assert run.stdout.replace("\x1b[1m", "", 1).replace("\x1b[0m", "", 1).count("\x1b") == 0
    assert "\x9b" not in run.stdout
    assert "\x07" not in run.stdout


def test_changes_of_the_verdict_show_one_to_each_other_verdict_first_and_all_of_them_when_asked(tmp_path):
    case = tmp_path / "case.yaml"
    case.write_text(
        "scoper: 1\ntitle: Early\nanswers: {reward_measurable: yes, sequential_delayed: no, "
        "language_and_tools: partly, known_rules: partly}\n"
    )

    flips = json.loads(scoper("assess", case, "--json").stdout)["verdict"]["flips"]
    short, whole = (_changes(scoper("assess", case, *asked).stdout) for asked in ([], ["--all"]))
    targets = {flip["to"].replace("_", " ") for flip in flips}

    assert len(whole) == len(flips) > 6
    assert whole[:6] == short[:6]
    assert short[6:] == [f"({len(flips) - 6} more: --all)"]
    assert {line.split("=>  ")[1].split(" (")[0] for line in short[: len(targets)]} == targets
    assert "undecided" in short[len(targets) - 1]


def _changes(told):
    """The lines below the title of changes, each on one line."""
    block = told.split("What would change it")[1].split("\n", 1)[1].split("\n  Find out next")[0]
    return block.replace("\n      ", " ").replace("    - ", "").replace("    (", "(").splitlines()
