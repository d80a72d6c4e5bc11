"""What an open question is worth, against enumeration of small random packs."""

import random
from dataclasses import replace
from math import isclose

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoper.domain.decision import FAMILIES
from scoper.reasoning.knowledge import Knowledge
from scoper.reasoning.questions import entropy, may_change, ranked_questions, unsure_answers, what_matters
from scoper.services.library import load_library

EXAMPLES = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
RL = "reinforcement_learning"
VALUES = ("yes", "partly", "no")


@st.composite
def learning(draw, packs):
    """Packs in which reinforcement learning is common, and its family hangs on the answers."""
    pack = draw(packs)
    (technique,), (family,) = pack.of_kind("technique"), pack.of_kind("family")
    rules = tuple(
        replace(rule, then=RL if draw(st.booleans()) else draw(st.sampled_from(("plain_automation", "undecided"))))
        for rule in technique.rules
    )
    low, high = (
        replace(family.rules[0] if family.rules else rules[0], id=f"family-{value}", when={"h": {value}}, then=then)
        for value, then in (("low", "offline_rl"), ("high", "model_based"))
    )
    changed = {technique.id: replace(technique, rules=rules), family.id: replace(family, rules=(low, high))}
    return replace(pack, tables=tuple(changed.get(table.id, table) for table in pack.tables))


def drawn(data, strategies):
    packs, facts = strategies
    return data.draw(st.one_of(packs, learning(packs))), data.draw(facts)


def headline(truth, known):
    """The technique that the oracle names, for reinforcement learning with the family of the largest mass."""
    technique, _ = truth.named(known)
    if technique != RL:
        return technique
    support = truth.support(known)
    return max((f"{RL}/{family}" for family in FAMILIES), key=lambda name: round(support.get(name, 0.0), 9))


def named_with_family(knowledge):
    """The same of a `Knowledge`, its diagrams run anew."""
    if knowledge.technique != RL:
        return knowledge.technique
    support = knowledge.verdict_support
    return max((f"{RL}/{family}" for family in FAMILIES), key=lambda name: round(support.get(name, 0.0), 9))


@pytest.mark.slow
@given(data=st.data())
@EXAMPLES
def test_the_chance_to_change_the_verdict_is_the_prior_weight_of_the_answers_that_do(data, strategies, oracle):
    pack, known = drawn(data, strategies)
    truth = oracle(pack)
    now = headline(truth, known)

    for signal in (s for s in pack.questions if s not in known):
        shares = pack.prior[signal].items()
        expected = sum(p for v, p in shares if p and headline(truth, {**known, signal: v}) != now)
        assert isclose(may_change(Knowledge(pack, known), signal), expected, abs_tol=1e-9)


@given(data=st.data())
@EXAMPLES
def test_the_chance_is_that_of_another_named_technique_when_answers_are_doubted_too(data, strategies):
    pack, known = drawn(data, strategies)
    doubted = {s: data.draw(st.sampled_from((0.2, 0.5, 0.8))) for s in known}
    now = Knowledge(pack, known, doubted)

    for signal in (s for s in pack.questions if s not in known):
        answers = {v: p for v, p in pack.prior[signal].items() if p}
        expected = sum(
            p for v, p in answers.items() if named_with_family(now.with_fact(signal, v)) != named_with_family(now)
        )
        assert isclose(may_change(now, signal), expected, abs_tol=1e-9)


@pytest.mark.slow
@given(data=st.data())
@EXAMPLES
def test_a_question_matters_for_the_technique_exactly_when_some_completion_says_so(data, strategies, oracle):
    pack, known = drawn(data, strategies)
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


def test_an_answer_that_settles_the_technique_counts_although_doubted_answers_leave_it_little_support():
    pack = load_library().pack
    now = Knowledge(pack, {"known_rules": "yes"}, {"known_rules": 0.05})
    after = {value: now.with_fact("steps_fixed", value) for value in VALUES}

    assert (after["yes"].settled, after["yes"].technique) == (True, "plain_automation")
    assert after["yes"].technique_support["plain_automation"] < 0.5
    assert now.technique == "undecided"
    shares = (
        p
        for v, p in pack.prior["steps_fixed"].items()
        if p and now.with_fact("steps_fixed", v).technique != "undecided"
    )
    assert may_change(now, "steps_fixed") == pytest.approx(sum(shares))


def test_answers_given_without_certainty_are_offered_again_with_what_being_sure_would_tell():
    library = load_library()
    facts = {"language_and_tools": "no", "known_rules": "yes", "steps_fixed": "yes"}
    sure = Knowledge(library.pack, facts)
    assert unsure_answers(sure) == ()
    unsure = Knowledge(library.pack, facts, {"known_rules": 0.6, "steps_fixed": 0.9})
    offered = {question.signal: question for question in unsure_answers(unsure)}
    assert "known_rules" in offered
    assert set(offered) <= {"known_rules", "steps_fixed"}
    bits = sum(
        share * entropy(unsure.with_fact("known_rules", value).verdict_support)
        for value, share in unsure.law("known_rules").items()
    )
    assert isclose(offered["known_rules"].gain, entropy(unsure.verdict_support) - bits, abs_tol=1e-6)


@pytest.mark.parametrize("seed", range(12))
def test_every_doubted_answer_can_be_weighed_whatever_else_is_known(seed):
    rng = random.Random(seed)
    pack = load_library().pack
    facts = {signal: rng.choice(pack.known_values(signal)) for signal in pack.questions if rng.random() < 0.6}
    doubted = {signal: rng.choice((0.6, 0.8)) for signal in facts if rng.random() < 0.7}
    knowledge = Knowledge(pack, facts, doubted)
    for question in unsure_answers(knowledge):
        after = {value: knowledge.with_fact(question.signal, value) for value in pack.known_values(question.signal)}
        changed = sum(
            share
            for value, share in knowledge.law(question.signal).items()
            if share and named_with_family(after[value]) != named_with_family(knowledge)
        )
        assert isclose(question.may_change, changed, abs_tol=1e-6)
