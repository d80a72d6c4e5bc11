"""The catalogue of diagnostics: everything a reader needs stands in it, and every kind of defect has its catcher."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scoper.diagnostics import Diagnostic, discover
from scoper.domain.findings import DEFECTS
from scoper.services.catalogue import GROUPS

ROOT = Path(__file__).parent.parent.parent
DIAGNOSTICS, _ = discover()
OWN = [each for each in DIAGNOSTICS if (ROOT / "scoper/diagnostics" / f"{each.id}.py").exists()]
INPUTS = {"arrays", "model", "episodes", "timesteps", "objective", "terms", "learner", "replays"}
LEAST = 35


def named(diagnostics: list[Diagnostic]) -> list[object]:
    return [pytest.param(each, id=each.id) for each in diagnostics]


@pytest.mark.parametrize("each", named(OWN))
def test_a_diagnostic_says_what_it_asks_how_it_answers_when_it_speaks_and_where_it_fails(each: Diagnostic) -> None:
    method = each.method

    assert each.question.endswith("?")
    assert each.summary.endswith(".")
    assert "\n" not in each.summary
    assert each.group in GROUPS
    assert method is not None, f"{each.id} has no method"
    empty = [name for name in ("formula", "source", "inputs", "threshold", "failure") if not getattr(method, name)]
    assert empty == []


@pytest.mark.parametrize("each", named(OWN))
def test_inputs_are_told_in_the_words_of_the_method(each: Diagnostic) -> None:
    assert each.method is not None
    words = {word for text in each.method.inputs for word in re.split(r" or |, ", text)}

    assert words - INPUTS == set()


@pytest.mark.parametrize("each", named(OWN))
def test_a_diagnostic_catches_known_kinds_of_defect_only(each: Diagnostic) -> None:
    assert [kind for kind in each.catches if kind not in DEFECTS] == []
    assert len(set(each.catches)) == len(each.catches)


def test_every_kind_of_defect_is_caught_by_a_diagnostic() -> None:
    caught = {kind for each in OWN for kind in each.catches}

    assert [kind for kind in DEFECTS if kind not in caught] == []


def test_every_group_has_diagnostics_and_there_are_at_least_thirty_five() -> None:
    assert {each.group for each in OWN} == set(GROUPS)
    assert len(OWN) >= LEAST


@pytest.mark.parametrize("each", named(OWN))
def test_some_test_of_the_diagnostics_or_of_the_probe_names_it(each: Diagnostic) -> None:
    texts = [path.read_text() for room in ("diagnostics", "probe") for path in (ROOT / "tests" / room).glob("*.py")]

    assert any(re.search(rf"\b{each.id}\b", text) for text in texts)


def test_readme_and_contributing_say_how_to_add_one() -> None:
    for name in ("README.md", "CONTRIBUTING.md"):
        assert "scoper/diagnostics/" in (ROOT / name).read_text(), name
    guide = (ROOT / "CONTRIBUTING.md").read_text()

    for word in ("Method", "formula", "source", "inputs", "threshold", "known failure", "DEFECTS"):
        assert word in guide, word
