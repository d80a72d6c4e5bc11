"""Can it be reached, and learned in time: each diagnostic where it must speak and where it must not."""

import pytest

from scoper.diagnostics import (
    Evidence,
    discount_horizon,
    unreachable_goal,
)

GOAL = {(0, 0): [(1.0, 0, 0.0, False)], (0, 1): [(1.0, 1, 1.0, True)]}


def codes(findings):
    return [finding.code for finding in findings]


class TestUnreachableGoal:
    def test_a_reward_behind_a_wall_is_found(self, table_of):
        laws = {(0, a): [(1.0, 0, 0.0, False)] for a in (0, 1)} | {(1, 0): [(1.0, 1, 5.0, True)]}
        evidence = Evidence(table=table_of(laws), optimal=0.0, worst=0.0)

        assert codes(unreachable_goal.inspect(evidence)) == ["unreachable_goal"]

    def test_a_goal_beyond_the_horizon_is_found(self, table_of):
        laws = {(s, 0): [(1.0, s + 1, 0.0, False)] for s in range(4)} | {(4, 0): [(1.0, 4, 1.0, True)]}
        laws |= {(s, 1): [(1.0, 0, 0.0, False)] for s in range(5)}

        late = Evidence(table=table_of(laws), horizon=4, optimal=0.0, worst=0.0)
        assert codes(unreachable_goal.inspect(late)) == ["unreachable_goal"]

    def test_a_goal_that_can_be_reached_is_left_alone(self, table_of):
        assert unreachable_goal.inspect(Evidence(table=table_of(GOAL), optimal=1.0, worst=0.0)) == []


@pytest.mark.parametrize(("loss", "found"), [(0.21, ["discount_horizon"]), (0.2, []), (None, [])])
def test_a_discount_that_loses_more_than_a_fifth_is_a_caution(loss, found):
    assert codes(discount_horizon.inspect(Evidence(discounted_loss=loss))) == found
