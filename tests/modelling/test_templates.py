"""Every MDP template, filled with its example, against the structure and figures that theory gives for it."""

import math

import numpy as np
import pytest

from scoper.errors import InputError
from scoper.modelling.arrays import compile_spec
from scoper.modelling.model import SpecModel
from scoper.numerics.evaluate import evaluate
from scoper.numerics.qlearning import q_learning, suggested_steps
from scoper.numerics.solve import backward_induction, policy_iteration, start_value
from scoper.services.library import load_library
from scoper.services.mdp_templates import fill, load_templates
from scoper.services.specs import parse_spec

TEMPLATES = load_templates(load_library())


def solved(name):
    spec = parse_spec(TEMPLATES[name].filled(), f"{name}.yaml")
    compiled = compile_spec(spec)
    return spec, compiled, policy_iteration(compiled.mdp)


def actions_of(spec, policy):
    """The value of the only action variable, per state."""
    return [SpecModel(spec).actions.axes[0].labels[a] for a in policy]


@pytest.mark.parametrize("name", TEMPLATES)
def test_placeholders_are_all_that_is_missing_and_the_example_fills_them_all(name):
    template = TEMPLATES[name]
    with pytest.raises(InputError) as caught:
        parse_spec(template.spec, "mdp.yaml")

    assert {problem.code for problem in caught.value.problems} == {"spec-unfilled"}
    assert len(caught.value.problems) == len(template.example) == template.spec.count("TODO")
    assert all("e.g. " in problem.message for problem in caught.value.problems)
    assert "TODO" not in template.filled()


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_filled_template_is_solved_and_its_optimum_beats_its_rules_of_thumb(name):
    _, compiled, solution = solved(name)
    mdp, best = compiled.mdp, solution.optimum()

    assert not mdp.notes
    assert compiled.objective == pytest.approx(mdp.reward)
    assert compiled.baselines
    for policy in compiled.baselines.values():
        assert (evaluate(mdp, policy) <= best + solution.error_bound).all()


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_states_a_summary_of_one_sentence_and_a_source_with_a_year(name):
    template = TEMPLATES[name]

    assert template.summary.endswith(".")
    assert template.summary.count(". ") == 0
    assert any(part.strip("(),;:").isdigit() and len(part.strip("(),;:")) == 4 for part in template.source.split())


def test_inventory_orders_up_to_the_level_of_the_critical_ratio():
    # Veinott (1965): with stationary demand ordering up to the myopic level S is optimal, S the smallest y with
    # P(demand <= y) >= (price - cost) / (price + holding - discount * cost).
    spec, _, solution = solved("inventory")
    price, cost, holding, mean = 9.0, 5.0, 0.4, 4.0
    ratio, level, below = (price - cost) / (price + holding - spec.discount * cost), 0, math.exp(-mean)
    while below < ratio:
        level += 1
        below += math.exp(-mean) * mean**level / math.factorial(level)

    orders = [int(order) for order in actions_of(spec, solution.policy)]
    assert orders == [max(0, level - stock) for stock in range(31)]


def test_maintenance_replaces_from_the_best_wear_limit_on():
    # Derman (1963): a control limit is optimal; the best one is found by evaluating all of them.
    spec, compiled, solution = solved("machine_maintenance")
    limits = {}
    for limit in range(1, 11):
        policy = np.array([int(wear >= limit) for wear in range(11)])
        limits[limit] = evaluate(compiled.mdp, policy)
    best = max(limits, key=lambda limit: limits[limit][0])

    assert actions_of(spec, solution.policy) == ["replace" if wear >= best else "run" for wear in range(11)]
    assert np.allclose(solution.optimum(), limits[best], atol=1e-6)
    assert 1 < best < 10


def test_queue_admits_below_a_threshold_that_is_not_above_the_selfish_one():
    # Naor (1969): admitting below a threshold is optimal, and the threshold is at most the one that customers would
    # choose for themselves, who join while reward * service rate >= cost * (customers ahead + 1).
    spec, compiled, solution = solved("queue_admission")
    admitted = [gate == "admit" for gate in actions_of(spec, solution.policy)]
    threshold = admitted.index(False)
    selfish = int(10.0 * 0.5 / 0.5)

    assert admitted == [waiting < threshold for waiting in range(21)]
    assert 1 < threshold <= selfish
    values = [
        start_value(compiled.mdp, evaluate(compiled.mdp, (np.arange(21) < limit).astype(np.int64)))
        for limit in range(20)
    ]
    assert int(np.argmax(values)) == threshold


def test_the_grid_is_worth_what_the_recursion_over_the_distance_says():
    spec, compiled, solution = solved("grid_navigation")
    moves, discount, goal, cost = 0.9, spec.discount, 10.0, 1.0
    worth = [0.0]
    for distance in range(1, 15):
        arrival = moves * (goal if distance == 1 else discount * worth[-1])
        worth.append((arrival - cost) / (1 - discount * (1 - moves)))

    values = solution.optimum().reshape(8, 8)
    expected = [[worth[14 - x - y] for y in range(8)] for x in range(8)]
    assert values[:7] == pytest.approx(np.array(expected)[:7], abs=1e-8)
    assert compiled.mdp.terminates.any()


def test_filling_needs_a_placeholder_at_the_path():
    with pytest.raises(InputError, match=r"there is no TODO at 'reward.nothing'"):
        fill(TEMPLATES["inventory"].spec, {"reward.nothing": "1"})


@pytest.mark.slow
@pytest.mark.parametrize("name", ["inventory", "machine_maintenance", "queue_admission", "grid_navigation"])
def test_q_learning_comes_within_five_percent_of_the_gap_on_every_template(name):
    _, compiled, _ = solved(name)
    mdp, horizon = compiled.mdp, compiled.mdp.horizon or 500
    run = q_learning(mdp, steps=suggested_steps(mdp), seeds=[0, 1, 2], discount=mdp.discount, horizon=horizon)

    optimum = start_value(mdp, backward_induction(mdp, horizon, discount=1.0).value[0])
    uniform = mdp.available / mdp.available.sum(axis=1, keepdims=True)
    floor = start_value(mdp, evaluate(mdp, uniform, discount=1.0, horizon=horizon))
    share = (run.returns[:, -1] - floor) / (optimum - floor)
    assert (share >= 0.95).all(), share
