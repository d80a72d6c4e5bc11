"""`scoper init` makes a project in which everything works, and touches nothing that is there."""

import json
import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from scoper.interfaces.cli.main import main
from scoper.services.config_files import read_config
from scoper.services.settings import SETTINGS
from scoper.services.starting import examples
from scoper.services.strict_yaml import parse, to_python

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
FILES = [".scoper/case.schema.json", ".scoper/gate.schema.json", ".scoper/rules.schema.json",
         ".scoper/spec.schema.json", "scoper.toml"]  # fmt: skip


def files_of(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_new_folder_gets_settings_an_example_with_its_spec_and_schemas(tmp_path, capsys):
    assert main(["init", str(tmp_path / "new"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)

    assert files_of(tmp_path / "new") == sorted([*FILES, "warehouse_reorder.mdp.yaml", "warehouse_reorder.yaml"])
    assert sorted(told["written"]) == sorted(str(path) for path in (tmp_path / "new").rglob("*") if path.is_file())
    assert told["kept"] == []
    assert main(["assess", told["case"]]) == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", examples())
def test_every_example_names_schemas_that_it_is_right_by_and_is_else_as_shipped(tmp_path, name, capsys):
    assert main(["init", str(tmp_path), "--example", name, "--quiet"]) == 0

    for path in tmp_path.glob("*.yaml"):
        first, rest = path.read_text().split("\n", 1)
        schema = json.loads((tmp_path / first.partition("$schema=")[2]).read_text())
        Draft7Validator(schema).validate(to_python(parse(rest, path.name)))
        assert rest == (EXAMPLES / path.name).read_text()


def test_nothing_is_overwritten_and_what_is_missing_is_added(tmp_path, capsys):
    (tmp_path / "scoper.toml").write_text("[probe]\nseed = 7\n")
    (tmp_path / "warehouse_reorder.yaml").symlink_to(tmp_path / "nowhere")
    (tmp_path / ".scoper").mkdir()
    (tmp_path / ".scoper" / "case.schema.json").write_text("{}")

    assert main(["init", str(tmp_path)]) == 0
    shown = capsys.readouterr()

    assert (tmp_path / "scoper.toml").read_text() == "[probe]\nseed = 7\n"
    assert (tmp_path / ".scoper" / "case.schema.json").read_text() == "{}"
    assert (tmp_path / "warehouse_reorder.yaml").is_symlink()
    assert not (tmp_path / "nowhere").exists()
    assert (tmp_path / ".scoper" / "spec.schema.json").is_file()
    assert shown.err.count("exists already") == 3

    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert main(["init", str(tmp_path)]) == 0
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_the_settings_file_holds_nothing_until_its_lines_are_uncommented_and_then_it_is_right(tmp_path):
    assert main(["init", str(tmp_path), "--quiet"]) == 0
    path = tmp_path / "scoper.toml"
    assert dict(read_config(path, "project").settings) == {}

    lines = path.read_text().splitlines()
    path.write_text("\n".join(line.removeprefix("# ") if " = " in line else line for line in lines))

    assert len(tomllib.loads(path.read_text())) > 2
    found = read_config(path, "project").settings
    assert set(found) <= {key for key, setting in SETTINGS.items() if not setting.personal}
    assert len(found) >= 5


def test_the_skill_file_comes_when_asked_for(tmp_path):
    assert main(["init", str(tmp_path), "--skill", "--quiet"]) == 0
    assert (tmp_path / "SKILL.md").read_text().startswith("---\nname: scoper\n")


def test_an_unknown_example_and_a_folder_that_is_a_file_are_refused(tmp_path, capsys):
    assert main(["init", str(tmp_path), "--example", "invoice_aproval"]) == 2
    assert "did you mean 'invoice_approval'?" in capsys.readouterr().err
    assert files_of(tmp_path) == []

    (tmp_path / "file").write_text("")
    assert main(["init", str(tmp_path / "file")]) == 2
