"""A file given at the wrong door is refused with what it is and the command that takes it."""

from pathlib import Path

import pytest

from scoper.errors import InputError
from scoper.services.cases import read_case
from scoper.services.check_recognition import fitting
from scoper.services.library import load_library
from scoper.services.other_files import command_for, other_file
from scoper.services.portfolio import portfolio
from scoper.services.specs import parse_spec
from scoper.services.verifying import verify

TABLE = "invoice,amount,approved\nR1,20.5,yes\nR2,900,no\n"


def _written(folder: Path, name: str, data: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


@pytest.mark.parametrize(
    ("name", "data", "command"),
    [
        ("past.csv", TABLE, "scoper check automation {path} --case {stem}.yaml"),
        ("past", TABLE, "scoper check automation {path} --case {stem}.yaml"),
        ("valve.py", "class Valve:\n    pass\n", "scoper probe {path} --trust"),
        ("report.md", "# Verdict\n\n- a: b\n", "scoper verify {path}"),
        ("book.xlsx", b"PK\x03\x04\xff\xfe", "scoper check automation FILE.csv"),
        ("idea.pdf", b"%PDF-1.7\xff\xfe", "scoper ask {stem}.yaml"),
    ],
)
def test_a_case_reader_names_the_command_that_takes_another_file(
    tmp_path: Path, name: str, data: str | bytes, command: str
) -> None:
    path = _written(tmp_path, name, data)
    with pytest.raises(InputError) as caught:
        read_case(path, load_library(None).questions)
    assert len(caught.value.problems) == 1
    assert command.format(path=path, stem=path.with_suffix("")) in caught.value.problems[0].remedy


@pytest.mark.parametrize(
    ("name", "text", "code", "command"),
    [
        ("past.csv", TABLE, "spec-is-table", "scoper check automation past.csv"),
        ("valve.py", "x: int = 1\n", "spec-is-python", "scoper probe valve.py --trust"),
        ("report.md", "# A\n\n- b: c: d\n", "spec-is-report", "scoper verify report.md"),
    ],
)
def test_a_spec_reader_names_the_command_that_takes_another_file(name: str, text: str, code: str, command: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_spec(text, name)
    (problem,) = caught.value.problems
    assert problem.code == code
    assert command in problem.remedy


def test_verify_says_which_commands_take_a_table(tmp_path: Path) -> None:
    path = _written(tmp_path, "past.csv", TABLE)
    with pytest.raises(InputError, match="check automation"):
        verify(path, load_library(None))


def test_checks_of_past_cases_refuse_code_and_name_the_probe(tmp_path: Path) -> None:
    path = _written(tmp_path, "valve.py", "x = 1\n")
    with pytest.raises(InputError, match="scoper probe"):
        fitting("plain_automation", path, {})


def test_a_faulty_case_in_a_file_of_yaml_is_never_taken_for_something_else() -> None:
    assert other_file(TABLE, "case.yaml", "case") is None
    assert other_file("scoper: 1\ntitle: a, b\n", "case", "case") is None


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("scoper: 1\ntitle: A\n", "scoper ask given.yaml"),
        ("# mine\nscoper_mdp: 1\n", "scoper probe given.yaml"),
        ("scoper_gate: 1\n", "scoper gate CASE.yaml given.yaml"),
    ],
)
def test_a_file_in_the_place_of_a_command_gets_the_command_that_takes_it(text: str, command: str) -> None:
    assert command in command_for(text, "given.yaml")


def test_a_text_that_is_nothing_of_scopers_gets_no_command() -> None:
    assert command_for("hello: there\n", "given.yaml") == ""


@pytest.mark.parametrize(
    ("name", "data", "ranked"),
    [
        ("note.txt", "Nothing to rank.\n", False),
        ("mdp.yaml", "scoper_mdp: 1\nname: x\n", False),
        (".hidden/case.yaml", "scoper: 1\ntitle: x\n", False),
        ("case.yaml", "scoper: 1\ntitle: x\n", True),
        ("deep/case.yml", "scoper: 1\ntitle: x\n", True),
        ("broken.yaml", "scoper: 1\ntitle: [x\n", True),
    ],
)
def test_a_folder_is_sent_to_the_ranking_only_where_there_is_a_case(
    tmp_path: Path, name: str, data: str, ranked: bool
) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    _written(tmp_path, name, data)
    library = load_library(None)
    with pytest.raises(InputError) as caught:
        verify(tmp_path, library)
    assert ("scoper portfolio" in str(caught.value)) is ranked
    assert "name a file in it" in str(caught.value)
    if ranked:
        portfolio(tmp_path, library)
    else:
        with pytest.raises(InputError, match="no case in this folder"):
            portfolio(tmp_path, library)
