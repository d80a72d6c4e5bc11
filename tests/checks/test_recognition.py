"""A file in the place of a check's name: every check that it is for is run, and the others say why they were not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scoper.interfaces.cli.main import main
from scoper.services.checking import SHORT, checks_of

CASES = "amount,kind,decision\n" + "".join(
    f"{10 * (i % 7)},{'ab'[i % 2]},{'yes' if i % 7 > 3 else 'no'}\n" for i in range(84)
)
FILES = {
    "flow.yaml": "scoper_workflow: 1\nstart: a\nsteps:\n  a: {kind: model, next: end}\n",
    "calls.yaml": (
        "scoper_calls: 1\nmodels:\n"
        "  m: {input_price: 1, output_price: 2, window: 9000, output_per_s: 50, latency_s: 1}\n"
        "calls:\n  a: {model: m, fixed_tokens: 10, output_tokens: 5}\n"
    ),
    "tools.json": '[{"name": "look", "description": "Looks a customer up.", "parameters": {"type": "object"}}]',
    "named.yaml": "tools:\n  look: {description: Looks a customer up., effect: read}\n",
    "pilot.csv": "task,passed\na,1\na,0\nb,1\nb,1\n",
    "counts.csv": "task,passes,trials\na,3,4\nb,4,4\n",
    "wide.csv": "id,ana,ben\n1,x,x\n2,y,x\n3,y,y\n4,x,x\n",
    "long.csv": "item,rater,label\n1,ana,x\n1,ben,x\n2,ana,y\n2,ben,x\n",
    "cases.csv": CASES,
    "series.csv": "day,units\n" + "".join(f"2024-01-{i:02d},{i * i % 17}\n" for i in range(1, 31)),
    "table.csv": "amount,-> decision\n<= 50,no\n> 50,yes\n",
    "log.csv": "action,propensity,outcome,new_a,new_b\n" + "a,0.5,1,1,0\nb,0.5,0,1,0\n" * 20,
    "plan.csv": "row,sense,rhs,x,y\ngoal,max,,3,2\nhours,<=,4,1,1\n",
    "case.yaml": "scoper: 1\ntitle: t\nanswers:\n  known_rules: yes\n",
}
RUNS = [
    ("llm", "flow.yaml", {"workflow"}),
    ("llm", "calls.yaml", {"cost"}),
    ("llm", "tools.json", {"tools"}),
    ("llm", "named.yaml", {"tools"}),
    ("llm", "pilot.csv", {"pass_k"}),
    ("llm", "counts.csv", {"pass_k"}),
    ("llm", "wide.csv", {"agreement"}),
    ("llm", "long.csv", {"agreement"}),
    ("automation", "cases.csv", {"determinism", "drift", "rule_learnability"}),
    ("automation", "series.csv", {"forecast"}),
    ("automation", "table.csv", {"decision_table"}),
    ("supervised", "cases.csv", {"learning_curve", "supervised_data"}),
    ("bandit", "log.csv", {"off_policy"}),
    ("optimisation", "plan.csv", {"programme"}),
    ("not-yet", "case.yaml", {"measure_first"}),
]


def written(folder: Path, name: str) -> str:
    path = folder / name
    path.write_text(FILES[name])
    return str(path)


@pytest.mark.parametrize(("technique", "name", "wanted"), RUNS, ids=[f"{t}-{n}" for t, n, _ in RUNS])
def test_what_fits_is_run_and_every_other_check_says_why_it_was_not(
    technique: str, name: str, wanted: set[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", technique, written(tmp_path, name), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    not_run = {entry["check"]: entry["why"] for entry in document.get("not_run", [])}

    assert {result["check"] for result in document["results"]} == wanted
    assert wanted | set(not_run) == {check.id for check in checks_of(SHORT[technique])}
    assert all(not_run.values())


def test_texts_with_labels_go_to_the_baseline_of_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mails.csv"
    path.write_text("text,label\n" + "please pay my bill,bill\nthe parcel is late,parcel\n" * 15)

    assert main(["check", "llm", str(path), "--classifier", "none", "--json"]) == 0
    assert [r["check"] for r in json.loads(capsys.readouterr().out)["results"]] == ["text_baseline"]


def test_numbers_that_are_entered_with_a_file_run_the_check_of_numbers_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    numbers = ["--volume", "100", "--minutes", "6", "--hourly", "40", "--share", "0.5", "--build", "1000"]

    assert main(["check", "automation", written(tmp_path, "cases.csv"), *numbers, "--json"]) == 0
    results = json.loads(capsys.readouterr().out)["results"]
    assert [r["check"] for r in results] == ["break_even", "determinism", "drift", "rule_learnability"]


def test_the_words_name_what_was_not_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "automation", written(tmp_path, "series.csv")]) == 0
    told = capsys.readouterr().out

    assert "NOT RUN ON THIS FILE" in told
    assert "determinism: it is a series of one value per time" in told


@pytest.mark.parametrize(("technique", "name", "other"), [
    ("llm", "series.csv", "scoper check automation forecast"),
    ("bandit", "flow.yaml", "scoper check llm workflow"),
    ("not-yet", "pilot.csv", "scoper check llm pass-k"),
])  # fmt: skip
def test_a_file_of_another_technique_is_refused_with_the_check_that_takes_it(
    technique: str, name: str, other: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", technique, written(tmp_path, name)]) == 2
    told = capsys.readouterr()

    assert f"{other} {tmp_path / name}" in told.err
    assert told.out == ""


def test_a_file_without_an_ending_is_known_by_its_first_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, wanted in (("flow.yaml", "workflow"), ("pilot.csv", "pass_k")):
        path = tmp_path / f"plain_{wanted}"
        path.write_text(FILES[name])

        assert main(["check", "llm", str(path), "--json"]) == 0
        assert [r["check"] for r in json.loads(capsys.readouterr().out)["results"]] == [wanted]


def test_parameters_of_one_technique_with_one_name_are_of_one_kind() -> None:
    for technique in SHORT.values():
        kinds: dict[str, set[str]] = {}
        for check in checks_of(technique):
            for param in check.params:
                kinds.setdefault(param.name, set()).add(param.kind)

        assert {name: kind for name, kind in kinds.items() if len(kind) > 1} == {}, technique
