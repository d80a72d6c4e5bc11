"""A project in parts on the screens: each part with its verdict, one opened as FILE#PART, saved where it belongs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scoper.interfaces.tui import steps, words
from scoper.interfaces.tui.app import ScoperApp
from scoper.interfaces.tui.session import Session, Step
from scoper.services.cases import read_case
from scoper.services.library import Library, data_path
from scoper.services.project import project_of
from tests.tui.on_screen import rows

TEXT = (
    "scoper: 1\ntitle: T\nanswers: {language_and_tools: no}  # all\nparts:\n"
    "  forms:\n    title: Forms\n    answers: {known_rules: yes, steps_fixed: yes}\n    hands_to: {rest: the others}\n"
    "  rest:\n    title: Rest  # open\n"
)
Maker = Callable[..., ScoperApp]


@pytest.fixture
def project(folder: Path) -> Path:
    path = folder / "project.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def shown(app: ScoperApp) -> str:
    return " ".join(" ".join(rows(app)).split())


async def test_a_project_opens_at_its_parts_with_the_verdict_of_each(
    app_on: Maker, example: Callable[[str], Path], library: Library
) -> None:
    path = example("field_service")
    told = project_of(read_case(path, library.questions).case, library)
    assert told is not None
    app = app_on(path)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        page = shown(app)

        for number, part in enumerate(told.parts, start=1):
            assert f"{number} {part.title} {words.technique(part.verdict.technique)}" in page
        assert "hands over to Planning the tours: tickets with place, skill and deadline" in page


async def test_a_digit_opens_a_part_and_its_answer_is_saved_under_it(
    app_on: Maker, project: Path, library: Library
) -> None:
    copy = project.with_name("copy.yaml")
    copy.write_bytes(project.read_bytes())
    app = app_on(project)
    async with app.run_test() as pilot:
        await pilot.press("2")
        await pilot.pause()
        opened = app.session
        assert opened.file is not None
        assert (opened.step, opened.file.named.name) == ("interview", "project.yaml#rest")
        asked = opened.current
        await pilot.press("1")
        await pilot.pause()

    whole = read_case(project, library.questions).case
    assert whole.parts is not None
    assert asked is not None
    before = {part.id: part.answers for part in read_case(copy, library.questions).case.parts or ()}
    given = {part.id: part.answers for part in whole.parts}
    assert given["forms"] == before["forms"]
    assert [answer.answer for answer in given["rest"][asked]] == [library.questions[asked].values[0]]
    assert asked not in before["rest"]
    assert asked not in whole.answers
    assert project.read_text(encoding="utf-8").startswith(TEXT.removesuffix("\n"))


@pytest.mark.slow
async def test_going_back_from_a_part_shows_what_its_answers_changed(
    app_on: Maker, project: Path, library: Library
) -> None:
    app = app_on(project)
    async with app.run_test() as pilot:
        await pilot.press("2")
        await pilot.pause()
        app.do(steps.ask, "known_rules")
        app.do(steps.answer, "yes")
        app.do(steps.ask, "steps_fixed")
        app.do(steps.answer, "yes")
        await pilot.press("f2", "b")
        await pilot.pause()
        listed = app.session.project

        assert app.session.step == "parts"
        assert listed is not None
        assert [part.verdict.technique for part in listed.parts] == ["plain_automation"] * 2


async def test_shared_answers_are_asked_for_all_parts_and_saved_above_them(
    app_on: Maker, project: Path, library: Library
) -> None:
    app = app_on(project)
    async with app.run_test() as pilot:
        await pilot.press("3")
        await pilot.pause()
        asked = app.session.current
        assert "T, what its parts share" in shown(app)
        await pilot.press("1")
        await pilot.pause()

    assert asked in read_case(project, library.questions).case.answers


@pytest.mark.parametrize("step", ["verdict", "spec", "probe"])
def test_what_belongs_to_one_part_is_not_made_of_the_shared_answers(
    project: Path, library: Library, step: Step
) -> None:
    session = steps.go(steps.open_case(Session(library), project), step)

    assert (session.step, session.verdict, session.spec) == ("parts", None, None)
    assert ("choose a part" in session.saved) == (step != "verdict")


@pytest.mark.slow
async def test_the_report_of_a_project_is_about_all_parts(app_on: Maker, project: Path) -> None:
    app = app_on(project)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("f7")
        while not app.session.report:
            await pilot.pause(0.02)

        assert "## Part by part" in app.session.report


def test_a_copied_example_brings_the_specs_of_its_parts(folder: Path, library: Library, tmp_path: Path) -> None:
    home = tmp_path / "elsewhere"
    home.mkdir()
    spec = data_path("examples", "warehouse_reorder.mdp.yaml").read_text(encoding="utf-8")
    (home / "a.mdp.yaml").write_text(spec, encoding="utf-8")
    (home / "p.yaml").write_text(TEXT + "    spec: a.mdp.yaml\n", encoding="utf-8")

    steps.copy_example(Session(library, folder=folder), home / "p.yaml")

    assert (folder / "a.mdp.yaml").read_text(encoding="utf-8") == spec


@pytest.mark.slow
@pytest.mark.parametrize("size", [(60, 16), (80, 24), (200, 60)], ids=str)
async def test_the_list_of_parts_fits(app_on: Maker, example: Callable[[str], Path], size: tuple[int, int]) -> None:
    from tests.tui.test_sizes import cut_off

    app = app_on(example("field_service"))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()

        assert cut_off(app) == []
        assert "Reading the requests" in shown(app)
        assert app.screen.query_one("#parts").size.width <= 132
