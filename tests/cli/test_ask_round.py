"""`scoper ask --by NAME`: a second respondent goes through what others answered without seeing it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scoper.domain.questionnaire import Answer
from scoper.services.cases import CaseFile, create_case, read_case, set_answer
from scoper.services.library import load_library
from tests.in_process import scoper

LIBRARY = load_library()
ANA = {"known_rules": "yes", "horizon": "long", "sequential_delayed": "yes"}


def ask(path: Path, *lines: str, by: str | None = "Uwe") -> str:
    text = "".join(f"{line}\n" for line in lines)
    environment = {**os.environ, "COLUMNS": "1000"}
    run = scoper("ask", path, *(("--by", by) if by else ()), input=text, env=environment)
    assert (run.returncode, run.stderr) == (0, "")
    return run.stdout


def answers(path: Path) -> dict[str, tuple[Answer, ...]]:
    return dict(read_case(path, LIBRARY.questions).case.answers)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file: CaseFile = create_case(tmp_path / "case.yaml", title="Orders")
    for signal, value in ANA.items():
        file = set_answer(file, signal, (Answer(answer=value, evidence="ledger", by="Ana"),), LIBRARY.questions)
    return tmp_path / "case.yaml"


@pytest.mark.slow
def test_a_second_respondent_is_told_how_many_questions_others_answered(path: Path) -> None:
    assert "Others answered 3 questions that you did not. a asks you these as well" in ask(path)
    assert "Others answered" not in ask(path, by="Ana")
    assert "Others answered" not in ask(path, by=None)


@pytest.mark.slow
def test_the_round_asks_exactly_what_others_answered_and_records_beside_it(path: Path) -> None:
    order = [signal for signal in LIBRARY.questions if signal in ANA]
    own = {signal: "short" if signal == "horizon" else "no" for signal in order}
    said = ask(path, "a", *own.values(), "q")
    asked = [line.split()[1] for line in said.split("\n") if "(answered by others" in line]
    assert asked == order
    assert "That was the last question that others answered." in said
    assert answers(path) == {
        signal: (Answer(answer=value, evidence="ledger", by="Ana"), Answer(answer=own[signal], by="Uwe"))
        for signal, value in ANA.items()
    }


def test_the_round_shows_nothing_of_what_others_answered(path: Path) -> None:
    first = next(signal for signal in LIBRARY.questions if signal in ANA)
    said = ask(path, "a", "no", "r", "u", "u", "unknown", "q").split("VERDICT")[0]
    assert "Ana" not in said
    assert "ledger" not in said
    assert f"{first} = {ANA[first]}" not in said
    assert f"Saved: {first} = no, by Uwe" in said
    assert f"Undone: {first} is unanswered again by you." in said


def test_a_question_that_only_others_answered_is_called_so_after_a_jump(path: Path) -> None:
    first = next(signal for signal in LIBRARY.questions if signal in ANA)
    assert f"Question {first} (answered by others): " in ask(path, f"j {first}", "q")


def test_a_question_skipped_in_the_round_keeps_the_answer_of_the_others(path: Path) -> None:
    before = answers(path)
    said = ask(path, "a", "s", "s", "s", "q")
    assert said.count("What was answered stands.") == len(ANA)
    assert answers(path) == before


def test_without_a_name_or_without_such_questions_the_round_says_why_it_does_not_begin(path: Path) -> None:
    assert "--by NAME" in ask(path, "a", by=None)
    assert "There is no question that others answered and you did not." in ask(path, "a", by="Ana")


def test_the_round_is_also_offered_when_nothing_else_is_left_to_ask(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    file = create_case(path, title="Bills")
    for signal, value in {"language_and_tools": "no", "known_rules": "yes"}.items():
        file = set_answer(file, signal, (Answer(answer=value, by="Ana"),), LIBRARY.questions)
    said = ask(path, "a", "no", "q")
    assert "a asks the 2 that others answered" in said
    assert "Besides what others answered, nothing has to be asked" in said
    assert "Certain:" not in said.split("Saved: ")[0]
    assert {answer.by for given in answers(path).values() for answer in given} == {"Ana", "Uwe"}


def test_the_command_that_resumes_keeps_the_name(path: Path) -> None:
    assert f"Next: scoper ask {path} --by 'Uwe K'   (resume)" in ask(path, by="Uwe K")
    assert f"Next: scoper ask {path}   (resume)" in ask(path, by=None)
