"""Every check that is found: one file, complete words, known techniques, and a command and a test that name it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from scoper.checks import Check, discover
from scoper.domain.checks import CHECK_TECHNIQUES
from scoper.services.checking import SHORT, whole_checks
from scoper.services.library import load_library

ROOT = Path(__file__).resolve().parents[2]
CHECKS, BROKEN = discover()
WORDS = ("summary", "question", "formula", "source", "shows_not", "example")


def named() -> list[object]:
    return [pytest.param(check, id=check.id) for check in CHECKS]


def test_no_plug_in_is_broken_and_every_technique_has_a_check() -> None:
    assert BROKEN == ()
    assert {check.technique for check in CHECKS} == set(CHECK_TECHNIQUES) == set(SHORT.values())
    assert len(CHECKS) >= 20


@pytest.mark.parametrize("check", named())
def test_a_check_is_named_like_its_file_and_says_what_it_computes_and_what_not(check: Check) -> None:
    assert (ROOT / "scoper/checks" / f"{check.id}.py").is_file()
    assert [word for word in WORDS if not getattr(check, word).strip()] == []
    assert check.question.endswith("?")
    assert check.summary.endswith(".")
    assert check.shows_not.endswith(".")
    assert "\n" not in check.summary + check.formula


@pytest.mark.parametrize("check", named())
def test_the_example_of_a_check_calls_that_check_with_parameters_that_it_has(check: Check) -> None:
    words = check.example.split()
    flags = {word.removeprefix("--").replace("-", "_") for word in words if word.startswith("--")}

    assert SHORT[words[0]] == check.technique
    assert words[1].replace("-", "_") == check.id
    assert flags - {"fail_on"} <= {param.name for param in check.params}


@pytest.mark.parametrize("check", named())
def test_a_check_informs_about_known_questions_only_and_its_parameters_have_help(check: Check) -> None:
    assert set(check.informs) <= set(load_library().questions)
    assert [param.name for param in check.params if not param.help.endswith(".")] == []
    assert len({param.name for param in check.params}) == len(check.params)


@pytest.mark.parametrize("check", named())
def test_some_test_runs_the_check(check: Check) -> None:
    texts = [path.read_text() for path in (ROOT / "tests/checks").glob("test_*.py")]

    assert any(re.search(rf"\brun\(\s*\"{check.id}\"|checks\.{check.id}\b", text) for text in texts)


@pytest.mark.parametrize("short", SHORT)
def test_checks_that_run_together_read_the_same_kind_of_file_first(short: str) -> None:
    kinds = {check.inputs[0].kind for check in whole_checks(SHORT[short])}

    assert len(kinds) <= 1


def test_no_check_reads_files_the_clock_or_the_environment() -> None:
    banned = {"open", "os", "time", "pathlib", "random", "subprocess", "requests", "urllib"}
    for path in sorted((ROOT / "scoper/checks").glob("*.py")):
        tree = ast.parse(path.read_text())
        names = {
            alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
        }
        names |= {(node.module or "").split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        called = {
            node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert not (names | called) & banned, path.name
