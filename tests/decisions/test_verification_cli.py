"""`scoper rules` as people and scripts call it: exit codes, JSON on stdout, talk on stderr."""

import json
import shutil

import pytest

from scoper.interfaces.cli.main import main
from scoper.services.library import data_path, load_library
from scoper.services.verification import read_subject, write_golden

pytestmark = pytest.mark.slow


def test_check_of_the_shipped_rules_says_sound_and_how_large_the_space_is(capsys):
    code = main(["rules", "check"])

    printed = capsys.readouterr()
    assert code == 0
    assert "sound" in printed.out.splitlines()[0]
    assert "(100.0%)" in printed.out
    assert "answer vectors as" in printed.err
    assert "diagram nodes, built in" in printed.err


def test_check_as_json_is_one_document_with_the_influence_of_every_question(capsys):
    assert main(["rules", "check", "--json"]) == 0

    document = json.loads(capsys.readouterr().out)
    assert document["sound"] is True
    assert document["mutation"]["score"] == 1.0
    assert {one["signal"] for one in document["influence"]} == set(load_library().questions)


def test_an_unsound_table_ends_with_1_and_a_witness(tmp_path, capsys):
    path = tmp_path / "prices.csv"
    path.write_text("size {small, large},-> price\nsmall,1\nsmall,2\n")

    assert main(["rules", "check", str(path), "--json"]) == 1

    document = json.loads(capsys.readouterr().out)
    assert {f["check"] for f in document["findings"]} == {"gap", "conflict"}
    assert {"size": "large"} in [f["witness"] for f in document["findings"]]


def test_fail_on_caution_fails_where_only_a_caution_is(tmp_path, capsys):
    path = tmp_path / "prices.csv"
    path.write_text("size {small, large},-> price\nsmall,1\n-,1\n")
    call = ["rules", "check", str(path), "--hit-policy", "first"]

    assert (main(call), main([*call, "--fail-on", "caution"])) == (0, 1)


def test_a_bad_table_ends_with_2_and_nothing_on_stdout(tmp_path, capsys):
    path = tmp_path / "prices.csv"
    path.write_text("size {small, large},-> price\nsmal,1\n")

    assert main(["rules", "check", str(path)]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert f"{path}:2:1" in printed.err


@pytest.mark.parametrize(
    "call",
    [
        ["check", "--hit-policy", "first"],
        ["check", "--write-golden", "x.csv"],
        ["export", "--format", "csv"],
        ["export", "--table", "technique"],
    ],
)
def test_flags_that_cannot_go_together_are_usage_errors(call, capsys):
    assert main(["rules", *call]) == 2


def test_diff_of_a_folder_with_the_shipped_rules_prints_mass_and_witness(tmp_path, capsys):
    folder = tmp_path / "decisions" / "technique"
    folder.mkdir(parents=True)
    text = data_path("rules", "decisions", "technique", "learn-by-trial.yaml").read_text()
    (folder / "learn-by-trial.yaml").write_text(text.replace("then: reinforcement_learning", "then: undecided"))

    assert main(["rules", "diff", str(tmp_path)]) == 0
    assert main(["rules", "diff", str(tmp_path), "--exit-code"]) == 1
    capsys.readouterr()
    main(["rules", "diff", str(tmp_path), "--json"])

    document = json.loads(capsys.readouterr().out)
    assert document["rules"]["altered"] == ["learn-by-trial"]
    assert {change["to"] for change in document["changes"]} == {"undecided"}
    assert all(change["witness"] and change["mass"] > 0 for change in document["changes"])


@pytest.mark.slow
def test_export_writes_a_file_and_does_not_overwrite_it(tmp_path, capsys):
    path = tmp_path / "scoper.dmn"

    assert main(["rules", "export", "-o", str(path)]) == 0
    assert path.read_text().startswith("<?xml")
    assert main(["rules", "export", "-o", str(path)]) == 4
    assert main(["rules", "export", "-o", str(path), "--force"]) == 0


def test_export_as_markdown_names_every_rule(capsys):
    assert main(["rules", "export", "--format", "markdown"]) == 0

    printed = capsys.readouterr().out
    assert all(f"| {rule.id} |" in printed for table in load_library().pack.tables for rule in table.rules)


@pytest.mark.slow
def test_golden_cases_are_written_into_the_folder_and_a_changed_rule_moves_them(tmp_path, capsys):
    whole = tmp_path / "rules"
    shutil.copytree(data_path("rules"), whole)
    rule = whole / "decisions" / "technique" / "learn-by-trial.yaml"
    rule.write_text(rule.read_text().replace("then: reinforcement_learning", "then: undecided"))

    assert main(["rules", "check", str(whole)]) == 1
    assert "blocker[golden]" in capsys.readouterr().out
    main(["rules", "check", str(whole), "--write-golden"])
    assert "blocker[golden]" not in capsys.readouterr().out


def test_writing_golden_cases_anew_changes_no_byte(tmp_path):
    whole = tmp_path / "rules"
    shutil.copytree(data_path("rules"), whole)
    before = {p.name: p.read_bytes() for p in (whole / "golden").iterdir()}
    from scoper.services.library import load_rules

    library = load_rules(whole)
    done = write_golden(library, read_subject(library))

    assert (done.moved, done.dropped, done.added) == ((), (), ())
    assert {p.name: p.read_bytes() for p in (whole / "golden").iterdir()} == before


@pytest.mark.parametrize(("policy", "code"), [("unique", 1), ("any", 1), ("first", 0)])
def test_a_facet_may_promise_that_its_rules_exclude_each_other_and_is_held_to_it(policy, code, tmp_path, capsys):
    folder = tmp_path / "decisions" / "labels"
    folder.mkdir(parents=True)
    head = data_path("rules", "decisions", "labels", "_table.yaml").read_text()
    (folder / "_table.yaml").write_text(head.replace("hit_policy: first", f"hit_policy: {policy}"))

    assert main(["rules", "check", str(tmp_path)]) == code
    assert ("blocker[conflict] labels" in capsys.readouterr().out) == bool(code)


def test_a_facet_without_a_default_is_refused(tmp_path, capsys):
    folder = tmp_path / "decisions" / "labels"
    folder.mkdir(parents=True)
    head = data_path("rules", "decisions", "labels", "_table.yaml").read_text()
    (folder / "_table.yaml").write_text(head.replace("default: none\n", ""))

    assert main(["rules", "check", str(tmp_path)]) == 2
    assert "needs a default" in capsys.readouterr().err
