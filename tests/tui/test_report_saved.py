"""A report saved from the screen: the same as the command writes, and never over another sort of file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scoper.errors import UsageError
from scoper.interfaces.cli.main import main
from scoper.interfaces.tui import spec_steps, steps
from scoper.interfaces.tui.session import Session
from scoper.services.library import Library

Example = Callable[[str], Path]


@pytest.mark.parametrize("name", ["run.sh", "report.pdf", "parcels.yaml"])
def test_a_file_of_another_sort_is_never_replaced(case: Path, library: Library, name: str) -> None:
    other = case.with_name(name)
    kept = other.read_bytes() if other.exists() else b"echo\n"
    other.write_bytes(kept)
    session = steps.open_case(Session(library), case)
    with pytest.raises(UsageError, match="no reports with the ending"):
        spec_steps.save_report(session, name, overwrite=True)
    assert other.read_bytes() == kept


@pytest.mark.slow
@pytest.mark.parametrize("name", ["warehouse_reorder", "parcel_claims", "cartpole"])
def test_the_screen_and_the_command_write_the_same_report(
    example: Example, folder: Path, library: Library, name: str
) -> None:
    path = example(name)
    session = steps.go(steps.open_case(Session(library, folder), path), "report")
    spec_steps.save_report(session, "report.md")
    from_screen = (folder / "report.md").read_bytes()
    assert main(["report", path.name, "-o", "report.md", "--force"]) == 0
    assert (folder / "report.md").read_bytes() == from_screen


def test_a_report_of_a_spec_that_is_not_saved_says_so_and_names_where_it_will_be(
    example: Example, folder: Path, library: Library
) -> None:
    path = example("warehouse_reorder")
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(row for row in rows if not row.startswith("spec:")), encoding="utf-8")
    session = steps.go(steps.open_case(Session(library, folder), path), "spec")
    assert session.spec is not None
    written = steps.go(spec_steps.type_spec(session, f"# mine\n{session.spec.text}"), "report")
    saved = spec_steps.save_report(written, "screen.md")
    assert saved.saved.endswith("the spec in it is not saved yet")
    assert "--spec warehouse_reorder_scaffold/mdp.yaml" in (folder / "screen.md").read_text()


def test_a_draft_that_nobody_wrote_in_is_not_in_the_report(example: Example, folder: Path, library: Library) -> None:
    path = example("warehouse_reorder")
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(row for row in rows if not row.startswith("spec:")), encoding="utf-8")
    session = steps.go(steps.open_case(Session(library, folder), path), "spec")
    spec_steps.save_report(steps.go(session, "report"), "screen.md")
    assert "scoper scaffold warehouse_reorder.yaml -o work" in (folder / "screen.md").read_text()
