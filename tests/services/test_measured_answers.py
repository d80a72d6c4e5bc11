"""Which measurements speak for which answers: every threshold from both sides, and silence where nothing was told."""

import pytest

from scoper.domain.findings import Finding
from scoper.domain.probe import (
    Cost,
    GapShare,
    MdpSummary,
    ObjectiveSummary,
    ProbeResult,
    ReturnSummary,
    SolutionSummary,
)
from scoper.services.library import load_library
from scoper.services.measured_answers import FINER, READERS, proposals


def exactly(mean, basis="proved"):
    return ReturnSummary(mean=mean, low=mean, high=mean, n=1, basis=basis)


def returns(basis="proved", **means):
    return {name: exactly(mean, basis) for name, mean in means.items()}


def result(**parts):
    return ProbeResult(**{"spec": {"name": "x"}, "verdict": "feasible", "criterion": "mean return", **parts})


def said(found):
    return {proposal.signal: proposal.answer for proposal in proposals(found)}


def evidence(found, signal):
    return next(proposal.evidence for proposal in proposals(found) if proposal.signal == signal)


def mdp(**parts):
    plain = {"name": "x", "states": "?", "actions": "?", "transitions": "?", "reward": "?", "discount": 0.9}
    return MdpSummary(**{**plain, **parts})


def test_a_result_that_tells_nothing_speaks_for_nothing():
    assert proposals(result()) == ()


def test_every_proposal_is_an_answer_that_its_question_allows():
    questions = load_library().questions
    speaking = result(
        cost=Cost(steps_per_s=41_000.0),
        returns=returns(random=0.0, myopic=50.0, optimal=100.0, house_rule=90.0),
        objective=ObjectiveSummary(of_best_reward_policy=9.0, of_random=1.0, of_best_objective_policy=9.0),
        solutions=(
            SolutionSummary(method="x", value=1.0, converged=True, iterations=1, residual=0.0, error_bound=0.0),
        ),
        mdp=mdp(n_states=10, n_actions=3, horizon=90),
    )

    assert set(said(speaking)) == set(READERS)
    for proposal in proposals(speaking):
        assert proposal.answer in questions[proposal.signal].values
        assert proposal.evidence.startswith(f"{proposal.basis}: ")
    assert all(set(finer) <= set(questions[signal].values) for signal, finer in FINER.items())


@pytest.mark.parametrize(
    ("steps_per_s", "answer"),
    [(41_000.0, "yes"), (278.0, "yes"), (277.0, "partly"), (1.66, "partly"), (1.65, None)],
)
def test_a_simulation_is_cheap_when_a_million_timesteps_take_an_hour_and_partly_so_within_a_week(steps_per_s, answer):
    # 1,000,000 / 3,600 s = 277.8 a second; 1,000,000 / 604,800 s = 1.653 a second
    assert said(result(cost=Cost(steps_per_s=steps_per_s))).get("cheap_simulation") == answer


def test_the_evidence_holds_the_number_its_basis_and_what_was_not_measured():
    text = evidence(result(cost=Cost(steps_per_s=41_000.0)), "cheap_simulation")

    assert text.startswith("measured: 41,000 timesteps/s (the environment's own steps, in one process)")
    assert "a million take 24 s" in text
    assert "Whether it matches reality was not measured" in text


@pytest.mark.parametrize(
    ("steps_per_s", "answer"), [(0.166, "yes"), (0.165, "partly"), (0.0166, "partly"), (0.0165, None)]
)
def test_interaction_is_at_scale_when_a_hundred_thousand_timesteps_fit_into_a_week(steps_per_s, answer):
    assert said(result(cost=Cost(steps_per_s=steps_per_s))).get("interaction_at_scale") == answer


@pytest.mark.parametrize(("steps_per_s", "answer"), [(100.0, "simulated"), (99.0, None)])
def test_only_what_runs_faster_than_anything_real_counts_as_simulated(steps_per_s, answer):
    speaking = said(result(cost=Cost(steps_per_s=steps_per_s)))

    assert speaking.get("interaction_cost") == answer
    assert ("exploration_safe" in speaking) is (answer is not None)


def test_exploring_costs_what_random_trials_lose_against_the_best_rule():
    text = evidence(
        result(cost=Cost(steps_per_s=1000.0), returns=returns(random=10.0, constant=30.0, idle=25.0)),
        "exploration_safe",
    )

    assert "random trials would cost 20 an episode against constant" in text


@pytest.mark.parametrize(
    ("myopic", "enough", "sequential"),
    [
        (100.0, "yes", None),
        (95.0, "yes", None),
        (94.0, "partly", "partly"),
        (75.0, "partly", "partly"),
        (74.0, "no", "yes"),
        (-900.0, "no", "yes"),
    ],
)
def test_what_the_best_immediate_reward_loses_tells_whether_decisions_are_sequential(myopic, enough, sequential):
    speaking = said(result(returns=returns(random=0.0, myopic=myopic, optimal=100.0)))

    assert speaking.get("myopic_enough") == enough
    assert speaking.get("sequential_delayed") == sequential


@pytest.mark.parametrize("shift", [0.0, 1000.0, -1000.0])
@pytest.mark.parametrize("random", [0.0, -10_000.0])
def test_what_the_best_immediate_reward_loses_depends_on_no_shift_and_on_no_terrible_random_actions(random, shift):
    means = {"random": random, "constant": 20.0, "myopic": 82.0, "optimal": 100.0}
    found = result(returns=returns(**{name: mean + shift for name, mean in means.items()}))

    assert (said(found)["myopic_enough"], said(found)["sequential_delayed"]) == ("partly", "partly")
    assert "(the best constant action)" in evidence(found, "myopic_enough")
    assert evidence(found, "myopic_enough").endswith(": 22.5 % of the way between the last two is lost")  # 18 / 80


@pytest.mark.parametrize(("myopic", "answer"), [(100.0, "yes"), (99.0, "no")])
def test_where_always_the_same_action_is_optimal_the_best_immediate_reward_loses_all_or_nothing(myopic, answer):
    found = result(returns=returns(random=0.0, constant=100.0, myopic=myopic, optimal=100.0))

    assert said(found)["myopic_enough"] == answer


@pytest.mark.parametrize(
    "parts",
    [
        {"returns": returns("measured", random=0.0, myopic=50.0, optimal=100.0)},
        {"returns": returns(random=100.0, myopic=100.0, optimal=100.0)},
        {"returns": returns(random=0.0, optimal=100.0)},
        {"returns": returns(random=0.0, myopic=50.0, optimal=100.0), "verdict": "reward_defective"},
    ],
)
def test_nothing_is_said_of_sequentiality_without_proof_or_on_a_defective_reward(parts):
    assert not {"myopic_enough", "sequential_delayed"} & set(said(result(**parts)))


def test_where_no_action_changes_what_follows_every_decision_stands_alone():
    alone = Finding(code="actions_move_nothing", severity="info", claim="the next state does not depend on the action")
    found = result(findings=(alone,), returns=returns(random=0.0, myopic=9.0, optimal=9.0), mdp=mdp(horizon=90))

    assert said(found)["sequential_delayed"] == "no"
    assert said(found)["horizon"] == "one_step"
    assert evidence(found, "horizon") == "proved: the next state does not depend on the action"


@pytest.mark.parametrize(("got", "answer"), [(9.0, "yes"), (8.6, "yes"), (8.5, "partly"), (0.0, "partly")])
def test_a_reward_measures_the_goal_when_its_best_policy_gets_95_percent_of_what_can_be_gained(got, answer):
    # random 1, best 9: 95 % of the way is 8.6
    wanted = ObjectiveSummary(of_best_reward_policy=got, of_random=1.0, of_best_objective_policy=9.0)

    assert said(result(objective=wanted)) == {"reward_measurable": answer}


def test_an_objective_to_be_minimised_is_read_in_the_owners_sign():
    wanted = ObjectiveSummary(of_best_reward_policy=2.0, of_random=10.0, of_best_objective_policy=2.0)

    assert said(result(objective=wanted)) == {"reward_measurable": "yes"}


@pytest.mark.parametrize(("rule", "answer"), [(96.0, "yes"), (95.0, "no")])
def test_a_rule_is_adequate_when_the_best_policy_gains_less_than_five_percent_over_it(rule, answer):
    # 100 / 96 - 1 = 4.2 %, 100 / 95 - 1 = 5.3 %
    speaking = said(result(returns=returns(random=0.0, constant=99.0, optimal=100.0, house_rule=rule)))

    assert speaking["baseline_adequate"] == answer


@pytest.mark.parametrize("basis", ["proved", "measured"])
def test_that_a_rule_of_the_spec_runs_is_presumed_and_never_claimed(basis):
    gained = {"gap_share": GapShare(estimate=1, low=1, high=1, n_seeds=6, learner="ppo", floor="random", ceiling="x")}
    means = returns(basis, random=0.0, optimal=100.0, house_rule=90.0, ppo=100.0)
    found = result(returns=means, **(gained if basis == "measured" else {}))
    (offered,) = (each for each in proposals(found) if each.signal == "baseline_adequate")

    assert offered.presumes == "house_rule is what runs today"
    assert offered.words.startswith("if house_rule is what runs today, ")
    assert not any(each.presumes for each in proposals(found) if each != offered)


def test_floors_and_learners_of_the_probe_are_no_rules_of_the_owner():
    speaking = said(result(returns=returns(random=0.0, constant=99.0, ppo=99.0, q_learning=99.0, optimal=100.0)))

    assert "baseline_adequate" not in speaking


@pytest.mark.parametrize(
    ("parts", "signal", "answer"),
    [
        ({"horizon": 1}, "horizon", "one_step"),
        ({"horizon": 20}, "horizon", "short"),
        ({"horizon": 21}, "horizon", "long"),
        ({"horizon": None}, "horizon", "long"),
        ({"n_actions": 50}, "action_space", "discrete_small"),
        ({"n_actions": 51}, "action_space", "discrete_large"),
        ({"actions": "Discrete(4)"}, "action_space", "discrete_small"),
        ({"actions": "Box(2,)"}, "action_space", "continuous"),
        ({"actions": "Dict"}, "action_space", None),
        ({"n_states": 1_000_000}, "state_space", "enumerable"),
        ({"n_states": 1_000_001}, "state_space", "large_discrete"),
        ({"states": "Box(50,)"}, "state_space", "continuous"),
        ({"states": "Box(51,)"}, "state_space", "high_dimensional"),
        ({"states": "Box(96, 96, 3)"}, "state_space", "high_dimensional"),
        ({"states": "Tuple"}, "state_space", None),
    ],
)
def test_sizes_are_those_that_the_spec_or_its_spaces_declare(parts, signal, answer):
    found = result(mdp=mdp(**parts))

    assert said(found).get(signal) == answer
    if answer:
        assert evidence(found, signal).startswith("declared: ")


def test_a_time_limit_that_the_probe_set_itself_says_nothing_of_the_horizon():
    criterion = "expected return within the probe's own limit of 1,000 timesteps (the environment has none)"

    assert "horizon" not in said(result(criterion=criterion, mdp=mdp(horizon=1000)))
