"""What a name means: every question can be explained, those that narrow down a verdict too."""

from __future__ import annotations

import pytest

from scoper.domain.questionnaire import Answer, Case
from scoper.errors import UsageError
from scoper.services.explaining import FOLLOW_UP, explain, lines, names
from scoper.services.follow_ups import follow_ups_of
from scoper.services.guide import guide_of
from scoper.services.library import load_library
from scoper.services.report_data import load_report_data
from scoper.services.scoping import assess

LIBRARY = load_library()
DATA = load_report_data(None, LIBRARY.questions)


def test_every_question_has_an_explanation_with_its_answers() -> None:
    known = names(LIBRARY, DATA)
    follow_ups = follow_ups_of(LIBRARY.questions)
    assert follow_ups
    assert {name for name, kind in known.items() if kind == FOLLOW_UP} == set(follow_ups)
    for name, asked in follow_ups.items():
        found = explain(name, LIBRARY, DATA)
        told = "\n".join(lines(found))
        assert (found["kind"], found["question"]) == (FOLLOW_UP, asked.text)
        assert all(meaning in told for meaning in asked.meanings.values())
        assert found["meant_for"] == list(asked.applies_to)


def test_a_follow_up_in_a_case_says_what_was_answered() -> None:
    name, other, *_ = follow_ups_of(LIBRARY.questions)
    case = Case(title="x", answers={name: (Answer(answer="yes"),)})
    verdict = assess(case, LIBRARY)
    assert explain(name, LIBRARY, DATA, case, verdict)["in_this_case"] == {"answer": "yes", "answered": True}
    assert explain(other, LIBRARY, DATA, case, verdict)["in_this_case"] == {"answer": "unknown", "answered": False}


def test_a_misspelled_follow_up_gets_the_nearest_name() -> None:
    name = next(iter(follow_ups_of(LIBRARY.questions)))
    with pytest.raises(UsageError, match=name):
        explain(name[:-1], LIBRARY, DATA)


def test_methods_are_explained_by_their_id_and_by_the_name_that_is_printed() -> None:
    for method in guide_of(LIBRARY).methods:
        assert method.id in names(LIBRARY, DATA)
        found = explain(method.name, LIBRARY, DATA)
        assert (found["name"], found["kind"]) == (method.id, names(LIBRARY, DATA)[method.id])
    told = "\n".join(lines(explain("value iteration", LIBRARY, DATA)))
    assert "Improves the value of every state" in told


def test_what_a_verdict_is_marked_as_is_explained_with_its_part_in_a_case() -> None:
    case = Case(title="x")
    verdict = assess(case, LIBRARY).model_copy(update={"qualifiers": ("record_keeping",)})
    found = explain("record keeping", LIBRARY, DATA, case, verdict)

    assert (found["kind"], found["rules"]) == ("mark", ["qualify-record-keeping"])
    assert found["in_this_case"] == {"is_marked_as": True}
