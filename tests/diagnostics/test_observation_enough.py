"""Whether the observation is enough: what is hidden, gone, cut by the clock or drifting, and what only looks so."""

import numpy as np
import pytest

from scoper.diagnostics import Evidence
from scoper.diagnostics import non_markov_observation as hidden
from scoper.diagnostics import non_stationary as drifting
from scoper.diagnostics import observation_at_reset_only as reset_only
from scoper.diagnostics import time_limit_leak as leak
from tests.diagnostics.stepped import model_of, run

pytestmark = pytest.mark.slow


def judged(diagnostic, *args, n_actions=2, coding="values", **how):
    model = model_of(run(*args, n_actions=n_actions, **how), n_actions=n_actions, coding=coding)
    return diagnostic.inspect(Evidence(model=model))


def defects(found):
    return [(finding.severity, finding.defect) for finding in found]


def coin(episode, rng):
    return (int(rng.integers(2)),)


def walk(h, a, t, episode, rng):
    """Six places on a ring; action 1 goes on, and place 0 pays."""
    after = (h[0] + a) % 6
    return (after,), float(after == 0), False


def anywhere(episode, rng):
    return (int(rng.integers(6)),)


def repeated(h, a, t, episode, rng):
    """What is seen is a coin; repeating the action before pays, and that action is not shown."""
    return (int(rng.integers(2)), a), float(a == h[1]), False


def last_hidden(episode, rng):
    return int(rng.integers(2)), int(rng.integers(2))


def repeated_shown(h, a, t, episode, rng):
    return ((int(rng.integers(2)), a),), float(a == h[0][1]), False


def last_shown(episode, rng):
    return ((int(rng.integers(2)), int(rng.integers(2))),)


class TestHidden:
    @pytest.mark.slow
    def test_an_action_that_counts_later_and_is_not_shown_is_named_with_its_lag(self):
        (found,) = judged(hidden, repeated, last_hidden)

        assert (found.severity, found.defect) == ("caution", "non_markov_observation")
        first = found.evidence["dependencies"][0]
        assert (first["kind"], first["lag"], first["outcome"]) == ("action", 1, "reward")
        assert "last actions" in found.remedy

    def test_shown_it_is_part_of_the_state(self):
        assert judged(hidden, repeated_shown, last_shown) == []

    def test_a_ring_that_is_seen_whole_is_enough(self):
        assert judged(hidden, walk, anywhere) == []

    def test_a_hidden_mood_that_only_adds_to_the_reward_is_no_caution(self):
        """Every third timestep pays more, whatever is done."""

        def step(h, a, t, episode, rng):
            return (int(rng.integers(2)),), float(a == h[0]) + 2.0 * (t % 3 == 0), False

        assert defects(judged(hidden, step, coin, n=6_000, length=30)) == [("info", None)]

    def test_without_a_model_or_with_gaps_nothing_is_said(self):
        assert hidden.inspect(Evidence()) == []

        model = model_of(run(repeated, last_hidden, n=500))
        model.steps.reward[0] = np.nan
        assert hidden.inspect(Evidence(model=model)) == []


SIDES = {
    (0, 0): [(0.5, 1, 0.0, False), (0.5, 2, 0.0, False)],
    (0, 1): [(0.5, 1, 0.0, False), (0.5, 2, 0.0, False)],
    (1, 0): [(1.0, 3, 1.0, True)],
    (1, 1): [(1.0, 3, 0.0, True)],
    (2, 0): [(1.0, 3, 0.0, True)],
    (2, 1): [(1.0, 3, 1.0, True)],
}


class TestDeclared:
    """Two hidden sides; the right action pays 1 and ends, the wrong one ends without."""

    def test_states_that_look_alike_and_need_other_actions_lose_what_memory_cannot_give_back(self, table_of):
        """Chance earns a half, and so does every rule that cannot tell the sides apart; the state would earn one."""
        evidence = Evidence(table=table_of(SIDES), horizon=5, observed=np.array([0, 1, 1, 2]))
        (found,) = hidden.inspect(evidence)

        assert found.defect == "non_markov_observation"
        assert found.evidence["share_lost"] == pytest.approx(1.0)

    def test_states_that_look_alike_and_need_the_same_action_lose_nothing(self, table_of):
        laws = {**SIDES, (2, 0): SIDES[1, 0], (2, 1): SIDES[1, 1]}
        evidence = Evidence(table=table_of(laws), horizon=5, observed=np.array([0, 1, 1, 2]))

        assert hidden.inspect(evidence) == []


class TestShownAtReset:
    @staticmethod
    def cue(keeps):
        def step(h, a, t, episode, rng):
            (place, shown), side = h
            if place == 3:
                return ((3, 0), side), 1.0 if a == side else -1.0, True
            return ((place + 1, shown if keeps else 0), side), 0.0, False

        return step

    @staticmethod
    def start(episode, rng):
        side = int(rng.integers(2))
        return (0, 1 + side), side

    @pytest.mark.slow
    def test_a_cue_that_is_gone_when_it_is_needed_is_named_once(self):
        (found,) = judged(reset_only, self.cue(False), self.start)

        assert (found.defect, found.evidence["component"]) == ("observation_at_reset_only", "seen 1")
        assert judged(hidden, self.cue(False), self.start) == []

    def test_a_cue_that_stays_is_fine(self):
        assert judged(reset_only, self.cue(True), self.start) == []


class TestTimeLimit:
    def test_a_limit_told_as_an_end_is_named_with_its_timestep(self):
        (found,) = judged(leak, walk, anywhere, ends_as="terminated")

        assert (found.severity, found.defect) == ("caution", "time_limit_leak")
        assert found.evidence == {"basis": "measured", "limit": 20, "episodes": 150}

    def test_truncation_is_how_it_should_be_told(self):
        assert judged(leak, walk, anywhere) == []

    def test_a_clock_in_the_observation_makes_it_an_end_like_any_other(self):
        def step(h, a, t, episode, rng):
            return ((h[0][0] + a) % 6, h[0][1] + 1), float(h[0][0] == 0), False

        def seen(h, a, t, episode, rng):
            after, reward, ended = step(h, a, t, episode, rng)
            return (after,), reward, ended

        assert judged(leak, seen, lambda episode, rng: ((int(rng.integers(6)), 0),), ends_as="terminated") == []

    def test_a_task_that_truly_ends_after_its_last_stage_is_none(self):
        def step(h, a, t, episode, rng):
            return (h[0] + 1,), float(a), h[0] == 7

        assert judged(leak, step, lambda episode, rng: (0,)) == []


class TestDrift:
    @staticmethod
    def shop(right):
        def step(h, a, t, episode, rng):
            return (int(rng.integers(2)),), float(a == (h[0] + right(episode)) % 2) + rng.normal() * 0.3, False

        return step

    @pytest.mark.slow
    @pytest.mark.parametrize("right", [lambda episode: episode // 25, lambda episode: int(episode > 100)])
    def test_rules_that_swap_are_named_whether_they_swap_back_or_not(self, right):
        assert defects(judged(drifting, self.shop(right), coin)) == [("caution", "non_stationary")]

    def test_the_same_rules_with_the_same_noise_are_not(self):
        assert judged(drifting, self.shop(lambda episode: 0), coin) == []

    @pytest.mark.slow
    def test_rules_that_are_drawn_for_every_episode_are_hidden_and_do_not_drift(self):
        rng = np.random.default_rng(5)
        sides = rng.integers(2, size=1_000)
        found = self.shop(lambda episode: int(sides[episode]))

        assert judged(drifting, found, coin) == []
        assert defects(judged(hidden, found, coin)) == [("caution", "non_markov_observation")]
