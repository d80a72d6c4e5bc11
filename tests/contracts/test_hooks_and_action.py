"""The hooks and the action name commands that run: parsed here, and called as they stand."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
CASE = ROOT / "examples" / "invoice_approval.yaml"


def test_every_hook_has_what_pre_commit_asks_for_and_names_a_command_there_is():
    from scoper.interfaces.cli.main import cli

    assert len({hook["id"] for hook in HOOKS}) == len(HOOKS) == 3
    for hook in HOOKS:
        assert {"id", "name", "entry", "language", "files"} <= set(hook)
        program, command, *_ = shlex.split(hook["entry"])
        assert (program, hook["language"]) == ("scoper", "python")
        assert cli.get_command(None, command) is not None
        re.compile(hook["files"])


def test_the_action_is_composite_and_passes_inputs_by_the_environment_only():
    assert ACTION["runs"]["using"] == "composite"
    for step in ACTION["runs"]["steps"]:
        assert step["shell"] == "bash"
        assert "${{" not in step["run"]  # an input inside a script could run commands
        named = re.findall(r"\$\{\{ inputs\.(\w+)", " ".join(step["env"].values()))
        assert set(named) <= set(ACTION["inputs"])


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "my cases").mkdir()
    (tmp_path / "my cases" / "a.case.yaml").write_text(CASE.read_text())
    (tmp_path / "gate.yaml").write_text("scoper_gate: 1\ntechnique: plain_automation\n")
    (tmp_path / "strict.yaml").write_text("scoper_gate: 1\ntechnique: llm_orchestration\n")
    return tmp_path


def run(command, folder, **environment):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env={**os.environ, "PATH": path, **environment},
    )


def step(name):
    (found,) = [each for each in ACTION["runs"]["steps"] if each["name"] == name]
    return ["bash", "-c", found["run"]]


@pytest.mark.slow
def test_the_hooks_run_as_pre_commit_calls_them(folder):
    case = "my cases/a.case.yaml"
    made = run(["scoper", "snapshot", case], folder)
    files = {"scoper-case": case, "scoper-gate": case, "scoper-verify": made.stdout.strip()}
    for hook in HOOKS:
        file = files[hook["id"]]
        assert re.search(hook["files"], file)
        called = run([*shlex.split(hook["entry"]), *hook.get("args", ()), file], folder)
        assert called.returncode == 0, called.stderr + called.stdout
    (folder / "gate.yaml").write_text((folder / "strict.yaml").read_text())
    gate = next(hook for hook in HOOKS if hook["id"] == "scoper-gate")
    assert run([*shlex.split(gate["entry"]), *gate["args"], case], folder).returncode == 1


@pytest.mark.slow
def test_the_gate_step_of_the_action_expands_patterns_and_fails_with_annotations(folder):
    given = {"WITH_PYTHON": sys.executable, "WITH_RULES": ""}
    script = step("Hold cases against the gate")
    cases = {"WITH_CASES": "my cases/*.case.yaml\n\n"}

    met = run(script, folder, **given, **cases, WITH_GATE="gate.yaml")
    failed = run(script, folder, **given, **cases, WITH_GATE="strict.yaml")
    none = run(script, folder, **given, WITH_CASES="nothing/*.yaml", WITH_GATE="gate.yaml")

    assert met.returncode == 0, met.stderr
    assert failed.returncode == 1
    assert failed.stdout.startswith("::error file=my cases/a.case.yaml,")
    assert none.returncode == 2


@pytest.mark.slow
def test_the_verify_step_of_the_action_runs(folder):
    run(["scoper", "snapshot", "my cases/a.case.yaml"], folder)
    given = {"WITH_PYTHON": sys.executable, "WITH_RULES": "", "WITH_REPORTS": "my cases/snapshots/*.json"}

    assert run(step("Verify reports"), folder, **given).returncode == 0


def test_the_install_step_of_the_action_installs_this_folder_even_where_its_name_has_spaces(tmp_path):
    told, source = tmp_path / "told", tmp_path / "my source"
    python = tmp_path / "python"  # an install for real would change this environment
    python.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{told}"\n')
    python.chmod(0o755)
    done = run(step("Install scoper"), tmp_path, WITH_SOURCE=str(source), WITH_PYTHON=str(python))

    assert done.returncode == 0, done.stderr
    asked = told.read_text().splitlines()
    assert asked[:3] == ["-m", "pip", "install"]
    assert asked[-1] == str(source)
