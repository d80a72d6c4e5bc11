"""Several respondents: answers under a name, and everybody's side by side."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scoper.interfaces.tui import compare, steps
from scoper.interfaces.tui.app import ScoperApp
from scoper.interfaces.tui.session import Session
from scoper.services.cases import read_case
from scoper.services.library import Library
from tests.tui.on_screen import text_of

CASE = """scoper: 1
title: Two people
answers:
  reward_measurable:
    - {answer: yes, by: Ana}
    - {answer: no, by: Ben, confidence: low}
  known_rules: {answer: no, by: Ana}
"""


def session_of(library: Library, folder: Path) -> Session:
    path = folder / "people.yaml"
    path.write_text(CASE, encoding="utf-8")
    return steps.explain(steps.open_case(Session(library), path))


def test_everybody_has_a_column_and_a_star_marks_what_they_differ_on(library: Library, folder: Path) -> None:
    rows = [str(row) for row in compare.table(session_of(library, folder), 80)]
    starred = [row for row in rows if row.startswith(" *")]
    head = next(row for row in rows if row.split() == ["Ana", "Ben"])

    assert len(starred) == 1
    assert "yes" in starred[0]
    assert starred[0].index("yes") == head.index("Ana")
    assert starred[0].index("no (low)") == head.index("Ben")
    assert any("differ on 1" in row for row in rows)


def test_the_name_of_a_question_is_whole_where_there_is_room_for_it(library: Library, folder: Path) -> None:
    path = folder / "long.yaml"
    path.write_text(CASE + "  sequential_delayed: {answer: yes, by: Ben}\n", encoding="utf-8")
    session = steps.explain(steps.open_case(Session(library), path))

    for width, whole in ((118, True), (66, False)):
        text = "\n".join(str(row) for row in compare.table(session, width))
        assert ("sequential with delayed effect " in text) == whole
        assert max(len(row.rstrip()) for row in text.splitlines()) <= width


def test_where_there_is_no_room_for_columns_everybody_has_a_line(library: Library, folder: Path) -> None:
    rows = [str(row) for row in compare.table(session_of(library, folder), 40)]

    assert "     Ana: yes" in rows
    assert max(map(len, rows)) <= 60


def test_one_respondent_is_told_how_others_join(library: Library, folder: Path, case: Path) -> None:
    rows = compare.table(steps.open_case(Session(library), case), 60)

    assert "--by NAME" in " ".join(str(row) for row in rows)


@pytest.mark.slow
async def test_answers_under_a_name_stand_beside_those_of_others(
    app_on: Callable[..., ScoperApp], library: Library, folder: Path
) -> None:
    path = folder / "people.yaml"
    path.write_text(CASE, encoding="utf-8")
    app = app_on(path)
    async with app.run_test(size=(80, 24)) as pilot:
        app.do(steps.answer_as, "Cleo")
        app.do(steps.ask, "reward_measurable")
        await pilot.press("2")

        given = read_case(path, library.questions).case.answers["reward_measurable"]
        assert [(a.by, a.answer) for a in given] == [("Ana", "yes"), ("Ben", "no"), ("Cleo", "partly")]
        await pilot.press("f3", "p")
        await pilot.pause()
        assert "Cleo" in text_of(app)
