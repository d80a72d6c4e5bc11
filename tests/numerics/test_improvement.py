"""Comparisons of returns: brute force over pairs, equations of the intervals, sentences."""

import itertools
import math

import numpy as np
import pytest

from scoper.numerics.improvement import improvement, independent_gain, paired_gain, share_above, stratified_bootstrap
from scoper.numerics.statistics import bootstrap_interval, interquartile_mean, mean_interval, student_quantile

SEEDS = np.array([3.0, 5.0, 4.0, 6.0, 5.5])


def test_the_chance_of_improvement_is_the_share_of_pairs_with_ties_half():
    ours, theirs = [3.0, 1.0, 2.0, 2.0], [2.0, 0.0, 2.5]
    brute = np.mean([(a > b) + 0.5 * (a == b) for a, b in itertools.product(ours, theirs)])

    assert improvement(ours, theirs)[0] == pytest.approx(brute)


@pytest.mark.parametrize(("ours", "theirs"), [([3, 1, 2, 2], [2, 0, 2.5]), ([1, 4, 6, 7], [3, 5]), ([9, 8], [1, 2, 3])])
def test_both_ends_are_195996_of_their_own_standard_errors_away(ours, theirs):
    chance, low, high = improvement(ours, theirs)
    m, n = len(ours), len(theirs)

    for end in (low, high):
        if 0.0 < end < 1.0:
            k = 0.5 * (m + n) - 1.0
            variance = end * (1.0 - end) * (1.0 + k * ((1.0 - end) / (2.0 - end) + end / (1.0 + end))) / (m * n)
            assert abs(chance - end) == pytest.approx(1.959964 * math.sqrt(variance), rel=1e-5)
    assert low <= chance <= high


def test_complete_separation_of_few_seeds_is_not_certainty():
    chance, low, high = improvement([4.0, 5.0, 6.0], [1.0, 2.0, 3.0])

    assert (chance, high) == (1.0, 1.0)
    assert 0.3 < low < 0.7
    assert improvement(range(100, 200), range(100))[1] > 0.95


def test_turning_the_sides_turns_the_interval():
    ours, theirs = [1.0, 4.0, 6.0], [3.0, 5.0, 0.0, 2.0]
    chance, low, high = improvement(ours, theirs)

    assert improvement(theirs, ours) == pytest.approx((1.0 - chance, 1.0 - high, 1.0 - low))


def test_intervals_of_improvement_cover_the_truth_about_as_often_as_stated():
    # Ours is normal around 1: P(ours > theirs) = Phi(1/sqrt 2) = 0.76025.
    rng, runs, truth = np.random.default_rng(0), 500, 0.7602499
    held = 0
    for _ in range(runs):
        _, low, high = improvement(rng.normal(1.0, 1.0, 8), rng.normal(size=8))
        held += low <= truth <= high

    assert held / runs > 0.95 - 4.0 * math.sqrt(0.05 * 0.95 / runs)


@pytest.mark.parametrize(("ours", "theirs"), [([], [1.0]), ([1.0], []), ([math.nan], [1.0])])
def test_a_comparison_needs_finite_samples_on_both_sides(ours, theirs):
    with pytest.raises(ValueError, match="finite"):
        improvement(ours, theirs)


def test_all_of_five_seeds_above_a_known_bar_bound_the_share_by_the_fifth_root():
    assert share_above(SEEDS, 1.0) == pytest.approx((1.0, 0.025 ** (1 / 5), 1.0))
    assert share_above(SEEDS, 3.0)[0] == 0.8


def test_a_single_stratum_is_the_plain_bootstrap():
    plain = bootstrap_interval(SEEDS, np.random.default_rng(3), statistic=interquartile_mean)

    assert stratified_bootstrap([SEEDS], np.random.default_rng(3)) == pytest.approx(plain)


def test_differences_between_strata_do_not_widen_the_interval():
    # Seeds of a task are all alike: nothing is uncertain, although the tasks are far apart.
    value, low, high = stratified_bootstrap([[0.0] * 4, [100.0] * 4], np.random.default_rng(0), statistic=np.mean)

    assert (value, low, high) == (50.0, 50.0, 50.0)


def test_the_stratified_interval_has_the_width_of_the_normal_one_for_many_seeds():
    rng = np.random.default_rng(1)
    tasks = [rng.normal(size=200), rng.normal(5.0, 2.0, size=200)]
    value, low, high = stratified_bootstrap(tasks, np.random.default_rng(2), statistic=np.mean)
    half = 1.96 * math.sqrt(sum(task.var() for task in tasks) / 200) / 2.0

    assert (low, high) == pytest.approx((value - half, value + half), abs=0.12 * half)


@pytest.mark.parametrize("strata", [[], [[1.0], []], [[math.inf]]])
def test_a_bootstrap_needs_samples_in_every_stratum(strata):
    with pytest.raises(ValueError, match="stratum"):
        stratified_bootstrap(strata, np.random.default_rng(0))


def test_a_paired_gain_is_students_interval_of_the_differences():
    theirs = np.array([2.0, 4.5, 2.5, 5.0, 4.0])
    gain = paired_gain(SEEDS, theirs)

    assert (gain.mean, gain.low, gain.high) == mean_interval(SEEDS - theirs)
    assert gain.n == 5


def test_what_seeds_share_does_not_blur_a_paired_gain():
    hard_and_easy = np.array([0.0, 100.0, 50.0, 10.0])
    gain = paired_gain(hard_and_easy + np.array([1.0, 1.1, 0.9, 1.0]), hard_and_easy)

    assert gain.worth == "learner"
    assert gain.high - gain.low < 0.5


@pytest.mark.parametrize(
    ("differences", "tolerance", "worth", "words"),
    [
        ([1.0, 1.1, 0.9], 0.0, "learner", "learning pays"),
        ([1.0, 1.1, 0.9], 2.0, "alike", "at most 2 either way: plain automation"),
        ([-1.0, -1.1, -0.9], 0.0, "rule", "base_stock returns 1 more than ppo"),
        ([-0.01, 0.01, 0.0], 0.1, "alike", "base_stock does as well as ppo"),
        ([-3.0, 4.0, 0.5], 0.0, "open", "within the interval"),
        ([-3.0, 4.0, 0.5], 0.1, "open", "which is not excluded"),
        ([0.0, 0.0, 0.0], 0.0, "alike", "plain automation"),
        ([1.0], 0.0, "open", "plain automation"),
    ],
)
def test_whether_learning_is_worth_it_is_said_in_a_sentence(differences, tolerance, worth, words):
    gain = paired_gain(np.array(differences) + 7.0, np.full(len(differences), 7.0), tolerance=tolerance)

    assert gain.worth == worth
    assert words in gain.sentence("ppo", "base_stock")


def test_samples_of_different_number_are_not_pairs():
    with pytest.raises(ValueError, match="not pairs"):
        paired_gain([1.0, 2.0], [1.0])


def test_gains_measured_apart_have_welchs_interval():
    # Variances 1 and 4 of three and five samples: s^2/n = 1/3 and 4/5, nu = (17/15)^2 / ((1/3)^2/2 + (4/5)^2/4).
    ours, theirs = [1.0, 2.0, 3.0], [2.0, 0.0, -2.0, 0.0 + math.sqrt(4.0), -math.sqrt(4.0)]
    freedom = (17 / 15) ** 2 / ((1 / 3) ** 2 / 2 + (4 / 5) ** 2 / 4)
    half = student_quantile(0.975, freedom) * math.sqrt(17 / 15)
    gain = independent_gain(ours, theirs)

    assert np.var(theirs, ddof=1) == pytest.approx(4.0)
    assert (gain.mean, gain.low, gain.high) == pytest.approx((2.0, 2.0 - half, 2.0 + half))
    assert "seeds" in gain.sentence("ppo", "rule")
    assert "paired" not in gain.sentence("ppo", "rule")


def test_against_a_rule_that_is_known_exactly_the_interval_is_students():
    gain = independent_gain(SEEDS, [2.0])

    assert (gain.mean, gain.low, gain.high) == pytest.approx(mean_interval(SEEDS - 2.0))


def test_a_single_seed_bounds_no_gain():
    gain = independent_gain([5.0], [1.0, 2.0])

    assert (gain.low, gain.high, gain.worth) == (-math.inf, math.inf, "open")
    with pytest.raises(ValueError, match="each side"):
        independent_gain([], [1.0])
