"""Bounds of what was not seen and plans of what would decide: printed tables, closed forms, sums by hand."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from scoper.numerics.needed import (
    chance_bound,
    seeds_to_decide,
    smallest_visible_gain,
    spread_of,
    trials_to_see,
)
from scoper.numerics.statistics import share_interval, student_quantile
from scoper.numerics.stopping import Bar, Rule, decide, exact_bar


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(0, 10, 0.0, 0.3085), (5, 10, 0.1871, 0.8129), (1, 20, 0.0013, 0.2487), (10, 10, 0.6915, 1.0)],
)
def test_intervals_of_shares_are_the_printed_ones(successes, trials, low, high):
    share, below, above = share_interval(successes, trials)

    assert share == successes / trials
    assert (below, above) == pytest.approx((low, high), abs=6e-5)


@pytest.mark.parametrize("trials", [1, 20, 300, 5000])
def test_no_success_bounds_the_chance_by_the_rule_of_three(trials):
    bound = chance_bound(0, trials)

    assert bound == pytest.approx(1.0 - 0.05 ** (1.0 / trials), rel=1e-9)
    assert bound <= 3.0 / trials


@pytest.mark.parametrize("chance", [0.5, 0.03, 1e-4])
def test_so_many_trials_would_have_shown_a_success(chance):
    trials = trials_to_see(chance)

    assert (1.0 - chance) ** trials <= 0.05 < (1.0 - chance) ** (trials - 1)
    assert trials_to_see(1.0) == 1


@pytest.mark.parametrize(("successes", "trials"), [(0, 0), (3, 2), (-1, 5)])
def test_impossible_counts_are_refused(successes, trials):
    with pytest.raises(ValueError, match="successes"):
        share_interval(successes, trials)


def test_a_chance_of_nothing_is_never_seen():
    with pytest.raises(ValueError, match="chance"):
        trials_to_see(0.0)


def test_students_plan_is_the_least_number_whose_test_has_the_power():
    samples, bar = np.array([1.0, 2.0, 3.0]), exact_bar(1.0)  # mean 2, sd 1: one standard deviation above the bar
    n = seeds_to_decide(samples, bar, Rule("normal"), "better")

    def reach(n):
        return (student_quantile(0.95, n - 1) + student_quantile(0.8, n - 1)) / math.sqrt(n)

    assert reach(n) <= 1.0 < reach(n - 1)
    assert smallest_visible_gain(samples, bar, Rule("normal"), n_seeds=n) == pytest.approx(reach(n))


def test_a_plan_by_evidence_counts_the_seeds_until_its_closed_form_exceeds_one_over_the_error():
    # Seeds that all return twice the bar; E (1 + c)^n for arcsine c: sum of binom(n, k) binom(2k, k) / 4^k.
    def wealth(n):
        return sum(math.comb(n, k) * math.comb(2 * k, k) / 4.0**k for k in range(n + 1))

    needed = seeds_to_decide([2.0, 2.0], exact_bar(1.0), Rule("bounded", low=0.0), "better")

    assert wealth(needed) >= 20.0 > wealth(needed - 1)
    assert (
        decide([2.0] * needed, exact_bar(1.0), Rule("bounded", looks=(needed - 1, needed), low=0.0)).n_seeds == needed
    )


def test_a_plan_by_signs_is_the_printed_sample_size():
    share, z = 0.8, NormalDist().inv_cdf
    expected = math.ceil(((0.5 * z(0.95) + 0.4 * z(0.8)) / 0.3) ** 2)

    assert seeds_to_decide([1.0] * 8 + [-1.0] * 2, exact_bar(0.0), Rule("typical"), "better") == expected
    assert share == np.mean(np.array([1.0] * 8 + [-1.0] * 2) > 0.0)


@pytest.mark.parametrize("law", ["bounded", "normal", "typical"])
def test_no_number_of_seeds_shows_what_the_samples_speak_against(law):
    rule = Rule(law, low=0.0, high=1.0)

    assert seeds_to_decide([0.2, 0.3, 0.25], exact_bar(0.5), rule, "better") is None
    assert seeds_to_decide([0.2, 0.3, 0.25], exact_bar(0.5), rule, "not_better") is not None
    assert seeds_to_decide([0.2, 0.3, 0.25], exact_bar(0.0), rule, "not_better", margin=0.1) is None


@pytest.mark.parametrize("law", ["bounded", "normal"])
def test_seeds_that_differ_by_a_hair_from_the_bar_need_more_than_can_be_had(law):
    samples = np.array([0.3, 0.5, 0.7]) + 1e-6

    assert seeds_to_decide(samples, exact_bar(0.5), Rule(law, low=0.0, high=1.0), "better") is None


def test_the_smallest_visible_gain_by_evidence_is_the_one_that_just_decides():
    samples, bar = np.array([0.10, 0.12, 0.11, 0.09, 0.10]), exact_bar(0.1)
    rule = Rule("bounded", low=0.0, looks=(5,))
    gain = smallest_visible_gain(samples, bar, rule)
    shifted = samples - samples.mean() + bar.value

    assert decide(shifted + 1.01 * gain, bar, rule).outcome == "better"
    assert decide(shifted + 0.97 * gain, bar, rule).outcome == "undecided"


def test_a_gain_is_counted_from_the_bars_estimate_although_its_upper_end_has_to_be_beaten():
    samples, rule = np.array([0.1, 0.2, 0.15]), Rule("normal")
    exact, measured = (smallest_visible_gain(samples, bar, rule) for bar in (exact_bar(0.1), Bar(0.1, 0.05, 0.2)))

    assert measured == pytest.approx(exact + 0.1)


def test_fewer_samples_than_a_rule_takes_show_no_gain_at_all():
    assert smallest_visible_gain([1.0], exact_bar(0.0), Rule("normal")) == math.inf
    assert smallest_visible_gain([1.0, 2.0, 3.0], exact_bar(0.0), Rule("bounded")) == math.inf
    assert smallest_visible_gain([1.0, 2.0, 3.0], exact_bar(0.0), Rule("typical")) == math.inf


def test_components_of_variance_are_those_by_hand():
    # Means 2 and 5, variance within 1: between = 4.5 - 1/3.
    spread = spread_of([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])

    assert (spread.between, spread.within) == pytest.approx((25.0 / 6.0, 1.0))
    assert spread.standard_error(2, 3) == pytest.approx(math.sqrt((25.0 / 6.0 + 1.0 / 3.0) / 2.0))
    assert spread.episodes_worth_it(0.1) == 3


def test_seeds_that_differ_only_by_their_episodes_have_no_variance_of_their_own():
    spread = spread_of([[0.0, 2.0], [2.0, 0.0]])

    assert (spread.between, spread.within) == (0.0, 2.0)
    with pytest.raises(ValueError, match="differ"):
        spread.episodes_worth_it()
    with pytest.raises(ValueError, match="two seeds"):
        spread_of([[1.0, 2.0]])
