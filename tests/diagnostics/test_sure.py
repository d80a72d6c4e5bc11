"""How sure are we: learners, floors, references, seeds and checkpoints."""

from dataclasses import replace

import pytest

from scoper.diagnostics import (
    Evidence,
    clock,
    exact_vs_learner,
    last_checkpoint,
    learner_beats_floors,
    myopic_optimal,
    reference_optimal,
    seed_dispersion,
    table_solves_it,
    trivial_constant,
)
from scoper.domain.probe import GapShare
from scoper.domain.probe_statistics import DecisionSummary

GOAL = {(0, 0): [(1.0, 0, 0.0, False)], (0, 1): [(1.0, 1, 1.0, True)]}


def codes(findings):
    return [finding.code for finding in findings]


def share(**changed):
    values = {"estimate": 0.9, "low": 0.8, "high": 1.0, "n_seeds": 3}
    return GapShare(**{**values, "learner": "ppo", "floor": "random", "ceiling": "optimal", **changed})


@pytest.mark.parametrize(
    ("learner", "found"),
    [((5.0, 1.0), ["learner_beats_floors"]), ((5.0, 2.5), ["learner_not_above_floors"])],
)
def test_a_learner_must_clear_the_floors_with_its_whole_interval(evidence_of, learner, found):
    evidence = evidence_of({"random": (3.0, 0.5), "ppo": learner}, learners=("ppo",), samples={"ppo": (4.0, 6.0)})

    assert codes(learner_beats_floors.inspect(evidence)) == found


@pytest.mark.parametrize(
    ("learner", "outcome", "words"),
    [
        ((5.0, 1.0), None, "not shown to be above random (3): its interval begins at 2.5, that of random ends at 3.5"),
        ((5.0, 2.5), "undecided", "above random (3): 4 seeds do not show it with at most 5.0 % of probes wrong"),
        ((5.0, 1.0), "undecided", "with at most 5.0 % of probes wrong; that the intervals stand apart is not enough"),
        ((3.2, 0.1), "not_better", "random (3): the seeds show less than that plus 0.5, the gain that matters"),
    ],
)
def test_what_is_not_shown_to_be_above_a_floor_is_told_by_the_rule_and_its_number(evidence_of, learner, outcome, words):
    told = learner if outcome else (learner[0], 2.5)
    evidence = evidence_of({"random": (3.0, 0.5), "ppo": told}, learners=("ppo",), samples={"ppo": (4.0, 6.0)})
    if outcome:
        decision = DecisionSummary(
            outcome=outcome, learner="ppo", floor="random", claim="mean", law="bounded", estimate=5.0, low=None,
            high=None, bar=3.0, bar_high=3.5, n_seeds=4, looks=(3, 4), steps=100, error=0.05, assumed="", margin=0.5,
        )  # fmt: skip
        evidence = replace(evidence, decisions={"ppo": decision})

    assert words in learner_beats_floors.inspect(evidence)[0].claim


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


@pytest.mark.parametrize(("myopic", "found"), [(1.0, ["myopic_optimal"]), (0.9995, ["myopic_optimal"]), (0.99, [])])
def test_an_optimal_myopic_policy_is_a_caution(evidence_of, myopic, found):
    evidence = evidence_of({"random": 0.0, "myopic": myopic}, optimal=1.0, worst=-1.0)

    assert codes(myopic_optimal.inspect(evidence)) == found


@pytest.mark.parametrize(("constant", "found"), [(-999.0, ["myopic_optimal"]), (0.0, [])])
def test_terrible_random_actions_make_no_loss_of_the_myopic_policy_small(evidence_of, constant, found):
    # half a thousandth of the way from -999 to 1, and a half of that from 0
    evidence = evidence_of({"random": -999.0, "constant": constant, "myopic": 0.5}, optimal=1.0, worst=-2000.0)

    assert codes(myopic_optimal.inspect(evidence)) == found


@pytest.mark.parametrize(("rule", "found"), [(0.99, ["reference_optimal"]), (0.5, ["reference_gap"])])
def test_what_a_known_rule_leaves_to_gain_is_said(evidence_of, rule, found):
    evidence = evidence_of({"random": 0.0, "mine": rule}, references=("mine",), optimal=1.0)

    assert codes(reference_optimal.inspect(evidence)) == found


@pytest.mark.parametrize(
    ("constant", "code", "numbers"),
    [
        (0.0, "reference_gap", {"share_left": pytest.approx(0.1)}),
        (-99.0, "reference_optimal", {"share_left": pytest.approx(0.001)}),
        (1.0, "reference_gap", {}),  # always the same action is optimal: there is no way to count on
    ],
)
def test_terrible_random_actions_make_nothing_small_that_a_rule_leaves(evidence_of, constant, code, numbers):
    returns = {"random": -999.0, "constant": constant, "mine": 0.9}
    (found,) = reference_optimal.inspect(evidence_of(returns, references=("mine",), optimal=1.0))

    assert found.code == code
    assert {key: value for key, value in found.evidence.items() if key == "share_left"} == numbers


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
