"""`scoper diagnostics` as people and programs use it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from scoper.diagnostics import discover
from scoper.errors import UsageError
from scoper.interfaces.cli.main import cli
from scoper.services.catalogue import GROUPS, load_catalogue


def asked(*argv: str) -> Result:
    return CliRunner().invoke(cli, ["diagnostics", *argv], catch_exceptions=False)


def test_the_list_has_every_diagnostic_under_the_question_of_its_group() -> None:
    lines = asked().output.splitlines()
    known, _ = discover()

    for each in known:
        row = next(i for i, line in enumerate(lines) if line.startswith(f"  {each.id} "))
        heading = next(line for line in reversed(lines[:row]) if line and not line.startswith(" "))
        assert heading == GROUPS[each.group]


def test_a_page_tells_formula_source_inputs_threshold_and_failure() -> None:
    (known,) = load_catalogue(("robustness",)).diagnostics
    page = " ".join(asked("robustness").output.split())

    assert known.method is not None
    for text in (known.question, known.method.formula, known.method.source, known.method.threshold):
        assert text in page
    assert known.method.failure in page


def test_a_kind_of_defect_finds_those_that_catch_it() -> None:
    found = load_catalogue(("constant_reward",)).diagnostics

    assert found
    assert all("constant_reward" in (each.id, *each.catches) for each in found)


def test_json_has_a_row_per_diagnostic_with_all_that_is_known() -> None:
    document = json.loads(asked("--json").output)
    known, _ = discover()

    assert document["format"] == 1
    assert {row["id"] for row in document["diagnostics"]} == {each.id for each in known}
    assert [group["id"] for group in document["groups"]] == list(GROUPS)
    keys = {"id", "group", "question", "summary", "catches", "rank", "formula", "source", "inputs", "threshold"}
    assert all(set(row) == keys | {"failure"} for row in document["diagnostics"])


def test_a_name_that_does_not_exist_is_told_the_nearest_one() -> None:
    with pytest.raises(UsageError, match="no diagnostic 'robustnes'"):
        load_catalogue(("robustnes",))
