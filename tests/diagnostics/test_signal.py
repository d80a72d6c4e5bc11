"""Is there signal: each diagnostic where it must speak and where it must not."""

import numpy as np
import pytest

from scoper.diagnostics import (
    Evidence,
    actions_no_effect,
    constant_reward,
    numeric_hygiene,
    policy_independent_return,
    unreachable_goal,
)
from scoper.domain.episodes import Exploration, Replays, Stepped
from scoper.probe.verdict import decide

GOAL = {(0, 0): [(1.0, 0, 0.0, False)], (0, 1): [(1.0, 1, 1.0, True)]}


def codes(findings):
    return [finding.code for finding in findings]


class TestConstantReward:
    def test_a_table_that_pays_zero_everywhere_is_constant(self, table_of):
        table = table_of({(0, 0): [(1.0, 0, 0.0, False)], (0, 1): [(1.0, 1, 0.0, True)]})

        assert codes(constant_reward.inspect(Evidence(table=table))) == ["constant_reward"]

    def test_minus_one_per_timestep_until_the_goal_is_not_constant_in_effect(self, table_of):
        table = table_of({(0, 0): [(1.0, 0, -1.0, False)], (0, 1): [(1.0, 1, -1.0, True)]})

        assert constant_reward.inspect(Evidence(table=table)) == []

    def test_one_per_timestep_without_an_end_is_constant(self, table_of):
        table = table_of({(0, 0): [(1.0, 0, 1.0, False)], (0, 1): [(1.0, 0, 1.0, False)]})

        assert codes(constant_reward.inspect(Evidence(table=table))) == ["constant_reward"]

    @pytest.mark.parametrize("terminated", [True, False])
    @pytest.mark.parametrize("n", [100, 3000])
    def test_silence_alone_is_a_rare_reward_never_a_constant_one_however_the_episodes_ended(
        self, episodes_of, terminated, n
    ):
        silent = episodes_of(np.zeros(n), np.arange(n) % 40 + 1, terminated, low=0.0, high=0.0)
        found = constant_reward.inspect(Evidence(episodes={"random": silent}))
        steps = int((np.arange(n) % 40 + 1).sum())

        assert [(finding.code, finding.severity, finding.defect) for finding in found] == [
            ("no_reward_seen", "caution", "hard_exploration")
        ]
        assert found[0].evidence["chance_per_episode_at_most"] == 3 / n
        assert found[0].evidence["chance_per_timestep_at_most"] == 3 / steps
        assert f"no reward seen in {steps:,} steps" in found[0].claim
        assert f"at most 3/{steps} at 95 %" in found[0].claim

    def test_minus_one_per_step_that_never_ended_is_the_same_silence(self, episodes_of):
        cut = episodes_of(np.full(200, -200.0), lengths=np.full(200, 200), terminated=False, low=-1.0, high=-1.0)

        assert codes(constant_reward.inspect(Evidence(episodes={"random": cut}))) == ["no_reward_seen"]

    def test_one_per_step_until_the_pole_falls_is_fine(self, episodes_of):
        falls = episodes_of([9.0, 30.0, 22.0], lengths=[9, 30, 22], low=1.0, high=1.0)

        assert constant_reward.inspect(Evidence(episodes={"random": falls})) == []

    def test_a_reward_that_only_training_saw_refutes_the_silence(self, episodes_of):
        silent = episodes_of(np.zeros(50), low=0.0, high=0.0)
        evidence = Evidence(episodes={"random": silent}, stepped=Stepped(9000, 0.0, 1.0, 10, 10))

        assert constant_reward.inspect(evidence) == []

    def test_a_reward_of_one_number_up_to_rounding_is_one_number(self, episodes_of):
        same = episodes_of(np.full(50, 1.0), low=0.1, high=0.1 + 2e-17 * 5, terminated=False)

        assert codes(constant_reward.inspect(Evidence(episodes={"random": same}))) == ["no_reward_seen"]

    def test_a_learner_that_earned_something_refutes_the_silence(self, episodes_of, evidence_of):
        silent = episodes_of(np.zeros(1200), lengths=np.arange(1200) + 1, low=0.0, high=0.0)
        evidence = evidence_of({"ppo": (0.5, 0.1)}, learners=("ppo",), episodes={"random": silent})

        assert constant_reward.inspect(evidence) == []


class TestSearched:
    """What a search must have shown before sameness counts."""

    @pytest.fixture
    def verdict_on(self, episodes_of):
        """The code found for floors that fell early and paid nothing, with a search as given."""

        def make(*, actions_matter=True, survivors=None, floors_end=True, **search):
            fallen = episodes_of(np.zeros(500), np.arange(500) % 20 + 5, True, low=0.0, high=0.0)
            held = episodes_of(np.zeros(16), np.full(16, 9), floors_end, low=0.0, high=0.0)
            lived = None
            if survivors is not None:
                length, terminated = survivors
                lived = episodes_of(np.zeros(20), np.full(20, length), terminated, low=0.0, high=0.0)
            search = {"covered": 0.5, "whole": False, **search}
            evidence = Evidence(
                episodes={"random": fallen, "constant/tried": held},
                exploration=Exploration(fallen, lived, **search),
                actions_matter=actions_matter,
            )
            (finding,) = constant_reward.inspect(evidence)
            return finding.code

        return make

    def test_falls_by_chance_and_mastery_up_to_the_limit_are_two_ways_to_end_without_reward(self, verdict_on):
        assert verdict_on(survivors=(500, False)) == "constant_reward"

    @pytest.mark.parametrize(
        "lacking",
        [
            {"survivors": (500, True)},
            {"survivors": (30, False)},
            {"survivors": None},
            {"survivors": (500, False), "floors_end": False},
            {"survivors": (500, False), "covered": 0.3},
            {"survivors": (500, False), "actions_matter": False},
            {"survivors": (500, False), "actions_matter": None},
        ],
    )
    def test_without_any_part_of_it_nothing_is_claimed(self, verdict_on, lacking):
        assert verdict_on(**lacking) == "no_reward_seen"

    @pytest.mark.parametrize(
        ("search", "found"),
        [
            ({"covered": 1.0, "whole": True, "least_tried": 5}, "constant_reward"),
            ({"covered": 1.0, "whole": True, "least_tried": 4}, "no_reward_seen"),
            ({"covered": 1.0, "whole": False, "least_tried": 50}, "no_reward_seen"),
            ({"covered": 0.99, "whole": True, "least_tried": 50}, "no_reward_seen"),
            ({"covered": 0.95, "whole": True}, "constant_reward"),
            ({"covered": 0.94, "whole": True}, "no_reward_seen"),
            ({"covered": 0.95, "whole": False}, "no_reward_seen"),
        ],
    )
    def test_going_through_all_that_is_declared_counts_too(self, verdict_on, search, found):
        assert verdict_on(**search) == found


class TestPolicyIndependentReturn:
    def test_rewards_that_cancel_out_under_every_policy_are_found_on_a_table(self, table_of):
        laws = {
            (0, 0): [(1.0, 1, 1.0, False)],
            (0, 1): [(1.0, 2, 3.0, False)],
            (1, 0): [(1.0, 3, 1.0, True)],
            (2, 0): [(1.0, 3, -1.0, True)],
        }
        evidence = Evidence(table=table_of(laws), optimal=2.0, worst=2.0)

        assert codes(policy_independent_return.inspect(evidence)) == ["policy_independent_return"]

    def test_a_table_on_which_something_can_be_gained_is_left_alone(self, table_of):
        assert policy_independent_return.inspect(Evidence(table=table_of(GOAL), optimal=1.0, worst=0.0)) == []

    def test_equal_returns_of_differently_paid_episodes_are_only_told_as_seen(self, episodes_of):
        sets = {"random": episodes_of(np.full(50, 3.0), low=-1.0), "constant/tried": episodes_of(np.full(16, 3.0))}
        found = policy_independent_return.inspect(Evidence(episodes=sets))

        assert [(finding.code, finding.severity, finding.defect) for finding in found] == [
            ("one_return_seen", "caution", None)
        ]

    @pytest.mark.parametrize(("searched", "found"), [(3.0, ["policy_independent_return"]), (4.0, [])])
    def test_they_are_a_defect_when_a_search_through_everything_returned_the_same(self, episodes_of, searched, found):
        sets = {"random": episodes_of(np.full(50, 3.0), low=-1.0), "constant/tried": episodes_of(np.full(16, 3.0))}
        through = Exploration(episodes_of(np.full(100, searched)), None, 1.0, whole=True, least_tried=9)
        evidence = Evidence(episodes=sets, exploration=through, actions_matter=True)

        assert codes(policy_independent_return.inspect(evidence)) == found

    def test_one_constant_action_that_returned_something_else_is_enough_to_refute_it(self, episodes_of):
        sets = {"random": episodes_of(np.full(50, 3.0)), "constant/tried": episodes_of([3.0, 0.0])}

        assert policy_independent_return.inspect(Evidence(episodes=sets)) == []


class TestActionsNoEffect:
    def test_a_table_whose_actions_have_one_law_is_found(self, table_of):
        law = [(0.5, 0, 0.0, False), (0.5, 1, 1.0, True)]
        table = table_of({(0, 0): law, (0, 1): list(reversed(law))})

        assert codes(actions_no_effect.inspect(Evidence(table=table))) == ["actions_no_effect"]

    def test_an_effect_in_a_state_that_is_never_reached_does_not_count(self, table_of):
        laws = {(0, a): [(1.0, 1, 1.0, True)] for a in (0, 1)} | {(2, 0): GOAL[0, 0], (2, 1): GOAL[0, 1]}

        assert codes(actions_no_effect.inspect(Evidence(table=table_of(laws)))) == ["actions_no_effect"]

    def test_a_table_with_a_choice_is_left_alone(self, table_of):
        assert actions_no_effect.inspect(Evidence(table=table_of(GOAL))) == []

    @pytest.mark.parametrize(("matter", "found"), [(False, ["actions_no_effect"]), (True, []), (None, [])])
    def test_by_stepping_only_a_finished_comparison_counts(self, matter, found):
        evidence = Evidence(actions_matter=matter, alike=Replays(60, 1200, complete=True))

        assert codes(actions_no_effect.inspect(evidence)) == found

    @pytest.mark.parametrize(
        ("alike", "severity"),
        [
            (Replays(60, 1200, complete=True), "blocker"),
            (Replays(29, 1200, complete=True), "caution"),
            (Replays(60, 12_000, complete=False), "caution"),
        ],
    )
    def test_what_was_only_seen_never_makes_a_problem_infeasible(self, alike, severity, evidence_of):
        evidence = evidence_of({"random": (1.0, 0.1)}, actions_matter=False, alike=alike)
        found = actions_no_effect.inspect(evidence)

        assert [(finding.severity, finding.defect) for finding in found] == [(severity, None)]
        assert f"no effect of actions seen in {alike.n_steps:,} steps" in found[0].claim
        assert decide(evidence, found)[0] == "not_shown"

    def test_policies_that_clearly_return_different_amounts_refute_it(self, evidence_of):
        returns = {"random": (1.0, 0.1), "constant": (2.0, 0.1)}
        evidence = evidence_of(returns, actions_matter=False, alike=Replays(60, 1200, complete=True))

        assert actions_no_effect.inspect(evidence) == []


class TestRounding:
    """Rewards that differ by rounding are one number, whatever their size."""

    @pytest.mark.parametrize("size", [1e-6, 0.1, 1e6])
    def test_a_constant_with_rounding_errors_is_constant(self, table_of, size):
        laws = {(0, 0): [(1.0, 0, size, False)], (0, 1): [(1.0, 0, size * (1 + 4e-16), False)]}

        assert codes(constant_reward.inspect(Evidence(table=table_of(laws)))) == ["constant_reward"]
        assert codes(actions_no_effect.inspect(Evidence(table=table_of(laws)))) == ["actions_no_effect"]

    def test_a_goal_whose_reward_differs_by_rounding_only_is_no_goal(self, table_of):
        near = 0.1 + 1e-17 * 3
        laws = {(0, a): [(1.0, 0, 0.1, False)] for a in (0, 1)} | {(1, 0): [(1.0, 1, near * (1 + 4e-16), True)]}

        assert unreachable_goal.inspect(Evidence(table=table_of(laws), optimal=1.0, worst=1.0)) == []

    def test_small_rewards_are_told_apart(self, table_of):
        laws = {(0, 0): [(1.0, 0, 1e-12, False)], (0, 1): [(1.0, 0, 2e-12, False)]}

        assert constant_reward.inspect(Evidence(table=table_of(laws))) == []
        small = Evidence(table=table_of(laws), optimal=2e-11, worst=1e-11)
        assert policy_independent_return.inspect(small) == []
        assert unreachable_goal.inspect(small) == []


@pytest.mark.parametrize(("largest", "found"), [(1e15, ["reward_overflow"]), (2e4, [])])
def test_rewards_that_drown_all_others_are_named(episodes_of, largest, found):
    evidence = Evidence(episodes={"random": episodes_of([1.0], high=largest)})

    assert codes(numeric_hygiene.inspect(evidence)) == found
