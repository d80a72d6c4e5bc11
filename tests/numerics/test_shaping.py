"""Potential-based shaping is never flagged, anything else always, with walks whose sums can be added up by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoper.numerics.optimum_change import OptimumChange, optimum_change, return_span
from scoper.numerics.shaping import fit_potential, fit_potential_to_samples, possible
from scoper.numerics.shaping_proof import disprove

DISCOUNTS = (1.0, 0.99, 0.9, 0.5)


def shaped(mdp, phi, discount, at_end=0.0):
    source = mdp.pair_of_transition // mdp.n_actions
    return discount * np.where(mdp.terminates, at_end, phi[mdp.successor]) - phi[source]


def sum_of(walk, amount, discount, rounds):
    taken = list(walk.transitions)
    if walk.again is not None:
        taken += taken[walk.again :] * rounds
    return float(discount ** np.arange(len(taken)) @ amount[taken])


def is_a_walk(mdp, walk):
    pair = mdp.pair_of_transition
    following = [*walk.transitions[1:], *([walk.transitions[walk.again]] if walk.again is not None else [])]
    joined = all(
        not mdp.terminates[one] and mdp.successor[one] == pair[other] // mdp.n_actions
        for one, other in zip(walk.transitions, following, strict=False)
    )
    return joined and walk.states == tuple(pair[list(walk.transitions)] // mdp.n_actions)


@pytest.mark.slow
def test_no_potential_based_term_is_flagged_on_a_thousand_random_mdps(random_mdp):
    rng = np.random.default_rng(0)
    for number in range(1_000):
        discount = DISCOUNTS[number % 4]
        mdp = random_mdp(rng, discount=discount)
        term = shaped(mdp, rng.normal(scale=10.0 ** rng.integers(-3, 4), size=mdp.n_states), discount)

        fit = fit_potential(mdp, term)

        assert fit.is_potential, (number, fit.largest)
        assert disprove(mdp, term, fit) is None


@pytest.mark.slow
def test_every_term_with_a_loop_that_pays_is_flagged_on_a_thousand_random_mdps(random_mdp):
    """The loop is what the proof shows: it returns to where it began, and its sum is the one said."""
    rng = np.random.default_rng(1)
    found = 0
    for number in range(1_000):
        mdp = random_mdp(rng, discount=1.0)
        term = shaped(mdp, rng.normal(size=mdp.n_states), 1.0) + 0.1 * rng.normal(size=mdp.reward.size)
        fit = fit_potential(mdp, term)
        if not has_paid_loop(mdp, term):
            continue
        found += 1
        proof = disprove(mdp, term, fit)
        walk = proof.walks[0]

        assert not fit.is_potential, number
        assert proof.kind == "loop"
        assert is_a_walk(mdp, walk)
        assert walk.again == 0
        assert walk.total == pytest.approx(term[list(walk.transitions)].sum())
        assert abs(walk.total) > 1e-6
    assert found > 500


def has_paid_loop(mdp, term):
    """By brute force: the richest and the poorest closed walks of up to S steps."""
    usable = np.flatnonzero(possible(mdp) & ~mdp.terminates)
    source, target = mdp.pair_of_transition[usable] // mdp.n_actions, mdp.successor[usable]
    for sign in (1.0, -1.0):
        step = np.full((mdp.n_states, mdp.n_states), -np.inf)
        np.maximum.at(step, (source, target), sign * term[usable])
        walk = step
        for _ in range(mdp.n_states):
            if (np.diag(walk) > 1e-9).any():
                return True
            walk = (walk[:, :, None] + step[None, :, :]).max(axis=1)
    return False


@pytest.mark.slow
@pytest.mark.parametrize("discount", [0.99, 0.9, 0.5])
def test_two_walks_from_one_state_disprove_a_discounted_term(random_mdp, discount):
    rng = np.random.default_rng(2)
    flagged = 0
    for _ in range(200):
        mdp = random_mdp(rng, discount=discount)
        term = shaped(mdp, rng.normal(size=mdp.n_states), discount) + rng.normal(size=mdp.reward.size)
        fit = fit_potential(mdp, term)
        proof = disprove(mdp, term, fit)
        if proof is None:
            continue
        flagged += 1
        rich, poor = proof.walks
        rounds = int(np.ceil(np.log(1e-12) / np.log(discount)))

        assert proof.kind == "walks"
        assert is_a_walk(mdp, rich)
        assert is_a_walk(mdp, poor)
        assert rich.states[0] == poor.states[0]
        assert rich.total == pytest.approx(sum_of(rich, term, discount, rounds), abs=1e-6)
        assert proof.difference == pytest.approx(rich.total - poor.total)
        assert proof.difference > 1e-6
    assert flagged > 100


def test_terms_on_a_tree_are_disproved_by_two_ways_to_one_end(mdp_of):
    """No loop at all; left pays 1 on the way to the same end."""
    table = [[[(1.0, 1, 1.0, False)], [(1.0, 2, 0.0, False)]], *[[[(1.0, 0, 0.0, True)], []] for _ in range(2)]]
    mdp = mdp_of(table, discount=1.0)

    proof = disprove(mdp, mdp.reward, fit_potential(mdp, mdp.reward))

    # Phi(1) = Phi(2) = 0 because what follows pays nothing, so 0 -> 1 and 0 -> 2 would have to pay alike.
    assert (proof.kind, proof.difference) == ("walks", pytest.approx(1.0))
    assert [walk.actions[0] for walk in proof.walks] == [0, 1]


def test_a_living_cost_is_shaping_only_where_nothing_ends(mdp_of):
    """-1 a step is discount * Phi - Phi for Phi = 1 / (1 - discount), unless episodes end at different times."""
    ring = mdp_of([[[(1.0, 1, -1.0, False)]], [[(1.0, 0, -1.0, False)]]], discount=0.9)
    ends = mdp_of([[[(1.0, 0, -1.0, False)], [(1.0, 0, -1.0, True)]]], discount=0.9)

    assert fit_potential(ring, ring.reward).is_potential
    assert fit_potential(ring, ring.reward).potential == pytest.approx([10.0, 10.0])
    assert not fit_potential(ends, ends.reward).is_potential


def test_a_potential_of_the_terminal_state_is_a_bonus_and_told_apart(mdp_of):
    table = [[[(1.0, 1, 0.0, True)], [(1.0, 2, 0.0, True)]], *[[[(1.0, 0, 0.0, True)], []] for _ in range(2)]]
    mdp = mdp_of(table, discount=1.0)
    term = np.array([5.0, 2.0, 0.0, 0.0])  # Phi(0) = 0, Phi(1) = 5 and Phi(2) = 2, kept at the end
    within = np.array([0, 1])

    zero, free = fit_potential(mdp, term), fit_potential(mdp, term, free_ends=True)

    assert not zero.is_potential
    assert free.is_potential
    assert free.end_value == pytest.approx(3.0)
    assert set(np.flatnonzero(np.abs(zero.residual) > 1e-9)) <= set(within)


def test_what_a_time_limit_leaves_over_is_the_spread_of_the_potential(mdp_of):
    table = [[[(1.0, s, 0.0, False)], [(1.0, 1 - s, 0.0, False)]] for s in range(2)]
    mdp = mdp_of(table, discount=1.0)
    term = shaped(mdp, np.array([0.0, 4.0]), 1.0)

    assert fit_potential(mdp, term, horizon=3).left_over == pytest.approx(4.0)
    assert return_span(mdp, term, horizon=3) == pytest.approx((0.0, 4.0))


def test_noise_in_the_amount_is_shaping_in_expectation_only(mdp_of):
    """Half the time +1, half the time -1, to two states of the same potential."""
    table = [[[(0.5, 1, 1.0, False), (0.5, 2, -1.0, False)]], *[[[(1.0, 0, 0.0, False)]] for _ in range(2)]]
    mdp = mdp_of(table, discount=1.0)

    assert not fit_potential(mdp, mdp.reward).is_potential
    assert fit_potential(mdp, mdp.reward, level="pair").largest == pytest.approx(0.0, abs=1e-12)


def test_many_states_are_fitted_without_a_dense_matrix(mdp_of):
    size = 1_500
    table = [[[(1.0, (s + 1) % size, 0.0, False)], [(1.0, (s * 7 + 3) % size, 0.0, False)]] for s in range(size)]
    mdp = mdp_of(table, discount=0.95)
    phi = np.random.default_rng(0).normal(size=size)

    fit = fit_potential(mdp, shaped(mdp, phi, 0.95))

    assert fit.is_potential
    assert fit.potential == pytest.approx(phi, abs=1e-4)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), discount=st.sampled_from(DISCOUNTS[1:]))
def test_shaping_never_changes_the_optimum_and_the_opposite_reward_does(random_mdp, seed, discount):
    rng = np.random.default_rng(seed)
    mdp = random_mdp(rng, discount=discount)
    other = mdp.reward + shaped(mdp, rng.normal(size=mdp.n_states), discount)
    opposite = optimum_change(mdp, mdp.reward, -mdp.reward)

    assert not optimum_change(mdp, mdp.reward, other).changed
    assert opposite.by_second == pytest.approx((opposite.worst, opposite.worst), abs=1e-6)
    assert opposite.changed == (opposite.best - opposite.worst > 1e-6 * max(1.0, abs(opposite.best)))


def test_a_reward_of_ties_loses_all_in_the_worst_case_and_nothing_in_the_best(mdp_of):
    mdp = mdp_of([[[(1.0, 0, 0.0, True)], [(1.0, 0, 1.0, True)]]], discount=0.9)

    for horizon in (None, 1):
        found = optimum_change(mdp, mdp.reward, np.zeros(2), horizon=horizon)
        assert found.by_second == pytest.approx((0.0, 1.0))
        assert found.loss == pytest.approx((0.0, 1.0))
        assert (found.changed, found.state) == (True, None)


@pytest.mark.parametrize(("discount", "horizon"), [(0.9, None), (0.9, 4), (1.0, 4), (1.0, None)])
def test_a_bait_changes_the_optimum_in_the_state_where_it_lies(mdp_of, discount, horizon):
    """Right leads to 1; the bait pays 0.5 twice as much as it is worth."""
    table = [[[(1.0, 1, 0.0, False)], [(1.0, 0, 0.0, True)]], [[(1.0, 0, 1.0, True)], []]]
    mdp = mdp_of(table, discount=discount)
    bait = mdp.reward + np.array([0.0, 2.0, 0.0])

    found = optimum_change(mdp, mdp.reward, bait, horizon=horizon)

    assert (found.state, found.changed) == (0, True)
    assert found.by_second == pytest.approx((0.0, 0.0))
    assert found.best == pytest.approx(discount)


def test_a_reward_that_telescopes_has_one_return(random_mdp):
    rng = np.random.default_rng(4)
    mdp = random_mdp(rng, discount=1.0, ending=0.4)
    term = shaped(mdp, rng.normal(size=mdp.n_states), 0.9)

    low, high = return_span(mdp, term, discount=0.9)

    assert low == pytest.approx(high, abs=1e-8)
    assert return_span(mdp, mdp.reward, horizon=3)[0] < return_span(mdp, mdp.reward, horizon=3)[1]


def test_samples_of_shaping_leave_nothing_and_samples_of_a_payment_nearly_all():
    rng = np.random.default_rng(6)
    here, there = rng.normal(size=(2, 2_000, 3))
    ended = rng.random(2_000) < 0.1
    phi = np.array([1.0, -2.0, 0.5])
    term = 0.9 * np.where(ended, 0.0, there @ phi) - here @ phi

    assert fit_potential_to_samples(here, there, ended, term, 0.9, rng) == pytest.approx(0.0, abs=1e-12)
    assert fit_potential_to_samples(here, there, ended, rng.normal(size=2_000), 0.9, rng) > 0.9


def test_policies_that_differ_by_rounding_only_have_nothing_to_lose():
    best = -75.90660005384775
    worst = float(np.nextafter(best, -np.inf))
    change = OptimumChange(best, worst, (worst, worst), None)
    assert change.loss == (0.0, 0.0)
    assert not change.changed
