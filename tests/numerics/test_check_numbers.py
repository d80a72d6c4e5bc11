"""The numbers behind the offline checks, against published tables and second ways of computing them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from scoper.numerics.agreement import counts, fleiss_kappa, krippendorff_alpha, rater_accuracy
from scoper.numerics.keywords import grow, words_of
from scoper.numerics.off_policy import doubly_robust, effective_size, ips, snips
from scoper.numerics.pass_power import BetaLaw, fit, unbiased
from scoper.numerics.proportions import at_most, lower_share, per_arm, trials_needed, upper_share
from scoper.numerics.queueing import erlang_c, mean_wait, servers_needed, wait_beyond

# Krippendorff (2011), Computing Krippendorff's alpha-reliability, part C: four observers, twelve units, five values.
OBSERVERS = [
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
]
# Fleiss, kappa of 14 raters, 10 subjects, 5 categories (the worked example of the encyclopaedias): 0.210.
FLEISS = [
    [0, 0, 0, 0, 14],
    [0, 2, 6, 4, 2],
    [0, 0, 3, 5, 6],
    [0, 3, 9, 2, 0],
    [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0],
    [3, 2, 6, 3, 0],
    [2, 5, 3, 2, 2],
    [6, 5, 2, 1, 0],
    [0, 2, 2, 3, 7],
]


def test_alpha_of_krippendorffs_own_example_is_0_743() -> None:
    rows = [[-1 if word == "." else int(word) - 1 for word in line.split()] for line in OBSERVERS]

    assert krippendorff_alpha(counts(np.array(rows).T)) == pytest.approx(0.743, abs=5e-4)


def test_kappa_of_the_worked_example_is_0_210() -> None:
    assert fleiss_kappa(np.array(FLEISS)) == pytest.approx(0.210, abs=5e-4)


@pytest.mark.parametrize("classes", [2, 3, 7])
def test_the_accuracy_of_raters_gives_their_agreement_back(classes: int) -> None:
    for agreement in (0.6, 0.8, 1.0):
        q = rater_accuracy(agreement, classes)
        assert q * q + (1 - q) ** 2 / (classes - 1) == pytest.approx(agreement)


@pytest.mark.parametrize(("n", "p"), [(10, 0.3), (60, 0.05), (500, 0.9), (3000, 0.5)])
def test_binomial_tails_are_the_sums_of_exact_fractions(n: int, p: float) -> None:
    for k in (0, 1, n // 3, n // 2, n - 1, n):
        exact = math.fsum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k + 1)) if n <= 60 else None
        if exact is not None:
            assert at_most(k, n, p) == pytest.approx(exact, rel=1e-10, abs=1e-15)
        mirrored = 1.0 - at_most(n - k - 1, n, 1.0 - p)
        assert at_most(k, n, p) == pytest.approx(mirrored, abs=1e-10)


@pytest.mark.parametrize(("target", "confidence", "failures"), [(0.95, 0.95, 0), (0.9, 0.99, 2), (0.999, 0.9, 1)])
def test_the_size_is_the_smallest_that_shows_the_target(target: float, confidence: float, failures: int) -> None:
    n = trials_needed(target, confidence, failures)

    assert lower_share(n - failures, n, confidence) >= target - 1e-9
    assert lower_share(n - 1 - failures, n - 1, confidence) < target
    assert upper_share(n, n, confidence) == 1.0


def test_without_failures_the_size_is_a_ratio_of_logarithms() -> None:
    for target in (0.8, 0.9, 0.95, 0.99, 0.999):
        assert trials_needed(target, 0.95) == math.ceil(math.log(0.05) / math.log(target))


def test_one_server_waits_with_the_chance_of_being_busy_and_more_as_by_the_sum() -> None:
    assert erlang_c(1, 0.7) == pytest.approx(0.7)
    for c, a in ((3, 2.0), (12, 10.0), (40, 35.0)):
        top = a**c / math.factorial(c) * c / (c - a)
        assert erlang_c(c, a) == pytest.approx(top / (math.fsum(a**k / math.factorial(k) for k in range(c)) + top))
    assert mean_wait(1, 0.5, 10.0) == pytest.approx(10.0)  # M/M/1: rho s / (1 - rho)


def test_the_fewest_servers_are_just_enough() -> None:
    c = servers_needed(10.0, 60.0, 20.0, 0.05)

    assert wait_beyond(c, 10.0, 60.0, 20.0) <= 0.05 < wait_beyond(c - 1, 10.0, 60.0, 20.0)


def test_the_unbiased_estimate_of_a_power_has_its_expectation() -> None:
    # Over all outcomes of 5 trials of rate 0.7: sum of P(c) C(c, 3) / C(5, 3) is 0.7^3.
    passes, trials = np.arange(6), np.full(6, 5)
    chances = np.array([math.comb(5, c) * 0.7**c * 0.3 ** (5 - c) for c in range(6)])

    assert float(chances @ unbiased(passes, trials, 3)) == pytest.approx(0.7**3)


def test_a_beta_law_gives_back_what_made_the_counts_and_its_limits_are_right() -> None:
    rng = np.random.default_rng(5)
    passes = rng.binomial(8, rng.beta(6.0, 2.0, size=4000))
    law = fit(passes, np.full(4000, 8))

    assert law.mean == pytest.approx(0.75, abs=0.01)
    assert law.correlation == pytest.approx(1 / 9, abs=0.015)
    assert BetaLaw(0.9, 0.0).power(4) == pytest.approx(0.9**4)
    assert BetaLaw(0.9, 1.0).power(4) == pytest.approx(0.9)
    assert fit(np.array([4, 4]), np.array([4, 4])).power(100) == 1.0


def test_a_perfect_model_and_right_chances_leave_no_error_of_the_mean() -> None:
    w, r = np.array([2.0, 0.0, 2.0, 0.0]), np.array([1.0, 5.0, 3.0, 7.0])

    assert ips(w, r).value == pytest.approx(2.0)
    found = snips(w, r)
    assert found is not None
    assert found.value == pytest.approx(2.0)
    exact = doubly_robust(w, r, r, np.array([1.0, 2.0, 3.0, 4.0]))
    assert exact.value == pytest.approx(2.5)
    assert effective_size(w) == pytest.approx(2.0)
    assert effective_size(np.ones(9)) == pytest.approx(9.0)


def test_sizes_of_arms_fall_with_the_square_of_the_difference() -> None:
    small, large = per_arm(0.5, 0.51, error=0.05, power=0.8), per_arm(0.5, 0.52, error=0.05, power=0.8)

    assert small / large == pytest.approx(4.0, rel=0.01)
    assert per_arm(0.5, 0.6, error=0.05, power=0.8, comparisons=4) > per_arm(0.5, 0.6, error=0.05, power=0.8)


def test_telling_words_come_in_order_of_what_they_tell() -> None:
    texts = [words_of(text) for text in ("pay bill", "pay now", "pay bill soon", "lost key", "key gone", "hello")] * 4
    rules = grow(texts, ["money", "money", "money", "door", "door", "other"] * 4)

    assert {rule.word for rule in rules.rules[:2]} == {"pay", "key"}
    assert rules.decide("PAY the key") == "money"
