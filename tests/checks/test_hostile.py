"""Every check and every technique against files that nobody means to give: exit 2 with the place, never a traceback."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from scoper.checks import Check, discover
from scoper.interfaces.cli.main import main
from scoper.services import strict_yaml
from scoper.services.checking import SHORT

pytestmark = pytest.mark.slow
CHECKS = [check for check in discover()[0] if check.inputs]
NEEDED = {"off_policy": ["--always", "a"], "text_baseline": ["--classifier", "none"]}
HEAD = "text,label,action,propensity,outcome,task,passed,row,sense,rhs,new_a,day,decision\n"
ROW = "hello there,a,a,0.5,1,t1,1,r1,<=,5,1,2024-01-01,yes\n"
REFUSED_TABLES = {
    "every cell empty": b",,,\n,,,\n",
    "UTF-16 without a mark": (HEAD + ROW * 20).encode("utf-16-be"),
    "UTF-32": (HEAD + ROW * 20).encode("utf-32"),
    "latin-1 in a cell": HEAD.encode() + "größe".encode("latin-1") + ROW.encode(),
    "NUL in a cell": (HEAD + "\x00" + ROW).encode(),
    "a quote never closed": (HEAD + '"' + ROW * 30).encode(),
    "a quote never closed in the header": b'"a,b\n1,2\n',
    "a terminal's escape": b"a,b\n1,\x1b[31m2\n",
    "too many columns": (",".join(f"c{i}" for i in range(2000)) + "\n").encode(),
    "a row of sixty thousand cells": b"a,b\n" + b"x," * 60_000 + b"\n",
}
ODD_TABLES = {  # some checks can read these; none may break on them
    "one row": HEAD + ROW,
    "forty equal rows": HEAD + ROW * 40,
    "a word among numbers": HEAD + ROW * 20 + ROW.replace("0.5", "half"),
    "a number beyond all": "action,propensity,outcome,new_a\n" + "a,0.5,1e400,1\n" * 30,
    "nan and inf": "action,propensity,outcome,new_a\n" + "a,nan,inf,1\n" * 30,
    "dates of three forms": "day,units\n" + "2024-01-01,1\n03/04/2024,2\n5 May 2024,3\n" * 20,
    "empty cells": HEAD + "," * 12 + "\n" + ROW.replace("yes", "") * 20,
    "one column": "a\n" + "1\n" * 50,
    "line ends of old": "a,b\r1,2\r3,4\r" * 10,
    "a thousand columns": "\n".join(
        [",".join(f"c{i}" for i in range(1000)), *(",".join(str((i * j) % 7) for j in range(1000)) for i in range(30))]
    ) + "\n",
}  # fmt: skip
WHOLE_FILE = {("decision_table", "every cell empty"), ("decision_table", "too many columns")}
"""Refused for what the file is as a whole, without a line."""
_BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(9)
)
DOCUMENTS = {
    "a bomb of aliases": _BOMB.encode(),
    "three thousand brackets": b"a: " + b"[" * 3000 + b"]" * 3000,
    "a key twice": b"scoper_workflow: 1\nstart: a\nstart: b\nsteps: {a: {kind: model}}\n",
    "broken": b'{"a": [1, 2',
    "more after the end": b'{"a": 1}}',
    "a tab before a key": b"a:\n\tb: 1\n",
    "a tag that runs code": b'a: !!python/object/apply:os.system ["id"]\n',
    "an alias of itself": b"a: &x [*x]\n",
    "two documents": b"a: 1\n---\nb: 2\n",
    "UTF-16": "scoper_workflow: 1\n".encode("utf-16"),
    "a mark alone": b"\xef\xbb\xbf",
    "wrong kinds": b"scoper_workflow: x\nstart: [1]\nlimits: 3\nsteps: {a: 1, b: [2], c: {kind: {x: 1}, next: 5}}\n",
    "wrong kinds of calls": b"scoper_calls: []\nmodels: 1\ncalls: x\n",
    "wrong kinds of contracts": b'[{"name": 5, "parameters": {"type": 7, "properties": [1]}}]',
    "not a number": b"scoper_calls: 1\nmodels: {m: {input_price: .nan}}\ncalls: {a: {model: m, fixed_tokens: -5}}\n",
}


def of(*kinds: str) -> list[object]:
    return [pytest.param(check, id=check.id) for check in CHECKS if check.inputs[0].kind in kinds]


def called(check: Check, path: Path) -> list[str]:
    short = next(short for short, full in SHORT.items() if full == check.technique)
    return ["check", short, check.id.replace("_", "-"), str(path), *NEEDED.get(check.id, [])]


def told(capsys: pytest.CaptureFixture[str], argv: list[str], *codes: int) -> str:
    code = main(argv)
    shown = capsys.readouterr()
    assert code in codes, shown.err
    assert "Traceback" not in shown.err
    assert "error[internal]" not in shown.err
    assert code != 2 or "error[" in shown.err
    return shown.err


@pytest.mark.parametrize("check", of("records", "rules", "programme"))
@pytest.mark.parametrize("name", REFUSED_TABLES)
def test_a_table_that_cannot_be_read_is_refused_with_its_line(
    check: Check, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(REFUSED_TABLES[name])

    said = told(capsys, called(check, path), 2)
    assert re.search(re.escape(str(path)) + r":\d+", said) or (check.id, name) in WHOLE_FILE


@pytest.mark.parametrize("check", of("records", "rules", "programme"))
@pytest.mark.parametrize("name", ODD_TABLES)
def test_an_odd_table_is_read_or_refused_in_words(
    check: Check, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "table.csv"
    path.write_text(ODD_TABLES[name])

    told(capsys, called(check, path), 0, 2)


@pytest.mark.parametrize("check", of("document", "case"))
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_that_is_none_is_refused_in_words(
    check: Check, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / ("file.json" if DOCUMENTS[name][:1] in (b"{", b"[") else "file.yaml")
    path.write_bytes(DOCUMENTS[name])

    readable = check.id == "tools" and name == "wrong kinds of contracts"  # its faults are what the check is for
    said = told(capsys, called(check, path), 0 if readable else 2)
    assert readable or str(path) in said


@pytest.mark.parametrize("technique", SHORT)
@pytest.mark.parametrize("name", [*REFUSED_TABLES, *ODD_TABLES, *DOCUMENTS])
def test_a_technique_given_such_a_file_says_so_too(
    technique: str, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if name in DOCUMENTS:
        path, content = tmp_path / "file.yaml", DOCUMENTS[name]
    else:
        odd = ODD_TABLES.get(name)
        path, content = tmp_path / "table.csv", REFUSED_TABLES[name] if odd is None else odd.encode()
    path.write_bytes(content)
    told(capsys, ["check", technique, str(path)], 0, 2)


@pytest.mark.parametrize("check", [pytest.param(check, id=check.id) for check in CHECKS])
def test_a_pipe_that_nobody_writes_into_does_not_hang_a_check(
    check: Check, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strict_yaml, "_PIPE_WAIT_S", 0.01)
    path = tmp_path / "pipe.csv"
    os.mkfifo(path)

    assert "nobody wrote into this pipe" in told(capsys, called(check, path), 2)


@pytest.mark.parametrize("technique", SHORT)
def test_a_large_file_a_folder_and_a_missing_one_are_refused_for_a_technique_too(
    technique: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    large, folder = tmp_path / "large.csv", tmp_path / "folder.csv"
    with large.open("wb") as file:
        file.truncate(2**30)
    folder.mkdir()

    assert "1,024 MiB, the most is" in told(capsys, ["check", technique, str(large)], 2)
    assert "folder" in told(capsys, ["check", technique, str(folder)], 2)
    assert "no such file" in told(capsys, ["check", technique, str(tmp_path / "gone.csv")], 2)
    assert large.stat().st_blocks < 64
