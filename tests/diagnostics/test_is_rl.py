"""Whether it is a sequential task at all, whether one action is all, and what a plan or the model is worth."""

from dataclasses import replace

import numpy as np
import pytest

from scoper.diagnostics import (
    Evidence,
    model_keeps_promise,
    no_episode_end,
    not_sequential,
    plan_suffices,
    trivial_constant,
)
from scoper.domain.empirical import Planned, Played
from scoper.numerics.behaviour import behaviour
from tests.diagnostics.stepped import model_of, run


def coin(episode, rng):
    return (int(rng.integers(2)),)


def offers(h, a, t, episode, rng):
    """A visitor of one of two kinds, an offer; the next visitor comes whatever was offered."""
    return (int(rng.integers(2)),), float(rng.random() < (0.8 if a == h[0] else 0.2)), False


def tired(h, a, t, episode, rng):
    """The same, but a visitor who sees the last offer again buys less; the last offer is shown."""
    kind, last = h[0]
    chance = (0.8 if a == kind else 0.2) * (0.5 if a == last else 1.0)
    return ((int(rng.integers(2)), a),), float(rng.random() < chance), False


def tired_start(episode, rng):
    return ((int(rng.integers(2)), 0),)


def one_best(h, a, t, episode, rng):
    """Action 1 pays more in either place; where it leads does not matter."""
    return ((h[0] + a) % 2,), 1.0 * a + rng.normal() * 0.2, False


def nearly(h, a, t, episode, rng):
    """Action 1 is best in place 0 and loses a little in place 1."""
    return (int(rng.integers(2)),), (1.0 if h[0] == 0 else -0.2) * a + rng.normal() * 0.2, False


def climb(h, a, t, episode, rng):
    """Going on costs and pays at the end: best in every place, for the sake of later alone."""
    return (h[0] + a,), -0.1 * a + 5.0 * (h[0] + a == 4), h[0] + a == 4


def planned_of(model, returns, episodes_of):
    episodes = episodes_of(returns)
    return Planned("reward", np.zeros(model.n_cells, dtype=np.int64), 0.0, episodes, (), "planned")


class TestSequential:
    @pytest.mark.slow
    def test_offers_that_change_no_later_visitor_stand_alone(self):
        (found,) = not_sequential.inspect(Evidence(model=model_of(run(offers, coin))))

        assert (found.severity, found.defect) == ("caution", "not_sequential")
        assert found.evidence["basis"] == "measured"

    def test_offers_that_tire_make_the_last_one_count(self):
        assert not_sequential.inspect(Evidence(model=model_of(run(tired, tired_start)))) == []

    @pytest.mark.slow
    def test_a_memory_that_is_hidden_is_a_sequence_too(self):
        def hidden(h, a, t, episode, rng):
            (kind,), last = h
            ((after, now),), reward, ended = tired(((kind, last),), a, t, episode, rng)
            return ((after,), now), reward, ended

        found = run(hidden, lambda episode, rng: ((int(rng.integers(2)),), 0), n=6_000)
        assert not_sequential.inspect(Evidence(model=model_of(found))) == []


class TestConstant:
    @pytest.fixture
    def judged(self, episodes_of, summary_of):
        """The findings where the constant action and the plan returned these on fresh episodes."""

        def make(step, start, constant, planned, *, returns=None, **how):
            model = model_of(run(step, start, **how))
            rng = np.random.default_rng(3)

            def around(mean):
                return episodes_of(mean + rng.normal(size=100))

            model = replace(model, planned={"reward": planned_of(model, planned + rng.normal(size=100), episodes_of)})
            episodes = {"random": around(10.0), "constant": around(constant)}
            return trivial_constant.inspect(Evidence(model=model, episodes=episodes, returns=returns or {}))

        return make

    def test_an_action_that_is_best_in_every_place_now_and_later_is_named(self, judged):
        (found,) = judged(one_best, coin, 20.0, 20.0)

        assert (found.severity, found.defect, found.evidence["action"]) == ("caution", "trivial_constant", "1")

    def test_an_action_that_is_worse_in_one_place_is_not(self, judged):
        assert judged(nearly, coin, 20.0, 20.0) == []

    def test_where_a_plan_returns_more_on_fresh_episodes_no_action_is_praised(self, judged):
        assert judged(one_best, coin, 20.0, 22.0) == []

    def test_what_is_surely_more_is_more_however_little_of_the_gain_it_is(self, judged):
        assert judged(one_best, coin, 1000.0, 1000.9) == []

    def test_a_learner_whose_interval_lies_above_is_believed(self, judged, summary_of):
        table = {"constant": summary_of(20.0, 0.2), "ppo": summary_of(20.6, 0.3)}
        assert judged(one_best, coin, 20.0, 20.0, returns=table) == []

    def test_a_mean_that_is_higher_is_named_and_learning_not_excluded(self, judged):
        (found,) = judged(one_best, coin, 20.0, 20.2)

        assert "nothing found surely returns more than always taking one" in found.claim
        assert "; planned for the reward has 20." in found.claim
        assert found.remedy == "plain automation: take action 1 always"

    def test_an_action_that_pays_only_later_is_told_and_no_defect(self, judged):
        (found,) = judged(climb, lambda episode, rng: (0,), 20.0, 20.0)

        assert (found.severity, found.defect) == ("info", None)

    def test_a_constant_that_is_no_better_than_chance_is_no_answer(self, judged):
        assert judged(one_best, coin, 10.0, 10.0) == []


class TestPlan:
    CERTAIN = ((0, 0), [(1.0, 1, 0.0, False)]), ((0, 1), [(1.0, 0, 1.0, False)]), ((1, 0), [(1.0, 0, 1.0, True)])

    def test_where_all_is_certain_a_plan_is_a_policy(self, table_of):
        (found,) = plan_suffices.inspect(Evidence(table=table_of(dict(self.CERTAIN))))

        assert (found.severity, found.evidence) == ("info", {"basis": "proved"})

    def test_chance_that_can_be_reached_asks_for_a_policy(self, table_of):
        laws = dict(self.CERTAIN) | {(1, 0): [(0.5, 0, 1.0, False), (0.5, 1, 1.0, False)]}
        assert plan_suffices.inspect(Evidence(table=table_of(laws))) == []

    def test_by_stepping_one_start_and_no_second_outcome_say_so(self):
        def ring(h, a, t, episode, rng):
            return ((h[0] + a) % 5,), float(h[0] == 4), False

        assert len(plan_suffices.inspect(Evidence(model=model_of(run(ring, lambda episode, rng: (0,)))))) == 1
        assert plan_suffices.inspect(Evidence(model=model_of(run(offers, coin)))) == []


class TestPromise:
    @pytest.fixture
    def judged(self, episodes_of, summary_of):
        """The finding where the model's best policy returned `gap` less than the model says on 50 fresh episodes."""

        def make(gap):
            model = model_of(run(offers, coin))
            evidence = Evidence(model=model, returns={"random": summary_of(10.0)})
            best = evidence.audit.rungs["reward_far"]
            promised = behaviour(model.table, best.does.policy, 20).total(model.table.reward)
            episodes = episodes_of(promised - gap + np.random.default_rng(0).normal(size=50))
            played = {"reward_far": Played(episodes, model.steps, ())}
            (found,) = model_keeps_promise.inspect(replace(evidence, played=played))
            return found, promised

        return make

    def test_a_promise_that_was_kept_is_told_with_both_numbers(self, judged):
        found, promised = judged(0.0)

        assert (found.code, found.severity) == ("model_keeps_promise", "info")
        assert found.evidence["promised"] == pytest.approx(promised)

    def test_a_promise_that_was_not_is_no_more_than_a_hint(self, judged):
        found, _ = judged(8.0)

        assert (found.code, found.severity) == ("model_breaks_promise", "info")


class TestTablesThatAreNotExact:
    """Places 0 and 1 in turn; action 1 pays one, action 0 nothing, or the other way round in place 1."""

    @staticmethod
    def laws(pays):
        return {(s, a): [(1.0, 1 - s, float(pays[s] == a), False)] for s in (0, 1) for a in (0, 1)}

    def test_one_action_that_is_as_good_as_any_policy_is_named_as_measured(self, table_of):
        (found,) = trivial_constant.inspect(Evidence(approximate=table_of(self.laws((1, 1))), horizon=10))

        assert (found.defect, found.evidence["policy"], found.evidence["return"]) == (
            "trivial_constant",
            "constant 1",
            pytest.approx(10.0),
        )

    def test_where_places_ask_for_other_actions_none_is(self, table_of):
        assert trivial_constant.inspect(Evidence(approximate=table_of(self.laws((1, 0))), horizon=10)) == []

    def test_moves_that_no_action_changes_stand_alone_there_too(self, table_of):
        (found,) = not_sequential.inspect(Evidence(approximate=table_of(self.laws((1, 0)))))

        assert found.defect == "not_sequential"

    def test_a_table_without_end_and_without_limit_is_told(self, table_of):
        endless = Evidence(approximate=table_of(self.laws((1, 0))), limit_is_own=True)

        assert [f.defect for f in no_episode_end.inspect(endless)] == ["no_episode_end"]
        assert no_episode_end.inspect(replace(endless, limit_is_own=False)) == []
