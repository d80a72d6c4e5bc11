"""Every check that rules, scaffolds, templates and documents name by a command is there, and every file fits it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scoper.services.checking import SHORT, checks_of

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"scoper check(?: +|\n +)([A-Za-z_-]+)(:|(?:[ \t]+|\n +)[A-Za-z_./-]+)?")
FOLDERS = ("rules", "scoper/services", "scoper/reasoning", "reports/templates", "examples")
KNOWN = {technique: {check.id.replace("_", "-") for check in checks_of(full)} for technique, full in SHORT.items()}


def texts() -> list[Path]:
    found = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*")) if path.is_file()]
    kept = [path for path in found if path.suffix in (".yaml", ".py", ".j2", ".md")]
    return [*kept, ROOT / "README.md", ROOT / "SKILL.md", ROOT / "CONTRIBUTING.md"]


def promised() -> list[tuple[str, str, str]]:
    """(file, technique, check or file) of every command that is written out."""
    return [
        (path.relative_to(ROOT).as_posix(), match[1], (match[2] or "").strip())
        for path in texts()
        for match in NAMED.finditer(path.read_text(encoding="utf-8"))
        if match[1] in SHORT
    ]


def test_some_commands_are_promised_in_rules_and_scaffolds() -> None:
    from scoper.services.report_data import load_report_data

    places = [place for place, _, _ in promised()]
    weeks = load_report_data().first_week.values()  # the days of a scaffold are those of the first week

    assert sum(place.startswith("rules/") for place in places) >= 20
    of_days = sum(len(step.checks) for steps in weeks for step in steps)
    assert sum("scaffold" in place for place in places) + of_days >= 8


@pytest.mark.parametrize(("place", "technique", "word"), promised(), ids=lambda value: str(value)[-40:])
def test_a_promised_check_exists_or_a_file_stands_in_its_place(place: str, technique: str, word: str) -> None:
    is_file = "." in word.rstrip(".,;:")

    assert is_file or word.rstrip(".,;:") in KNOWN[technique], f"{place}: scoper check {technique} {word}"


def test_every_first_week_step_names_checks_that_exist() -> None:
    from scoper.services.report_data import load_report_data

    named = {check for steps in load_report_data().first_week.values() for step in steps for check in step.checks}
    assert named
    assert named <= {check.id for check in checks_of()}


def test_the_sub_types_that_speak_of_past_values_or_cases_name_a_check() -> None:
    wanted = {
        "plain_automation/forecast_threshold": "automation forecast",
        "plain_automation/script": "automation determinism",
        "plain_automation/optimisation_solver": "optimisation programme",
        "supervised_learning/text_classification": "llm text-baseline",
    }
    for name, command in wanted.items():
        assert f"scoper check {command}" in (ROOT / f"rules/sub_types/{name}.yaml").read_text()
