"""The verdict screen's conditions call questions as the rest of the screen does."""

from scoper.interfaces.tui import words
from scoper.interfaces.tui.verdict_text import _condition
from scoper.reasoning.verdict import TO_FIND_OUT


def test_a_condition_names_open_questions_by_their_titles() -> None:
    told = _condition(f"{TO_FIND_OUT}reward_measurable, output_checkable.")
    assert told == f"{TO_FIND_OUT}{words.signal('reward_measurable')}, {words.signal('output_checkable')}."
    assert "_" not in told


def test_any_other_condition_stays_as_it_is() -> None:
    assert _condition("Keep a person in front of it.") == "Keep a person in front of it."
