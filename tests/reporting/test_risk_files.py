from __future__ import annotations

from pathlib import Path

import pytest

from scoper.errors import InputError
from scoper.services.library import load_library
from scoper.services.report_data import load_report_data

RISK = """id: {id}
applies_to: [plain_automation]
when: {{known_rules: [no, unknown]}}
title: {title}
trigger: t
detection: d
mitigation: m
owner: o
source: s
basis: cited
"""


def overlay(folder: Path, **texts: str) -> Path:
    (folder / "risks").mkdir()
    for name, text in texts.items():
        (folder / "risks" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_a_folder_of_rules_adds_risks_and_replaces_those_of_the_same_name(tmp_path: Path) -> None:
    shipped = {risk.id: risk.title for risk in load_report_data().risks}
    added, replaced = RISK.format(id="own_risk", title="Own"), RISK.format(id="prompt_drift", title="Other words")
    found = load_report_data(overlay(tmp_path, own_risk=added, prompt_drift=replaced), load_library().questions).risks
    assert {risk.id: risk.title for risk in found} == {**shipped, "own_risk": "Own", "prompt_drift": "Other words"}


def test_all_faults_of_all_risk_files_are_reported_with_their_places(tmp_path: Path) -> None:
    wrong = (
        RISK.format(id="else", title="T")
        .replace("plain_automation", "plain_automaton")
        .replace("known_rules", "known_rule")
    )
    with pytest.raises(InputError) as caught:
        load_report_data(overlay(tmp_path, one=wrong, two="- a list"), load_library().questions)
    places = [(Path(p.source).name, p.line, p.column) for p in caught.value.problems]
    assert ("one.yaml", 1, 5) in places  # the id is not the file's name
    assert ("one.yaml", 2, 14) in places  # no such technique
    assert ("one.yaml", 3, 8) in places  # no such question
    assert ("two.yaml", 1, 1) in places
    remedies = [problem.remedy for problem in caught.value.problems]
    assert "did you mean 'plain_automation'?" in remedies
    assert "did you mean 'known_rules'?" in remedies


def test_no_is_an_answer_and_unknown_too() -> None:
    conditions = [values for risk in load_report_data().risks for values in risk.when.values.values()]
    assert {"no", "unknown"} <= {value for values in conditions for value in values}
