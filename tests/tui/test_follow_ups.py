"""The follow-up questions on the screens: the same as in plain lines, saved the same way, to skip and to take back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scoper.interfaces.cli.approach_text import ALL_PUT_OFF
from scoper.interfaces.cli.follow_ups import FollowUps
from scoper.interfaces.tui import steps
from scoper.interfaces.tui.app import ScoperApp
from scoper.interfaces.tui.following import listed, why_none
from scoper.interfaces.tui.review import rows_of
from scoper.interfaces.tui.session import Session
from scoper.interfaces.tui.widgets.question_view import _ways_on
from scoper.services.cases import read_case
from scoper.services.library import Library
from scoper.services.scoping import assess

Example = Callable[[str], Path]
MAILS = "support_mail_triage"


def opened(path: Path, library: Library) -> Session:
    return steps.open_case(Session(library), path)


def asked_in_lines(path: Path, library: Library, answers: dict[str, str]) -> list[str]:
    """The questions that plain lines ask, each answered as `answers` says and otherwise with unknown."""
    asked: list[str] = []

    def read(prompt: str) -> str:
        asked.append(prompt.removesuffix("> "))
        return answers.get(asked[-1], "unknown")

    FollowUps(read_case(path, library.questions), library, read=read, tell=lambda said: None).run()
    return asked


@pytest.mark.parametrize("name", [MAILS, pytest.param("field_service", marks=pytest.mark.slow)])
def test_screens_and_plain_lines_ask_the_same_and_leave_the_same_file(
    example: Example, library: Library, name: str
) -> None:
    path = example(name)
    before = path.read_text(encoding="utf-8")
    session, asked, given = steps.follow(opened(path, library)), [], {}
    while session.current is not None:
        asked.append(session.current)
        question = session.question
        assert question is not None
        given[question.id] = question.values[len(asked) % 2]
        session = steps.answer(session, given[question.id])
    on_screens = path.read_text(encoding="utf-8")
    path.write_text(before, encoding="utf-8")

    assert asked
    assert asked_in_lines(path, library, given) == asked
    assert path.read_text(encoding="utf-8") == on_screens


def test_follow_ups_leave_technique_and_readiness_alone(example: Example, library: Library) -> None:
    path = example(MAILS)
    first = assess(read_case(path, library.questions).case, library)
    session = steps.follow(opened(path, library))
    while session.current is not None:
        assert session.current not in library.questions
        session = steps.answer(session, "yes" if session.question and "yes" in session.question.values else "unknown")

    then = assess(read_case(path, library.questions).case, library)
    assert then.model_copy(update={"notes": first.notes}) == first


def test_a_follow_up_is_skipped_and_every_answer_taken_back(example: Example, library: Library) -> None:
    path = example(MAILS)
    before = path.read_text(encoding="utf-8")
    start = steps.follow(opened(path, library))
    first = start.current
    skipped = steps.skip(start)
    assert first is not None
    assert skipped.current != first
    assert path.read_text(encoding="utf-8") == before
    again = steps.undo(skipped)
    assert again.current == first

    question = again.question
    assert question is not None
    answered = steps.answer(again, question.values[0])
    assert answered.case.answers[first][0].answer == question.values[0]
    back = steps.undo(answered)
    assert first not in back.case.answers
    assert back.current == first
    assert read_case(path, library.questions).case == read_case_text(before, path, library)


def read_case_text(text: str, beside: Path, library: Library) -> object:
    copy = beside.with_name("before.yaml")
    copy.write_text(text, encoding="utf-8")
    return read_case(copy, library.questions).case


def test_evidence_and_confidence_go_with_a_follow_up(example: Example, library: Library) -> None:
    session = steps.follow(opened(example(MAILS), library))
    signal = session.current
    assert signal is not None
    noted = steps.next_confidence(steps.note(session, "the log of May"))
    given = steps.answer(noted, "unknown").case.answers[signal][0]
    assert (given.evidence, given.confidence) == ("the log of May", "low")


def test_the_review_lists_follow_ups_answered_or_worth_asking_and_changes_them(
    example: Example, library: Library
) -> None:
    session = steps.follow(opened(example(MAILS), library))
    signal = session.current
    assert signal is not None
    review = steps.go(steps.answer(session, "unknown"), "review")
    rows = dict(rows_of(review, 100))
    assert review.approach is not None
    assert {signal, *review.approach.open} - set(library.questions) <= set(listed(review))
    assert not set(listed(review)) & set(library.questions)
    assert set(listed(review)) <= set(rows)
    assert "unknown" in str(rows[signal])

    changed = steps.answer(steps.ask(review, signal, "review"), "yes")
    assert changed.step == "review"
    assert changed.case.answers[signal][0].answer == "yes"


def test_a_case_without_a_follow_up_worth_asking_says_so_and_stays(example: Example, library: Library) -> None:
    there = steps.go(opened(example("invoice_approval"), library), "verdict")
    told = steps.follow(there)
    assert (told.step, told.following) == ("verdict", False)
    assert told.saved == "No further follow-up question tells anything more"


def test_follow_ups_that_were_all_put_off_are_not_said_to_tell_nothing(example: Example, library: Library) -> None:
    session = steps.follow(opened(example(MAILS), library))
    while session.current is not None:
        session = steps.skip(session)
    assert why_none(session) == ALL_PUT_OFF
    assert steps.follow(steps.follow(session)).saved == ALL_PUT_OFF.removesuffix(".")


def test_the_review_tells_follow_ups_from_what_is_not_needed(example: Example, library: Library) -> None:
    review = steps.go(opened(example(MAILS), library), "review")
    assert review.approach is not None
    rows = {name: str(row) for name, row in rows_of(review, 100) if name}
    for name in review.interview.skipped if review.interview else ():
        asked = name in review.approach.open
        assert ("a follow-up" in rows[name], "not needed" in rows[name]) == (asked, not asked)


def test_calling_follow_ups_twice_goes_back_to_the_questions_of_the_verdict(example: Example, library: Library) -> None:
    start = opened(example(MAILS), library)
    there = steps.follow(start)
    back = steps.follow(there)
    assert there.current != start.current
    assert (back.current, back.following) == (start.current, False)


@pytest.mark.slow
async def test_keys_alone_lead_from_the_verdict_through_follow_ups_and_back_to_the_review(
    app_on: Callable[..., ScoperApp], example: Example, library: Library
) -> None:
    app = app_on(example(MAILS))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f4")
        await pilot.pause()
        page = str(app.screen.query_one("#verdict-text").content)
        assert "How to go about it" in page
        assert "would narrow it down" in page
        await pilot.press("f")
        await pilot.pause()
        signal = app.session.current
        assert signal is not None
        assert "Follow-up, at most" in str(app.screen.query_one("#place").content)
        await pilot.press("1", "f3")
        await pilot.pause()
        assert signal in app.session.case.answers
        keys = [option.id for option in app.screen.query_one("#review").options]
        assert signal in keys
        await pilot.press("end", "home", "u")
        await pilot.pause()
        assert signal not in app.session.case.answers
        assert app.session.file is not None
        assert read_case(app.session.file.path, library.questions).case == app.session.case


def test_calling_follow_ups_from_the_verdict_says_when_none_is_left_and_stays(
    example: Example, library: Library
) -> None:
    session = steps.follow(opened(example(MAILS), library))
    while session.current is not None:
        session = steps.answer(session, "unknown")
    told = steps.follow(steps.go(session, "verdict"))
    assert (told.step, told.saved) == ("verdict", "No further follow-up question tells anything more")


def test_follow_ups_are_offered_at_the_end_only_while_one_is_left(example: Example, library: Library) -> None:
    def ways(session: Session) -> list[str]:
        return [way for way, _ in _ways_on("1234", session)]

    session = opened(example(MAILS), library)
    while session.current is not None:
        session = steps.skip(session)
    assert "follow" in ways(session)
    session = steps.follow(session)
    while session.current is not None:
        session = steps.answer(session, "unknown")
    assert "follow" in ways(session), "it leads back to the questions of the verdict"
    assert ways(steps.follow(session)) == ["review", "verdict", "jump"]


def test_what_a_follow_up_changed_does_not_repeat_the_technique(case: Path, library: Library) -> None:
    given = "{language_and_tools: no, known_rules: no, solver_formulation: yes}"
    case.write_text(f"scoper: 1\ntitle: Plan\nanswers: {given}\n", encoding="utf-8")
    session = steps.answer(steps.ask(steps.follow(opened(case, library)), "plan_form"), "amounts")
    assert session.approach is not None

    assert session.approach.said[0].startswith("classical optimisation: linear program")
    assert session.changed[0].startswith("plan form: linear program, as far as answered")
