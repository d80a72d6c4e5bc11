"""Several respondents: answers under a name, and everybody's side by side."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scoper.domain.questionnaire import NO_NAME
from scoper.interfaces.cli.workbench_words import compared
from scoper.interfaces.tui import compare, steps
from scoper.interfaces.tui.app import ScoperApp
from scoper.interfaces.tui.session import Session
from scoper.interfaces.tui.verdict_text import page
from scoper.interfaces.wording import words as plainly
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


def test_somebody_without_a_name_leads_somewhere_and_is_called_the_same_everywhere(
    library: Library, folder: Path
) -> None:
    path = folder / "nameless.yaml"
    text = "scoper: 1\ntitle: Two\nanswers:\n  known_rules:\n    - {answer: no}\n    - {answer: yes, by: Ana}\n"
    path.write_text(text, encoding="utf-8")
    session = steps.explain(steps.open_case(Session(library), path))
    verdict = session.verdict
    assert verdict is not None

    assert [each.by for each in verdict.respondents] == ["Ana", NO_NAME]
    assert [dict(each.answers) for each in verdict.disagreements] == [{NO_NAME: "no", "Ana": "yes"}]
    rows = [str(row) for row in compare.table(session, 80)]
    leads = rows[rows.index("Where each leads") + 1 : rows.index("")]
    assert [row.split("  ")[1] for row in leads] == ["Ana", NO_NAME]
    assert f"Ana: {plainly(verdict.respondents[0].technique)}" in list(compared(verdict))
    assert "Agree on known rules: respondents differ." in str(page(verdict, session.case, library.questions, 100))


def test_several_without_a_name_on_one_question_are_told_apart(library: Library, folder: Path) -> None:
    path = folder / "nameless.yaml"
    text = "scoper: 1\ntitle: Two\nanswers:\n  known_rules:\n    - {answer: no}\n    - {answer: yes}\n"
    path.write_text(text, encoding="utf-8")
    session = steps.explain(steps.open_case(Session(library), path))
    assert session.verdict is not None

    assert dict(session.verdict.disagreements[0].answers) == {NO_NAME: "no", f"{NO_NAME} 2": "yes"}
    assert compare.people(session.case) == (NO_NAME, f"{NO_NAME} 2")


def test_a_heading_stands_only_over_something(library: Library, folder: Path) -> None:
    path = folder / "apart.yaml"
    text = "scoper: 1\ntitle: Two\nanswers:\n  known_rules: no\n  state_space: {answer: enumerable, by: Ana}\n"
    path.write_text(text, encoding="utf-8")
    rows = [str(row) for row in compare.table(steps.explain(steps.open_case(Session(library), path)), 80)]

    assert "Where each leads" not in rows


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
