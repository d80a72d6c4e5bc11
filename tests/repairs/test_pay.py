"""Repairs of what is paid, on problems small enough to say beforehand which weight is the gentlest that serves."""

import pytest

from scoper.domain.mdp import MdpSpec
from scoper.repairs import (
    Case,
    constant_rule,
    contextual_bandit,
    discount,
    drop_term,
    living_cost,
    normalise_reward,
    pay_at_end,
    pay_the_objective,
    potential_based_shaping,
    proposals,
    rescale_terms,
    side_effect_penalty,
    sign,
)
from scoper.services.spec_patch import edited
from scoper.services.specs import parse_spec
from tests.repairs.cases import CHOICE, QUIT, declared, finding


def reward_of(text, proposal):
    spec = parse_spec(edited(text, proposal.edits), "mdp.yaml")
    assert isinstance(spec, MdpSpec)
    return spec.reward


def test_a_bad_choice_that_pays_is_charged_when_its_sign_is_turned():
    (found,) = sign.propose(declared(CHOICE, "sign_flip"))

    assert reward_of(CHOICE, found)["wrong"] == "-1 * (3.0 * (go == bad))"
    assert found.expected == pytest.approx(1.0)


def test_a_bad_choice_that_pays_three_times_as_much_weighs_a_fifth_since_half_is_still_too_much():
    # good pays 1, bad 3 w: w = 0.5 leaves bad ahead, 2 makes it worse, 0.2 is the next and serves.
    found = rescale_terms.propose(declared(CHOICE, "scale_domination"))[0]

    assert reward_of(CHOICE, found)["wrong"] == "0.2 * (3.0 * (go == bad))"


def test_a_term_that_leads_astray_is_left_out():
    (found,) = drop_term.propose(declared(CHOICE, "double_counting"))

    assert list(reward_of(CHOICE, found)) == ["right"]


def test_a_term_that_the_objective_is_told_with_is_not_touched():
    text = CHOICE.replace('"(go == good) - (go == bad)"', '"(go == good) - wrong"')

    assert drop_term.propose(declared(text, "double_counting")) == []


def test_a_charge_for_living_that_makes_quitting_best_is_outweighed_and_not_merely_balanced():
    # every timestep costs 1: adding 1 leaves all policies equal, so 3 is the first of 0.1, 0.3, 1, 3 that decides.
    (found,) = living_cost.propose(declared(QUIT, "suicide_optimal"))

    assert reward_of(QUIT, found)["living"] == "3"


def test_quitting_is_charged_at_the_end_in_the_names_that_a_reward_sees():
    # with the discount 0.9 staying for ever costs 10, quitting at once 1 and the charge: of 1, 3, 10 the last decides.
    (found,) = pay_at_end.propose(declared(QUIT, "suicide_optimal"))

    assert reward_of(QUIT, found)["ending"] == "-10 * (next_left == 1)"


def test_the_objective_is_paid_with_the_least_weight_that_decides():
    # bad pays 3 - w, good 1 + w: more than 1 is needed; tried are 0.2, 0.6, 2, as rewards are twice the objective.
    (found,) = pay_the_objective.propose(declared(CHOICE, "proxy_true_divergence"))

    assert reward_of(CHOICE, found)["wanted"] == "2 * ((go == good) - (go == bad))"


LATER = """\
scoper_mdp: 1
name: Later
discount: 0.3
horizon: 40
state: {stage: {from: 0, to: 3}}
actions: {do: {values: [work, cash]}}
next: {stage: "min(3, stage + 1) if do == work else 0"}
reward: {takings: "(1.0 if stage == 0 else 20.0 if stage == 3 else 0.0) * (do == cash)"}
start: {stage: 0}
"""


def test_a_discount_is_raised_until_waiting_is_worth_it():
    # cash at once for ever pays 1 / (1 - g), after three timesteps 20 g^3 / (1 - g^4): the second is more from 0.45 on.
    (found,) = discount.propose(declared(LATER, "discount_horizon"))
    (edit,) = found.edits

    assert edit.path == ("discount",)
    assert edit.text is not None
    assert float(edit.text) > 0.45


RIVER = """\
scoper_mdp: 1
name: River
discount: 0.9
horizon: 10
state: {river: {from: 0, to: 5}}
actions: {spread: {values: [none, nitrate]}}
next: {river: "min(5, river + 1) if spread == nitrate else max(0, river - 1)"}
reward: {harvest: "1.0 * (spread == nitrate)"}
objective: {expression: "1.0 * (spread == nitrate) - 3.0 * next_river"}
start: {river: 0}
"""


def test_a_side_effect_that_no_term_knows_becomes_a_charge():
    (found,) = side_effect_penalty.propose(declared(RIVER, "side_effect"))
    (name,) = set(reward_of(RIVER, found)) - {"harvest"}

    assert name == "river_charge"
    assert reward_of(RIVER, found)[name].endswith("* next_river")
    assert reward_of(RIVER, found)[name].startswith("-")


STRIP = """\
scoper_mdp: 1
name: Paint
discount: 0.95
horizon: 30
state: {coats: {from: 0, to: 1}, sent: {from: 0, to: 1}}
actions: {do: {values: [paint, strip, send]}}
next:
  coats: "1 if do == paint else 0 if do == strip else coats"
  sent: "1 if do == send and coats == 1 else 0"
terminated: "sent == 1"
reward:
  sent_off: "10.0 * next_sent"
  coat: "2.0 * (do == paint and coats == 0)"
objective: {expression: "10.0 * next_sent - 0.1"}
start: {coats: 0, sent: 0}
"""


def test_shaping_that_is_collected_in_a_circle_becomes_the_change_of_a_potential():
    (found,) = potential_based_shaping.propose(declared(STRIP, "positive_cycle"))
    spec = parse_spec(edited(STRIP, found.edits), "mdp.yaml")
    # sent_off alone: 10 from the state with a coat; 0.95 of that without; nothing behind the end.
    potential = dict(zip([(c, s) for c in (0, 1) for s in (0, 1)], spec.tables["potential"].values, strict=True))

    assert spec.reward["coat"] == (
        "0.95 * (0 if next_sent == 1 else potential[next_coats, next_sent]) - potential[coats, sent]"
    )
    assert potential == {(0, 0): 9.5, (0, 1): 0.0, (1, 0): 10.0, (1, 1): 0.0}


def test_one_action_that_is_always_best_is_written_down_as_a_rule():
    case = declared(CHOICE.replace("3.0 * (go == bad)", "-1.0 * (go == bad)"), "trivial_constant")
    (found,) = constant_rule.propose(case)

    assert found.edits[0].path == ("baselines", "always")
    assert parse_spec(edited(CHOICE, found.edits), "mdp.yaml").baselines["always"] == {"go": "good"}


def test_decisions_without_consequences_need_no_discount():
    (found,) = contextual_bandit.propose(declared(CHOICE, "not_sequential"))

    assert parse_spec(edited(CHOICE, found.edits), "mdp.yaml").discount == 0.0


def test_a_tiny_reward_is_told_in_larger_units():
    text = CHOICE.replace("1.0 * (go == good)", "0.0001 * (go == good)").replace("3.0 *", "0.0001 *")
    (found,) = normalise_reward.propose(declared(text, "reward_scale"))

    assert reward_of(text, found)["right"] == "10000 * (0.0001 * (go == good))"


def test_a_clean_problem_is_offered_nothing():
    clean = CHOICE.replace("3.0 * (go == bad)", "-1.0 * (go == bad)")

    assert proposals(declared(clean)) == ()


def test_of_one_repair_one_proposal_and_made_for_the_defect_first():
    offered = proposals(declared(CHOICE, "double_counting"))

    assert offered[0].repair == "drop_term"
    assert len({proposal.repair for proposal in offered}) == len(offered) <= 3


def test_without_an_objective_a_change_is_a_candidate_for_the_term_that_a_finding_points_at():
    blind = "\n".join(line for line in CHOICE.splitlines() if not line.startswith("objective")) + "\n"
    case = declared(blind)
    pointed = Case(case.spec, case.evidence, [finding("scale_domination", term="wrong", times=50.0)])
    (found,) = rescale_terms.propose(pointed)

    assert reward_of(blind, found)["wrong"] == "0.02 * (3.0 * (go == bad))"
    assert found.expected is None


def test_without_an_objective_no_change_of_pay_promises_anything():
    blind = "\n".join(line for line in CHOICE.splitlines() if not line.startswith("objective")) + "\n"

    assert rescale_terms.propose(declared(blind, "scale_domination")) == []
