"""`scoper scaffold`: files, talk, exit codes."""

import json
from pathlib import Path

import pytest

from scoper.interfaces.cli.main import main

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
PLAIN = str(EXAMPLES / "invoice_approval.yaml")
LEARNS = str(EXAMPLES / "warehouse_reorder.yaml")


@pytest.fixture
def unspecified(tmp_path):
    """The warehouse case without the spec that it names."""
    text = Path(LEARNS).read_text(encoding="utf-8")
    path = tmp_path / "case.yaml"
    path.write_text(
        "".join(line for line in text.splitlines(keepends=True) if not line.startswith("spec:")), encoding="utf-8"
    )
    return str(path)


def test_a_case_for_learning_gets_spec_environment_and_test(unspecified, tmp_path, capsys):
    out = tmp_path / "drafted"
    assert main(["scaffold", unspecified, "-o", str(out)]) == 0

    shown = capsys.readouterr()
    assert shown.out.splitlines() == [str(out / name) for name in ("mdp.yaml", "env.py", "test_env.py")]
    assert sorted(path.name for path in out.iterdir()) == [".scoper", "env.py", "mdp.yaml", "test_env.py"]
    assert "scaffold: reorder_point, because the case speaks of stock" in shown.err
    assert "next nearest: inventory" in shown.err
    assert f"--from {out / 'mdp.yaml'}" in shown.err


def test_json_is_one_document_with_the_open_lines(unspecified, tmp_path, capsys):
    assert main(["scaffold", unspecified, "-o", str(tmp_path / "drafted"), "--json"]) == 0

    document = json.loads(capsys.readouterr().out)
    assert document["template"] == "reorder_point"
    assert document["runners_up"] == ["inventory"]
    assert [Path(name).name for name in document["files"]] == ["mdp.yaml", "env.py", "test_env.py"]
    assert all(item["line"] > 1 and item["message"] for item in document["unfilled"])


def test_a_case_that_names_its_spec_gets_an_environment_from_it(tmp_path, capsys):
    assert main(["scaffold", LEARNS, "-o", str(tmp_path), "--quiet"]) == 0

    assert "the case names its own spec" not in capsys.readouterr().err
    own = (EXAMPLES / "warehouse_reorder.mdp.yaml").read_text(encoding="utf-8")
    assert (tmp_path / "mdp.yaml").read_text(encoding="utf-8").startswith(own)
    assert "ScopedEnv" in (tmp_path / "env.py").read_text(encoding="utf-8")


def test_a_filled_in_spec_gives_a_new_environment(unspecified, tmp_path, capsys):
    out = tmp_path / "drafted"
    main(["scaffold", unspecified, "-o", str(out)])
    spec = out / "mdp.yaml"
    assert main(["scaffold", "--from", str(spec), "-o", str(out), "--force"]) == 2
    assert f"{spec}:" in capsys.readouterr().err
    spec.write_text(spec.read_text().replace("poisson: TODO", "poisson: 3").replace("-TODO", "-2"))

    assert main(["scaffold", "--from", str(spec), "-o", str(out), "--force"]) == 0
    assert "not yours" not in (out / "env.py").read_text()


def test_another_technique_gets_its_own_files(tmp_path):
    assert main(["scaffold", PLAIN, "-o", str(tmp_path)]) == 0

    assert (tmp_path / "decision_table.csv").is_file()
    assert not (tmp_path / "mdp.yaml").exists()


def test_files_that_exist_are_kept_unless_forced_and_edited_ones_always(tmp_path, capsys):
    main(["scaffold", PLAIN, "-o", str(tmp_path)])
    table, test = tmp_path / "decision_table.csv", tmp_path / "test_decision_table.py"
    drafted = test.read_text()
    table.write_text("mine")
    test.unlink()

    assert main(["scaffold", PLAIN, "-o", str(tmp_path)]) == 4
    assert "--force" in capsys.readouterr().err
    assert not test.exists()
    assert main(["scaffold", PLAIN, "-o", str(tmp_path), "--force"]) == 0
    assert f"kept: {table} was edited" in capsys.readouterr().err
    assert table.read_text() == "mine"
    assert test.read_text() == drafted


def test_force_keeps_a_filled_in_spec_and_makes_the_environment_from_it(unspecified, tmp_path, capsys):
    out = tmp_path / "drafted"
    main(["scaffold", unspecified, "-o", str(out)])
    spec = out / "mdp.yaml"
    filled = spec.read_text().replace("poisson: TODO", "poisson: 3").replace("-TODO", "-2")
    spec.write_text(filled)
    capsys.readouterr()

    assert main(["scaffold", unspecified, "-o", str(out), "--force"]) == 0
    assert f"kept: {spec} was edited" in capsys.readouterr().err
    assert spec.read_text() == filled
    assert "not yours" not in (out / "env.py").read_text()


@pytest.mark.parametrize(
    "arguments",
    [
        ["-o", "x"],
        [PLAIN, "--from", "mdp.yaml", "-o", "x"],
        ["--from", "mdp.yaml", "--template", "inventory", "-o", "x"],
        [PLAIN, "--template", "nothing_like_it", "-o", "x"],
        [PLAIN],
        ["missing.yaml", "-o", "x"],
        ["--list", PLAIN],
        ["--list", "-o", "x"],
    ],
)
def test_calls_that_cannot_be_meant_end_with_two_and_write_nothing(arguments, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    assert main(["scaffold", *arguments]) == 2
    assert capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_the_list_names_every_template_with_what_it_is_for_and_what_is_known_of_its_optimum(capsys):
    assert main(["scaffold", "--list"]) == 0
    shown = capsys.readouterr().out
    assert main(["scaffold", "--list", "--json"]) == 0
    listed = {item["id"]: item for item in json.loads(capsys.readouterr().out)["templates"]}

    assert {"inventory", "traffic_signal", "skeleton"} <= listed.keys()
    assert all(name in shown and item["summary"] in " ".join(shown.split()) for name, item in listed.items())
    assert all(item["source"] for item in listed.values())
    assert all(item["optimum"] for name, item in listed.items() if name != "skeleton")


def test_a_misspelled_template_gets_the_nearest_one_and_an_unknown_one_all_of_them(tmp_path, capsys):
    assert main(["scaffold", PLAIN, "--template", "trafic_signal", "-o", str(tmp_path / "x")]) == 2
    assert "did you mean 'traffic_signal'?" in capsys.readouterr().err
    assert main(["scaffold", PLAIN, "--template", "nothing_like_it", "-o", str(tmp_path / "x")]) == 2
    assert "allowed: battery_arbitrage, " in capsys.readouterr().err
