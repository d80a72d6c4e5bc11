"""`scoper precedents` as people and programs use it."""

import json
import subprocess
import sys
from pathlib import Path

from scoper.domain.decision import TECHNIQUES
from tests.in_process import scoper

ROOT = Path(__file__).parent.parent.parent
SHIPPED = len(list((ROOT / "rules" / "precedents").glob("*.yaml")))
WAREHOUSE = ROOT / "examples" / "warehouse_reorder.yaml"


def test_one_json_document_holds_the_nearest_projects_with_what_worked_and_the_source():
    run = scoper("precedents", WAREHOUSE, "--json", "--top", "3")
    document = json.loads(run.stdout)
    found = document["precedents"]

    assert (run.returncode, run.stderr, document["format"]) == (0, "", 1)
    assert set(document) == {"format", "case", "rules_digest", "precedents_digest", "known", "precedents"}
    assert (len(found), document["known"]) == (3, SHIPPED)
    assert all(each["worked"] in TECHNIQUES and each["source"] and each["lesson"] for each in found)
    assert found[0]["worked"] == "reinforcement_learning"
    similarities = [each["similarity"] for each in found]
    assert similarities == sorted(similarities, reverse=True)
    assert all(each["compared"] >= 5 for each in found)


def test_five_projects_are_shown_unless_told_otherwise():
    assert len(json.loads(scoper("precedents", WAREHOUSE, "--json").stdout)["precedents"]) == 5


def test_people_read_problem_technique_lesson_differences_and_source_within_a_terminal():
    lines = scoper("precedents", WAREHOUSE, "--top", "1").stdout.splitlines()
    labels = [line.split()[0] for line in lines if line.startswith("     ") and not line.startswith("      ")]

    assert labels == ["Alike", "Problem", "Worked", "Lesson", "Same", "Differs", "Source"]
    assert "reinforcement learning" in next(line for line in lines if "Worked" in line)
    assert "no verdict is made from precedents" in lines[-1]
    assert max(map(len, lines)) <= 90


def test_a_case_with_too_few_answers_gets_a_sentence_and_an_empty_list(tmp_path):
    case = tmp_path / "new.yaml"
    case.write_text("scoper: 1\ntitle: New\nanswers: {known_rules: yes}\n")
    told, document = scoper("precedents", case), scoper("precedents", case, "--json")

    assert (told.returncode, document.returncode) == (0, 0)
    assert "1 answers known here, 5 shared ones are needed" in told.stdout
    assert json.loads(document.stdout)["precedents"] == []


def test_a_faulty_case_or_precedent_is_bad_input(tmp_path):
    faulty = tmp_path / "case.yaml"
    faulty.write_text("scoper: 1\ntitle: T\nanswers: {known_rule: yes}\n")
    (tmp_path / "rules" / "precedents").mkdir(parents=True)
    (tmp_path / "rules" / "precedents" / "ours.yaml").write_text("id: ours\nyears: 2020\n")
    case, rules = scoper("precedents", faulty), scoper("precedents", WAREHOUSE, "--rules", tmp_path / "rules")

    assert (case.returncode, case.stdout, rules.returncode, rules.stdout) == (2, "", 2, "")
    assert f"{faulty}:3:11" in case.stderr
    assert "ours.yaml:2:1: unknown key 'years' (did you mean 'year'?)" in rules.stderr
    assert "Traceback" not in case.stderr + rules.stderr


def test_top_must_be_a_whole_number_from_1():
    assert [scoper("precedents", WAREHOUSE, "--top", top).returncode for top in ("0", "-1", "many")] == [2, 2, 2]


def test_the_same_case_gives_the_same_bytes():
    assert len({scoper("precedents", WAREHOUSE, "--json").stdout for _ in range(2)}) == 1


def test_neither_learners_nor_environments_nor_screens_are_loaded():
    script = (
        "import sys\nfrom scoper.interfaces.cli.main import main\n"
        f"assert main(['precedents', {str(WAREHOUSE)!r}, '--json']) == 0\n"
        "heavy = {'torch', 'stable_baselines3', 'gymnasium', 'textual', 'matplotlib', 'jinja2'} & set(sys.modules)\n"
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=120)

    assert (run.returncode, run.stderr) == (0, "")


def test_no_line_is_wider_than_a_terminal():
    told = scoper("precedents", WAREHOUSE, "--top", "200").stdout.splitlines()

    assert len(told) > SHIPPED
    assert [line for line in told if len(line) > 79 and len(line.split()) > 2] == []  # an address stays whole
