"""Declared tasks with neither horizon nor discount: the optimum needs no limit where it is finite."""

import pytest

from scoper.probe.declared import declared_task
from scoper.probe.exact import solve
from scoper.services.specs import parse_spec

LADDER = """
scoper_mdp: 1
name: ladder
discount: 1.0
state: {s: {from: 0, to: 2}}
actions: {a: {from: 0, to: 1}}
exogenous: {u: {values: {0: 0.999, 1: 0.001}}}
next: {s: "min(2, s + u*a)"}
reward: {goal: "10 if next_s == 2 and s != 2 else 0", cost: "-0.001"}
terminated: "s == 2"
start: {s: 0}
"""
TRIALS_OF_BOTH = LADDER.replace('"min(2, s + u*a)"', '"min(2, s + u)"').replace("cost: ", 'kind: "-0.001*a", cost: ')
POISSON = """
scoper_mdp: 1
name: trunc
discount: 1.0
horizon: 90
state: {s: {from: 0, to: 1}}
actions: {a: {from: 0, to: 1}}
exogenous: {demand: {poisson: 4.0}}
next: {s: a}
reward: {x: "demand ** 4", y: "0.1*a"}
start: {s: 0}
"""


@pytest.fixture
def solved():
    """The task, its criterion, its findings and its solution."""

    def go(text):
        task, criterion, _, findings = declared_task(parse_spec(text, "mdp.yaml"))
        return task, criterion, findings, solve(task, is_environment=False)

    return go


@pytest.mark.slow
def test_an_optimum_that_takes_thousands_of_timesteps_is_not_cut(solved):
    # two successes of probability 1/1000 each: 2000 timesteps at 0.001 before 10 are paid
    _, criterion, _, solution = solved(LADDER)

    assert solution.optimal == pytest.approx(10.0 - 2000 * 0.001, abs=1e-8)
    assert {s.method.split(",")[0] for s in solution.solutions} == {"value iteration", "policy iteration"}
    assert all(s.converged and s.error_bound < 1e-7 for s in solution.solutions)
    assert "undiscounted return without time limit" in criterion


@pytest.mark.slow
def test_policies_that_never_end_are_followed_long_enough_for_the_optimum_to_settle(solved):
    task, criterion, _, solution = solved(LADDER)

    # after t timesteps both successes have come but for the share (1 + t/1000) exp(-t/1000), roughly
    assert 24_000 <= task.horizon <= 32_000
    assert f"{task.horizon:,} timesteps" in criterion
    assert solution.worst == pytest.approx(-0.001 * task.horizon, rel=1e-9)


@pytest.mark.slow
def test_without_a_policy_that_never_ends_nothing_is_cut(solved):
    task, criterion, _, solution = solved(TRIALS_OF_BOTH)

    assert task.horizon is None
    assert (solution.optimal, solution.worst) == (pytest.approx(8.0, abs=1e-8), pytest.approx(6.0, abs=1e-8))
    assert "followed" not in criterion


def test_a_reward_without_end_is_counted_within_the_own_limit_and_the_criterion_says_why(solved):
    task, criterion, _, solution = solved(LADDER.replace('"-0.001"', '"0.001"'))

    assert task.horizon == 1000
    assert solution.policy.shape[0] == 1000
    assert "own limit of 1,000 timesteps" in criterion
    assert "reward can be collected without end" in criterion


@pytest.mark.slow
def test_an_optimum_too_slow_to_follow_is_counted_within_the_own_limit_and_named(solved):
    task, criterion, _, _ = solved(LADDER.replace("0.999, 1: 0.001", "0.99999, 1: 0.00001").replace("0.001", "0.00001"))

    assert task.horizon == 1000
    assert "without limit the optimum is 8" in criterion


def test_rewards_that_grow_along_a_cut_tail_are_exact_within_the_stated_bound(solved):
    # the fourth moment of a Poisson law is m + 7 m^2 + 6 m^3 + m^4 (Touchard)
    _, _, _, solution = solved(POISSON)

    truth = 90 * (4 + 7 * 16 + 6 * 64 + 256 + 0.1)
    assert abs(solution.optimal - truth) <= 2 * solution.solutions[0].error_bound < 1e-7


def test_lost_probability_is_stated_however_small_it_is(solved):
    task, criterion, findings, _ = solved(POISSON)

    (finding,) = [finding for finding in findings if finding.code == "distribution_cut"]
    assert 0.0 < finding.evidence["mass"] <= 1e-15
    assert f"{task.table.truncated_mass:.1e} of the probability that was cut off" in criterion
