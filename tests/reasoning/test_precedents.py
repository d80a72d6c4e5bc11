"""Nearness of precedents: Gower's coefficient, its limits, and the ranking."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoper.domain.questionnaire import GRADED_VALUES, Question
from scoper.reasoning.precedents import CodedPrecedent, gower_distance, ranked, signal_distance, signal_distances

CHOICES = {
    "horizon": ("one_step", "short", "long", "unknown"),
    "interaction_cost": ("simulated", "cheap_real", "expensive_real", "unknown"),
    "state_space": ("enumerable", "large_discrete", "continuous", "high_dimensional", "unknown"),
}
TEXTS = dict.fromkeys(("section", "text", "why", "example", "counter_example", "source"), "x")


def question(signal, values, kind):
    return Question(id=signal, kind=kind, meanings=dict.fromkeys(values, "m"), **TEXTS)


QUESTIONS = {
    **{f"g{k}": question(f"g{k}", GRADED_VALUES, "graded") for k in range(12)},
    **{signal: question(signal, values, "choice") for signal, values in CHOICES.items()},
}
KNOWN = {s: tuple(v for v in q.values if v not in ("unknown", "not_applicable")) for s, q in QUESTIONS.items()}
complete = st.fixed_dictionaries({signal: st.sampled_from(values) for signal, values in KNOWN.items()})
partial = st.fixed_dictionaries({}, optional={s: st.sampled_from(q.values) for s, q in QUESTIONS.items()})
weights = st.fixed_dictionaries({s: st.fractions(min_value=0, max_value=9) for s in QUESTIONS})


def precedent(identifier, answers):
    return CodedPrecedent(
        id=identifier,
        title=identifier,
        domain="test",
        year=2000,
        source="test",
        source_seen=True,
        problem="p",
        worked="plain_automation",
        family=None,
        family_alternatives=(),
        research_grade=False,
        arguable=False,
        lesson="l",
        answers=answers,
        disputed=(),
    )


def distance(one, other, by=None):
    return gower_distance(signal_distances(one, other, QUESTIONS), by)


@pytest.mark.parametrize(
    ("signal", "one", "other", "expected"),
    [
        ("g0", "no", "yes", Fraction(1)),
        ("g0", "no", "partly", Fraction(1, 2)),
        ("g0", "partly", "yes", Fraction(1, 2)),
        ("horizon", "one_step", "short", Fraction(1, 2)),
        ("horizon", "one_step", "long", Fraction(1)),
        ("interaction_cost", "cheap_real", "expensive_real", Fraction(1, 2)),
        ("state_space", "enumerable", "large_discrete", Fraction(1)),
        ("state_space", "enumerable", "high_dimensional", Fraction(1)),
    ],
)
def test_grades_and_ordered_choices_differ_by_their_steps_and_other_choices_wholly(signal, one, other, expected):
    assert signal_distance(QUESTIONS[signal], one, other) == expected


@pytest.mark.parametrize("signal", QUESTIONS)
def test_the_distance_of_two_answers_is_symmetric_and_zero_only_for_the_same_answer(signal):
    for one, other in product(KNOWN[signal], repeat=2):
        there = signal_distance(QUESTIONS[signal], one, other)

        assert there == signal_distance(QUESTIONS[signal], other, one)
        assert 0 <= there <= 1
        assert (there == 0) == (one == other)


@pytest.mark.parametrize("value", GRADED_VALUES)
def test_unknown_compares_with_nothing_not_even_with_itself(value):
    assert signal_distance(QUESTIONS["g0"], "unknown", value) is None
    assert signal_distance(QUESTIONS["g0"], value, "unknown") is None


def test_a_question_without_meaning_for_one_of_two_is_not_compared_and_is_no_no():
    assert signal_distance(QUESTIONS["g0"], "not_applicable", "no") is None
    assert signal_distance(QUESTIONS["g0"], "yes", "not_applicable") is None
    assert signal_distance(QUESTIONS["g0"], "not_applicable", "not_applicable") == 0


def test_the_distance_is_the_mean_over_what_is_known_in_both():
    ours = {"g0": "yes", "g1": "partly", "g2": "no", "horizon": "one_step", "g4": "yes"}
    theirs = {"g0": "no", "g1": "yes", "g2": "no", "horizon": "long", "state_space": "continuous"}

    assert distance(ours, theirs) == (1 + Fraction(1, 2) + 0 + 1) / Fraction(4)


@pytest.mark.slow
@given(partial, partial, weights)
def test_a_distance_is_symmetric_and_within_0_and_1(one, other, by):
    for chosen in (None, by):
        there = distance(one, other, chosen)

        assert there == distance(other, one, chosen)
        assert there is None or 0 <= there <= 1


@given(complete, complete)
def test_complete_answers_are_at_distance_0_exactly_when_they_are_the_same(one, other):
    assert distance(one, one) == 0
    assert (distance(one, other) == 0) == (one == other)


@given(complete, complete, complete)
def test_the_triangle_inequality_holds_when_everything_is_known(one, other, third):
    assert distance(one, third) <= distance(one, other) + distance(other, third)


@given(partial, partial, st.sampled_from(sorted(QUESTIONS)))
def test_an_explicit_unknown_is_the_same_as_no_answer(one, other, signal):
    without = {s: v for s, v in one.items() if s != signal}

    assert distance(without, other) == distance({**without, signal: "unknown"}, other)


@given(partial, partial, st.fractions(min_value=Fraction(1, 9), max_value=9))
def test_uniform_weights_of_any_size_are_no_weights(one, other, size):
    assert distance(one, other, dict.fromkeys(QUESTIONS, size)) == distance(one, other)


def test_a_signal_without_weight_counts_nothing_and_no_weight_at_all_is_no_distance():
    ours, theirs = {"g0": "yes", "g1": "yes"}, {"g0": "no", "g1": "yes"}

    assert distance(ours, theirs, {"g0": Fraction(0), "g1": Fraction(2)}) == 0
    assert distance(ours, theirs, {"g0": Fraction(3), "g1": Fraction(1)}) == Fraction(3, 4)
    assert distance(ours, theirs, dict.fromkeys(QUESTIONS, Fraction(0))) is None


@given(partial, st.lists(partial, max_size=6), st.randoms(use_true_random=False))
def test_the_ranking_is_by_distance_then_signals_compared_then_id_whatever_the_order_of_files(facts, answers, random):
    precedents = [precedent(f"p{k}", given_answers) for k, given_answers in enumerate(answers)]
    matches = ranked(facts, precedents, QUESTIONS)
    shuffled = random.sample(precedents, len(precedents))

    keys = [(match.distance, -match.compared, match.precedent.id) for match in matches]
    assert keys == sorted(keys)
    assert ranked(facts, shuffled, QUESTIONS) == matches


@given(partial, partial)
def test_a_match_lists_every_compared_signal_once_and_its_mean_is_the_distance(facts, answers):
    for match in ranked(facts, [precedent("p", answers)], QUESTIONS):
        comparable = {
            s
            for s in QUESTIONS
            if "unknown" not in (a := (facts.get(s, "unknown"), answers.get(s, "unknown")))
            and (a[0] == a[1] or "not_applicable" not in a)
        }
        listed = [*match.same, *(each.signal for each in match.different)]
        steps = [signal_distance(QUESTIONS[d.signal], d.ours, d.theirs) for d in match.different]

        assert sorted(listed) == sorted(comparable)
        assert match.compared == len(comparable)
        assert all(facts[s] == answers[s] for s in match.same)
        assert all((d.ours, d.theirs) == (facts[d.signal], answers[d.signal]) for d in match.different)
        assert steps == sorted(steps, reverse=True)
        assert match.distance * match.compared == sum(steps)
        assert match.similarity == pytest.approx(1 - float(match.distance))


@pytest.mark.parametrize(("shared", "expected"), [(4, 0), (5, 1)])
def test_fewer_than_five_comparable_signals_are_no_match(shared, expected):
    signals = list(QUESTIONS)[:5]
    facts = {signal: KNOWN[signal][0] for signal in signals[:shared]}
    answers = {signal: KNOWN[signal][0] for signal in signals}

    assert len(ranked(facts, [precedent("p", answers)], QUESTIONS)) == expected


def test_of_two_equally_near_projects_the_one_with_more_compared_signals_comes_first():
    facts = {signal: values[0] for signal, values in KNOWN.items()}
    few = {signal: facts[signal] for signal in list(facts)[:5]}
    many = {signal: facts[signal] for signal in list(facts)[:7]}
    matches = ranked(facts, [precedent("a", few), precedent("c", many), precedent("b", many)], QUESTIONS)

    assert [match.precedent.id for match in matches] == ["b", "c", "a"]
    assert [match.compared for match in matches] == [7, 7, 5]
