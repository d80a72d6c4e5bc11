"""What an open question is worth, against enumeration of small random packs."""

from math import isclose

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoper.domain.decision import FAMILIES
from scoper.reasoning.knowledge import Knowledge
from scoper.reasoning.questions import may_change, ranked_questions, what_matters
from scoper.services.library import load_library

EXAMPLES = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
RL = "reinforcement_learning"
VALUES = ("yes", "partly", "no")


def headline(truth, known):
    """The technique that the oracle names, for reinforcement learning with the family of the largest mass."""
    technique, _ = truth.named(known)
    if technique != RL:
        return technique
    support = truth.support(known)
    return max((f"{RL}/{family}" for family in FAMILIES), key=lambda name: round(support.get(name, 0.0), 9))


@given(data=st.data())
@EXAMPLES
def test_the_chance_to_change_the_verdict_is_the_prior_weight_of_the_answers_that_do(data, strategies, oracle):
    pack, known = (data.draw(s) for s in strategies)
    truth = oracle(pack)
    now = headline(truth, known)

    for signal in (s for s in pack.questions if s not in known):
        shares = pack.prior[signal].items()
        expected = sum(p for v, p in shares if p and headline(truth, {**known, signal: v}) != now)
        assert isclose(may_change(Knowledge(pack, known), signal), expected, abs_tol=1e-9)


@given(data=st.data())
@EXAMPLES
def test_the_chance_is_that_of_another_named_technique_when_answers_are_doubted_too(data, strategies):
    pack, known = (data.draw(s) for s in strategies)
    doubted = {s: data.draw(st.sampled_from((0.5, 0.8, 0.95))) for s in known}
    now = Knowledge(pack, known, doubted)

    for signal in (s for s in pack.questions if s not in known):
        after = {v: now.with_fact(signal, v) for v, p in pack.prior[signal].items() if p}
        at_least = sum(pack.prior[signal][v] for v, told in after.items() if told.technique != now.technique)
        found = may_change(now, signal)
        if RL in (now.technique, *(told.technique for told in after.values())):
            assert at_least - 1e-9 <= found <= 1 + 1e-9
        else:
            assert isclose(found, at_least, abs_tol=1e-9)


@given(data=st.data())
@EXAMPLES
def test_a_question_matters_for_the_technique_exactly_when_some_completion_says_so(data, strategies, oracle):
    pack, known = (data.draw(s) for s in strategies)
    truth = oracle(pack)

    def turns(signal, part):
        completions = [dict(answers) for answers, _ in truth.completions(known)]
        return any(len({truth.outcome({**c, signal: v})[part] for v in VALUES}) > 1 for c in completions)

    wanted = {}
    for signal in (s for s in pack.questions if s not in known):
        if turns(signal, 0):
            wanted[signal] = "technique"
        elif turns(signal, 1):
            wanted[signal] = "family"

    assert what_matters(Knowledge(pack, known)) == wanted


def test_every_question_of_a_settled_non_learning_verdict_only_sharpens_the_conditions():
    pack = load_library().pack
    settled = Knowledge(pack, {"language_and_tools": "no", "known_rules": "yes", "steps_fixed": "yes"})
    asked = ranked_questions(settled)

    assert (settled.technique, settled.settled) == ("plain_automation", True)
    assert asked
    assert {question.matters for question in asked} <= {"conditions"}
    assert {question.may_change for question in asked} <= {0.0}


@pytest.mark.parametrize("known", [{}, {"language_and_tools": "no", "sequential_delayed": "yes"}])
def test_every_open_question_says_what_it_costs_and_the_cheapest_way_to_find_out(known):
    pack = load_library().pack
    asked = ranked_questions(Knowledge(pack, known))

    assert asked
    for question in asked:
        assert (question.effort, question.find_out) == (
            pack.questions[question.signal].effort,
            pack.questions[question.signal].find_out,
        )
        assert question.find_out
        assert 0.0 <= question.may_change <= 1.0


def test_an_answer_that_moves_the_verdict_alone_is_told_from_one_that_needs_company():
    pack = load_library().pack
    asked = {q.signal: q for q in ranked_questions(Knowledge(pack, {"language_and_tools": "no"}))}
    now = Knowledge(pack, {"language_and_tools": "no"}).technique
    by_hand = {
        signal: sum(
            share
            for value, share in pack.prior[signal].items()
            if Knowledge(pack, {"language_and_tools": "no", signal: value}).technique != now
        )
        for signal in asked
    }

    assert now == "undecided"
    assert {s: q.may_change for s, q in asked.items()} == pytest.approx(by_hand, abs=1e-6)
    assert any(by_hand.values())
    assert not all(by_hand.values())
