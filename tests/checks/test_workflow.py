"""The workflow lint: every planted fault is named at its step, and nothing is said of clean graphs that look alike."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scoper.checks import Given
from scoper.checks._graph import read_workflow
from scoper.checks.workflow import CHECK, CODES, faults_of
from scoper.errors import InputError
from scoper.services.check_inputs import read_document

FOLDER = Path(__file__).parent / "graphs"
GRAPHS = sorted(FOLDER.glob("*.yaml"))


def planted(path: Path) -> set[str]:
    line = re.search(r"^# faults: (.*)$", path.read_text(), re.MULTILINE)
    assert line is not None
    return set() if line[1] == "none" else {part.strip() for part in line[1].split(",")}


def found(path: Path) -> set[str]:
    return {f"{fault.code}@{fault.evidence['step']}" for fault in faults_of(read_workflow(read_document(path)))}


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "workflow.yaml"
    path.write_text(text)
    return path


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in GRAPHS])
def test_exactly_the_planted_faults_are_named_each_at_its_step(path: Path) -> None:
    assert found(path) == planted(path)


def test_the_suite_has_120_graphs_at_least_of_both_sorts_and_every_kind_of_fault() -> None:
    kinds = {name.split("@")[0] for path in GRAPHS for name in planted(path)}
    clean = [path for path in GRAPHS if not planted(path)]

    assert len(GRAPHS) >= 120
    assert len(clean) >= 50
    assert kinds == set(CODES)


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in GRAPHS if planted(path)])
def test_a_fault_stands_where_its_step_is_written(path: Path) -> None:
    lines = path.read_text().splitlines()

    for fault in faults_of(read_workflow(read_document(path))):
        assert lines[fault.line - 1][fault.column - 1 :].startswith(f"{fault.evidence['step']}:")
        assert fault.remedy


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in GRAPHS if planted(path)])
def test_a_step_in_front_and_other_names_change_no_finding(path: Path, tmp_path: Path) -> None:
    text = path.read_text()
    start = re.search(r"^start: (\w+)$", text, re.MULTILINE)
    assert start is not None
    longer = text.replace(f"start: {start[1]}", "start: begin_here")
    longer = longer.replace("\nsteps:\n", f"\nsteps:\n  begin_here: {{kind: code, next: {start[1]}}}\n")

    assert found(written(tmp_path, longer)) == planted(path)


def test_all_mistakes_of_a_file_are_told_at_once_with_place_and_spelling(tmp_path: Path) -> None:
    text = (
        "scoper_workflow: 1\nstart: reed\ntools:\n  box: {effect: raed}\nsteps:\n"
        "  read: {kind: tol, next: drafft}\n  draft: {kind: tool}\n"
    )

    with pytest.raises(InputError) as caught:
        read_workflow(read_document(written(tmp_path, text)))

    told = [(problem.line, problem.remedy) for problem in caught.value.problems]
    assert [line for line, _ in told] == [2, 4, 6, 6, 7]
    assert "did you mean 'read'?" in told[0][1]
    assert "did you mean 'draft'?" in told[3][1]


def test_the_headline_counts_what_is_listed() -> None:
    document = read_document(FOLDER / "f29_many.yaml")
    outcome = CHECK.run(Given({"workflow": document}))

    assert outcome.headline.startswith("3 faults in 4 steps, 2 of them blockers")
    assert len(outcome.faults) == 3
