"""Laws as lists: exact probabilities, stated cuts, steps and cells, and how many values they have."""

import math

import numpy as np
import pytest

from scoper.domain.mdp import Distribution
from scoper.modelling.distributions import LOST_MASS, most_values, points


def law(kind, truncate=None, **parameters):
    return Distribution(kind=kind, parameters=parameters, truncate=truncate)


@pytest.mark.parametrize("mean", [0.01, 4.0, 90.0, 2500.0])
def test_poisson_probabilities_are_those_of_the_formula(mean):
    values, shares, _ = points(law("poisson", mean=mean))
    expected = [math.exp(k * math.log(mean) - mean - math.lgamma(k + 1.0)) for k in values]

    assert shares == pytest.approx(expected, rel=1e-9, abs=1e-14)


@pytest.mark.parametrize(("n", "p"), [(1, 0.5), (10, 0.3), (400, 0.01), (5000, 0.97)])
def test_binomial_probabilities_are_those_of_the_formula(n, p):
    values, shares, _ = points(law("binomial", n=n, p=p))
    expected = [math.comb(n, int(k)) * p**k * (1 - p) ** (n - k) if n < 1000 else None for k in values]

    if None not in expected:
        assert shares == pytest.approx(expected, rel=1e-9, abs=1e-14)
    assert shares @ values == pytest.approx(n * p, rel=1e-12)
    assert shares @ (values - n * p) ** 2 == pytest.approx(n * p * (1 - p), rel=1e-9)


@pytest.mark.parametrize(
    "parameters",
    [
        {"kind": "poisson", "mean": 20.0},
        {"kind": "binomial", "n": 60, "p": 0.4},
        {"kind": "geometric", "p": 0.2},
        {"kind": "normal", "mean": 3.0, "sd": 5.0},
    ],
)
def test_a_stated_cut_is_kept_and_what_it_costs_is_told(parameters):
    fine, coarse = points(law(**parameters)), points(law(truncate=1e-3, **parameters))

    assert coarse[0].size < fine[0].size
    assert 0.0 < coarse[2] <= 1e-3
    kept = np.isin(fine[0], coarse[0])
    assert coarse[2] == pytest.approx(1.0 - fine[1][kept].sum(), rel=1e-6)
    assert coarse[1] == pytest.approx(fine[1][kept] / fine[1][kept].sum(), rel=1e-9)


def test_a_normal_law_with_a_step_gives_every_multiple_the_interval_around_it():
    values, shares, _ = points(law("normal", mean=1.0, sd=0.4, step=0.25))

    def below(x):
        return 0.5 * math.erfc((1.0 - x) / (0.4 * math.sqrt(2.0)))

    assert np.diff(values) == pytest.approx(0.25)
    assert shares[values == 1.25] == pytest.approx(below(1.375) - below(1.125), rel=1e-9)


def test_an_interval_is_stood_for_by_the_middles_of_its_cells():
    values, shares, lost = points(law("uniform", low=0.0, high=2.0, points=4))

    assert values.tolist() == [0.25, 0.75, 1.25, 1.75]
    assert shares.tolist() == [0.25] * 4
    assert lost == 0.0


def test_observed_shares_from_a_file_are_taken_as_they_are():
    values, shares, _ = points(law("empirical", values=[1.0, 3.0], probabilities=[0.25, 0.75], csv="a.csv", column="x"))

    assert (values.tolist(), shares.tolist()) == ([1.0, 3.0], [0.25, 0.75])


@pytest.mark.parametrize(
    "parameters",
    [
        {"kind": "values", "values": [1.0, 2.0], "probabilities": [0.5, 0.5]},
        {"kind": "poisson", "mean": 0.0},
        {"kind": "poisson", "mean": 7.0},
        {"kind": "poisson", "mean": 40_000.0},
        {"kind": "binomial", "n": 5, "p": 0.5},
        {"kind": "binomial", "n": 100_000, "p": 0.5},
        {"kind": "geometric", "p": 0.01},
        {"kind": "geometric", "p": 1.0},
        {"kind": "normal", "mean": 0.0, "sd": 30.0},
        {"kind": "normal", "mean": 0.0, "sd": 30.0, "step": 4.0},
        {"kind": "uniform", "from": -3, "to": 9},
        {"kind": "uniform", "low": 0.0, "high": 1.0, "points": 7},
    ],
)
def test_the_number_of_values_is_known_before_they_are_made(parameters):
    assert points(law(**parameters))[0].size <= most_values(law(**parameters))


@pytest.mark.parametrize("mean", [0.5, 30.0, 900.0])
def test_next_to_nothing_is_lost_without_a_stated_cut(mean):
    assert points(law("poisson", mean=mean))[2] <= LOST_MASS
