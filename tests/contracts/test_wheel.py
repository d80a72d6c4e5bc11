"""The built wheel, installed elsewhere, works without the checkout."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--quiet", "--no-deps", "-w", str(folder), str(ROOT)], check=True, timeout=300)
    (wheel,) = folder.glob("problem_scoper-*.whl")
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--target", str(folder / "site"), str(wheel)], check=True)
    return folder


def run(installed, *argv):
    environment = {**os.environ, "PYTHONPATH": str(installed / "site"), "PYTHONSAFEPATH": "1"}
    return subprocess.run(
        [sys.executable, "-m", "scoper", *argv],
        cwd=installed,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.slow
def test_the_wheel_carries_its_rules_and_examples(installed):
    assert (installed / "site/scoper/_data/rules/decisions/technique/_table.yaml").is_file()
    assert (installed / "site/scoper/_data/examples/warehouse_reorder.yaml").is_file()

    checked = run(installed, "rules", "check", "--json")

    assert checked.returncode == 0, checked.stderr
    assert json.loads(checked.stdout)["sound"] is True


@pytest.mark.slow
def test_the_wheel_assesses_and_reports_from_another_folder(installed):
    case = installed / "site/scoper/_data/examples/invoice_approval.yaml"

    assessed = run(installed, "assess", str(case), "--json")
    reported = run(installed, "report", str(case), "-o", "report.md")

    assert json.loads(assessed.stdout)["verdict"]["technique"] == "plain_automation", assessed.stderr
    assert reported.returncode == 0, reported.stderr
    assert "plain automation" in (installed / "report.md").read_text().lower()


@pytest.mark.slow
def test_the_wheel_starts_a_project_in_another_folder_with_everything_that_travels(installed):
    started = run(installed, "init", "project", "--skill", "--json")

    assert started.returncode == 0, started.stderr
    case = json.loads(started.stdout)["case"]
    assert run(installed, "assess", case).returncode == 0
    assert (installed / "project" / "SKILL.md").is_file()
