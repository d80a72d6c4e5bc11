"""The way from a new case to a verdict by keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import OptionList

from scoper.domain.questionnaire import Answer
from scoper.interfaces.tui.app import ScoperApp
from scoper.services import scoping
from scoper.services.cases import read_case
from scoper.services.library import Library
from tests.tui.on_screen import answers_in, text_of

Maker = Callable[..., ScoperApp]
SIZE = (80, 24)


@pytest.mark.slow
async def test_keys_alone_lead_from_a_new_case_to_its_verdict(app_on: Maker, folder: Path, library: Library) -> None:
    app = app_on()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("n", *"Sort mail", "enter", *"By hand today", "enter")
        for _ in range(len(library.questions)):
            if app.session.current is None:
                break
            await pilot.press("1")
        await pilot.press("f4")

        assert app.session.step == "verdict"
        assert app.session.verdict is not None
        assert app.session.verdict.technique != "undecided"
    saved = read_case(folder / "sort_mail.yaml", library.questions).case
    assert (saved.title, saved.summary) == ("Sort mail", "By hand today")
    assert set(saved.answers) == set(app.session.case.answers)


async def test_the_mouse_chooses_like_a_digit(app_on: Maker, case: Path, library: Library) -> None:
    app = app_on(case)
    async with app.run_test(size=SIZE) as pilot:
        asked = app.session.current
        await pilot.click("#answers", offset=(5, 0))

        assert asked is not None
        assert answers_in(case, library)[asked][0].answer == library.questions[asked].values[0]


async def test_saved_is_said_only_of_what_is_in_the_file(app_on: Maker, case: Path, library: Library) -> None:
    app = app_on(case)
    async with app.run_test(size=SIZE) as pilot:
        asked = app.session.current
        assert "Saved" not in app.session.saved
        await pilot.press("2")

        assert app.session.saved.startswith("Saved")
        assert asked in answers_in(case, library)


async def test_skipping_asks_another_question_and_writes_nothing(app_on: Maker, case: Path) -> None:
    text = case.read_text()
    app = app_on(case)
    async with app.run_test(size=SIZE) as pilot:
        first = app.session.current
        await pilot.press("s")

        assert app.session.current != first
        assert app.session.state_of(str(first)) == "skipped"
    assert case.read_text() == text


@pytest.mark.slow
async def test_skipping_everything_ends_with_the_ways_on(app_on: Maker, case: Path, library: Library) -> None:
    app = app_on(case)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(*["s"] * len(library.questions))
        assert app.session.current is None
        await pilot.press("1")

        assert app.session.step == "review"


@pytest.mark.slow
async def test_the_jump_list_leads_to_any_question(app_on: Maker, case: Path, library: Library) -> None:
    app = app_on(case)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("1", "j")
        options = app.screen.query_one("#jump", OptionList).options
        shown = "\n".join(str(option.prompt) for option in options)
        listed = [option.id for option in options if option.id]
        await pilot.press("end", "enter")

        assert listed[: len(library.questions)] == list(library.questions)
        assert app.session.current == listed[-1]
        assert "answered" in shown
        assert "open" in shown


@pytest.mark.slow
async def test_changing_an_answer_in_the_review_comes_back_to_it(app_on: Maker, case: Path, library: Library) -> None:
    app = app_on(case)
    async with app.run_test(size=SIZE) as pilot:
        asked = app.session.current
        await pilot.press("1", "f3", "home", "enter")
        changed = app.session.current
        await pilot.press("2")

        assert app.session.step == "review"
        assert answers_in(case, library)[str(changed)][0].answer == library.questions[str(changed)].values[1]
        assert asked is not None


@pytest.mark.slow
async def test_a_case_resumes_at_its_first_open_question(app_on: Maker, case: Path) -> None:
    app = app_on(case)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("1", "1")
        following = app.session.current

    again = app_on(case)
    async with again.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert again.session.current == following
        assert "Resumed: 2 of" in again.session.saved


@pytest.mark.slow
async def test_a_key_draws_anew_only_what_it_changed(app_on: Maker, case: Path) -> None:
    app = app_on(case)
    async with app.run_test(size=(120, 40)) as pilot:
        while app.session.verdict is None:  # what would flip it, worked out beside the screen
            await pilot.pause(0.05)
        await pilot.pause()
        answers, panel = app.screen.query_one("#answers", OptionList), app.screen.query_one("#verdict-panel")
        before, drawn, laid_out = answers.options, [], []
        panel.refresh = lambda *args, **kwargs: drawn.append(args)  # type: ignore[method-assign]
        app.screen.screen_layout_refresh_signal.subscribe(answers, laid_out.append, immediate=True)
        await pilot.press("c")

        assert "low" in text_of(app)
        assert answers.options == before
        assert drawn == laid_out == []
        del panel.refresh  # its own again
        await pilot.press("v")
        assert laid_out
        assert not panel.display


@pytest.mark.slow
async def test_evidence_and_confidence_go_with_the_answer(app_on: Maker, case: Path, library: Library) -> None:
    app = app_on(case)
    async with app.run_test(size=SIZE) as pilot:
        asked = str(app.session.current)
        await pilot.press("c", "c", "e", *"ledger of May", "enter", "1")

    assert answers_in(case, library)[asked] == (
        Answer(answer=library.questions[asked].values[0], confidence="medium", evidence="ledger of May"),
    )


@pytest.mark.slow
async def test_evidence_noted_after_the_answer_is_saved_at_once(app_on: Maker, case: Path, library: Library) -> None:
    app = app_on(case)
    async with app.run_test(size=SIZE) as pilot:
        asked = str(app.session.current)
        await pilot.press("1", "j", "home", "enter")
        assert app.session.current == asked
        await pilot.press("e", *"a meter", "enter")

        assert answers_in(case, library)[asked][0].evidence == "a meter"


async def test_a_file_changed_outside_is_read_again_and_the_answer_goes_into_it(
    app_on: Maker, case: Path, library: Library
) -> None:
    app = app_on(case)
    async with app.run_test(size=SIZE) as pilot:
        asked = str(app.session.current)
        other = next(signal for signal in reversed(library.questions) if signal != asked)
        case.write_text(f"scoper: 1\ntitle: Route vans\nanswers:\n  {other}: unknown  # by hand\n", encoding="utf-8")
        await pilot.press("1")
        assert app.screen.is_modal
        assert asked not in answers_in(case, library)
        await pilot.press("1")

        assert set(answers_in(case, library)) == {asked, other}
        assert app.session.case.title == "Route vans"
        assert "# by hand" in case.read_text()


@pytest.mark.slow
async def test_answers_of_several_people_are_replaced_only_when_asked_to(
    app_on: Maker, folder: Path, library: Library
) -> None:
    path = folder / "two.yaml"
    people = "[{answer: yes, by: Ana}, {answer: no, by: Ben}]"
    path.write_text(f"scoper: 1\ntitle: Two\nanswers:\n  reward_measurable: {people}\n", encoding="utf-8")
    app = app_on(path)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f3", "home")
        rows = app.screen.query_one("#review", OptionList)
        rows.highlighted = rows.get_option_index("reward_measurable")
        await pilot.press("enter", "2")
        assert len(answers_in(path, library)["reward_measurable"]) == 2
        await pilot.press("1")

    kept = answers_in(path, library)["reward_measurable"]
    assert [(a.by, a.answer) for a in kept] == [("Ana", "yes"), ("Ben", "no"), (None, "partly")]


async def test_a_broken_case_in_the_list_is_explained_and_not_opened(app_on: Maker, folder: Path) -> None:
    text = "scoper: 1\ntitle: Broken\nanswers:\n  reward_mesurable: maybe\n"
    (folder / "broken.yaml").write_text(text, encoding="utf-8")
    app = app_on()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("down", "enter")
        assert app.screen.is_modal
        assert "broken.yaml:4:" in text_of(app)
        assert "choose" not in text_of(app), "there is nothing to choose"
        await pilot.press("enter")

        assert app.session.step == "welcome"
    assert (folder / "broken.yaml").read_text() == text


async def test_the_verdict_panel_hides_and_returns(app_on: Maker, case: Path) -> None:
    app = app_on(case)
    async with app.run_test(size=SIZE) as pilot:
        panel = app.screen.query_one("#verdict-panel")
        assert panel.display
        await pilot.press("v")
        assert not panel.display
        await pilot.press("v")

        assert panel.display


@pytest.mark.slow
async def test_the_verdict_with_its_reasons_follows_every_answer(app_on: Maker, case: Path, library: Library) -> None:
    app = app_on(case)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("1", "f4")
        first = app.session.verdict
        await pilot.press("f3", "f4")
        assert app.session.verdict is first
        await pilot.press("f2", "3", "f4")

        assert app.session.verdict == scoping.assess(app.session.case, library)
        assert app.session.verdict != first


async def test_a_new_case_without_a_title_says_what_is_missing(app_on: Maker, folder: Path) -> None:
    app = app_on()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("n", "enter")
        await pilot.pause()

        assert app.focused is not None
        assert app.focused.id == "title"
        assert "A case needs a title" in text_of(app)
        await pilot.press("x")
        assert "A case needs a title" not in text_of(app)
        await pilot.press("backspace")
    assert not list(folder.iterdir())
