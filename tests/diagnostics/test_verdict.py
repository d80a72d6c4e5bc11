"""The verdict follows from evidence and findings alone, the first rule that applies deciding."""

from dataclasses import replace

import pytest

from scoper.baselines import Outcome
from scoper.diagnostics import learner_beats_floors
from scoper.probe.inference import worth_of
from scoper.probe.spending import Spender
from scoper.probe.verdict import decide

BEATEN = {"random": (1.0, 0.2), "constant": (2.0, 0.2), "ppo": (9.0, 1.0)}
CLOSE = {"random": (1.0, 0.2), "constant": (8.5, 0.2), "ppo": (9.0, 1.0)}
EXACT = {"random": 1.0, "constant": 2.0, "myopic": 3.0, "q_learning": (8.0, 0.5)}


@pytest.mark.parametrize(
    ("returns", "optimal", "findings", "expected"),
    [
        (BEATEN, None, [], "feasible"),
        (BEATEN, None, [("objective_not_declared", "info", None)], "feasible"),
        (BEATEN, None, [("objective_not_declared", "caution", None)], "feasible_with_conditions"),
        (BEATEN, None, [("statement_opposed", "blocker", "sign_flip")], "reward_defective"),
        (BEATEN, None, [("seed_dispersion", "caution", None)], "feasible_with_conditions"),
        (CLOSE, None, [], "not_shown"),
        (BEATEN, None, [("observation_shape", "blocker", None)], "not_shown"),
        (BEATEN, None, [("proxy", "blocker", "proxy_true_divergence")], "reward_defective"),
        ({}, None, [("nan", "blocker", "nan_or_inf_reward")], "reward_defective"),
        (BEATEN, None, [("constant", "blocker", "constant_reward")], "reward_defective"),
        (BEATEN, None, [("goal", "blocker", "unreachable_goal")], "infeasible"),
        (
            BEATEN,
            None,
            [("same", "blocker", "policy_independent_return"), ("none", "blocker", "actions_no_effect")],
            "infeasible",
        ),
        ({"random": (1.0, 0.1)}, None, [], "not_shown"),
        ({"ppo": (1.0, 0.1)}, None, [], "not_shown"),
        ({}, None, [], "not_shown"),
        (EXACT, 9.0, [], "feasible"),
        (EXACT, 2.0, [], "infeasible"),
        (EXACT, 2.0, [("constant_optimal", "caution", "trivial_constant")], "feasible_with_conditions"),
        (
            EXACT,
            2.0,
            [("constant_optimal", "caution", "trivial_constant"), ("shape", "blocker", None)],
            "not_shown",
        ),
        ({**EXACT, "idle": 9.0}, 9.0, [], "infeasible"),
        ({**EXACT, "myopic": 9.0}, 9.0, [("myopic_optimal", "caution", None)], "feasible_with_conditions"),
        ({**EXACT, "q_learning": (1.5, 0.5)}, 9.0, [], "not_shown"),
        ({**BEATEN, "myopic": (9.5, 0.1)}, None, [], "not_shown"),
        ({**BEATEN, "mine": (20.0, 0.1)}, None, [], "feasible"),
    ],
)
def test_the_verdict_follows_from_the_evidence(evidence_of, finding_of, returns, optimal, findings, expected):
    learners = tuple(name for name in returns if name in ("ppo", "q_learning"))
    evidence = evidence_of(returns, optimal=optimal, learners=learners)
    verdict, because = decide(evidence, [finding_of(code, severity, defect) for code, severity, defect in findings])

    assert verdict == expected
    assert because


@pytest.mark.parametrize(
    ("planned", "expected"),
    [((9.5, 0.5), "feasible_with_conditions"), ((9.0, 3.0), "not_shown"), ((0.5, 0.1), "not_shown")],
)
def test_a_search_by_stepping_that_is_clearly_above_the_floors_shows_it_under_the_condition_of_that_way(
    evidence_of, planned, expected
):
    evidence = evidence_of({**CLOSE, "planned": planned}, learners=("ppo",), planners=("planned",))
    verdict, because = decide(evidence, [])

    assert verdict == expected
    assert ("planned, found by search" in because) == (expected != "not_shown")


def test_a_floor_that_was_only_measured_never_proves_infeasibility(evidence_of):
    evidence = evidence_of({"constant": (9.0, 0.5), "ppo": (8.0, 0.5)}, optimal=9.0, learners=("ppo",))

    assert decide(evidence, [])[0] == "not_shown"


def test_the_reason_names_the_conditions_that_are_to_be_settled(evidence_of, finding_of):
    evidence = evidence_of(BEATEN, learners=("ppo",))

    assert "to settle: seed dispersion" in decide(evidence, [finding_of("seed_dispersion", "caution")])[1]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ((5.0, 0.1), "and than the best rule to beat (mine, 5)"),
        ((10.0 + 1e-13, 0.0), "but not clearly more than the best rule to beat (mine, 10)"),
        ((9.5, 0.1), "but not clearly more than the best rule to beat (mine, 9.5)"),
        ((20.0, 0.1), "but less than the best rule to beat (mine, 20)"),
    ],
)
def test_the_reason_holds_the_learner_against_the_best_rule_too_and_the_verdict_stays(evidence_of, rule, words):
    returns = {**BEATEN, "mine": rule, "worse": (0.0, 0.1)}
    verdict, because = decide(evidence_of(returns, learners=("ppo",), references=("mine", "worse")), [])

    assert verdict == "feasible"
    assert because.startswith("ppo returns 9, clearly more than every floor (best: constant, 2)")
    assert words in because


def test_numbers_in_the_reason_have_one_kind_of_minus_and_one_precision(evidence_of):
    returns = {"random": (-26.19874, 0.2), "ppo": (-10.2251, 1.0)}
    because = decide(evidence_of(returns, learners=("ppo",)), [])[1]

    assert because == "ppo returns −10.23, clearly more than every floor (best: random, −26.2)"


def test_a_myopic_policy_is_a_floor_to_beat_unless_it_is_optimal_already(evidence_of):
    beaten = {**EXACT, "myopic": 8.9, "q_learning": (8.0, 0.1)}
    optimal = {**EXACT, "myopic": 9.0}

    assert decide(evidence_of(beaten, optimal=9.0, learners=("q_learning",)), [])[0] == "not_shown"
    verdict, because = decide(evidence_of(optimal, optimal=9.0, learners=("q_learning",)), [])
    assert (verdict, "but myopic, which is as good as optimal" in because) == ("feasible", True)


def test_what_was_not_shown_comes_with_the_gain_that_would_have_been_and_the_seeds_that_would_decide(evidence_of):
    # Seeds 8, 9, 13 against exactly 8: mean 10, sd 2.6458; by hand (4.3027 + 1.0607) 2.6458 / sqrt(3) = 8.193.
    evidence = replace(
        evidence_of({"random": 8.0, "ppo": (10.0, 4.0)}, learners=("ppo",)), samples={"ppo": (8.0, 9.0, 13.0)}
    )
    floors = {"random": Outcome(evidence.returns["random"], (8.0,))}
    ours = Outcome(evidence.returns["ppo"], (8.0, 9.0, 13.0), planned=100, most_seeds=3, capped=True)
    spender = Spender((3,), (1.0,), 0.025 / 0.55, floors)  # a fortieth is left for Student's test
    decision = spender.summary("ppo", spender.judge([ours]), [ours])
    verdict, because = decide(replace(evidence, decisions={"ppo": decision}), [])

    assert verdict == "not_shown"
    assert "3 seeds that differ so much show a gain below 8.193 in at most four of five probes" in because
    assert because.endswith("about 16 seeds would show this one")


def test_seeds_that_all_stay_at_the_floor_leave_the_chance_open_that_few_trials_leave(evidence_of):
    # No success in 3: 1 - 0.05^(1/3) = 63.2 %.
    evidence = replace(
        evidence_of({"random": -200.0, "ppo": (-200.0, 1.0)}, learners=("ppo",)), samples={"ppo": (-200.0,) * 3}
    )

    assert "none of 3 seeds is above it, which leaves open a chance of up to 63.2 %" in decide(evidence, [])[1]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        # Seeds 8, 9, 10: mean 9, standard error 0.57735, Student's quantile with two degrees of freedom 4.3027.
        ((5.0,), ", by 4 in the mean over seeds (1.516 to 6.484)"),
        (
            (8.0,),
            ", by 1 in the mean over seeds (−1.484 to 3.484): the rule does as well within the interval, so plain "
            "automation may do",
        ),
        ((20.0,), ", by −11 in the mean over seeds (−13.48 to −8.516): plain automation does better"),
    ],
)
def test_the_gain_over_the_best_rule_has_an_interval_and_a_rule_that_does_as_well_is_told(evidence_of, rule, words):
    known = evidence_of({**BEATEN, "mine": (rule[0], 0.1)}, learners=("ppo",), references=("mine",))
    because = decide(replace(known, samples={"ppo": (8.0, 9.0, 10.0), "mine": rule}), [])[1]

    assert because.endswith(words)


@pytest.mark.parametrize("found_for", ["linear", "linear_objective"])
def test_a_linear_rule_is_one_to_beat_whatever_it_was_sought_for(evidence_of, found_for):
    returns = {**BEATEN, "threshold": (3.0, 0.1), "linear": (4.0, 0.1), "linear_objective": (4.0, 0.1), "planned": 9.0}
    known = evidence_of(
        {**returns, found_for: (8.9, 0.1)},
        learners=("ppo",),
        references=("threshold",),
        planners=("planned", "linear", "linear_objective"),
    )

    assert known.best_rule == found_for
    assert known.best_planned == "planned"


@pytest.mark.parametrize(
    ("planned", "ending"),
    [
        ((8.0, 9.0, 10.0), ", but not clearly over the policy planned on a model of the environment (planned, 9)"
                           ": planning may do"),
        ((5.0, 5.1, 4.9), ": learning pays"),
        ((), ": learning pays"),
    ],
)  # fmt: skip
def test_learning_is_not_said_to_pay_where_planning_does_as_well(evidence_of, planned, ending):
    returns = {**BEATEN, "linear": 4.0, "ppo": 9.0} | ({"planned": sum(planned) / 3} if planned else {})
    known = evidence_of(returns, learners=("ppo",), planners=("planned", "linear") if planned else ("linear",))
    samples = {"ppo": (8.9, 9.0, 9.1), "linear": (4.0, 4.1, 3.9), "planned": planned}
    worth = worth_of(replace(known, samples=samples))

    assert (worth.verdict, worth.rule) == ("learner", "linear")
    assert worth.sentence.endswith(ending)


@pytest.mark.parametrize(
    ("myopic", "best", "words"),
    [
        (5.0, "myopic, 5", "every floor (best"),
        (9.0, "constant, 2", "every floor but myopic, which is as good as optimal"),
        (8.995, "constant, 2", "every floor but myopic, which is as good as optimal"),
    ],
)
def test_verdict_and_finding_name_the_same_floors_and_the_same_best_one(evidence_of, myopic, best, words):
    evidence = evidence_of({**EXACT, "myopic": myopic}, optimal=9.0, learners=("q_learning",))
    claim = learner_beats_floors.inspect(evidence)[0].claim

    for text in (decide(evidence, [])[1], claim):
        assert words in text
        assert f"(best: {best})" in text


def test_a_learner_below_the_myopic_floor_is_not_above_every_floor(evidence_of):
    evidence = evidence_of({**EXACT, "myopic": 8.5}, optimal=9.0, learners=("q_learning",))
    finding = learner_beats_floors.inspect(evidence)[0]

    assert (finding.code, finding.evidence["floor"]) == ("learner_not_above_floors", "myopic")
