"""The result of `scoper probe` as a file: kept when asked to, found by other commands, never written over unasked."""

import json

import pytest

from tests.in_process import scoper


def probe(*argv):
    return scoper("probe", *argv)


SMALL = """scoper_mdp: 1
name: small
environment: {id: FrozenLake-v1}
"""


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A case with a spec of its own beside it, and a probe of that which is over at once."""
    from scoper.domain.probe import ProbeResult
    from scoper.services import probing
    from scoper.services.specs import spec_digest

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "case.yaml").write_text("scoper: 1\ntitle: Small\nspec: mdp.yaml\nanswers: {known_rules: no}\n")
    (tmp_path / "mdp.yaml").write_text(SMALL)
    spec = {"name": "small", "digest": spec_digest(SMALL, tmp_path)}
    result = ProbeResult(spec=spec, verdict="feasible", criterion="discounted")
    monkeypatch.setattr(probing, "probe", lambda *_, **__: result)
    return result


def test_a_probe_that_keeps_nothing_says_so_before_and_tells_the_way_after(small, tmp_path, capsys):
    from scoper.interfaces.cli.main import main

    assert main(["probe", "mdp.yaml"]) == 0
    before, after = capsys.readouterr().err.splitlines()
    assert "with -o FILE it is kept" in before
    purpose = "(measures again and keeps the result for report and feedback)"
    assert after == f"Next: scoper probe mdp.yaml -o result.json   {purpose}"
    assert {path.name for path in tmp_path.iterdir()} == {"case.yaml", "mdp.yaml"}

    assert main(["probe", "mdp.yaml", "--events", "x.jsonl"]) == 0
    assert "Next: scoper probe x.jsonl --replay -o result.json   (" in capsys.readouterr().err
    assert main(["probe", "mdp.yaml", "--json"]) == 0
    assert capsys.readouterr().err == ""
    assert main(["probe", "mdp.yaml", "--quiet"]) == 0
    assert capsys.readouterr().err == ""


def test_the_way_to_keep_a_result_repeats_the_options_and_replaces_what_is_there(small, tmp_path, capsys):
    from scoper.interfaces.cli.main import main

    (tmp_path / "result.json").write_text("older")
    assert main(["probe", "mdp.yaml", "--trust", "--budget", "10", "--seed", "3", "--steps", "500"]) == 0
    again = "scoper probe mdp.yaml --trust --budget 10 --seed 3 --steps 500 -o result.json --force"
    assert f"Next: {again}\n" in capsys.readouterr().err.replace("   (", "\n")


def test_a_kept_result_is_what_report_and_feedback_look_for_and_the_text_is_shown_too(small, tmp_path, capsys):
    from scoper.interfaces.cli.main import main
    from scoper.services.results import load_result

    assert main(["probe", "mdp.yaml", "-o", "result.json"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("small: feasible\n")
    assert said.err == "result: result.json\n"
    assert load_result(tmp_path / "mdp.yaml") == small
    assert main(["report", "case.yaml", "-o", "report.md"]) == 0
    assert "result: result.json" in capsys.readouterr().err
    assert main(["feedback", "case.yaml"]) == 0


def test_a_kept_result_is_replaced_with_force_only_and_never_a_file_it_is_made_from(small, tmp_path, capsys):
    from scoper.interfaces.cli.main import main

    kept = tmp_path / "result.json"
    kept.write_text("precious")
    assert main(["probe", "mdp.yaml", "-o", "result.json"]) == 4
    assert "use --force to replace it" in capsys.readouterr().err
    assert kept.read_text() == "precious"
    assert main(["probe", "mdp.yaml", "-o", "result.json", "--force"]) == 0
    assert json.loads(kept.read_text())["verdict"] == "feasible"
    assert main(["probe", "mdp.yaml", "-o", "mdp.yaml", "--force"]) == 2
    assert main(["probe", "mdp.yaml", "-o", "new", "--events", "new"]) == 2
    assert main(["probe", "mdp.yaml", "-o", "nowhere/result.json"]) == 4
    assert (tmp_path / "mdp.yaml").read_text() == SMALL
