"""Drafts for every technique: what is in them, that they run, and that hostile text stays text."""

import csv
import importlib.util
import io
import json
import subprocess
import sys

import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from scoper.domain.decision import NextQuestion, Technique, Verdict
from scoper.domain.questionnaire import Answer, Case
from scoper.errors import InputError, StorageError, UsageError
from scoper.services.library import load_library
from scoper.services.scaffolding import draft, draft_from_spec, environment_files, spare_edited, write_draft
from scoper.services.seals import is_edited, sealed, unsealed
from scoper.services.specs import parse_spec
from scoper.services.template_picks import choose

LIBRARY = load_library()
EVIL = 'Stock "order" | <b>x</b> {{ 7 * 7 }} `rm` \\ \x1b[31m """ @@TITLE@@\nimport os; os.abort()\n# TODO: =cmd()'

SHOP = Case(
    title="Reorder crates",
    summary="Every evening we order stock for the warehouse; demand differs from day to day.",
    answers={"reward_measurable": (Answer(answer="yes", evidence="Margin per day."),)},
)


def verdict(technique, **parts):
    ranking = (Technique(technique=technique, support=1.0),)
    return Verdict(technique=technique, ranking=ranking, possible=(technique,), settled=True, readiness="go", **parts)


LEARNS = verdict("reinforcement_learning")
OTHERS = {
    "plain_automation": [
        "decision_table.csv",
        "decision_examples.csv",
        "test_decision_table.py",
        "state_machine.yaml",
        "test_state_machine.py",
        "exception_policy.md",
        "first_week.md",
    ],
    "llm_orchestration": [
        "evaluation_set.jsonl",
        "rubric.md",
        "eval_harness.py",
        "workflow.yaml",
        "tools.json",
        "calls.yaml",
        "labelled_twice.csv",
        "labelled_texts.csv",
        "first_week.md",
    ],
    "supervised_learning": ["baseline.md", "evaluation_plan.md", "first_week.md"],
    "contextual_bandit": ["log_schema.md", "log_template.csv", "first_week.md"],
    "classical_optimisation": ["formulation.md", "plan.csv", "first_week.md"],
    "undecided": ["next_questions.md", "first_week.md"],
}


def environment_of(source, tmp_path):
    path = tmp_path / "drafted_env.py"
    path.write_text(source, encoding="utf-8")
    found = importlib.util.spec_from_file_location("drafted_env", path)
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def run_pytest(folder):
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "--rootdir", str(folder), str(folder)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def test_a_case_about_stock_gets_the_inventory_template_and_every_open_line_is_named():
    made = draft(SHOP, LEARNS, LIBRARY)

    assert (made.template, list(made.files)) == ("inventory", ["mdp.yaml", "env.py", "test_env.py"])
    assert "'stock'" in made.because
    lines = made.files["mdp.yaml"].splitlines()
    assert len(made.unfilled) == 4
    assert all("TODO" in lines[p.line - 1] and p.code == "spec-unfilled" for p in made.unfilled)
    assert f"# Case digest {SHOP.digest()}, rules digest {LIBRARY.digest}." in lines


@pytest.mark.parametrize(
    ("title", "summary", "template"),
    [
        ("Overhaul the pump", "The machine wears out; a breakdown costs more than maintenance.", "machine_maintenance"),
        ("Telephone line", "Customers arrive and wait in a queue; we may decline to admit one.", "queue_admission"),
        ("Forklift robot", "It must find its path to a goal, around each obstacle.", "grid_navigation"),
        ("Fold a protein", "A chain is bent step by step.", "skeleton"),
    ],
)  # fmt: skip
def test_the_nearest_template_is_chosen_by_the_words_of_the_case(title, summary, template):
    assert choose(Case(title=title, summary=summary), LIBRARY).template.id == template


def test_one_common_word_alone_does_not_make_a_template_near():
    assert choose(Case(title="Put the matter in order"), LIBRARY).template.id == "skeleton"


def test_the_environment_of_an_unfilled_draft_runs_on_the_examples_and_says_so(tmp_path):
    made = draft(SHOP, LEARNS, LIBRARY)
    module = environment_of(made.files["env.py"], tmp_path)

    check_env(module.ScopedEnv(), skip_render_check=True)
    assert "not yours" in " ".join(module.__doc__.split())
    assert "exogenous.demand.poisson = 4.0" in " ".join(module.__doc__.split())


def test_a_filled_in_draft_gives_an_environment_without_that_warning(tmp_path):
    text = (
        draft(SHOP, LEARNS, LIBRARY)
        .files["mdp.yaml"]
        .replace("poisson: TODO", "poisson: 2.5")
        .replace("TODO *", "3.0 *")
    )
    made = environment_files(text, "mdp.yaml")
    module = environment_of(made.files["env.py"], tmp_path)

    assert list(made.files) == ["env.py", "test_env.py"]
    assert "not yours" not in " ".join(module.__doc__.split())
    values, cumulative = module.DRAWS["demand"]
    assert float(values @ np.diff(cumulative, prepend=0.0)) == pytest.approx(2.5, abs=1e-6)


def test_an_unfilled_spec_generates_nothing_and_names_its_lines():
    text = draft(SHOP, LEARNS, LIBRARY).files["mdp.yaml"]

    with pytest.raises(InputError) as caught:
        environment_files(text, "mine.yaml")
    assert {(p.code, p.source) for p in caught.value.problems} == {("spec-unfilled", "mine.yaml")}


def test_a_spec_that_the_case_brings_along_takes_the_place_of_a_template():
    text = draft(SHOP, LEARNS, LIBRARY, template="grid_navigation").files["mdp.yaml"]
    text = text.replace("p: TODO", "p: 0.1").replace("TODO if", "5 if").replace("-TODO", "-1")
    made = draft(SHOP, LEARNS, LIBRARY, spec=(text, "own.yaml"))

    assert (made.template, made.unfilled) == ("own", ())
    assert unsealed(made.files["mdp.yaml"]) == unsealed(text)
    assert "env.py" in made.files


def test_a_spec_of_an_existing_environment_is_kept_and_nothing_is_generated():
    text = "scoper_mdp: 1\nname: Pole\nenvironment: {id: CartPole-v1}\n"

    assert list(draft_from_spec(text, "own.yaml").files) == ["mdp.yaml"]
    with pytest.raises(UsageError, match="nothing to generate"):
        environment_files(text, "own.yaml")


def test_a_template_can_be_asked_for_whatever_the_verdict():
    made = draft(SHOP, verdict("plain_automation"), LIBRARY, template="queue_admission")

    assert (made.template, made.because) == ("queue_admission", "it was asked for by name")
    with pytest.raises(UsageError, match="did you mean 'inventory'"):
        draft(SHOP, LEARNS, LIBRARY, template="inventry")


@pytest.mark.parametrize("technique", OTHERS)
def test_every_other_technique_has_a_scaffold_of_its_own(technique):
    made = draft(SHOP, verdict(technique), LIBRARY)

    assert list(made.files) == OTHERS[technique]
    assert all(text.endswith("\n") and "@@" not in text for text in made.files.values())
    assert not made.unfilled


@pytest.mark.slow
def test_the_decision_table_and_its_test_run_as_they_are(tmp_path):
    write_draft(draft(SHOP, verdict("plain_automation"), LIBRARY), tmp_path)
    finished = run_pytest(tmp_path)

    assert finished.returncode == 0, finished.stdout
    # 3 examples, 3 rules, unique names, 2 kinds by 3 amounts around a bound; the rest are of the state machine.
    assert finished.stdout.count("test_decision_table.py::") == 3 + 3 + 1 + 6


@pytest.mark.slow
def test_the_decision_table_test_notices_a_wrong_rule(tmp_path):
    write_draft(draft(SHOP, verdict("plain_automation"), LIBRARY), tmp_path)
    table = tmp_path / "decision_table.csv"
    table.write_text(table.read_text().replace("accept", "ask", 1))

    assert run_pytest(tmp_path).returncode == 1


def test_answers_and_their_evidence_stand_in_the_pages():
    made = draft(SHOP, verdict("contextual_bandit", conditions=("Agree on a floor.",)), LIBRARY)

    assert "Margin per day." in made.files["log_schema.md"]
    assert "- Agree on a floor." in made.files["log_schema.md"]


def test_open_questions_are_listed_with_how_to_find_out():
    asked = verdict("undecided", next_questions=(NextQuestion(signal="cheap_simulation", gain=0.5),))
    page = draft(SHOP, asked, LIBRARY).files["next_questions.md"]

    assert "`cheap_simulation`, 0.50 bits" in page
    asked = verdict("undecided", next_questions=(NextQuestion(signal="cheap_simulation", gain=0.001),))
    assert "`cheap_simulation`, sharpens the conditions" in draft(SHOP, asked, LIBRARY).files["next_questions.md"]


def evil_case():
    return Case(title=EVIL, summary=EVIL, answers={"reward_measurable": (Answer(answer="yes", evidence=EVIL),)})


@pytest.mark.parametrize("technique", [*OTHERS, "reinforcement_learning"])
def test_hostile_text_keeps_every_file_readable(technique, tmp_path):
    made = draft(evil_case(), verdict(technique), LIBRARY, template=None)

    for name, text in made.files.items():
        assert "\x1b" not in text
        assert "import os; os.abort()" not in text.splitlines()
        if name.endswith(".py"):
            compile(text, name, "exec")
        if name.endswith(".jsonl"):
            assert [json.loads(line)["kind"] for line in text.splitlines()]
        if name.endswith(".csv"):
            rows = list(csv.reader(io.StringIO(text)))
            assert len({len(row) for row in rows}) == 1
            assert not any(cell[:1] in "=+@" and cell for row in rows for cell in row)
        if name.endswith(".md"):
            assert "<b>" not in text.replace("\\<b", "")


def test_hostile_text_in_a_title_is_the_name_of_the_spec_and_nothing_else():
    made = draft(evil_case(), LEARNS, LIBRARY, template="grid_navigation")

    text = made.files["mdp.yaml"].replace("p: TODO", "p: 0.1").replace('"TODO if', '"5 if').replace('"-TODO"', '"-1"')
    spec = parse_spec(text, "mdp.yaml")
    assert spec.name.startswith('Stock "order" | <b>x</b>')
    assert {p.code for p in made.unfilled} == {"spec-unfilled"}


def test_nothing_is_written_over_and_nothing_is_written_half(tmp_path):
    made = draft(SHOP, LEARNS, LIBRARY)
    (tmp_path / "env.py").write_text("mine")

    with pytest.raises(StorageError, match="such a file already"):
        write_draft(made, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["env.py"]
    assert (tmp_path / "env.py").read_text() == "mine"
    paths = write_draft(made, tmp_path, overwrite=True)
    assert [path.name for path in paths] == ["mdp.yaml", "test_env.py"]
    assert [path.read_text() for path in paths] == [made.files["mdp.yaml"], made.files["test_env.py"]]
    assert (tmp_path / "env.py").read_text() == "mine"


def test_a_drafted_file_is_replaced_only_as_long_as_nobody_changed_it(tmp_path):
    write_draft(draft(SHOP, LEARNS, LIBRARY), tmp_path)
    other = draft(SHOP.model_copy(update={"title": "Reorder bottles"}), LEARNS, LIBRARY)
    changed = (tmp_path / "mdp.yaml").read_text().replace("poisson: TODO", "poisson: 3.5")
    (tmp_path / "mdp.yaml").write_text(changed)

    paths = write_draft(other, tmp_path, overwrite=True)
    assert [path.name for path in paths] == ["env.py", "test_env.py"]
    assert (tmp_path / "mdp.yaml").read_text() == changed
    assert (tmp_path / "env.py").read_text() == other.files["env.py"]


def test_the_rest_of_a_draft_comes_from_an_edited_spec(tmp_path):
    made = draft(SHOP, LEARNS, LIBRARY)
    write_draft(made, tmp_path)
    path = tmp_path / "mdp.yaml"
    text = path.read_text().replace("poisson: TODO", "poisson: 2.5")
    path.write_text(text)
    partly, kept = spare_edited(made, tmp_path)
    assert (partly.files, kept) == ({}, (path,))
    assert all(problem.code == "spec-unfilled" for problem in partly.unfilled)
    path.write_text(text.replace("TODO *", "3.0 *"))
    whole, kept = spare_edited(made, tmp_path)
    assert (list(whole.files), kept) == (["env.py", "test_env.py"], (path,))
    path.write_text("scoper_mdp: 1\nname: [\n")
    with pytest.raises(InputError, match=r"mdp\.yaml"):
        spare_edited(made, tmp_path)


@pytest.mark.parametrize("name", ["mdp.yaml", "env.py", "rubric.md"])
def test_any_change_to_a_sealed_file_shows(name, tmp_path):
    path = tmp_path / name
    text = sealed(name, "first\nsecond")
    assert text.splitlines()[:2] == ["first", "second"]
    assert sealed(name, text) == text
    assert not is_edited(path)
    path.write_text(text)
    assert not is_edited(path)
    for changed in (text.replace("second", "third"), text + "\n", "x" + text, text + text, unsealed(text)):
        path.write_text(changed)
        assert is_edited(path)


def test_the_same_case_gives_the_same_bytes():
    assert draft(SHOP, LEARNS, LIBRARY) == draft(SHOP, LEARNS, LIBRARY)
