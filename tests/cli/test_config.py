"""What is configured reaches the commands, the later source wins, and `config show` says which one did."""

import io
import json
import os
import sys
from pathlib import Path

import click
import pytest

from scoper.interfaces.cli.main import cli, main
from scoper.services.settings import NEVER, SETTINGS

EXAMPLES = Path(__file__).parent.parent.parent / "examples"


@pytest.fixture
def place(tmp_path, monkeypatch):
    """An empty project, an empty user's folder, no variable of scoper's."""
    for name in [name for name in os.environ if name.startswith("SCOPER_")]:
        monkeypatch.delenv(name)
    project, own = tmp_path / "project", tmp_path / "own"
    (project / ".git").mkdir(parents=True)
    (own / "scoper").mkdir(parents=True)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(own))
    monkeypatch.setattr("platformdirs.user_config_path", lambda *_, **__: own / "scoper")
    monkeypatch.chdir(project)
    return project, own / "scoper" / "config.toml"


def shown(capsys, *argv):
    assert main(["config", "show", *argv, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    return {row["key"]: row for row in document["settings"]}


def test_without_files_every_setting_is_its_options_default(place, capsys):
    rows = shown(capsys)

    assert set(rows) == set(SETTINGS)
    assert {row["source"] for row in rows.values()} == {"default"}
    assert (rows["probe.budget"]["value"], rows["sweep.seeds"]["value"], rows["solve.top"]["value"]) == (
        "standard",
        "8",
        8,
    )


def test_user_then_project_then_environment_then_flag_and_each_says_what_it_won_over(place, capsys, monkeypatch):
    project, own = place
    own.write_text('color = "never"\n[probe]\nseed = 1\nsteps = 10\nbudget = "long"\n')
    (project / "scoper.toml").write_text("[probe]\nseed = 2\nsteps = 20\n")
    monkeypatch.setenv("SCOPER_PROBE_SEED", "3")
    monkeypatch.setenv("SCOPER_COLOR", "auto")

    rows = shown(capsys, "--color", "always")

    won = {key: (row["value"], row["source"], row["place"]) for key, row in rows.items() if row["source"] != "default"}
    assert won == {
        "probe.budget": ("long", "user", f"{own}:5:1"),
        "probe.steps": (20, "project", "scoper.toml:3:1"),
        "probe.seed": (3, "environment", "SCOPER_PROBE_SEED"),
        "color": ("always", "flag", "--color"),
    }
    assert [each["value"] for each in rows["probe.seed"]["over"]] == [2, 1]
    assert [each["source"] for each in rows["color"]["over"]] == ["environment", "user"]


def test_a_value_reaches_its_command_and_the_command_line_wins(place, capsys):
    project, _ = place
    (project / "scoper.toml").write_text("[precedents]\ntop = 2\n")

    counts = []
    for more in ([], ["--top", "3"]):
        assert main(["precedents", str(EXAMPLES / "warehouse_reorder.yaml"), "--json", *more]) == 0
        counts.append(len(json.loads(capsys.readouterr().out)["precedents"]))

    assert counts == [2, 3]


def test_rules_of_the_project_are_used_for_sub_commands_too_and_are_named(place, capsys):
    project, _ = place
    (project / "ours" / "questions").mkdir(parents=True)
    (project / "scoper.toml").write_text('rules = "ours"\n')

    assert main(["rules", "show", "technique"]) == 2
    told = capsys.readouterr().err
    assert "the folder holds no rules" in told
    assert "as configured" in told

    assert main(["rules", "show", "technique", "--rules", ""]) == 0


def test_a_faulty_file_stops_a_command_with_exit_2_but_not_its_help(place, capsys):
    project, _ = place
    (project / "scoper.toml").write_text("sed = 1\ntrust = true\n")

    assert main(["assess", "none.yaml"]) == 2
    told = capsys.readouterr().err
    assert "scoper.toml:1:1: unknown key 'sed'" in told
    assert "scoper.toml:2:1: 'trust' cannot be set in a file" in told

    assert main(["assess", "--help"]) == 0
    assert main(["--version"]) == 0


def test_a_project_cannot_trust_its_own_code_by_any_way(place, capsys, monkeypatch):
    """The environment of the spec leaves a file behind when it is imported."""
    project, _ = place
    (project / "planted.py").write_text("import pathlib\npathlib.Path('ran').touch()\n")
    spec = "scoper_mdp: 1\nname: a\nenvironment: {entry_point: 'planted:Env', path: .}\n"
    (project / "mdp.yaml").write_text(spec)
    monkeypatch.setenv("SCOPER_TRUST", "1")
    monkeypatch.setenv("SCOPER_PROBE_TRUST", "1")
    monkeypatch.setenv("XDG_STATE_HOME", str(project / "state"))

    assert main(["doctor", "mdp.yaml", "--no-input"]) != 0

    assert not (project / "ran").exists()


def test_scoper_config_names_a_file_and_when_empty_stands_for_none(place, capsys, monkeypatch):
    project, own = place
    own.write_text("run.seed = 1\n")
    (project / "scoper.toml").write_text("solve.top = 1\n")
    (project / "other.toml").write_text('color = "never"\n')

    monkeypatch.setenv("SCOPER_CONFIG", "other.toml")
    rows = shown(capsys)
    assert {key for key, row in rows.items() if row["source"] != "default"} == {"run.seed", "color"}

    monkeypatch.setenv("SCOPER_CONFIG", "")
    assert {row["source"] for row in shown(capsys).values()} == {"default"}

    monkeypatch.setenv("SCOPER_CONFIG", "missing.toml")
    assert main(["config", "show"]) == 2


class Terminal(io.StringIO):
    """A stream that shows colour."""

    def isatty(self):
        return True


def test_no_color_is_respected_unless_the_person_says_otherwise(place, monkeypatch):
    _, own = place
    monkeypatch.setattr("sys.stdout", Terminal())
    monkeypatch.setenv("TERM", "xterm")
    case = str(EXAMPLES / "invoice_approval.yaml")

    def coloured(*more):
        sys.stdout.seek(0)
        sys.stdout.truncate()
        assert main(["assess", case, *more]) == 0
        return "\x1b[" in sys.stdout.getvalue()

    assert coloured()
    monkeypatch.setenv("NO_COLOR", "1")
    assert not coloured()
    assert coloured("--color", "always")
    own.write_text('color = "always"\n')
    assert coloured()
    assert not coloured("--color", "never")


def test_a_bad_variable_is_named_with_what_it_must_be_and_a_misspelled_one_is_told(place, capsys, monkeypatch):
    monkeypatch.setenv("SCOPER_SOLVE_TPO", "3")
    assert main(["config", "show"]) == 0
    assert "SCOPER_SOLVE_TPO sets nothing (did you mean 'SCOPER_SOLVE_TOP'?)" in capsys.readouterr().out

    monkeypatch.setenv("SCOPER_SOLVE_TOP", "many")
    assert main(["config", "show"]) == 2
    assert "SCOPER_SOLVE_TOP: 'many' is not a value of solve.top" in capsys.readouterr().err


def options_of(command):
    return {option.name.rstrip("_"): option for option in command.params if isinstance(option, click.Option)}


@pytest.mark.parametrize("key", sorted(key for key in SETTINGS if not key.startswith("tui.")))
def test_every_setting_is_an_option_that_takes_its_values(key):
    setting = SETTINGS[key]
    commands = [setting.command] if setting.command else ["ask" if key == "by" else "assess"]
    option = options_of(cli.get_command(None, commands[0].replace("_", "-")))[setting.option]

    if setting.kind == "choice":
        assert tuple(option.type.choices) == setting.choices
    if setting.kind in ("whole", "number"):
        assert option.type.min == setting.low
        assert option.type.max is None or option.type.max == setting.high
    if setting.kind == "switch":
        assert option.is_flag


def test_no_setting_has_the_name_of_what_only_the_command_line_says():
    assert [key for key, setting in SETTINGS.items() if setting.option in NEVER] == []
    assert [option for option in NEVER if option in SETTINGS] == []
