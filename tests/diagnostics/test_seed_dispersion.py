"""Whether learning succeeds for every seed."""

import pytest

from scoper.diagnostics import Evidence
from scoper.diagnostics.seed_dispersion import inspect
from scoper.domain.probe import ReturnSummary
from scoper.domain.probe_statistics import DecisionSummary


def measured(mean, n=100):
    return ReturnSummary(mean=mean, low=mean, high=mean, n=n, basis="measured", policy="p")


def evidence(samples, *, outcome="better"):
    """A learner with these seeds beside a floor of 10, as decided by its median."""
    decision = DecisionSummary(
        outcome=outcome,
        learner="ppo",
        floor="constant",
        claim="median",
        law="typical",
        estimate=sorted(samples)[len(samples) // 2],
        low=11.0,
        high=None,
        bar=10.0,
        bar_high=10.0,
        n_seeds=len(samples),
        looks=(3, 5, 7, 9),
        steps=1000,
        error=0.05,
        assumed="",
        why="",
    )
    return Evidence(
        returns={"constant": measured(10.0), "ppo": measured(sum(samples) / len(samples), len(samples))},
        samples={"ppo": tuple(samples)},
        learners=("ppo",),
        decisions={"ppo": decision},
    )


def test_a_seed_of_four_that_ends_below_the_floor_is_a_caution():
    (finding,) = inspect(evidence([12.0, 12.1, 12.2, 3.0]))

    assert finding.severity == "caution"
    assert "1 of 4 ends no better than constant (10)" in finding.claim
    assert finding.evidence["failed"] == 1


@pytest.mark.parametrize(("failed", "n", "told"), [(1, 10, False), (2, 19, True), (2, 20, False), (1, 9, True)])
def test_up_to_a_tenth_of_the_seeds_may_fail_without_a_word(failed, n, told):
    assert bool(inspect(evidence([9.0] * failed + [12.0] * (n - failed)))) is told


def test_a_learner_that_is_not_shown_is_left_to_others():
    assert inspect(evidence([12.0, 9.0, 9.0], outcome="undecided")) == []
