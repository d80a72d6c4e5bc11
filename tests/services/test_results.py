"""A probe result beside its spec: kept, found again, and never in place of somebody else's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from scoper.domain.probe import ProbeResult
from scoper.errors import InputError, StorageError
from scoper.services.assembling import SpecFile, result_beside
from scoper.services.results import belongs, load_result, save_result
from scoper.services.specs import spec_digest

TEXT = "scoper_mdp: 1\nname: X\n"


def measured(name: str = "X", text: str = TEXT, because: str = "") -> ProbeResult:
    spec = {"name": name, "digest": spec_digest(text)}
    return ProbeResult(spec=spec, verdict="feasible", criterion="discounted", because=because)


def test_a_kept_result_is_loaded_as_it_was(tmp_path: Path) -> None:
    spec = tmp_path / "mdp.yaml"

    assert load_result(spec) is None
    assert save_result(spec, measured()) == tmp_path / "result.json"
    assert load_result(spec) == measured()


def test_the_report_command_finds_what_was_kept(tmp_path: Path) -> None:
    spec = tmp_path / "mdp.yaml"
    save_result(spec, measured())

    assert result_beside(SpecFile(spec, "mdp.yaml", TEXT, ())) == tmp_path / "result.json"
    assert result_beside(SpecFile(spec, "mdp.yaml", TEXT + "discount: 0.5\n", ())) is None


@pytest.mark.parametrize("newer", [measured(text="a: 2\n"), measured(name="Renamed")], ids=["edited", "renamed"])
def test_a_newer_result_of_the_same_spec_takes_the_place_of_the_old(tmp_path: Path, newer: ProbeResult) -> None:
    save_result(tmp_path / "mdp.yaml", measured())

    save_result(tmp_path / "mdp.yaml", newer)

    assert load_result(tmp_path / "mdp.yaml") == newer


@pytest.mark.parametrize("content", ["{}", "not json", "[1]", ""])
def test_a_file_that_holds_something_else_is_left_alone(tmp_path: Path, content: str) -> None:
    (tmp_path / "result.json").write_text(content, encoding="utf-8")

    with pytest.raises(StorageError, match="something else"):
        save_result(tmp_path / "mdp.yaml", measured())
    with pytest.raises(InputError):
        load_result(tmp_path / "mdp.yaml")
    assert (tmp_path / "result.json").read_text(encoding="utf-8") == content


def test_the_result_of_another_spec_in_the_folder_is_left_alone(tmp_path: Path) -> None:
    save_result(tmp_path / "one.yaml", measured("One", "one: 1\n"))

    with pytest.raises(StorageError, match="something else"):
        save_result(tmp_path / "two.yaml", measured("Two", "two: 2\n"))
    assert load_result(tmp_path / "one.yaml") == measured("One", "one: 1\n")


@pytest.mark.parametrize(
    ("text", "belonging"),
    [
        (TEXT, True),
        (TEXT + "discount: 0.5\n", True),
        ("name: Another\n", False),
        ("name: [X\n", True),
        ("scoper_mdp: 1\n", True),
    ],
)
def test_a_result_belongs_to_every_text_of_its_own_spec(text: str, belonging: bool) -> None:
    assert belongs(measured(), text) is belonging
