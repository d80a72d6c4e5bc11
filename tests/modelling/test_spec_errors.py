"""What only trying a spec shows: the smallest witness of every broken promise, and what is merely odd."""

import pytest

from scoper.errors import InputError
from scoper.modelling.arrays import compile_spec

STOCK = """
scoper_mdp: 1
name: Stock
discount: 0.9
state: {stock: {from: 0, to: 5}}
actions: {order: {from: 0, to: 2}}
exogenous: {demand: {values: {0: 0.5, 2: 0.5}}}
next: {stock: "stock + order - demand"}
reward: {sales: "min(stock, demand)"}
start: {stock: 1}
"""
WALK = """
scoper_mdp: 1
name: Walk
discount: 1
state: {place: {from: 0, to: 4}}
actions: {step: {values: [-1, 1]}}
next: {place: "place if place == 0 else place + step"}
reward: {cost: "-1"}
terminated: "place == 4"
start: {place: 2}
"""


@pytest.fixture
def problems(spec_of):
    def go(text):
        with pytest.raises(InputError) as caught:
            compile_spec(spec_of(text))
        return [problem.sentence() for problem in caught.value.problems]

    return go


def with_line(text, line):
    return text + line + "\n"


def test_a_step_beyond_the_range_is_held_and_stated(spec_of):
    compiled = compile_spec(spec_of(STOCK))

    (note,) = compiled.mdp.notes
    # of 6 x 3 x 2 equally weighted transitions leave the range: stock + order of 0 or 1 meets demand 2 (three pairs),
    # and stock + order of 6 or 7 meets demand 0 (three pairs); each happens with probability 1/2
    assert "0.167 of the transitions" in note
    assert "first for stock=0, order=0, demand=2: -2" in note


def test_strict_bounds_make_it_an_error_with_the_smallest_witness(problems):
    (problem,) = problems(with_line(STOCK, "bounds: strict"))

    assert problem.startswith("mdp.yaml:8:15: next.stock: is -2 for stock=0, order=0, demand=2")


def test_every_broken_invariant_is_named_with_the_step_that_breaks_it_also_where_the_range_would_hide_it(problems):
    found = problems(with_line(STOCK.replace("to: 5", "to: 9"), 'invariants: ["stock <= 5", "stock >= 0"]'))

    assert found == [
        "mdp.yaml:11:14: invariants.1: 'stock <= 5' does not hold after stock=4, order=2, demand=0, "
        "which leads to stock=6",
        "mdp.yaml:11:28: invariants.2: 'stock >= 0' does not hold after stock=0, order=0, demand=2, "
        "which leads to stock=-2",
    ]


def test_an_invariant_that_holds_where_episodes_get_to_is_kept(spec_of):
    # from an even start even steps stay even; odd stocks exist but are never reached
    text = STOCK.replace("to: 2}}", "to: 0}}").replace("stock: 1}", "stock: 2}")

    compile_spec(spec_of(with_line(text, 'invariants: ["stock % 2 == 0"]')))


def test_an_invariant_over_a_transition_sees_action_and_draw(problems):
    (problem,) = problems(with_line(STOCK, 'invariants: ["not (order == 2 and demand == 2)"]'))

    assert "does not hold after stock=0, order=2, demand=2" in problem


def test_an_invariant_broken_at_the_start_says_so(problems):
    (problem,) = problems(with_line(STOCK, 'invariants: ["stock != 1"]'))

    assert "does not hold at the start: stock=1" in problem


def test_words_stand_in_the_witness_as_they_are_written(problems):
    text = STOCK.replace("{stock: {from: 0, to: 5}}", "{stock: {from: 0, to: 5}, mode: {values: [calm, busy]}}")
    text = text.replace('demand"}', 'demand", mode: "busy if demand > 1 else calm"}').replace(
        "stock: 1}", "stock: 1, mode: calm}"
    )

    (problem,) = problems(with_line(text, 'invariants: ["mode == calm"]'))
    assert problem.endswith("after stock=0, mode=calm, order=0, demand=2, which leads to stock=-2, mode=busy")


def test_a_key_that_a_table_lacks_is_named_with_its_witness(problems):
    text = with_line(STOCK, "tables: {cost: [0, 1]}").replace("min(stock, demand)", "-cost[order]")

    (problem,) = problems(text)
    assert "reward.sales: has no answer for stock=0, order=2" in problem
    assert problem.endswith("'cost[order]': the table cost has no key 2, it has 0 to 1")


def test_a_table_is_only_looked_up_where_it_counts(spec_of):
    text = with_line(STOCK, "tables: {cost: [0, 1]}").replace("min(stock, demand)", "-cost[order] if order < 2 else -9")

    assert compile_spec(spec_of(text)).mdp.reward.min() == -9


def test_a_condition_without_an_answer_is_not_taken_for_no(problems):
    (problem,) = problems(STOCK.replace("min(stock, demand)", "1 if 0 / stock > 1 else 0"))

    assert "reward.sales: has no answer for stock=0" in problem
    assert problem.endswith("'0 / stock' has no finite value")


def test_a_state_without_an_action_counts_only_where_an_episode_gets_to(spec_of, problems):
    (problem,) = problems(with_line(STOCK, 'available: "stock > 0"'))
    assert "no action is available for stock=0" in problem

    compile_spec(spec_of(with_line(STOCK, 'available: "stock > 0"\nterminated: "stock == 0"')))


def test_an_undiscounted_episode_that_cannot_end_while_rewards_go_on_is_an_error(problems):
    (problem,) = problems(WALK)

    assert "no episode can end any more from place=0" in problem
    assert "-1 for place=0, step=-1" in problem


def test_a_free_dead_end_is_a_caution(spec_of):
    compiled = compile_spec(spec_of(WALK.replace('"-1"', '"0 if place == 0 else -1"')))

    (caution,) = compiled.cautions
    assert caution.startswith("mdp.yaml:9:13: terminated: no episode can end any more from place=0; nothing is paid")


@pytest.mark.parametrize(("rule", "still"), [("min(5, stock)", True), ("stock + 0 * demand", True), ("5", False)])
def test_a_state_that_no_step_changes_is_a_caution(spec_of, rule, still):
    cautions = compile_spec(spec_of(STOCK.replace("stock + order - demand", rule))).cautions

    assert any("next.stock: no step changes it" in caution for caution in cautions) == still


def test_a_start_that_counts_as_an_end_is_a_caution(spec_of):
    (caution,) = compile_spec(spec_of(with_line(STOCK, 'terminated: "stock < 2"'))).cautions

    assert caution == "mdp.yaml:11:13: terminated: an episode may begin where it should have ended: stock=1"


def test_a_reward_term_that_never_pays_is_a_caution(spec_of):
    text = STOCK.replace('"min(stock, demand)"', '"min(stock, demand)", bonus: "5 if stock > 5 else 0"')

    (caution,) = compile_spec(spec_of(text)).cautions
    assert caution == "mdp.yaml:9:46: reward.bonus: is 0 for every state, action and draw"


@pytest.mark.parametrize("change", [("discount: 1", "discount: 0.99"), ("discount: 1", "discount: 1\nhorizon: 9")])
def test_a_discount_or_a_horizon_bounds_what_a_dead_end_costs(spec_of, change):
    assert compile_spec(spec_of(WALK.replace(*change))).cautions == ()


def test_every_expression_that_goes_wrong_is_reported_at_once_in_file_order(problems):
    text = STOCK.replace("stock + order - demand", "stock / 2").replace("min(stock, demand)", "log(stock)")

    assert [problem.split(": ")[0] for problem in problems(text)] == ["mdp.yaml:8:15", "mdp.yaml:9:17"]
