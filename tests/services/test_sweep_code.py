"""Which files decide what a cell comes to: a note that nobody reads costs no cell, a source or its data do."""

from __future__ import annotations

import os

import pytest

from scoper.domain.mdp import EnvironmentSpec
from scoper.services import trust
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


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("Größe.csv", "open('Größe.csv')"),
        ("plant(1)=a.csv", "open('plant(1)=a.csv')"),
        ("north.csv", "open('%(side)s.csv' % names)"),
        ("north.npy", "open(side + '.' + 'npy')"),
    ],
)
def test_data_is_found_however_it_is_named(folder, name, source):
    (folder / "coins.py").write_text(source)
    before = code(folder)
    (folder / name).write_text("1")

    assert code(folder) != before


@pytest.mark.parametrize("beside", ["env.py", "mdp.yaml"])
def test_a_result_beside_its_spec_or_code_hides_no_data(folder, beside):
    (folder / "deep").mkdir()
    (folder / "deep" / "result.json").write_text("{}")
    (folder / "deep" / beside).write_text("scoper_mdp: 1\n")
    before = code(folder)
    (folder / "deep" / "rate7.csv").write_text("1")

    assert set(code(folder).files) - set(before.files) == {"deep/rate7.csv"}


@pytest.mark.parametrize("argument", ["data/orders.csv", "../proj/data/orders.csv", "{}/data/orders.csv", "data"])
def test_what_an_argument_names_outside_the_codes_folder_counts(tmp_path, argument):
    project = tmp_path / "proj"
    (project / "env").mkdir(parents=True)
    (project / "data").mkdir()
    (project / "env" / "coins.py").write_text("x = 1\n")
    (project / "data" / "orders.csv").write_text("1")
    (project / "data" / "run.log").write_text("1")
    kwargs = {"orders": argument.format(project)}
    spec = EnvironmentSpec(name="coins", entry_point="coins:Env", path="env", kwargs=kwargs)

    assert set(code_of(spec, project).files) == {"coins.py", "../data/orders.csv"}


def test_what_sources_name_by_a_path_outside_their_folder_counts(folder):
    inner = folder / "levels"
    (inner / "coins.py").write_text("open('../board.txt')\nopen('../run.log')\nopen('/dev/null')\n")
    (folder / "run.log").write_text("1")

    assert set(code(inner).files) == {"coins.py", "../board.txt"}


def test_a_log_or_a_spec_that_an_argument_names_counts(folder):
    (folder / "calls.log").write_text("1")
    (folder / "grid.yaml").write_text("scoper_mdp: 1\n")

    assert {"calls.log", "grid.yaml"} <= set(code(folder, kwargs={"of": ["calls.log", "grid.yaml"]}).files)


def test_large_data_elsewhere_is_not_read_and_a_change_of_it_counts(folder):
    inner = folder / "levels"
    (inner / "coins.py").write_text("x = 1\n")
    with (folder / "huge.bin").open("wb") as file:
        file.truncate(2**28)
    before = code(inner, kwargs={"data": "../huge.bin"})
    with (folder / "huge.bin").open("ab") as file:
        file.write(b"1")

    assert set(before.files) == {"coins.py", "../huge.bin"}
    assert code(inner, kwargs={"data": "../huge.bin"}).digest not in (before.digest, "unknown")


def test_an_argument_that_names_a_folder_around_the_code_means_no_data(folder):
    before = code(folder)

    assert code(folder, kwargs={"out": str(folder.parent)}).files == before.files


def test_a_registered_environment_has_the_code_that_its_id_and_its_arguments_name(folder, monkeypatch):
    (folder / "robot.xml").write_text("<mujoco/>")
    monkeypatch.syspath_prepend(folder)

    assert code_of(EnvironmentSpec(name="cart", id="CartPole-v1", kwargs={"sutton": True}), folder).digest == ""
    assert set(code_of(EnvironmentSpec(name="c", id="coins:Coins-v0"), folder).files) == {"coins.py", "board.txt"}
    ant = EnvironmentSpec(name="ant", id="Ant-v5", kwargs={"xml_file": "./robot.xml"})
    assert set(code_of(ant, folder).files) == {"robot.xml"}


@pytest.mark.parametrize("name", [b"gr\xf6sse.csv", b"gr\xf6sse/x", b"gr\xf6sse.py", b"levels/gr\xf6sse"])
def test_names_of_another_coding_are_names_too(folder, name, monkeypatch, tmp_path_factory):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
    spec = EnvironmentSpec(name="coins", entry_point="coins:Env", path=".")
    before = code(folder)
    path = folder / os.fsdecode(name)
    path.parent.mkdir(exist_ok=True)
    path.write_text("1")

    assert all(found.isascii() for found in code(folder).files)
    assert (code(folder) == before) == (name == b"gr\xf6sse/x")
    assert trust.code_digest(spec, folder) is not None
