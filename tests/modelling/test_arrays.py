"""Arrays against a plain loop over states, actions and draws, and what is refused."""

import math
from itertools import product

import numpy as np
import pytest

from scoper.domain.mdp import Distribution
from scoper.errors import InputError
from scoper.modelling.arrays import compile_spec, named_baselines, objective_reward, to_tabular
from scoper.modelling.distributions import points, points_of
from scoper.modelling.table_import import from_p_table
from scoper.numerics.evaluate import evaluate
from scoper.numerics.solve import policy_iteration, start_value


def transition(mdp, state, action):
    """successor -> (probability, reward, terminates)"""
    pair = state * mdp.n_actions + action
    span = range(mdp.offsets[pair], mdp.offsets[pair + 1])
    return {int(mdp.successor[t]): (mdp.probability[t], mdp.reward[t], bool(mdp.terminates[t])) for t in span}


def test_inventory_transitions_are_those_of_a_plain_loop(spec_of, inventory_text):
    mdp = to_tabular(spec_of(inventory_text))
    pmf = [math.exp(-4.0) * 4.0**k / math.factorial(k) for k in range(40)]

    for stock, on_order, order in [(0, 0, 0), (10, 0, 5), (3, 20, 20), (40, 20, 7)]:
        expected = {}
        for demand, p in enumerate(pmf):
            successor = min(40, max(0, stock + on_order - demand)) * 21 + order
            pays = 9.0 * min(stock + on_order, demand) - 0.4 * stock - 5.0 * order
            mass, sum_ = expected.get(successor, (0.0, 0.0))
            expected[successor] = (mass + p, sum_ + p * pays)
        found = transition(mdp, stock * 21 + on_order, order)
        assert all(abs(expected[s][0] - found.get(s, (0.0,))[0]) < 2e-9 for s in expected)
        for s, (p, r, ends) in found.items():
            assert r == pytest.approx(expected[s][1] / expected[s][0], rel=1e-5)
            assert p > 0
            assert not ends


def test_states_are_numbered_with_the_last_variable_running_fastest(spec_of, inventory_text):
    mdp = to_tabular(spec_of(inventory_text))

    assert mdp.state_labels[10 * 21] == "stock=10, on_order=0"
    assert mdp.initial.argmax() == 10 * 21
    assert mdp.action_labels[7] == "order=7"
    assert (mdp.horizon, mdp.discount) == (90, 0.99)


def test_transitions_come_in_ascending_order_of_successors(spec_of, words_text):
    mdp = to_tabular(spec_of(words_text))

    ascending = np.diff(mdp.successor) > 0
    inside = np.diff(mdp.pair_of_transition) == 0
    assert ascending[inside].all()


def test_held_steps_are_noted_with_their_share_and_first_witness(spec_of, inventory_text):
    (note,) = to_tabular(spec_of(inventory_text)).notes

    assert note.startswith("next.stock leaves 0 to 40 in ")
    assert note.endswith("first for stock=21, on_order=20, order=0, demand=0: 41")


def test_cut_probability_of_the_demand_is_stated(spec_of, inventory_text):
    mdp = to_tabular(spec_of(inventory_text))

    assert 0.0 < mdp.truncated_mass <= 1e-15


def test_terms_and_objective_are_aligned_with_the_transitions(spec_of, words_text):
    spec = spec_of(words_text)
    compiled = compile_spec(spec)

    assert np.allclose(compiled.terms["a"] + compiled.terms["b"], compiled.mdp.reward)
    assert np.allclose(objective_reward(spec), compiled.terms["a"] + 2 * compiled.terms["b"])


def test_an_objective_without_which_the_reward_is_meant(spec_of, inventory_text):
    spec = spec_of(inventory_text.replace("objective:", "summary: none\n#"))

    assert (objective_reward(spec) == to_tabular(spec).reward).all()


def test_available_terminated_start_and_words(spec_of, words_text):
    spec = spec_of(words_text)
    mdp = to_tabular(spec)

    broken = [label.startswith("mode=broken") for label in mdp.state_labels]
    fast = [label.endswith("pace=2") for label in mdp.action_labels]
    assert (mdp.available == ~np.outer(broken, fast)).all()
    ends = {mdp.state_labels[s] for s in mdp.successor[mdp.terminates]}
    assert ends
    assert all(label.startswith("mode=broken, level=10") for label in ends)
    started = {mdp.state_labels[s]: mdp.initial[s] for s in np.flatnonzero(mdp.initial)}
    assert started == pytest.approx({f"mode=idle, level=0, k={k}": 1 / 3 for k in (-1, 0, 1)})


def test_named_baselines_are_policies_over_the_states(spec_of, inventory_text):
    policy = named_baselines(spec_of(inventory_text))["order_up_to_20"]

    expected = [max(0, 20 - stock - on_order) for stock, on_order in product(range(41), range(21))]
    assert policy.tolist() == expected


def test_a_discounted_chain_has_the_value_of_its_formula(spec_of):
    text = """
        scoper_mdp: 1
        name: Walk to the end
        discount: 0.5
        horizon: infinite
        state: {x: {from: 0, to: 3}}
        actions: {go: {from: 0, to: 1}}
        next: {x: "x + go"}
        reward: {goal: "8 if next_x == 3 else 0"}
        terminated: "x == 3"
        start: {x: 0}
    """
    mdp = to_tabular(spec_of(text))

    assert start_value(mdp, policy_iteration(mdp).optimum()) == pytest.approx(8 * 0.5**2, abs=1e-12)
    assert start_value(mdp, evaluate(mdp, np.zeros(4, dtype=np.int64))) == 0.0


BROKEN = """
scoper_mdp: 1
name: Broken
discount: 0.9
horizon: 5
state: {x: {from: 0, to: 9}, m: {values: [0, 5]}}
actions: {a: {from: 1, to: 2}}
exogenous: {u: {values: {0: 0.5, 2: 0.5}}}
next:
  x: "x / 2"
  m: "m + u"
reward: {r: "1 / (x - 3)", s: "x"}
terminated: "false"
start: {x: 0, m: 0}
baselines: {wild: {a: "x"}}
"""


def test_impossible_steps_name_the_smallest_witness_and_the_line_of_the_expression(spec_of):
    with pytest.raises(InputError) as caught:
        to_tabular(spec_of(BROKEN))

    assert [(p.line, p.message) for p in caught.value.problems] == [
        (10, "next.x: is 0.5 for x=1, m=0, a=1, u=0, but must be a whole number"),
        (11, "next.m: is 2 for x=0, m=0, a=1, u=2, but must be one of 0, 5"),
        (12, "reward.r: is inf for x=3, m=0, a=1, u=0: '1 / (x - 3)' has no finite value"),
        (15, "baselines.wild.a: is 0 for x=0, m=0, which is no such action"),
    ]
    assert all(p.source == "mdp.yaml" and p.column > 1 for p in caught.value.problems)


def test_a_spec_that_is_too_large_names_its_size_and_the_variable_to_coarsen_and_how_far(spec_of, inventory_text):
    with pytest.raises(InputError, match=r"18,900,021 states, 21 actions and 22 draws") as caught:
        to_tabular(spec_of(inventory_text.replace("to: 40", "to: 900000")))

    (problem,) = caught.value.problems
    most = 200_000_000 // (21 * 21 * 22)  # combinations allowed, by on_order, order and demand
    assert problem.remedy == f"coarsen state.stock from 900,001 to at most {most:,} values: count in units of 44"
    assert (problem.line, problem.column) == (7, 9)


def test_continuous_states_are_refused_with_a_way_out(spec_of, inventory_text):
    text = inventory_text.replace("{from: 0, to: 40}", "{low: 0.0, high: 1.0}").replace("{stock: 10", "{stock: 0.5")

    with pytest.raises(InputError, match="environment form"):
        to_tabular(spec_of(text))


def test_a_state_without_any_action_is_an_error(spec_of, words_text):
    with pytest.raises(InputError, match="no action is available for mode=broken, level=0, k=1 and"):
        to_tabular(spec_of(words_text.replace("not (mode == broken and pace == 2)", "mode != broken")))


@pytest.mark.parametrize(
    ("kind", "parameters", "mean", "variance"),
    [
        ("poisson", {"mean": 4.0}, 4.0, 4.0),
        ("poisson", {"mean": 5000.0}, 5000.0, 5000.0),
        ("poisson", {"mean": 0.0}, 0.0, 0.0),
        ("binomial", {"n": 50, "p": 0.3}, 15.0, 10.5),
        ("binomial", {"n": 7, "p": 1.0}, 7.0, 0.0),
        ("geometric", {"p": 0.2}, 5.0, 20.0),
        ("uniform", {"from": -2, "to": 5}, 1.5, 63 / 12),
        ("normal", {"mean": -3.3, "sd": 4.0}, -3.3, 16.0 + 1 / 12),  # Sheppard's correction
        ("values", {"values": [1.0, 2.5], "probabilities": [0.2, 0.8]}, 2.2, 0.36),
        ("empirical", {"values": [3.0, 4.0, 4.0, 5.0]}, 4.0, 0.5),
    ],
)
def test_laws_have_their_mean_and_variance_and_lose_next_to_nothing(kind, parameters, mean, variance):
    values, shares, lost = points(Distribution(kind=kind, parameters=parameters))

    centre = float(values @ shares)
    assert math.fsum(shares) == pytest.approx(1.0, abs=1e-12)
    assert centre == pytest.approx(mean, abs=1e-5)
    assert float((values - centre) ** 2 @ shares) == pytest.approx(variance, rel=1e-5, abs=1e-9)
    assert 0.0 <= lost <= 1e-15
    assert (np.diff(values) > 0).all()


def test_rewards_that_grow_along_a_tail_lose_next_to_nothing_by_the_cut(spec_of, inventory_text):
    # the fourth moment of a Poisson law is m + 7 m^2 + 6 m^3 + m^4 (Touchard)
    mdp = to_tabular(spec_of(inventory_text.replace('"-0.4 * stock"', '"demand ** 4"').replace("9.0 *", "0.0 *")))
    pairs = mdp.pair_of_transition
    idle = pairs % mdp.n_actions == 0

    earned = np.bincount(pairs[idle] // mdp.n_actions, weights=(mdp.probability * mdp.reward)[idle])
    assert np.abs(earned - 756.0).max() < 1e-8


def test_laws_are_cut_coarsely_where_their_combinations_would_be_too_many():
    laws = {"x": Distribution(kind="poisson", parameters={"mean": 4.0})}
    (fine,), (coarse,) = points_of(laws, 1000).values(), points_of(laws, 20).values()

    assert fine[2] <= 1e-15 < coarse[2] <= 1e-9
    assert coarse[0].size < fine[0].size


def test_a_gymnasium_table_becomes_arrays():
    table = {0: {0: [(0.5, 0, 1, False), (0.5, 1, 2.0, True)]}, 1: {0: [(1.0, 1, 0, True)]}}
    mdp = from_p_table(table, 2, 1, np.array([1.0, 0.0]), 0.9, 10)

    assert mdp.successor.tolist() == [0, 1, 1]
    assert mdp.terminates.tolist() == [False, True, True]


@pytest.mark.parametrize(
    "table",
    [
        {0: {0: []}},
        {0: {}},
        {},
        {0: {0: [(0.5, 0, 1, False)]}},
        {0: {0: [("a", 0, 1, False)]}},
        {0: {0: [(math.nan, 0, 1, False)]}},
        {0: {0: [(1.0, 7, 1, False)]}},
        {0: {0: [(1.0, 0, math.inf, False)]}},
        {0: {0: [1.0]}},
        {0: {0: [(1.5, 0, 0, False), (-0.5, 0, 0, False)]}},
    ],
)
def test_tables_that_are_none_are_refused(table):
    with pytest.raises(InputError, match=r"table|successor|finite|negative|sum"):
        from_p_table(table, 1, 1, np.array([1.0]), 0.9, None)
