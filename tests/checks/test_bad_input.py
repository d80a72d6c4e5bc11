"""Files that are no input: refused with file, line and column, exit 2, and without a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scoper.checks import Check, discover
from scoper.interfaces.cli.main import main
from scoper.services.checking import SHORT

CHECKS, _ = discover()
TABLES = {"records": "table.csv", "rules": "table.csv", "programme": "plan.csv"}
NEEDED = {"off_policy": ["--always", "x"], "text_baseline": ["--classifier", "none"]}

BAD_TABLES = {
    "empty": (b"", ""),
    "blank": (b"\n  \n", ""),
    "header only": (b"text,label,action,propensity,outcome,task,passed,sense\n", ""),
    "not UTF-8": ("größe,b\n1,2\n".encode("latin-1"), ":1:3"),
    "UTF-16": ("a,b\n1,2\n".encode("utf-16"), ":1:1"),
    "NUL": (b"a,b\n1,\x002\n", ":2:3"),
    "ragged": (b"a,b\n1,2\n1,2,3\n1\n", ":3"),
    "duplicate header": (b"a,a,c\n1,2,3\n", ":1:3"),
    "nameless column": (b"a,,c\n1,2,3\n", ":1:3"),
    "open quote": (b'a,b\n1,"2\n3,4\n', ":2"),
}
BAD_DOCUMENTS = {
    "empty": (b"", ""),
    "not UTF-8": ("a: größe\n".encode("latin-1"), ":1:6"),
    "NUL": (b"a: \x00\n", ":1:4"),
    "broken": (b"a: [1, 2\nb: 3\n", ":1"),
    "a list": (b"- 1\n- 2\n", ":"),
    "a word": (b"hello\n", ":1:1"),
}


def of_kinds(*kinds: str) -> list[Check]:
    return [check for check in CHECKS if check.inputs and check.inputs[0].kind in kinds]


def call(check: Check, path: Path) -> list[str]:
    short = next(s for s, full in SHORT.items() if full == check.technique)
    return ["check", short, check.id.replace("_", "-"), str(path), *NEEDED.get(check.id, [])]


def refused(capsys: pytest.CaptureFixture[str], argv: list[str]) -> str:
    code = main(argv)
    shown = capsys.readouterr()
    assert code == 2, shown.err
    assert shown.out == ""
    assert "Traceback" not in shown.err
    assert "error[internal]" not in shown.err
    return shown.err


@pytest.mark.parametrize("name", BAD_TABLES)
@pytest.mark.parametrize("check", [pytest.param(c, id=c.id) for c in of_kinds("records", "rules", "programme")])
def test_a_faulty_table_is_refused_with_its_place(
    check: Check, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content, place = BAD_TABLES[name]
    path = tmp_path / "table.csv"
    path.write_bytes(content)

    assert f"{path}{place}" in refused(capsys, call(check, path))


@pytest.mark.parametrize("name", BAD_DOCUMENTS)
@pytest.mark.parametrize("check", [pytest.param(c, id=c.id) for c in of_kinds("document", "case")])
def test_a_faulty_document_is_refused_with_its_place(
    check: Check, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content, place = BAD_DOCUMENTS[name]
    path = tmp_path / "file.yaml"
    path.write_bytes(content)

    assert f"{path}{place}" in refused(capsys, call(check, path))


@pytest.mark.parametrize("check", [pytest.param(c, id=c.id) for c in CHECKS if c.inputs])
def test_a_file_of_one_gigabyte_is_refused_with_advice_and_unread(
    check: Check, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(2**30)
    told = refused(capsys, call(check, path))

    assert "1,024 MiB, the most is" in told
    assert told.rstrip().endswith(")")
    assert path.stat().st_blocks < 64


@pytest.mark.parametrize("check", [pytest.param(c, id=c.id) for c in CHECKS if c.inputs])
def test_a_missing_file_and_a_folder_in_its_place_are_refused(
    check: Check, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cases.csv").mkdir()

    assert "no such file" in refused(capsys, call(check, tmp_path / "gone.csv"))
    assert "folder" in refused(capsys, call(check, tmp_path / "cases.csv"))


@pytest.mark.parametrize("check", [pytest.param(c, id=c.id) for c in CHECKS if c.inputs])
def test_without_its_file_a_check_says_what_the_file_is(check: Check, capsys: pytest.CaptureFixture[str]) -> None:
    told = refused(capsys, call(check, Path("x"))[:3])

    assert check.inputs[0].help.split(":")[0] in told


@pytest.mark.parametrize(
    ("technique", "name", "header", "missing"),
    [
        ("llm", "pass-k", "task,result", "passed"),
        ("llm", "text-baseline", "body,label", "text"),
        ("bandit", "off-policy", "action,outcome", "propensity"),
        ("optimisation", "programme", "row,rhs,x", "sense"),
    ],
)
def test_a_missing_column_is_named_with_what_is_allowed(
    technique: str, name: str, header: str, missing: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "table.csv"
    path.write_text(f"{header}\n{','.join('1' for _ in header.split(','))}\n")
    told = refused(capsys, ["check", technique, name, str(path), "--json"])

    assert f"{path}:1:1: there is no column '{missing}'" in told


def test_a_misspelled_column_gets_the_nearest_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("amount,decision\n" + "1,yes\n2,no\n" * 10)

    told = refused(capsys, ["check", "automation", "determinism", str(path), "--decision", "decisoin"])
    assert "did you mean 'decision'?" in told


@pytest.mark.parametrize(
    ("technique", "name", "header", "near"),
    [("llm", "pass-k", "task;pased", "pased"), ("bandit", "off-policy", "acton\tpropensty\toutcom", "propensty")],
)
def test_a_column_that_is_nearly_right_is_named_beside_what_is_allowed(
    technique: str, name: str, header: str, near: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "table.csv"
    path.write_text(f"{header}\n" + ("1;1\n" if ";" in header else "1\t1\t1\n") * 12)
    told = refused(capsys, ["check", technique, name, str(path)])

    assert f"did you mean '{near}'? columns" in told


def test_a_cell_of_two_hundred_thousand_characters_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cases.csv"
    path.write_text(f"text,label\nshort,a\n{'x' * 200_000},b\n")

    assert f"{path}:3:1: a cell of more than 100,000 characters" in refused(
        capsys, ["check", "llm", "text-baseline", str(path), "--classifier", "none"]
    )


def test_every_wrong_number_of_a_call_is_told_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["check", "llm", "load", "--per-hour", "many", "--seconds", "0", "--peak", "0.5", "--late", "5"]
    told = refused(capsys, argv)

    assert [flag for flag in ("--per-hour", "--seconds", "--peak", "--late") if flag not in told] == []


def test_semicolons_decimal_commas_a_byte_order_mark_and_crlf_are_read(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    rows = "".join(f"{i % 5},5;{'yes' if i % 5 > 2 else 'no'}\r\n" for i in range(60))
    path.write_bytes(("\ufeffamount;ok\r\n" + rows).encode())

    assert main(["check", "automation", "rule-learnability", str(path), "--json"]) == 0


def test_json_holds_no_number_that_json_cannot(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["check", "automation", "break-even", "--volume", "1", "--minutes", "0", "--hourly", "1", "--share", "0.5"]

    assert main([*argv, "--build", "5", "--json"]) == 0
    document = json.loads(capsys.readouterr().out, parse_constant=lambda word: pytest.fail(word))
    assert document["results"][0]["outcome"]["quantities"][1]["value"] is None
