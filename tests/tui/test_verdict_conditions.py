"""The verdict screen's conditions call questions as the rest of the screen does."""

from scoper.domain.questionnaire import Case
from scoper.interfaces.cli.verdict_text import verdict_lines
from scoper.interfaces.tui import words
from scoper.interfaces.tui.verdict_text import _condition, _top
from scoper.reasoning.verdict import TO_FIND_OUT
from scoper.services.library import load_library
from scoper.services.scoping import assess


def test_a_condition_names_open_questions_by_their_titles() -> None:
    told = _condition(f"{TO_FIND_OUT}reward_measurable, output_checkable.")
    assert told == f"{TO_FIND_OUT}{words.signal('reward_measurable')}, {words.signal('output_checkable')}."
    assert "_" not in told


def test_any_other_condition_stays_as_it_is() -> None:
    assert _condition("Keep a person in front of it.") == "Keep a person in front of it."


def test_what_a_verdict_is_marked_as_is_called_the_same_on_the_screen_and_in_lines() -> None:
    case = Case(title="x")
    verdict = assess(case, load_library()).model_copy(update={"qualifiers": ("record_keeping",)})
    screen = ["".join(text if isinstance(text, str) else text[0] for text in paragraph) for paragraph in _top(verdict)]
    assert "Mark as  record keeping" in screen
    assert "  Mark as" in list(verdict_lines(case, verdict))
