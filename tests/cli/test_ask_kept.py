"""What goes with an answer in plain lines: evidence and confidence, and where they stay when it is taken back."""

from pathlib import Path

import pytest

from scoper.domain.questionnaire import Answer
from scoper.services.cases import create_case, set_answer
from tests.cli.asking import LIBRARY, ask, asked, case


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "case.yaml"


def test_note_and_confidence_go_with_the_next_answer_only(path: Path) -> None:
    run = ask(path, "n Bo said: 'no', # twice", "c high", "no", "yes")
    first, second = asked(run.stdout)[:2]
    assert case(path).case.answers == {
        first: (Answer(answer="no", confidence="high", evidence="Bo said: 'no', # twice"),),
        second: (Answer(answer="yes"),),
    }


def test_undo_takes_back_step_by_step_to_the_start_and_then_says_so(path: Path) -> None:
    run = ask(path, "yes", "s", "no", "u", "u", "u", "u")
    order = asked(run.stdout)
    assert order[4:7] == [order[2], order[1], order[0]]
    assert "Nothing to undo" in run.stdout
    assert f"Undone: {order[0]} is unanswered again." in run.stdout
    assert case(path).case.answers == {}


def test_undo_brings_back_the_former_answer_with_its_evidence(path: Path) -> None:
    before = (Answer(answer="yes", evidence="seen", by="Ana"), Answer(answer="no", by="Bo"))
    set_answer(create_case(path, title="x"), "known_rules", before, LIBRARY.questions)
    run = ask(path, "j known rules", "partly", "u", options=())
    assert "replaced the answers of 2 people" in run.stdout
    assert "Undone: known_rules = yes, evidence: seen, by Ana; no, by Bo" in run.stdout
    assert case(path).case.answers == {"known_rules": before}


def test_another_answer_keeps_evidence_and_confidence_and_says_so(path: Path) -> None:
    given = Answer(answer="yes", confidence="low", evidence="Bo said so")
    set_answer(create_case(path, title="x"), "known_rules", (given,), LIBRARY.questions)
    run = ask(path, "j known_rules", "no", options=())
    assert case(path).case.answers["known_rules"] == (given.model_copy(update={"answer": "no"}),)
    said = next(line for line in run.stdout.splitlines() if line.startswith("Saved: known_rules"))
    assert "Bo said so" in said
    assert "low" in said


def test_what_belonged_to_an_answer_that_was_taken_back_belongs_to_the_next(path: Path) -> None:
    run = ask(path, "n seen in May", "c low", "yes", "u", "no")
    (answers,) = case(path).case.answers.values()
    assert answers == (Answer(answer="no", confidence="low", evidence="seen in May"),)
    assert "evidence is kept for the answer that comes instead: seen in May" in run.stdout
    assert "confidence is kept for the answer that comes instead: low" in run.stdout


def test_what_belonged_to_one_question_is_never_saved_with_another(path: Path) -> None:
    run = ask(path, "n of the first", "c low", "yes", "n of the second", "c high", "yes", "u", "u", "s", "no", "no")
    first, second = asked(run.stdout)[:2]
    answers = case(path).case.answers
    assert first not in answers
    assert answers[second] == (Answer(answer="no", confidence="high", evidence="of the second"),)
    (third,) = (given for signal, given in answers.items() if signal != second)
    assert third == (Answer(answer="no"),)
