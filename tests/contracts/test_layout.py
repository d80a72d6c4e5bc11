"""The house rules that a machine can check: room sizes, words, help texts, extension files."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from scoper.interfaces.cli.main import cli

ROOT = Path(__file__).parent.parent.parent
MODULES = sorted((ROOT / "scoper").rglob("*.py"))
COMMANDS = sorted(path.stem for path in (ROOT / "scoper/interfaces/cli/commands").glob("[a-z]*.py"))


def test_no_module_is_longer_than_330_lines():
    long = {str(p.relative_to(ROOT)): n for p in MODULES if (n := len(p.read_text().splitlines())) > 330}

    assert long == {}


def test_every_module_says_what_it_is():
    silent = [str(p.relative_to(ROOT)) for p in MODULES if not p.read_text().lstrip().startswith('"""')]

    assert silent == []


def test_only_the_interfaces_print_and_nothing_loads_pickles():
    pattern = re.compile(
        r"^\s*print\(|\bpickle\.(?!dumps\()|from pickle|cloudpickle|torch\.load\(|\.load\(\s*open|\beval\(|\bexec\(",
        re.MULTILINE,
    )
    guilty = {str(p.relative_to(ROOT)): m.group() for p in MODULES if (m := pattern.search(p.read_text()))}

    assert guilty == {}


def test_checkpoints_are_arrays_and_state_dicts_and_nothing_runs_code_when_it_is_read():
    calls = re.compile(r"(?:np\.load|torch\.load|\.load_state_dict|set_parameters)\([^\n]*")
    allowed = {"np.load": "allow_pickle=False", "torch.load": "weights_only=True"}
    loads = [(p, m.group()) for p in MODULES for m in calls.finditer(p.read_text())]
    unsafe = [
        (p.name, call) for p, call in loads for name, word in allowed.items() if name in call and word not in call
    ]
    saved = [
        p.name for p in MODULES if re.search(r"model\.save\(|\.load\([^\n]*\.zip|import multiprocessing", p.read_text())
    ]

    assert len(loads) >= 2
    assert unsafe == []
    assert saved == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example_and_stands_in_the_readme(name):
    command = cli.get_command(None, name.replace("_", "-"))

    assert command is not None
    assert command.help
    assert "Example:" in (command.epilog or "")
    assert f"scoper {name}" in (ROOT / "README.md").read_text()


def test_a_misspelled_command_gets_the_nearest_one_and_exit_2():
    run = subprocess.run([sys.executable, "-m", "scoper", "asess"], capture_output=True, text=True, check=False)

    assert run.returncode == 2
    assert "Did you mean 'assess'?" in run.stderr
    assert run.stdout == ""


def test_without_a_terminal_the_interface_comes_as_plain_lines():
    run = subprocess.run(
        [sys.executable, "-m", "scoper"], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )

    assert run.returncode == 0
    assert run.stdout.startswith("scoper, as plain lines")
    assert "\x1b" not in run.stdout + run.stderr
    assert "Traceback" not in run.stderr
