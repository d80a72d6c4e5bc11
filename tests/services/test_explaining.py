"""What a name means: every question can be explained, those that narrow down a verdict too."""

from __future__ import annotations

import pytest

from scoper.domain.decision import TECHNIQUES
from scoper.domain.questionnaire import Answer, Case
from scoper.errors import UsageError
from scoper.interfaces import wording
from scoper.interfaces.tui import words as screens
from scoper.services.explaining import FOLLOW_UP, explain, lines, names
from scoper.services.follow_ups import follow_ups_of
from scoper.services.guide import guide_of
from scoper.services.library import load_library
from scoper.services.report_data import load_report_data
from scoper.services.scoping import assess

LIBRARY = load_library()
DATA = load_report_data(None, LIBRARY.questions)
GUIDE = guide_of(LIBRARY)
OPTIONS = [*GUIDE.ladder, *(each for group in (*TECHNIQUES, "not_yet") for each in GUIDE.sub_types(group))]


def printed():
    """Every word that a verdict, a selection or a probe prints, with the id that it stands for."""
    for heading in ("techniques", "families", "readiness", "qualifiers", "probe_verdicts", "severities", "signals"):
        for key, word in DATA.words[heading].items():
            yield from ((key, key), (word["name"], key), (wording.words(key), key))
    for words in (wording.READINESS, screens._READY, wording._NAMES):
        yield from ((shown, key) for key, shown in words.items())
    for named in (*GUIDE.methods, *OPTIONS):
        yield from ((named.id, named.id), (named.name, named.id), (wording.words(named.id), named.id))
    for table in LIBRARY.pack.tables:
        told = table.rules if table.kind in ("readiness", "qualifier", "surrounding", "conflict") else ()
        yield from ((wording.words(rule.then), rule.then) for rule in told)
    for question in (*LIBRARY.questions, *follow_ups_of(LIBRARY.questions)):
        yield from ((question, question), (screens.signal(question), question), (wording.words(question), question))
    yield from (("support", "support"), ("settled", "settled"))


def test_every_question_has_an_explanation_with_its_answers() -> None:
    known = names(LIBRARY, DATA)
    follow_ups = follow_ups_of(LIBRARY.questions)
    assert follow_ups
    assert {name for name, kind in known.items() if kind == FOLLOW_UP} == set(follow_ups)
    for name, asked in follow_ups.items():
        found = explain(name, LIBRARY, DATA)
        told = " ".join(" ".join(lines(found)).split())
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


ELSEWHERE = {"contextual bandit": "contextual_bandit"}  # a kind of solution that is called like its technique


def test_every_word_that_is_printed_is_explained_under_its_id_and_its_name() -> None:
    for shown, key in dict.fromkeys(printed()):
        found = explain(shown, LIBRARY, DATA)
        assert found["name"] == ELSEWHERE.get(shown, key), shown
        assert found.get("meaning") or found.get("question"), shown


def test_a_kind_of_solution_says_what_it_is_and_when_it_fits() -> None:
    told = " ".join(" ".join(lines(explain("stochastic_program", LIBRARY, DATA))).split())
    assert told.startswith("stochastic_program (kind of solution): stochastic program")
    assert "fits when Plans often fail because inputs turn out differently." in told
    assert "meant for classical_optimisation" in told
    assert "Written rules" not in told
    assert any("also a kind" in line for line in lines(explain("decision table", LIBRARY, DATA)))


def test_a_level_of_readiness_says_whether_it_is_that_of_the_case() -> None:
    case = Case(title="x")
    verdict = assess(case, LIBRARY).model_copy(update={"readiness": "go_if"})
    assert explain("conditional go", LIBRARY, DATA, case, verdict)["in_this_case"] == {"is_the_readiness": True}
    assert explain("no", LIBRARY, DATA, case, verdict)["in_this_case"] == {"is_the_readiness": False}


def test_no_line_of_an_explanation_is_wider_than_a_terminal() -> None:
    case = Case(title="x")
    verdict = assess(case, LIBRARY)
    for name in names(LIBRARY, DATA):
        told = lines(explain(name, LIBRARY, DATA, case, verdict))
        assert [line for line in told if len(line) > 79 and len(line.split()) > 2] == []
