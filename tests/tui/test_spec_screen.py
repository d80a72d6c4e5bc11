"""The spec on the screen: drafted, checked while it is typed, saved, and never written over somebody else's change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scoper.interfaces.tui import steps
from scoper.interfaces.tui.app import ScoperApp
from scoper.interfaces.tui.dialogs import SpecConflict
from scoper.interfaces.tui.widgets.safe import Choices, Sheet
from scoper.services.cases import read_case
from scoper.services.library import Library

Maker = Callable[..., ScoperApp]
Example = Callable[[str], Path]


def without_spec(case: Path) -> Path:
    rows = case.read_text(encoding="utf-8").splitlines(keepends=True)
    case.write_text("".join(row for row in rows if not row.startswith("spec:")), encoding="utf-8")
    return case


async def test_a_draft_marks_what_is_to_be_filled_in_and_writes_nothing(
    app_on: Maker, example: Example, folder: Path
) -> None:
    app = app_on(without_spec(example("warehouse_reorder")))
    files = sorted(folder.iterdir())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f5")
        desk = app.session.spec

        assert desk is not None
        assert desk.problems
        todo = [number for number, line in enumerate(desk.text.splitlines(), 1) if "TODO" in line.split("#")[0]]
        assert {problem.line for problem in desk.problems} == set(todo)
    assert sorted(folder.iterdir()) == files


async def test_choosing_a_problem_leads_to_its_line(app_on: Maker, example: Example) -> None:
    app = app_on(without_spec(example("warehouse_reorder")))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f5")
        app.screen.query_one("#problems", Choices).focus()
        await pilot.press("down", "enter")

        assert app.session.spec is not None
        assert app.screen.query_one("#sheet", Sheet).cursor_location[0] + 1 == app.session.spec.problems[1].line


@pytest.mark.slow
async def test_typing_is_checked_and_saving_writes_the_text(app_on: Maker, example: Example, folder: Path) -> None:
    app = app_on(example("warehouse_reorder"))
    spec = folder / "warehouse_reorder.mdp.yaml"
    text = spec.read_text(encoding="utf-8")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f5", "ctrl+e", *"horizn: 3", "enter")
        await pilot.pause(0.4)
        assert app.session.spec is not None
        assert any("horizn" in problem.message for problem in app.session.spec.problems)
        assert spec.read_text(encoding="utf-8") == text
        await pilot.press("ctrl+s")

        assert app.session.spec.saved
    assert spec.read_text(encoding="utf-8") == "horizn: 3\n" + text


@pytest.mark.slow
async def test_saving_a_draft_writes_its_companions_once(app_on: Maker, example: Example, folder: Path) -> None:
    app = app_on(without_spec(example("warehouse_reorder")))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f5", "ctrl+s")
        assert app.session.spec is not None
        assert app.session.spec.draft is not None
        home = folder / "warehouse_reorder_scaffold"
        written = {path.name for path in home.iterdir()} - {".scoper"}
        assert written == set(app.session.spec.draft.files)
        await pilot.press("ctrl+e")
        app.screen.query_one("#sheet", Sheet).move_cursor((0, 0))
        await pilot.press(*"# mine ", "ctrl+s")

        assert (home / "mdp.yaml").read_text(encoding="utf-8").startswith("# mine #")
        assert app.session.spec.saved


@pytest.mark.slow
async def test_a_saved_draft_is_found_again(app_on: Maker, example: Example) -> None:
    case = without_spec(example("warehouse_reorder"))
    first = app_on(case)
    async with first.run_test(size=(80, 24)) as pilot:
        await pilot.press("f5", "ctrl+e")
        first.screen.query_one("#sheet", Sheet).move_cursor((0, 0))
        await pilot.press(*"# mine", "enter", "ctrl+s")

    again = app_on(case)
    async with again.run_test(size=(80, 24)) as pilot:
        await pilot.press("f5")
        assert again.session.spec is not None
        assert again.session.spec.text.startswith("# mine\n")


@pytest.mark.slow
async def test_a_spec_changed_outside_is_not_written_over(app_on: Maker, example: Example, folder: Path) -> None:
    app = app_on(example("warehouse_reorder"))
    spec = folder / "warehouse_reorder.mdp.yaml"
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f5", "ctrl+e", "#")
        theirs = spec.read_text(encoding="utf-8") + "# theirs\n"
        spec.write_text(theirs, encoding="utf-8")
        await pilot.press("ctrl+s")
        assert app.screen.is_modal
        assert spec.read_text(encoding="utf-8") == theirs
        await pilot.press("1")
        assert app.session.spec is not None
        assert app.session.spec.text.startswith("#")
        await pilot.press("ctrl+s", "3")

        assert app.session.spec.text == theirs
        assert app.screen.query_one("#sheet", Sheet).text == theirs


@pytest.mark.slow
async def test_leaving_with_unsaved_text_asks_first(app_on: Maker, example: Example) -> None:
    app = app_on(example("warehouse_reorder"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f5", "ctrl+e", "#", "ctrl+q")
        assert app.screen.is_modal
        await pilot.press("1")
        assert app.session.spec is not None
        assert app.session.spec.text.startswith("#")
        await pilot.press("ctrl+q", "3")

    assert app.return_code == 0


@pytest.mark.slow
async def test_leaving_with_unsaved_text_saves_it_when_asked_to(app_on: Maker, example: Example) -> None:
    app = app_on(example("warehouse_reorder"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f5", "ctrl+e", "#", "ctrl+q", "2")
        spec = app.session.spec

    assert app.return_code == 0
    assert spec is not None
    assert spec.path.read_text().startswith("#")


@pytest.mark.slow
async def test_what_cannot_be_saved_is_not_left(app_on: Maker, example: Example) -> None:
    app = app_on(example("warehouse_reorder"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f5", "ctrl+e", "#")
        assert app.session.spec is not None
        app.session.spec.path.write_text("scoper_mdp: 1  # written by somebody else\n")
        await pilot.press("ctrl+q", "2")

        assert isinstance(app.screen, SpecConflict)
        assert app.session.unsaved
        assert app.return_code is None


@pytest.mark.slow
async def test_another_technique_has_its_own_draft_and_nothing_to_probe(app_on: Maker, example: Example) -> None:
    app = app_on(example("invoice_approval"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f5")
        assert app.session.spec is not None
        assert not app.session.spec.probeable
        await pilot.press("f6", "r")

        assert app.session.probe.status == "idle"


@pytest.mark.slow
async def test_an_untouched_draft_follows_the_verdict(app_on: Maker, example: Example) -> None:
    app = app_on(without_spec(example("warehouse_reorder")))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f5")
        drafted = app.session.spec
        assert app.session.interview is not None
        assert drafted is not None
        assert (app.session.interview.verdict.technique, drafted.path.name) == ("reinforcement_learning", "mdp.yaml")
        await pilot.press("f3", "home", "enter", "1", "f5")

        assert app.session.interview.verdict.technique != "reinforcement_learning"
        assert app.session.spec is not None
        assert app.session.spec.path.name != "mdp.yaml"
        assert not app.session.spec.probeable


@pytest.mark.slow
async def test_a_saved_scaffold_of_another_technique_is_found_again(
    app_on: Maker, example: Example, folder: Path
) -> None:
    case = example("invoice_approval")
    first = app_on(case)
    async with first.run_test(size=(80, 24)) as pilot:
        await pilot.press("f5", "ctrl+e")
        first.screen.query_one("#sheet", Sheet).move_cursor((0, 0))
        await pilot.press(*"mine ", "ctrl+s")
        assert first.session.spec is not None
        path = first.session.spec.path

    again = app_on(case)
    async with again.run_test(size=(80, 24)) as pilot:
        await pilot.press("f5", "ctrl+e", "end", "ctrl+s")
        assert again.session.spec is not None
        assert again.session.spec.path == path
        assert path.read_text(encoding="utf-8").startswith("mine ")
        assert not again.screen.is_modal


async def test_a_spec_outside_the_folder_of_the_case_is_not_opened(app_on: Maker, folder: Path) -> None:
    (folder / "secret.yaml").write_text("scoper_mdp: 1\n", encoding="utf-8")
    (folder / "inner").mkdir()
    case = folder / "inner" / "case.yaml"
    case.write_text("scoper: 1\ntitle: Out\nspec: ../secret.yaml\nanswers: {}\n", encoding="utf-8")
    app = app_on()
    async with app.run_test(size=(80, 24)) as pilot:
        app.do(steps.open_case, case)
        await pilot.pause()
        app.action_go("spec")
        await pilot.pause()

        assert app.screen.is_modal
        assert app.session.spec is None


@pytest.mark.slow
async def test_a_saved_draft_is_named_in_the_case(app_on: Maker, example: Example, library: Library) -> None:
    case = without_spec(example("warehouse_reorder"))
    app = app_on(case)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("f5", "ctrl+s")
        assert "the case names it now" in app.session.saved
        await pilot.press("f3", "home", "enter", "1")

        assert not app.screen.is_modal
    rows = case.read_text(encoding="utf-8").splitlines()
    assert rows.count("spec: warehouse_reorder_scaffold/mdp.yaml") == 1
    assert read_case(case, library.questions).case.spec == "warehouse_reorder_scaffold/mdp.yaml"


async def test_a_case_that_changed_meanwhile_is_not_written_when_the_spec_is_saved(
    app_on: Maker, example: Example
) -> None:
    case = without_spec(example("warehouse_reorder"))
    app = app_on(case)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("f5")
        theirs = case.read_text(encoding="utf-8") + "# theirs\n"
        case.write_text(theirs, encoding="utf-8")
        await pilot.press("ctrl+s")

        assert "not named in the case" in app.session.saved
        assert app.session.spec is not None
        assert app.session.spec.saved
    assert case.read_text(encoding="utf-8") == theirs


@pytest.mark.slow
@pytest.mark.parametrize("key", ["f5", "f6"])
async def test_a_spec_changed_outside_is_read_again_when_it_is_looked_at(
    app_on: Maker, example: Example, folder: Path, key: str
) -> None:
    app = app_on(example("warehouse_reorder"))
    spec = folder / "warehouse_reorder.mdp.yaml"
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f5", "f3")
        spec.write_text("horizn: 3\n" + spec.read_text(encoding="utf-8"), encoding="utf-8")
        await pilot.press(key)
        desk = app.session.spec

        assert desk is not None
        assert desk.text.startswith("horizn: 3")
        assert desk.problems[0].line == 1
        assert not app.screen.is_modal
        await pilot.press("f5")
        await pilot.pause()
        assert app.screen.query_one("#sheet", Sheet).text == desk.text


@pytest.mark.slow
async def test_unsaved_text_is_kept_and_the_change_outside_is_told(
    app_on: Maker, example: Example, folder: Path
) -> None:
    app = app_on(example("warehouse_reorder"))
    spec = folder / "warehouse_reorder.mdp.yaml"
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f5", "ctrl+e", *"mine: 1", "enter", "escape", "f3")
        spec.write_text("# theirs\n", encoding="utf-8")
        await pilot.press("f5")

        assert app.screen.is_modal
        assert app.session.spec is not None
        assert app.session.spec.text.startswith("mine: 1")
        await pilot.press("3")
        assert app.session.spec.text == "# theirs\n"


@pytest.mark.slow
async def test_a_spec_whose_file_is_gone_can_be_saved_again(app_on: Maker, example: Example, folder: Path) -> None:
    app = app_on(example("warehouse_reorder"))
    spec = folder / "warehouse_reorder.mdp.yaml"
    text = spec.read_text(encoding="utf-8")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f5", "f3")
        spec.unlink()
        await pilot.press("f5", "ctrl+s")

    assert spec.read_text(encoding="utf-8") == text
