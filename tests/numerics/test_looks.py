"""Boundaries for several looks: exact enumeration for signs, tables and simulation for Student's t."""

import itertools
import math
from statistics import NormalDist

import numpy as np
import pytest

from scoper.numerics.looks import sign_boundaries, spent, student_boundaries
from scoper.numerics.statistics import student_quantile

LOOKS = (3, 4, 5, 6, 7, 8, 9, 10)


@pytest.mark.parametrize("spending", ["pocock", "obrien_fleming", "at_once"])
def test_all_of_the_error_is_spent_in_the_end_and_never_taken_back(spending):
    shares = np.linspace(0.0, 1.0, 21)
    used = [spent(share, 0.05, spending) for share in shares]

    assert used[0] == 0.0
    assert used[-1] == pytest.approx(0.05, rel=1e-12)
    assert (np.diff(used) >= 0.0).all()


@pytest.mark.parametrize(("spending", "printed"), [("obrien_fleming", 4.877), ("pocock", 2.438)])
def test_the_first_of_five_looks_has_the_printed_boundary(spending, printed):
    # Two-sided 5 %, five equal looks: the tables of Lan and DeMets' spending functions give these first boundaries.
    first = NormalDist().inv_cdf(1.0 - spent(0.2, 0.025, spending))

    assert first == pytest.approx(printed, abs=2e-3)


@pytest.mark.parametrize("n", [2, 3, 5, 12])
@pytest.mark.parametrize("error", [0.05, 0.005])
def test_a_single_look_is_students_test(n, error):
    assert student_boundaries((n,), error)[0] == pytest.approx(student_quantile(1.0 - error, n - 1), rel=1e-3)


def test_two_looks_with_one_and_two_degrees_of_freedom_agree_with_an_integral_over_directions():
    # Three normal samples: t_2 and t_3 depend on the direction only, which is uniform on the sphere.
    first, second = student_boundaries((2, 3), 0.1)
    z, turn = np.meshgrid(np.linspace(-1.0, 1.0, 2001)[1::2], np.linspace(0.0, 2.0 * math.pi, 2001)[1::2])
    around = np.sqrt(1.0 - z * z)
    x, y = around * np.cos(turn), around * np.sin(turn)
    t_2 = (x + y) / np.abs(x - y)
    mean = (x + y + z) / 3.0
    t_3 = math.sqrt(3.0) * mean / np.sqrt(((x - mean) ** 2 + (y - mean) ** 2 + (z - mean) ** 2) / 2.0)

    assert np.mean(t_2 > first) == pytest.approx(spent(2 / 3, 0.1, "pocock"), abs=5e-4)
    assert np.mean((t_2 > first) | (t_3 > second)) == pytest.approx(0.1, abs=5e-4)


@pytest.mark.parametrize("spending", ["pocock", "obrien_fleming"])
def test_over_all_looks_normal_samples_cross_as_often_as_stated(spending):
    runs = 40_000
    samples = np.random.default_rng(0).normal(size=(runs, 10))
    crossed = np.zeros(runs, dtype=bool)
    for n, boundary in zip(LOOKS, student_boundaries(LOOKS, 0.05, spending), strict=True):
        seen = samples[:, :n]
        crossed |= seen.mean(axis=1) * math.sqrt(n) > boundary * seen.std(axis=1, ddof=1)

    assert abs(crossed.mean() - 0.05) < 4.0 * math.sqrt(0.05 * 0.95 / runs)


@pytest.mark.parametrize("spending", ["pocock", "at_once"])
@pytest.mark.parametrize("error", [0.05, 0.0125, 0.2])
def test_signs_cross_within_the_error_and_no_boundary_could_be_lower(spending, error):
    least = sign_boundaries(LOOKS, error, spending)
    signs = np.array(list(itertools.product((0, 1), repeat=10)))
    crossed = np.zeros(len(signs), dtype=bool)
    for n, boundary in zip(LOOKS, least, strict=True):
        above = signs[:, :n].sum(axis=1)
        allowed = spent(n / 10, error, spending) + 1e-12

        assert (crossed | (above >= boundary)).mean() <= allowed
        assert (crossed | (above >= boundary - 1)).mean() > allowed
        crossed |= above >= boundary


def test_five_of_five_seeds_are_the_fewest_that_signs_decide_at_five_percent():
    least = sign_boundaries(LOOKS, 0.05)

    assert [boundary <= n for n, boundary in zip(LOOKS, least, strict=True)][:3] == [False, False, True]
    assert least[2] == 5


@pytest.mark.parametrize("looks", [(), (1, 2), (3, 3), (5, 4)])
def test_looks_that_do_not_rise_from_two_samples_are_refused(looks):
    with pytest.raises(ValueError, match="looks must rise"):
        student_boundaries(looks, 0.05)
