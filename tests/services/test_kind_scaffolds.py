"""Every sub-type and rung: its files are drafted, its tests pass and every command of its week runs on them."""

import os
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import yaml

from scoper.domain.decision import Technique, Verdict
from scoper.domain.questionnaire import Answer, Case
from scoper.errors import InputError
from scoper.services.approach import approach_of
from scoper.services.kind_scaffolds import SHEET, load_kind, selection_of, settled_kind
from scoper.services.library import data_path, load_library
from scoper.services.scaffold_week import _selection
from scoper.services.scaffolding import draft, write_draft
from scoper.services.technique_scaffolds import _unsettled

ROOT = Path(__file__).resolve().parents[2]
SCAFFOLDS = data_path("reports", "templates", "scaffolds")
CASES = yaml.load((ROOT / "tests/data/kind_cases.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
LIBRARY = load_library()
FILES = re.compile(r"\b[a-z_0-9]+\.(?:md|yaml|csv|jsonl?|py)\b")
NASTY = 'Crates "@ANSWER:x@" @@TITLE@@ {{ 7*7 }}\n"""\nimport os # <b>'


def verdict(technique):
    ranking = (Technique(technique=technique, support=1.0),)
    return Verdict(technique=technique, ranking=ranking, possible=(technique,), settled=True, readiness="go")


def case_of(answers, title="Crates"):
    given = {signal: (Answer(answer=value, evidence="Seen in May."),) for signal, value in answers.items()}
    return Case(title=title, summary="Every evening we decide.", answers=given)


@cache
def drafted(kind, title="Crates"):
    return draft(case_of(CASES[kind], title), verdict(kind.split("/")[0]), LIBRARY)


def run(command, folder):
    words = shlex.split(command)
    program = {
        "scoper": [sys.executable, "-m", "scoper"],
        "python": [sys.executable],
        "pytest": [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", "."],
    }[words[0]]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*program, *words[1:]], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_every_sub_type_and_rung_has_a_folder_and_a_case_that_settles_it():
    rules = {f"llm_orchestration/{path.stem}" for path in (ROOT / "rules/ladder").glob("*.yaml")}
    rules |= {f"{path.parent.name}/{path.stem}" for path in (ROOT / "rules/sub_types").glob("*/*.yaml")}
    rules = {name for name in rules if not name.startswith("not_yet/")}
    folders = {path.parent.relative_to(SCAFFOLDS).as_posix() for path in SCAFFOLDS.rglob(SHEET)}

    assert folders == rules == set(CASES)


@pytest.mark.parametrize("kind", CASES)
def test_the_answers_settle_the_kind_and_its_own_files_are_drafted(kind):
    technique, identifier = kind.split("/")
    approach = approach_of(case_of(CASES[kind]), LIBRARY, verdict(technique), with_risks=False)
    made, sheet = drafted(kind), load_kind(technique, identifier)

    assert settled_kind(approach, technique).id in (identifier, *sheet.instead_of)
    assert made.template == identifier
    assert [name for name in made.files if name in sheet.files] == list(sheet.files)
    assert "first_week.md" in made.files


@pytest.mark.parametrize("kind", CASES)
def test_no_file_of_a_folder_is_left_over(kind):
    named = {SHEET, *load_kind(*kind.split("/")).files}
    assert {path.name for path in (SCAFFOLDS / kind).iterdir() if path.is_file()} <= named


@pytest.mark.parametrize("kind", CASES)
def test_the_week_has_thresholds_for_every_step_and_something_that_stops_it(kind):
    sheet = load_kind(*kind.split("/"))
    assert all(step.day in range(1, 6) and step.go and step.no_go for step in sheet.first_week)
    assert len({step.text for step in (*sheet.first_week, *sheet.stop)}) == len(sheet.first_week) + len(sheet.stop)
    assert sheet.stop
    assert any(step.run for step in sheet.first_week)


@pytest.mark.parametrize("kind", CASES)
def test_every_file_that_the_week_names_is_drafted_or_written_by_a_command_before(kind):
    made, known = drafted(kind), set()
    known |= set(made.files)
    for step in sorted(load_kind(*kind.split("/")).first_week, key=lambda step: step.day):
        for command in step.run:
            files = [word for word in shlex.split(command)[1:] if Path(word).suffix]
            files = [word for word in files if not word.replace(".", "").isdigit()]
            ran = "".join(made.files[name] for name in files if name.endswith(".py") and name in made.files)
            known |= {name for name in ("pilot.csv",) if name in ran}  # what a program that ran writes by itself
            missing = [name for name in files if name not in known]
            assert not command.startswith(("pytest", "scoper")) or missing == [], command
            assert missing == [] or files[0] in known, command
            known |= set(missing)
        assert f"| {step.day} |" in made.files["first_week.md"]


@pytest.mark.parametrize("kind", CASES)
def test_every_file_that_a_report_or_a_week_speaks_of_is_drafted(kind):
    technique, identifier = kind.split("/")
    approach = approach_of(case_of(CASES[kind]), LIBRARY, verdict(technique), with_risks=False)
    choice = next(s for s in approach.selections if s.kind in ("sub_type", "rung")).choice(identifier)
    sheet, made = load_kind(technique, identifier), drafted(kind)
    texts = [step.text + step.go + step.no_go for step in (*sheet.first_week, *sheet.stop)]
    texts += [text for several in choice.texts.values() for text in several] + [sheet.drafts]
    named = {name for text in texts for name in FILES.findall(text)}

    assert named <= set(made.files)


@pytest.mark.parametrize("kind", CASES)
def test_what_the_owner_writes_is_inert_in_every_file(kind, tmp_path):
    made = drafted(kind, NASTY)
    assert [name for name, text in made.files.items() if "{{ 7*7 }}\n" in text] == []
    for name, text in made.files.items():
        if name.endswith(".py"):
            compile(text, name, "exec")
            assert "\nimport os #" not in text
        if name.endswith((".yaml", ".yml")) and name != "mdp.yaml":
            assert isinstance(yaml.safe_load(text), dict), name


def days_of(made):
    """The commands of the week as they stand on the page: those of the kind and those it takes from its technique."""
    rows = [line for line in made.files["first_week.md"].splitlines() if re.match(r"\| [1-5] \|", line)]
    return [command for row in rows for command in re.findall(r"`([^`]+)`", row.split("|")[2])]


@pytest.mark.parametrize("kind", CASES)
def test_every_check_of_the_page_names_a_file_that_is_drafted_or_numbers(kind):
    made = drafted(kind)
    for command in days_of(made):
        if command.startswith("scoper check"):
            assert FILES.findall(command) or re.search(r" --\w[\w-]* [0-9.]+", command), command
            assert set(FILES.findall(command)) <= {*made.files, "pilot.csv"}, command


@pytest.mark.slow
@pytest.mark.parametrize("kind", CASES)
def test_every_check_that_the_page_takes_from_the_technique_runs_on_the_drafted_files(kind, tmp_path):
    made, own = drafted(kind), {c for step in load_kind(*kind.split("/")).first_week for c in step.run}
    write_draft(made, tmp_path)
    for command in dict.fromkeys(days_of(made)):
        if command not in own:
            done = run(command, tmp_path)
            assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"


def test_without_a_settled_kind_the_first_days_name_the_tables_drafted_or_ask_for_the_owners_own():
    made = draft(case_of({}), verdict("llm_orchestration"), LIBRARY)
    assert "scoper check llm agreement labelled_twice.csv" in days_of(made)
    assert "scoper check llm text-baseline labelled_texts.csv" in days_of(made)
    assert {"labelled_twice.csv", "labelled_texts.csv"} <= set(made.files)
    assert "scoper check llm tools tools.json" in days_of(made)


@pytest.mark.slow
@pytest.mark.parametrize("kind", CASES)
def test_the_drafted_tests_pass_and_every_command_of_the_week_runs(kind, tmp_path):
    made = drafted(kind)
    write_draft(made, tmp_path)
    for name in made.files:
        if name.startswith("test_"):
            done = run(f"pytest {name}", tmp_path)
            assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    for step in sorted(load_kind(*kind.split("/")).first_week, key=lambda step: step.day):
        for command in step.run:
            done = run(command, tmp_path)
            assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"


def test_a_rule_pack_brings_a_kind_of_its_own_by_a_folder(tmp_path):
    folder = tmp_path / "scaffolds/plain_automation/new_kind"
    folder.mkdir(parents=True)
    (folder / SHEET).write_text(
        "drafts: a note.\nfiles: [note.md, objective.md]\nfirst_week:\n  - {do: Look, day: 1}\n"
    )
    (folder / "note.md").write_text("# Note")
    kind = load_kind("plain_automation", "new_kind", [tmp_path])

    assert (kind.text("note.md"), kind.text("nowhere.md")) == ("# Note", None)
    assert kind.text("objective.md") == (SCAFFOLDS / "shared/objective.md").read_text(encoding="utf-8")
    assert load_kind("plain_automation", "new_kind") is None


def test_one_question_that_could_settle_the_kind_is_told_as_one():
    found = approach_of(case_of({}), LIBRARY, verdict("llm_orchestration"))
    selection = selection_of(found, "llm_orchestration")
    one = selection.model_copy(update={"asks": selection.asks[:1]})

    assert f"the answer to {one.asks[0].id} could settle the kind" in _unsettled(one)
    assert f"answers to {', '.join(ask.id for ask in selection.asks)} could settle the kind" in _unsettled(selection)
    assert "the answer to this question could settle the kind" in "".join(_selection(one))
    assert "answers to these questions could settle the kind" in "".join(_selection(selection))
    assert "every kind has." in "".join(_selection(one.model_copy(update={"asks": ()})))


def test_a_sheet_with_an_unknown_key_is_refused_by_its_place(tmp_path):
    folder = tmp_path / "scaffolds/plain_automation/script"
    folder.mkdir(parents=True)
    (folder / SHEET).write_text("drafts: a note.\nfiles: []\nfirst_weak: []\n")
    with pytest.raises(InputError, match="drafts, files and first_week are needed"):
        load_kind("plain_automation", "script", [tmp_path])
