"""Random play and the diameter against closed forms."""

import numpy as np
import pytest

from scoper.numerics.reach import diameter, random_reach, random_visits, reachable_states


def chain(mdp_of, n, success=1.0):
    """Two actions: on with probability `success`, or back to the first state."""
    table = [
        [[(success, min(s + 1, n - 1), 0.0, False), (1.0 - success, s, 0.0, False)], [(1.0, 0, 0.0, False)]]
        for s in range(n)
    ]
    return mdp_of(table, discount=1.0)


@pytest.mark.slow
@pytest.mark.parametrize("digits", [3, 30, 2000])
def test_a_needle_has_its_exact_probability_also_below_the_smallest_float(mdp_of, digits):
    table = [[[(1.0, min(s + 1, digits - 1), 1.0, s == digits - 1)], [(1.0, s, 0.0, True)]] for s in range(digits)]
    mdp = mdp_of(table, discount=1.0)
    event = (mdp.reward > 0) & mdp.terminates & (mdp.pair_of_transition == 2 * (digits - 1))

    found = random_reach(mdp, event, digits)

    assert found.log10_probability == pytest.approx(-digits * np.log10(2.0), rel=1e-12)
    assert found.probability == pytest.approx(2.0**-digits, rel=1e-9, abs=1e-300)
    assert np.flatnonzero(found.first).tolist() in ([digits - 1], [])


def test_episodes_needed_are_those_of_independent_trials(mdp_of):
    mdp = mdp_of([[[(1.0, 0, 1.0, True)], [(1.0, 0, 0.0, True)]]], discount=1.0)

    found = random_reach(mdp, mdp.reward > 0, 5)

    assert (found.probability, found.episodes) == (pytest.approx(0.5), 5.0)
    assert found.first.tolist() == pytest.approx([0.5, 0, 0, 0, 0])


def test_an_impossible_event_needs_endless_episodes(mdp_of):
    mdp = mdp_of([[[(1.0, 0, 0.0, False)]]], discount=1.0)

    found = random_reach(mdp, mdp.reward > 0, 5)

    assert (found.probability, found.log10_probability, found.episodes) == (0.0, -np.inf, np.inf)


def test_first_hits_are_geometric(mdp_of):
    mdp = mdp_of([[[(0.25, 0, 1.0, True), (0.75, 0, 0.0, False)]]], discount=1.0)

    assert random_reach(mdp, mdp.reward > 0, 6).first == pytest.approx(0.25 * 0.75 ** np.arange(6))


def test_visits_and_covering_follow_the_law_of_the_state(mdp_of):
    """Two states in turn, two actions of the same effect: every pair has a quarter of the time."""
    table = [[[(1.0, 1 - s, 0.0, False)]] * 2 for s in range(2)]

    visits = random_visits(mdp_of(table, discount=1.0), 10)

    assert visits.total == pytest.approx(np.full((2, 2), 2.5))
    assert visits.most == pytest.approx(np.full((2, 2), 0.5))
    assert visits.covering == pytest.approx(np.log(8.0) / 0.25)
    assert visits.unvisited == 0


def test_states_that_random_play_does_not_reach_in_time_are_counted(mdp_of):
    assert random_visits(chain(mdp_of, 5), 3).unvisited == 4


@pytest.mark.parametrize(("n", "success"), [(4, 1.0), (7, 0.5), (5, 0.2)])
def test_the_diameter_of_a_chain_is_its_length_over_the_chance_to_get_on(mdp_of, n, success):
    found = diameter(chain(mdp_of, n, success))

    assert found.steps == pytest.approx((n - 1) / success, rel=1e-7)
    assert (found.start, found.goal, found.separated) == (0, n - 1, 0)


def test_the_diameter_counts_a_restart_as_a_step_where_episodes_end(mdp_of):
    table = [[[(1.0, 1, 0.0, False)]], [[(1.0, 2, 0.0, False)]], [[(1.0, 2, 0.0, True)]]]
    mdp = mdp_of(table, discount=1.0)

    assert diameter(mdp).steps == pytest.approx(2.0)
    assert diameter(mdp, restart=False).steps == np.inf
    assert diameter(mdp, restart=False).separated == 3


def test_a_state_that_may_be_missed_for_ever_is_not_reached_with_certainty(mdp_of):
    """From 0 half the time to a trap: the expected time to the goal has no limit."""
    table = [[[(0.5, 1, 0.0, False), (0.5, 2, 0.0, False)]], [[(1.0, 0, 0.0, False)]], [[(1.0, 2, 0.0, False)]]]

    assert diameter(mdp_of(table, discount=1.0)).steps == np.inf
    assert diameter(mdp_of(table, discount=1.0)).separated == 3


def test_the_diameter_agrees_with_shortest_paths_of_deterministic_mdps(random_mdp):
    for seed in range(40):
        mdp = random_mdp(np.random.default_rng(seed), fan_out=1, states=8, ending=0.0)
        assert diameter(mdp).steps == pytest.approx(longest_shortest_path(mdp), rel=1e-12)


def longest_shortest_path(mdp):
    away = np.full((mdp.n_states, mdp.n_states), np.inf)
    np.fill_diagonal(away, 0.0)
    pair = mdp.pair_of_transition
    for source, target in zip(pair // mdp.n_actions, mdp.successor, strict=True):
        away[source, target] = min(away[source, target], 1.0)
    for middle in range(mdp.n_states):
        away = np.minimum(away, away[:, [middle]] + away[[middle], :])
    return away.max()


def test_large_mdps_have_no_cheap_diameter(mdp_of):
    assert diameter(mdp_of([[[(1.0, 0, 0.0, False)]]] * 301, discount=1.0)) is None


def test_reachable_states_stop_at_the_end_of_the_episode(mdp_of):
    table = [[[(1.0, 1, 0.0, False)]], [[(1.0, 2, 0.0, True)]], [[(1.0, 2, 0.0, False)]]]

    assert reachable_states(mdp_of(table, discount=1.0)).tolist() == [True, True, False]
