"""Rewards that chance hardly meets, lures beside them, goals out of reach: small worlds whose chances are known."""

import numpy as np
import pytest

from scoper.diagnostics import (
    Evidence,
    constant_reward,
    deceptive_local_optimum,
    hard_exploration,
    unreachable_goal,
)
from scoper.probe.verdict import decide
from tests.diagnostics.stepped import model_of, run


def lock(table_of, length, *, arms=4, lure=0.0):
    """A row of right choices ends with 1; wrong ones lead back; one wrong kind ends at once with `lure`."""
    laws = {}
    for place in range(length):
        right = place % arms
        for action in range(arms):
            law = (1.0, 0, 0.0, False)
            if action == right:
                law = (1.0, place + 1, float(place + 1 == length), place + 1 == length)
            elif lure and action == (right + 1) % arms:
                law = (1.0, 0, lure, True)
            laws[place, action] = [law]
    return Evidence(table=table_of(laws, discount=0.99), horizon=60, discount=0.99)


def test_a_long_lock_is_hard_and_its_chance_lies_between_one_try_and_all_tries(table_of):
    (found,) = hard_exploration.inspect(lock(table_of, 12))
    one_try = -12 * np.log10(4)

    assert (found.defect, found.severity) == ("hard_exploration", "caution")
    assert one_try <= found.evidence["log10_chance_per_episode"] <= one_try + np.log10(60)
    assert found.evidence["basis"] == "proved"
    assert deceptive_local_optimum.inspect(lock(table_of, 12)) == []


def test_a_short_lock_is_left_alone(table_of):
    assert hard_exploration.inspect(lock(table_of, 3)) == []


def test_a_lure_beside_a_long_lock_is_named_instead(table_of):
    (found,) = deceptive_local_optimum.inspect(lock(table_of, 10, lure=0.4))

    assert found.defect == "deceptive_local_optimum"
    assert found.evidence["lure"] == 0.4
    assert hard_exploration.inspect(lock(table_of, 10, lure=0.4)) == []


def test_a_lure_beside_a_short_lock_is_no_trap(table_of):
    assert deceptive_local_optimum.inspect(lock(table_of, 3, lure=0.4)) == []


def test_rewards_on_the_way_make_a_long_row_easy(table_of):
    laws = {(s, 0): [(1.0, s + 1, 0.2, s == 11)] for s in range(12)} | {
        (s, 1): [(1.0, 0, 0.0, True)] for s in range(12)
    }
    evidence = Evidence(table=table_of(laws, discount=0.99), horizon=60, discount=0.99)

    assert hard_exploration.inspect(evidence) == []
    assert deceptive_local_optimum.inspect(evidence) == []


class TestOutOfReach:
    def test_an_objective_that_no_policy_moves_is_proved_though_rewards_differ(self, table_of):
        table = table_of({(0, 0): [(1.0, 0, -0.1, False)], (0, 1): [(1.0, 0, -0.2, False)]})
        evidence = Evidence(
            table=table, horizon=10, objective_declared=True, objective_reward=np.zeros(2), optimal=-1.0, worst=-2.0
        )
        found = unreachable_goal.inspect(evidence)

        assert [finding.evidence["basis"] for finding in found] == ["proved"]
        assert decide(evidence, found)[0] == "infeasible"

    def test_a_term_that_is_never_paid_beside_a_constant_one_is_a_goal_out_of_reach_not_a_constant_reward(
        self, table_of
    ):
        table = table_of({(0, a): [(1.0, 0, -0.01, False)] for a in (0, 1)})
        terms = {"vault": np.zeros(2), "turns": np.full(2, -0.01)}
        evidence = Evidence(table=table, horizon=10, terms=terms, optimal=-0.1, worst=-0.1)

        assert "'vault' is 0" in unreachable_goal.inspect(evidence)[0].claim
        assert constant_reward.inspect(evidence) == []

    def test_a_term_that_is_never_paid_beside_others_that_vary_is_no_goal(self, table_of):
        table = table_of({(0, 0): [(1.0, 0, 1.0, False)], (0, 1): [(1.0, 0, 2.0, False)]})
        terms = {"fine": np.zeros(2), "gain": np.array([1.0, 2.0])}

        assert unreachable_goal.inspect(Evidence(table=table, horizon=10, terms=terms)) == []

    @pytest.fixture
    def corridor(self, episodes_of):
        """Three cells and a wall; the owner's number is declared and stays zero."""
        steps = run(
            lambda h, a, t, e, rng: ((min(max(h[0] + 2 * a - 1, 0), 2),), 0.0, False), lambda e, rng: (0,), n=600
        )
        quiet = episodes_of(np.zeros(30), np.full(30, 20), False, low=0.0, high=0.0, objective=np.zeros(30))
        return Evidence(model=model_of(steps), episodes={"random": quiet}, objective_declared=True)

    def test_what_stepping_never_met_though_it_tried_everything_blocks_and_proves_nothing(self, corridor):
        found = unreachable_goal.inspect(corridor)

        assert [(f.severity, f.evidence["basis"]) for f in found] == [("blocker", "measured")]
        assert "all 2 actions were tried in all 3 states met" in found[0].claim
        assert decide(corridor, found)[0] == "not_shown"
        assert constant_reward.inspect(corridor) == []

    def test_an_action_that_was_never_tried_in_a_state_leaves_it_open(self, episodes_of):
        steps = run(
            lambda h, a, t, e, rng: ((min(h[0] + a, 2),), 0.0, False), lambda e, rng: (0,), n=2, length=1, seed=1
        )
        quiet = episodes_of(np.zeros(30), objective=np.zeros(30))
        evidence = Evidence(model=model_of(steps), episodes={"random": quiet}, objective_declared=True)

        assert unreachable_goal.inspect(evidence) == []
