"""What the screens say in words: support, outlook, what an answer changed, and how text is made to fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content

from scoper.domain.decision import TECHNIQUES, NextQuestion, Technique, Verdict
from scoper.interfaces.cli.verdict_text import brief_lines
from scoper.interfaces.tui import words
from scoper.interfaces.tui.widgets import verdict_panel
from scoper.interfaces.wording import SETTLED, worth


def verdict(*support: float, settled: bool = False, undecided: bool = False) -> Verdict:
    shares = (*support, *[0.0] * (len(TECHNIQUES) - len(support)))
    ranking = tuple(Technique(technique=t, support=s) for t, s in zip(TECHNIQUES, shares, strict=True))
    possible = tuple(e.technique for e in ranking if e.support) + (("undecided",) if undecided else ())
    return Verdict(technique=TECHNIQUES[0], ranking=ranking, possible=possible, settled=settled, readiness="go")


def unsettled_support(one: Verdict, share: float) -> Verdict:
    """`one`, its second technique with a share that only an unsure answer gives it."""
    second = one.ranking[1].model_copy(update={"support": share})
    return one.model_copy(update={"ranking": (one.ranking[0], second, *one.ranking[2:])})


def asked(**parts: object) -> NextQuestion:
    return NextQuestion.model_validate({"signal": "known_rules", "gain": 0.0, "matters": "technique", **parts})


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (
            asked(gain=0.314, may_change=0.25, effort="days"),
            "25% likely to change the verdict alone, tells 0.31 bits, days of work",
        ),
        (asked(may_change=0.001), "under 1% likely to change the verdict alone"),
        (asked(may_change=0.999), "over 99% likely to change the verdict alone"),
        (asked(may_change=0.0, gain=0.02), "changes the verdict only with others, tells 0.02 bits"),
        (asked(may_change=0.0, matters="conditions", effort="weeks"), "sharpens the conditions, weeks of work"),
        (NextQuestion(signal="known_rules", gain=0.5), "tells 0.50 bits"),  # saved before worth was computed
    ],
)
def test_the_worth_of_a_question_is_said_the_same_way_everywhere(question: NextQuestion, said: str) -> None:
    assert worth(question) == said


@pytest.mark.parametrize(
    ("share", "said"), [(0.0, "0 %"), (0.004, "<1 %"), (0.5, "50 %"), (0.996, ">99 %"), (1.0, "100 %")]
)
def test_only_nothing_and_everything_are_rounded_to_the_ends(share: float, said: str) -> None:
    assert words.percent(share) == said


def test_undecided_is_no_technique_that_is_still_possible() -> None:
    assert words.outlook(verdict(0.5, 0.3, undecided=True)) == "not settled: 2 of 6 possible"
    assert words.undecided(verdict(0.5, 0.3, undecided=True)) == pytest.approx(0.2)


def test_the_share_that_leads_to_no_technique_is_called_so() -> None:
    said = verdict_panel.low(verdict(0.5, 0.31, undecided=True), (), (), 78).plain

    assert "no technique: 19 %" in said
    assert "none of them" not in said


def test_settled_means_that_no_open_answer_changes_the_technique_here_and_on_the_command_line() -> None:
    settled = verdict(1.0, settled=True)

    assert words.outlook(settled) == SETTLED
    assert SETTLED in " ".join(" ".join(brief_lines(settled)).split())
    assert words.unsure(settled) == ""


def test_what_unsure_answers_leave_to_others_is_said_and_not_ruled_out() -> None:
    unsure = unsettled_support(verdict(0.97, settled=True), 0.03)
    shown = verdict_panel.tall(unsure, (), (), 37).plain

    assert words.unsure(unsure) == "3 % goes elsewhere should an unsure answer not hold"
    assert [verdict_panel.support(unsure, entry) for entry in unsure.ranking[:3]] == ["97 %", "3 %", "ruled out"]
    assert all(words.cells(row) <= 37 for row in shown.splitlines())


def test_an_answer_is_told_by_what_it_settled_moved_and_ruled_out() -> None:
    told = words.difference(verdict(0.6, 0.4), verdict(1.0, settled=True))

    assert told == ("settled", "Reinforcement learning 60 % → 100 %", "ruled out: LLM orchestration")


@pytest.mark.parametrize(("readiness", "said"), [("go", "- go"), ("go_if", "- conditional go"), ("no", "- no")])
@pytest.mark.parametrize("width", [58, 78])
def test_the_verdict_so_far_says_whether_to_go_where_there_is_little_room(
    readiness: str, said: str, width: int
) -> None:
    """Of the longest name, settled or not, with the share that leads to no technique."""
    for one in (verdict(1.0, settled=True), verdict(0.4, 0.3, 0.1, undecided=True)):
        ready = one.model_copy(update={"readiness": readiness})
        lowest = verdict_panel.lowest(ready, width).plain.splitlines()[0]
        low = verdict_panel.low(ready, (), (), width).plain.splitlines()[0]

        for shown in (lowest, low):
            assert shown.startswith(f"Reinforcement learning {said}")
            assert ("settled" if one.settled else "3 of 6 possible") in shown
            assert words.cells(shown) <= width


def test_an_answer_that_changes_only_the_readiness_is_told_so() -> None:
    before, after = verdict(1.0, settled=True), verdict(1.0, settled=True).model_copy(update={"readiness": "not_yet"})

    assert words.difference(before, after) == ("readiness go → not yet",)


def test_an_answer_that_moves_nothing_says_so() -> None:
    assert words.difference(verdict(0.6, 0.4), verdict(0.6, 0.4)) == ("nothing moved",)


@given(st.lists(st.text(min_size=1), min_size=1, max_size=5), st.integers(2, 60))
def test_phrases_never_take_more_room_than_there_is(phrases: list[str], width: int) -> None:
    assert words.cells(words.as_fits(tuple(map(words.one_line, phrases)), width)) <= width


@given(st.text(), st.integers(0, 60))
def test_fitted_text_is_clean_and_within_its_cells(text: str, width: int) -> None:
    fitted = words.fit(text, width)

    assert words.cells(fitted) <= width
    assert "\x1b" not in fitted
    assert "\n" not in fitted


@given(st.text(), st.text(), st.integers(20, 100))
def test_wrapped_paragraphs_keep_every_word_and_the_width(head: str, body: str, width: int) -> None:
    title = words.line(words.fit(head, width - 12))
    wrapped = words.hanging(title, body, width)

    assert all(row.cell_length <= width for row in wrapped.split("\n"))
    assert "".join(wrapped.plain.split()) == "".join((title.plain + words.one_line(body)).split())


@given(st.text("ab \n", max_size=80), st.integers(2, 20), st.integers(1, 5))
def test_clipped_text_fits_its_rows_and_says_that_something_is_left_out(text: str, width: int, rows: int) -> None:
    whole = Content(text).wrap(width)
    shown = words.clipped(Content(text), width, rows).wrap(width)

    assert len(shown) <= max(rows, 1)
    assert all(row.cell_length <= width for row in shown)
    if len(whole) > rows:
        assert shown[-1].plain.endswith("…")
    else:
        assert [row.plain for row in shown] == [row.plain for row in whole]


def test_the_count_of_what_is_possible_agrees_with_the_list_below_it() -> None:
    """Also where only an unsure answer that does not hold leads to a technique."""
    unsure = unsettled_support(verdict(0.5, 0.0, 0.3), 0.06)
    listed = [entry for entry in unsure.ranking if verdict_panel.support(unsure, entry) != "ruled out"]

    assert words.outlook(unsure) == f"not settled: {len(listed)} of 6 possible"


def test_what_leads_elsewhere_once_settled_is_said_to_need_another_answer() -> None:
    flips = ("language and tool work: yes → LLM orchestration",)
    for settled, head in ((True, "Only if an answer changes"), (False, "Flips with")):
        shown = verdict_panel.low(verdict(1.0, settled=settled), (), flips, 78).plain
        assert f"{head}  language and tool work" in shown
        tall = verdict_panel.tall(verdict(1.0, settled=settled), (), flips, 37).plain
        assert (head in tall) == settled


def test_a_share_that_rounds_to_what_it_was_is_not_told_as_a_move() -> None:
    assert words.difference(verdict(0.602, 0.398), verdict(0.604, 0.396)) == ("nothing moved",)
    assert words.difference(verdict(0.50, 0.021), verdict(0.57, 0.018))[0] == "Reinforcement learning 50 % → 57 %"
