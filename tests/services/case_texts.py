"""The questions and the reading of cases that several tests share."""

from typing import Any

import pytest
from hypothesis import strategies as st

from scoper.domain.questionnaire import GRADED_VALUES, Case, Question
from scoper.errors import InputError
from scoper.services.case_format import parse_case


def question(name: str, kind: Any = "graded", values: tuple[str, ...] = GRADED_VALUES) -> Question:
    text = dict.fromkeys(("section", "text", "why", "example", "counter_example", "source"), "x")
    return Question(id=name, kind=kind, meanings=dict.fromkeys(values, "m"), **text)


QUESTIONS = {
    name: question(name)
    for name in ("reward_measurable", "cheap_simulation", "known_rules", "model_known", "goal_shifts", "steps_fixed")
}
QUESTIONS["horizon"] = question("horizon", "choice", ("one_step", "short", "long", "unknown"))
HEAD = "scoper: 1\ntitle: Reorder\n"


def loaded(text: str) -> Case:
    return parse_case(text, "case.yaml", QUESTIONS)


def complaints(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        loaded(text)
    return str(caught.value).split("\n")


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.text(
    "ab :#-'\"\n\t\\{}[],é😀&*!|>%@`", max_size=30
)
