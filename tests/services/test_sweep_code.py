"""Which files decide what a cell comes to: a note that nobody reads costs no cell, a source or its data do."""

from __future__ import annotations

import pytest

from scoper.domain.mdp import EnvironmentSpec
from scoper.services.sweep_code import code_of

SOURCE = """\
from pathlib import Path
PLACE = Path(__file__).parent
BOARD = (PLACE / "board.txt").read_text()
LEVELS = [(PLACE / "levels" / name).read_text() for name in ("a", "b")]
RATES = [f"rate{n}.csv" for n in range(3)]
NUMBERED = ["round_%02d.dat" % n for n in range(3)]
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "coins.py").write_text(SOURCE)
    for name in ("board.txt", "levels/a", "rate0.csv", "round_01.dat"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def code(folder, **more):
    return code_of(EnvironmentSpec(name="coins", entry_point="coins:Env", path=".", **more), folder)


@pytest.mark.parametrize(
    "name",
    [
        "notes",
        "notes.md",
        "run.log",
        "levels/run.log",
        "other.yaml",
        "old/result.json",
        "old/sweep.json",
        ".git/config",
        "__pycache__/coins.pyc",
        "events.out",
    ],
)
def test_what_nobody_reads_changes_nothing(folder, name):
    before = code(folder)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("scoper_mdp: 1\n")

    assert code(folder) == before


@pytest.mark.parametrize(
    "name", ["coins.py", "hello.py", "deep/er.py", "fast.so", "board.txt", "levels/c", "rate2.csv", "round_02.dat"]
)
def test_what_can_be_imported_or_is_named_changes_the_code(folder, name):
    before = code(folder)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("x = 1\n")

    after = code(folder)

    assert after.digest != before.digest
    assert {n for n in after.files if after.files[n] != before.files.get(n)} == {name}


def test_results_beside_data_of_the_same_kind_do_not_count(folder):
    before = code(folder)
    (folder / "out").mkdir()
    (folder / "out" / "result.json").write_text("{}")
    (folder / "out" / "curve.csv").write_text("1")

    assert code(folder) == before


def test_a_file_that_an_argument_or_another_file_names_counts(folder):
    (folder / "scene.xml").write_text('<mesh file="leg.stl"/>')
    (folder / "leg.stl").write_text("solid")

    assert not {"scene.xml", "leg.stl"} & set(code(folder).files)
    assert {"scene.xml", "leg.stl"} <= set(code(folder, kwargs={"scene": "scene.xml"}).files)


def test_the_same_code_elsewhere_is_the_same(folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("other") / "copy"
    other.symlink_to(folder, target_is_directory=True)

    assert code(other) == code(folder)


def test_folders_that_are_links_are_looked_into_once(folder, tmp_path_factory):
    library = tmp_path_factory.mktemp("library")
    (library / "tool.py").write_text("x = 1\n")
    (folder / "linked").symlink_to(library, target_is_directory=True)
    (library / "back").symlink_to(folder, target_is_directory=True)

    assert "linked/tool.py" in code(folder).files
    assert len(code(folder).files) < 10
