"""What a command loads. A static graph cannot see deferred imports, so each call runs in a Python of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("torch", "stable_baselines3", "gymnasium", "textual", "matplotlib", "pandas")
EXAMPLES = Path(__file__).parent.parent.parent / "examples"
SCRIPT = """
import sys
from scoper.interfaces.cli.main import main
code = main({argv!r})
assert code == 0, code
print("LOADED", [name for name in {heavy!r} if name in sys.modules])
"""


def loaded_by(script):
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout.rsplit("LOADED", 1)[1].strip()


@pytest.mark.slow
@pytest.mark.parametrize(
    "argv",
    [
        ["--help"],
        ["--version"],
        ["assess", str(EXAMPLES / "warehouse_reorder.yaml"), "--json"],
        ["rules", "check"],
        ["rules", "show", "technique"],
    ],
    ids=" ".join,
)
def test_a_command_that_only_reads_loads_no_learner_environment_or_interface(argv):
    assert loaded_by(SCRIPT.format(argv=argv, heavy=HEAVY)) == "[]"


@pytest.mark.slow
def test_a_report_is_rendered_without_any_of_them(tmp_path):
    argv = ["report", str(EXAMPLES / "support_mail_triage.yaml"), "-o", str(tmp_path / "report.md")]

    assert loaded_by(SCRIPT.format(argv=argv, heavy=HEAVY)) == "[]"


def service_modules():
    root = Path(__file__).parent.parent.parent / "scoper"
    for package in ("domain", "reasoning", "numerics", "services"):
        for path in sorted((root / package).glob("*.py")):
            yield f"scoper.{package}" if path.stem == "__init__" else f"scoper.{package}.{path.stem}"


@pytest.mark.slow
def test_no_service_value_or_solver_loads_them_when_imported():
    names = list(service_modules())
    script = "import sys\n" + "".join(f"import {name}\n" for name in names)
    script += f"print('LOADED', [name for name in {HEAVY!r} if name in sys.modules])"

    assert len(names) > 20
    assert loaded_by(script) == "[]"


def test_version_needs_no_rules_and_no_pydantic():
    script = SCRIPT.format(argv=["--version"], heavy=("pydantic", "yaml", "numpy", "jinja2"))

    assert loaded_by(script) == "[]"
