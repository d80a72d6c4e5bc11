"""Each diagnostic on evidence made for it, where it must speak and where it must not."""

from pathlib import Path

import numpy as np
import pytest

import scoper.diagnostics as room
from scoper.diagnostics import (
    Evidence,
    actions_no_effect,
    clock,
    constant_reward,
    diagnose,
    discount_horizon,
    discover,
    do_nothing_optimal,
    exact_vs_learner,
    last_checkpoint,
    learner_beats_floors,
    myopic_optimal,
    no_episode_end,
    numeric_hygiene,
    observation_scale,
    policy_independent_return,
    proxy_true_divergence,
    reference_optimal,
    seed_dispersion,
    table_solves_it,
    trivial_constant,
    unreachable_goal,
)
from scoper.domain.episodes import Exploration, Replays, Stepped
from scoper.domain.probe import GapShare
from scoper.probe.verdict import decide

GOAL = {(0, 0): [(1.0, 0, 0.0, False)], (0, 1): [(1.0, 1, 1.0, True)]}


def codes(findings):
    return [finding.code for finding in findings]


def share(**changed):
    values = {"estimate": 0.9, "low": 0.8, "high": 1.0, "n_seeds": 3}
    return GapShare(**{**values, "learner": "ppo", "floor": "random", "ceiling": "optimal", **changed})


@pytest.mark.parametrize("diagnostic", discover()[0], ids=lambda diagnostic: diagnostic.id)
def test_every_diagnostic_is_a_file_of_its_name_with_a_question_and_one_sentence(diagnostic):
    assert (Path(room.__file__).parent / f"{diagnostic.id}.py").is_file()
    assert diagnostic.question.endswith("?")
    assert diagnostic.summary.endswith(".")
    assert diagnostic.summary.count(". ") == 0


@pytest.mark.parametrize("diagnostic", discover()[0], ids=lambda diagnostic: diagnostic.id)
def test_no_diagnostic_finds_a_defect_in_no_evidence(diagnostic):
    assert [finding for finding in diagnostic.inspect(Evidence()) if finding.severity != "info"] == []


def test_a_diagnostic_that_fails_leaves_its_question_open_as_a_condition(monkeypatch):
    def fails(evidence):
        raise ZeroDivisionError("by design")

    broken = room.Diagnostic(id="theirs", question="Why?", summary="Fails.", inspect=fails)
    monkeypatch.setattr(room, "discover", lambda: ((broken,), ("the diagnostic plug-in 'other' cannot be used",)))
    found = diagnose(Evidence())

    assert [(finding.code, finding.severity) for finding in found] == [
        ("not_assessed", "caution"),
        ("broken_plug_in", "info"),
    ]
    assert "theirs" in found[0].claim
    assert "Why?" in found[0].claim
    assert "by design" in found[0].evidence["error"]


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
    def test_silence_alone_is_never_a_defect_however_the_episodes_ended(self, episodes_of, terminated, n):
        silent = episodes_of(np.zeros(n), np.arange(n) % 40 + 1, terminated, low=0.0, high=0.0)
        found = constant_reward.inspect(Evidence(episodes={"random": silent}))
        steps = int((np.arange(n) % 40 + 1).sum())

        assert [(finding.code, finding.severity, finding.defect) for finding in found] == [
            ("no_reward_seen", "caution", None)
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


class TestDoNothing:
    @pytest.mark.parametrize(("idle", "found"), [(1.0, ["do_nothing_optimal"]), (0.9, [])])
    def test_it_compares_with_the_proved_optimum(self, evidence_of, idle, found):
        evidence = evidence_of({"idle": idle, "random": 0.0}, optimal=1.0)

        assert codes(do_nothing_optimal.inspect(evidence)) == found

    def test_without_an_optimum_it_compares_with_the_best_learner(self, evidence_of):
        evidence = evidence_of({"idle": (5.0, 0.1), "ppo": (4.0, 0.2)}, learners=("ppo",))

        assert codes(do_nothing_optimal.inspect(evidence)) == ["do_nothing_optimal"]


class TestObjective:
    def test_without_an_objective_there_is_nothing_to_diverge_from(self):
        assert proxy_true_divergence.inspect(Evidence()) == []

    @pytest.mark.parametrize(("wanted", "found"), [(7.9, ["proxy_true_divergence"]), (8.1, [])])
    def test_losing_more_than_a_fifth_of_the_possible_objective_is_a_defect(self, wanted, found):
        evidence = Evidence(objective_declared=True, objective={"optimal": wanted, "random": 0.0}, best_objective=10.0)

        assert codes(proxy_true_divergence.inspect(evidence)) == found

    def test_a_learner_with_more_reward_and_less_objective_than_random_is_a_witness(self, evidence_of):
        evidence = evidence_of(
            {"random": (1.0, 0.1), "ppo": (9.0, 0.5)},
            learners=("ppo",),
            objective_declared=True,
            objective={"random": 5.0, "ppo": 2.0},
        )

        assert codes(proxy_true_divergence.inspect(evidence)) == ["proxy_true_divergence"]

    def test_a_learner_with_more_of_both_is_fine(self, evidence_of):
        evidence = evidence_of(
            {"random": (1.0, 0.1), "ppo": (9.0, 0.5)},
            learners=("ppo",),
            objective_declared=True,
            objective={"random": 2.0, "ppo": 5.0},
        )

        assert proxy_true_divergence.inspect(evidence) == []


@pytest.mark.parametrize(("loss", "found"), [(0.21, ["discount_horizon"]), (0.2, []), (None, [])])
def test_a_discount_that_loses_more_than_a_fifth_is_a_caution(loss, found):
    assert codes(discount_horizon.inspect(Evidence(discounted_loss=loss))) == found


@pytest.mark.parametrize(
    ("learner", "found"),
    [((5.0, 1.0), ["learner_beats_floors"]), ((5.0, 2.5), ["learner_not_above_floors"])],
)
def test_a_learner_must_clear_the_floors_with_its_whole_interval(evidence_of, learner, found):
    evidence = evidence_of({"random": (3.0, 0.5), "ppo": learner}, learners=("ppo",), samples={"ppo": (4.0, 6.0)})

    assert codes(learner_beats_floors.inspect(evidence)) == found


class TestConstantOptimal:
    @pytest.fixture
    def evidence(self, evidence_of, summary_of, table_of):
        def make(constant=1.0, *, basis=None, worst=0.0):
            floor = summary_of(constant, basis=basis, policy="always leave")
            returns = {"random": 0.5, "constant": floor, "q_learning": (1.0, 0.0)}
            return evidence_of(returns, learners=("q_learning",), table=table_of(GOAL), optimal=1.0, worst=worst)

        return make

    def test_a_constant_action_that_is_proved_optimal_is_to_be_used_and_learning_is_not_blamed(self, evidence):
        found = trivial_constant.inspect(evidence())

        assert codes(found) == ["constant_optimal"]
        assert found[0].remedy == "plain automation: take action leave always"
        assert learner_beats_floors.inspect(evidence()) == []

    def test_a_constant_action_that_returns_less_leaves_something_to_learn(self, evidence):
        assert trivial_constant.inspect(evidence(0.99)) == []

    def test_what_was_only_measured_proves_nothing(self, evidence):
        measured = evidence(basis="measured")

        assert trivial_constant.inspect(measured) == []
        assert codes(learner_beats_floors.inspect(measured)) == ["learner_not_above_floors"]

    def test_where_every_policy_returns_the_same_no_action_is_praised(self, evidence):
        assert trivial_constant.inspect(evidence(worst=1.0)) == []


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


@pytest.mark.parametrize(("samples", "found"), [((0.2, 0.6), ["seed_dispersion"]), ((0.5, 0.7), [])])
def test_seeds_that_lie_far_apart_are_a_caution(evidence_of, samples, found):
    returns = {"random": 0.0, "optimal": 1.0, "ppo": (0.5, 0.1)}
    evidence = evidence_of(returns, learners=("ppo",), samples={"ppo": samples}, optimal=1.0, gap_share=share())

    assert codes(seed_dispersion.inspect(evidence)) == found


@pytest.mark.parametrize(
    ("estimate", "mean", "found"),
    [(0.3, 0.3, ["learner_far_from_optimum"]), (0.9, 0.9, []), (1.1, 1.1, ["above_optimum"])],
)
def test_the_learner_is_held_against_the_optimum(evidence_of, estimate, mean, found):
    returns = {"random": 0.0, "ppo": (mean, 0.01)}
    evidence = evidence_of(returns, learners=("ppo",), optimal=1.0, gap_share=share(estimate=estimate))

    assert codes(exact_vs_learner.inspect(evidence)) == found


@pytest.mark.parametrize(("myopic", "found"), [(1.0, ["myopic_optimal"]), (0.99, [])])
def test_an_optimal_myopic_policy_is_a_caution(evidence_of, myopic, found):
    evidence = evidence_of({"random": 0.0, "myopic": myopic}, optimal=1.0, worst=-1.0)

    assert codes(myopic_optimal.inspect(evidence)) == found


@pytest.mark.parametrize(("rule", "found"), [(0.99, ["reference_optimal"]), (0.5, ["reference_gap"])])
def test_what_a_known_rule_leaves_to_gain_is_said(evidence_of, rule, found):
    evidence = evidence_of({"random": 0.0, "mine": rule}, references=("mine",), optimal=1.0)

    assert codes(reference_optimal.inspect(evidence)) == found


def test_episodes_that_only_the_probe_ends_are_a_caution(episodes_of):
    endless = episodes_of(np.arange(20.0), lengths=np.full(20, 1000), terminated=False)

    assert codes(no_episode_end.inspect(Evidence(episodes={"random": endless}, limit_is_own=True))) == [
        "no_episode_end"
    ]
    assert no_episode_end.inspect(Evidence(episodes={"random": endless})) == []


def test_episodes_of_one_timestep_are_a_caution(episodes_of):
    short = episodes_of(np.arange(20.0), lengths=np.ones(20, dtype=int))

    assert codes(no_episode_end.inspect(Evidence(episodes={"random": short}))) == ["episode_of_one_step"]


@pytest.mark.parametrize(("largest", "found"), [(1e15, ["reward_overflow"]), (2e4, ["reward_scale"]), (100.0, [])])
def test_rewards_too_large_to_learn_from_are_named(episodes_of, largest, found):
    evidence = Evidence(episodes={"random": episodes_of([1.0], high=largest)})

    assert codes(numeric_hygiene.inspect(evidence)) == found


@pytest.mark.parametrize(
    ("sizes", "found"),
    [([1.0, 2000.0], ["observation_scale"]), ([0.001, 2.0], ["observation_scale"]), ([0.5, 2.0], [])],
)
def test_observations_of_different_sizes_are_named(sizes, found):
    assert codes(observation_scale.inspect(Evidence(observation_magnitudes=np.array(sizes)))) == found


def test_a_rule_that_earns_less_than_random_is_a_caution_in_plain_words(evidence_of):
    evidence = evidence_of({"random": -26.2, "asap": -30.9}, references=("asap",), optimal=-10.0)
    found = reference_optimal.inspect(evidence)

    assert [(finding.code, finding.severity) for finding in found] == [("reference_below_random", "caution")]
    assert "'asap' returns −30.9, less than random actions (−26.2)" in found[0].claim
    assert "share_left" not in found[0].evidence


def test_of_several_rules_the_best_one_is_held_against_random(evidence_of):
    evidence = evidence_of({"random": 0.0, "bad": -5.0, "good": 5.0}, references=("bad", "good"), optimal=10.0)

    assert reference_optimal.inspect(evidence)[0].evidence == {
        "rule": "good",
        "return": 5.0,
        "optimal": 10.0,
        "share_left": 0.5,
    }


def test_a_table_that_was_solved_needs_no_learner(table_of):
    found = table_solves_it.inspect(Evidence(table=table_of(GOAL), optimal=1.0, worst=0.0))

    assert [(finding.code, finding.severity) for finding in found] == [("table_solves_it", "info")]
    assert "a table with 2 states holds the problem" in found[0].claim


@pytest.mark.parametrize(("optimal", "worst"), [(None, None), (1.0, 1.0)])
def test_without_a_proved_optimum_or_anything_to_gain_a_table_solves_nothing(table_of, optimal, worst):
    assert table_solves_it.inspect(Evidence(table=table_of(GOAL), optimal=optimal, worst=worst)) == []


@pytest.mark.parametrize(
    ("last", "found"), [((320.0, 320.0), []), ((300.0, 295.0), []), ((200.0, 178.0), ["last_checkpoint_lower"])]
)
def test_last_checkpoints_that_are_clearly_lower_stand_beside_the_chosen_ones(evidence_of, last, found):
    evidence = evidence_of({"random": (20.0, 1.0), "ppo": (320.0, 50.0)}, learners=("ppo",), last={"ppo": last})

    assert codes(last_checkpoint.inspect(evidence)) == found
    if found:
        assert last_checkpoint.inspect(evidence)[0].evidence["last"] == 189.0
        assert "189" in last_checkpoint.inspect(evidence)[0].claim
        assert learner_beats_floors.inspect(evidence)[0].evidence["last_checkpoint"] == 189.0


def test_what_the_clock_cut_short_is_a_caution():
    found = clock.inspect(Evidence(notes=("ppo was stopped",)))

    assert [(finding.code, finding.severity) for finding in found] == [("budget_cut", "caution")]


def test_seeds_wider_apart_than_floor_and_ceiling_are_not_told_in_more_than_all_of_it(evidence_of):
    returns = {"random": 0.0, "optimal": 1.0, "ppo": (0.5, 0.1)}
    evidence = evidence_of(returns, learners=("ppo",), samples={"ppo": (-0.2, 0.9)}, optimal=1.0, gap_share=share())

    assert "more than the whole way from floor to ceiling" in seed_dispersion.inspect(evidence)[0].claim


def test_without_an_optimum_the_spread_is_held_against_the_best_seed(evidence_of):
    # floor -10, best seed -2: the seeds lie (4 - 2) / 8 = 25 % apart, which is not wide
    returns = {"random": (-10.0, 0.1), "ppo": (-3.0, 0.5)}
    found = share(ceiling="best found")

    close = evidence_of(returns, learners=("ppo",), samples={"ppo": (-2.0, -4.0)}, gap_share=found, target=-2.5)
    wide = evidence_of(returns, learners=("ppo",), samples={"ppo": (-2.0, -5.0)}, gap_share=found, target=-2.5)
    assert seed_dispersion.inspect(close) == []
    assert "37.5 % of the way" in seed_dispersion.inspect(wide)[0].claim
