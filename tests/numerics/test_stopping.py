"""Decisions over seeds: exact error rates where they can be enumerated, small simulations where not."""

import itertools
import math

import numpy as np
import pytest

from scoper.numerics.looks import student_boundaries
from scoper.numerics.stopping import Bar, Rule, decide, exact_bar, highest_bar, measured_bar

LAWS = ("bounded", "normal", "typical")


def rule_of(law, **changes):
    return Rule(law, **{"low": 0.0, "high": 1.0, **changes})


def two_valued(n, chance):
    for path in itertools.product((0.0, 1.0), repeat=n):
        ones = int(sum(path))
        yield np.array(path), chance**ones * (1.0 - chance) ** (n - ones)


@pytest.mark.slow
@pytest.mark.parametrize("chance", [0.05, 0.2, 0.5, 0.8])
def test_seeds_that_succeed_or_fail_are_called_wrongly_within_the_error_by_bounds(chance):
    wrong_up = wrong_down = 0.0
    rule = rule_of("bounded")
    for path, p in two_valued(6, chance):
        wrong_up += p * (decide(path, exact_bar(chance), rule, margin=0.1).outcome == "better")
        wrong_down += p * (decide(path, exact_bar(chance - 0.05), rule, margin=0.05).outcome == "not_better")

    assert wrong_up <= 0.05
    assert wrong_down <= 0.05


def test_medians_are_called_wrongly_within_the_error_for_any_law():
    # A median at the bar: half of the seeds above it. Only signs count, so 2^10 paths are every law.
    rule = Rule("typical")
    wrong = sum(p * (decide(path, exact_bar(0.5), rule).outcome == "better") for path, p in two_valued(10, 0.5))

    assert 0.04 < wrong <= 0.05


@pytest.mark.slow
@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_normal_seeds_around_the_bar_are_called_wrongly_within_the_error_by_every_rule(law, sign):
    rng, runs, wrong = np.random.default_rng(0), 400, 0
    rule = Rule(law, low=-6.0, high=6.0)
    for _ in range(runs):
        found = decide(np.clip(rng.normal(size=10), -6.0, 6.0), exact_bar(0.0), rule)
        wrong += found.outcome == ("better" if sign > 0 else "not_better")

    assert wrong / runs <= 0.05 + 4.0 * math.sqrt(0.05 * 0.95 / runs)


def test_where_one_seed_in_ten_fails_students_rule_is_wrong_in_most_cases_and_bounds_are_not():
    # Returns 1 with chance 0.9, else -9, so the mean is the bar: three good seeds, of chance 0.729, deceive Student.
    errors = {law: 0.0 for law in ("normal", "bounded")}
    for path, p in two_valued(5, 0.9):
        for law in errors:
            rule = Rule(law, looks=(3, 4, 5), low=-9.0, high=1.0)
            errors[law] += p * (decide(10.0 * path - 9.0, exact_bar(0.0), rule).outcome == "better")

    assert errors["normal"] >= 0.729
    assert errors["bounded"] <= 0.05


@pytest.mark.parametrize("law", LAWS)
def test_clear_gains_and_clear_failures_are_decided_before_ten_seeds(law):
    good = np.linspace(0.90, 0.99, 10)
    rule = rule_of(law)
    found = decide(good, exact_bar(0.05), rule, margin=0.05)
    lost = decide(1.0 - good, exact_bar(0.85), rule, margin=0.1)

    assert (found.outcome, lost.outcome) == ("better", "not_better")
    assert found.n_seeds < 10
    assert lost.n_seeds < 10
    assert found.low > 0.05
    assert lost.high < 0.95


@pytest.mark.parametrize("law", LAWS)
def test_seeds_after_the_decision_change_nothing(law):
    good = [0.93, 0.95, 0.94, 0.96, 0.92, 0.95, 0.94]
    first = decide(good, exact_bar(0.1), rule_of(law))

    assert first.outcome == "better"
    assert decide([*good[: first.n_seeds], 0.0, 0.0, 0.0], exact_bar(0.1), rule_of(law)) == first


def test_students_bounds_are_those_of_the_boundaries():
    samples = [1.0, 2.0, 4.0]
    found = decide(samples, exact_bar(10.0), Rule("normal", looks=(3, 5)))
    half = student_boundaries((3, 5), 0.05)[0] * np.std(samples, ddof=1) / math.sqrt(3.0)

    assert (found.low, found.high) == pytest.approx((7.0 / 3.0 - half, 7.0 / 3.0 + half), rel=1e-12)


def test_two_seeds_before_the_first_look_decide_nothing():
    found = decide([1.0, 1.0], exact_bar(0.0), Rule("normal"))

    assert (found.outcome, found.n_seeds, found.low, found.high) == ("undecided", 2, -math.inf, math.inf)


@pytest.mark.parametrize("law", LAWS)
def test_what_lies_within_the_uncertainty_of_the_bar_is_undecided(law):
    samples = np.linspace(0.60, 0.64, 10)

    assert decide(samples, exact_bar(0.1), rule_of(law)).outcome == "better"
    assert decide(samples, Bar(0.1, 0.0, 0.65, 0.01), rule_of(law)).outcome == "undecided"


def test_the_bars_own_error_is_taken_off_the_seeds():
    samples = [0.5, 0.6, 0.55]
    exact = decide(samples, exact_bar(0.9), rule_of("normal", error=0.04, looks=(3,)))
    measured = decide(samples, Bar(0.9, 0.9, 0.9, 0.01), rule_of("normal", error=0.05, looks=(3,)))

    assert measured.low == pytest.approx(exact.low)
    with pytest.raises(ValueError, match="leaves nothing"):
        decide(samples, Bar(0.9, 0.9, 0.9, 0.05), rule_of("normal"))


def test_a_share_of_the_gap_is_a_bar_between_floor_and_ceiling():
    half = Bar(10.0, 8.0, 12.0, 0.01).at_share(0.5, 110.0)

    assert half == Bar(60.0, 59.0, 61.0, 0.01)


def test_the_highest_of_several_floors_adds_up_their_errors():
    bars = (Bar(1.0, 0.5, 1.5, 0.01), Bar(0.9, 0.2, 1.9, 0.02), exact_bar(0.7))

    assert highest_bar(bars) == Bar(1.0, 0.7, 1.9, pytest.approx(0.03))
    with pytest.raises(ValueError, match="no floor"):
        highest_bar(())


def test_a_measured_bar_is_students_interval_or_one_for_any_law_within_limits():
    samples = np.array([0.0] * 90 + [1.0] * 10)
    student, bounded = measured_bar(samples, 0.025), measured_bar(samples, 0.025, 0.0, 1.0)

    assert student.high - student.value == pytest.approx(1.984 * samples.std(ddof=1) / 10.0, rel=1e-3)
    assert student.low < student.value < student.high < bounded.high < 0.3
    assert 0.0 < bounded.low < bounded.value == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"error": 0.6}, "error rate"),
        ({"looks": ()}, "rising"),
        ({"looks": (5, 5)}, "rising"),
        ({"low": 2.0}, "within"),
    ],
)
def test_rules_that_make_no_sense_are_refused(changes, words):
    with pytest.raises(ValueError, match=words):
        rule_of("normal", **changes)


@pytest.mark.parametrize("samples", [[], [math.nan, 1.0, 1.0], [[1.0, 2.0]]])
def test_decisions_need_finite_returns(samples):
    with pytest.raises(ValueError, match="finite"):
        decide(samples, exact_bar(0.0), Rule("normal"))


def test_a_return_beyond_the_limits_breaks_the_assumption_and_is_told():
    with pytest.raises(ValueError, match="beyond the limit"):
        decide([0.5, 1.5, 0.5], exact_bar(0.0), rule_of("bounded"))


def test_the_threshold_of_a_gap_share_is_decided_like_any_bar():
    # Floor 10, ceiling 110: half of the gap is closed at a return of 60.
    rule, half = Rule("bounded", low=0.0, high=110.0), exact_bar(10.0).at_share(0.5, 110.0)

    assert decide([105.0] * 10, half, rule).outcome == "better"
    assert decide([12.0] * 10, half, rule).outcome == "not_better"
    assert decide([61.0] * 10, half, rule).outcome == "undecided"


@pytest.mark.parametrize(
    ("samples", "words"),
    [
        ([0.9, 0.91, 0.92], "ppo returns 0.91, more than random (0.1)"),
        ([0.01, 0.011, 0.012], "less than random (0.1) plus 0.05"),
        ([0.1, 0.2, 0.05], "not decided against random (0.1)"),
    ],
)
def test_a_decision_says_what_its_error_rests_on(samples, words):
    text = decide(samples, exact_bar(0.1), rule_of("normal"), margin=0.05).sentence("ppo", "random")

    assert words in text
    assert text.endswith("wrong in 5 % of probes at most; the mean over seeds, whose returns are normally distributed")
