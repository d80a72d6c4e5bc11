"""Every statement about a verdict, against enumeration of small random packs."""

from itertools import combinations, product
from math import isclose, log2

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoper.reasoning.explain import Subsets, exclusions, reasons
from scoper.reasoning.flips import flips
from scoper.reasoning.knowledge import Knowledge
from scoper.reasoning.questions import gain, mattering_signals

EXAMPLES = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@given(data=st.data())
@EXAMPLES
def test_possible_techniques_are_exactly_those_of_some_completion(data, strategies, oracle):
    pack, known = (data.draw(s) for s in strategies)

    assert Knowledge(pack, known).possible == oracle(pack).possible(known)


@given(data=st.data())
@EXAMPLES
def test_support_is_the_weight_of_the_completions(data, strategies, oracle):
    pack, known = (data.draw(s) for s in strategies)
    expected = oracle(pack).support(known)

    support = Knowledge(pack, known).verdict_support

    assert all(isclose(support.get(name, 0.0), mass, abs_tol=1e-12) for name, mass in expected.items())
    assert isclose(sum(support.values()), 1.0, abs_tol=1e-12)


@given(data=st.data())
@EXAMPLES
def test_reasons_are_all_minimal_sets_that_keep_the_verdict(data, strategies, oracle):
    pack, known = (data.draw(s) for s in strategies)
    limit = oracle(pack).possible(known)

    found = {frozenset(reason) for reason in reasons(Subsets(Knowledge(pack, known)))}

    assert found == oracle(pack).minimal(known, lambda possible: possible <= limit)


@given(data=st.data())
@EXAMPLES
def test_exclusions_are_all_minimal_sets_that_rule_a_technique_out(data, strategies, oracle):
    pack, known = (data.draw(s) for s in strategies)
    limit = oracle(pack).possible(known)

    for technique in ("reinforcement_learning", "plain_automation"):
        found = {frozenset(chosen) for chosen in exclusions(Subsets(Knowledge(pack, known)), technique)}
        wanted = set() if technique in limit else oracle(pack).minimal(known, lambda p, t=technique: t not in p)
        assert found == wanted


@given(data=st.data())
@EXAMPLES
def test_every_flip_changes_the_named_technique_and_no_part_of_it_does(data, strategies, oracle):
    pack, known = (data.draw(s) for s in strategies)
    truth = oracle(pack)
    before, _ = truth.named(known)

    for flip in flips(Knowledge(pack, known), {}):
        assert truth.named({**known, **flip.change})[0] == flip.to != before


def minimal_flips(pack, known, named):
    before, found = named(known), set()
    for size in range(1, len(pack.questions) + 1):
        smaller = {signals for signals, _ in found}
        for chosen in combinations(sorted(pack.questions), size):
            if any(part < frozenset(chosen) for part in smaller):
                continue
            for values in product(*([v for v in ("yes", "partly", "no") if v != known.get(s)] for s in chosen)):
                to = named({**known, **dict(zip(chosen, values, strict=True))})
                if to != before:
                    found.add((frozenset(chosen), to))
    return found


@pytest.mark.slow
@given(data=st.data())
@settings(EXAMPLES, max_examples=20)
def test_the_flips_are_all_minimal_sets_of_answers_of_any_size_whose_change_is_one(data, strategies, oracle):
    pack, known = (data.draw(s) for s in strategies)
    truth = oracle(pack)

    found = {(frozenset(flip.change), flip.to) for flip in flips(Knowledge(pack, known), {})}

    assert found == minimal_flips(pack, known, lambda answers: truth.named(answers)[0])


@pytest.mark.slow
@given(data=st.data())
@settings(EXAMPLES, max_examples=20)
def test_so_they_are_where_answers_are_doubted_and_a_new_answer_is_not(data, strategies, oracle):
    pack, known = (data.draw(s) for s in strategies)
    doubts = {s: data.draw(st.sampled_from((0.3, 0.75, 0.9))) for s in known}
    truth = oracle(pack)

    def named(answers):
        return truth.named(answers, {s: r for s, r in doubts.items() if answers[s] == known[s]})[0]

    found = {(frozenset(flip.change), flip.to) for flip in flips(Knowledge(pack, known, doubts), {})}

    assert found == minimal_flips(pack, known, named)


@pytest.mark.slow
@given(data=st.data())
@EXAMPLES
def test_a_question_matters_exactly_when_some_completion_hangs_on_it(data, strategies, oracle):
    pack, known = (data.draw(s) for s in strategies)

    wanted = {s for s in pack.questions if s not in known and oracle(pack).matters(known, s)}

    assert set(mattering_signals(Knowledge(pack, known))) == wanted


@given(data=st.data())
@EXAMPLES
def test_gain_is_the_mutual_information_of_answer_and_verdict(data, strategies, oracle):
    pack, known = (data.draw(s) for s in strategies)
    truth = oracle(pack)

    def bits(mass):
        return -sum(p * log2(p) for p in mass.values() if p > 0)

    for signal in (s for s in pack.questions if s not in known):
        after = sum(p * bits(truth.support({**known, signal: v})) for v, p in pack.prior[signal].items() if p)
        assert isclose(gain(Knowledge(pack, known), signal), max(0.0, bits(truth.support(known)) - after), abs_tol=1e-9)
