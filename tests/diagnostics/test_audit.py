"""The ladder of policies that an audit compares, on MDPs small enough to work out by hand."""

import numpy as np
import pytest

from scoper.diagnostics import Evidence
from scoper.diagnostics._terms import terms_of_steps
from scoper.diagnostics._world import world_of
from scoper.domain.empirical import Steps


@pytest.fixture
def loop(table_of):
    """From the start: stay for 1, or finish for 5; the owner wants the finish."""
    table = table_of({(0, 0): [(1.0, 0, 1.0, False)], (0, 1): [(1.0, 1, 5.0, True)]}, discount=0.9)
    return Evidence(table=table, horizon=20, discount=0.99, objective_reward=np.array([0.0, 1.0, 0.0, 0.0]))


def test_looping_pays_more_than_finishing_and_loses_all_the_owner_wants(loop: Evidence) -> None:
    audit = loop.audit
    assert audit.best is not None
    assert audit.wished is not None
    assert (audit.best.reward, audit.best.wanted, audit.best.terminated) == (20.0, 0.0, 0.0)
    assert (audit.wished.reward, audit.wished.wanted, audit.wished.length) == (5.0, 1.0, 1.0)
    assert audit.diverges


def test_a_policy_that_sees_the_clock_is_no_result_of_learning(loop: Evidence) -> None:
    timed = loop.audit.rungs["reward_best_timed"]
    assert (timed.reward, timed.wanted, timed.timed) == (24.0, 1.0, True)
    assert timed not in loop.audit.steady


def test_an_owner_who_wants_the_loop_is_content(loop: Evidence, table_of) -> None:
    assert loop.table is not None
    content = Evidence(table=loop.table, horizon=20, discount=0.99, objective_reward=np.array([1.0, 0.0, 0.0, 0.0]))
    assert content.audit.lost == pytest.approx(0.0)
    assert not content.audit.diverges


def test_of_equal_policies_the_kind_one_is_the_best_and_the_unkind_one_is_named(table_of) -> None:
    """Two ways to the same reward; one of them costs the owner what the reward does not see."""
    table = table_of({(0, 0): [(1.0, 1, 1.0, True)], (0, 1): [(1.0, 1, 1.0, True)], (0, 2): [(1.0, 1, 0.0, True)]})
    evidence = Evidence(table=table, horizon=5, objective_reward=np.array([1.0, -3.0, 0.0, 0.0, 0.0, 0.0]))
    audit = evidence.audit
    assert audit.best is not None
    assert audit.best.wanted == 1.0
    assert audit.unkind is not None
    assert (audit.unkind.reward, audit.unkind.wanted) == (1.0, -3.0)
    assert not audit.diverges


@pytest.mark.parametrize(("wrong", "share"), [(-20.0, 1.0), (0.5, 0.5 / (2.0 + 2.0 * 198.5 / 3.0))])
def test_awful_random_actions_do_not_hide_what_is_lost(table_of, wrong: float, share: float) -> None:
    """Action 0 is right at first and 1 thereafter, 2 is a catastrophe for both; the reward pays 0 twice.

    Random actions get two thirds of (1 + wrong - 200). Where 0 twice is as bad as -19 of the 2 that are possible, all
    that looking at the state could bring is lost; where it costs half a point, that half is small beside random.
    """
    table = table_of(
        {
            (0, 0): [(1.0, 1, 1.0, False)],
            (0, 1): [(1.0, 1, 0.0, False)],
            (0, 2): [(1.0, 1, -200.0, False)],
            (1, 0): [(1.0, 2, 1.0, True)],
            (1, 1): [(1.0, 2, 0.0, True)],
            (1, 2): [(1.0, 2, -200.0, True)],
        }
    )
    wanted = np.array([1.0, wrong, -200.0, wrong, 1.0, -200.0, 0.0, 0.0, 0.0])
    audit = Evidence(table=table, horizon=5, objective_reward=wanted).audit
    assert audit.lost == pytest.approx(share)
    assert audit.diverges == (share > 0.2)


def test_without_an_objective_nothing_diverges(loop: Evidence) -> None:
    audit = Evidence(table=loop.table, horizon=20, discount=0.99).audit
    assert audit.lost is None
    assert not audit.diverges
    assert audit.wished is None


def test_without_table_and_model_there_is_no_world() -> None:
    assert world_of(Evidence()) is None


def steps(reward, /, **told) -> Steps:
    n = len(reward)
    zeros, flags = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=bool)
    return Steps(
        before=np.zeros((n, 1)),
        after=np.zeros((n, 1)),
        action=zeros,
        reward=np.asarray(reward, dtype=float),
        wanted=np.zeros(n),
        terminated=flags,
        truncated=flags,
        timestep=np.arange(n),
        episode=zeros,
        seeds=(0,),
        phase=("random",),
        told={name.replace("__", "."): np.asarray(column, dtype=float) for name, column in told.items()},
    )


RNG = np.random.default_rng(0)
GAIN, COST, OTHER = RNG.random(50), RNG.random(50), RNG.random(50)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"terms__gain": GAIN, "terms__cost": -COST}, {"gain": GAIN, "cost": -COST}),
        ({"terms__gain": GAIN, "terms__cost": COST}, {"gain": GAIN, "cost": -COST}),
        ({"gain_reward": GAIN, "fuel_cost": COST, "speed": OTHER}, {"gain_reward": GAIN, "fuel_cost": -COST}),
        ({"speed": OTHER, "height": 2 * OTHER}, {}),
        ({"reward": GAIN - COST}, {}),
        ({"reward": GAIN - COST, "gain": GAIN, "cost": COST}, {"gain": GAIN, "cost": -COST}),
        ({}, {}),
    ],
)
def test_numbers_count_as_terms_when_they_add_up_to_the_reward(told, expected) -> None:
    found = terms_of_steps(steps(GAIN - COST, **told))
    assert found.keys() == expected.keys()
    assert all(np.allclose(found[name], expected[name]) for name in expected)
