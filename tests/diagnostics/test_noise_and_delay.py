"""Noise against gain, what no action touches, delays, growth and sizes: simulators whose laws are written here."""

import numpy as np
import pytest

from scoper.diagnostics import (
    Evidence,
    actions_no_effect,
    credit_assignment,
    discount_horizon,
    noise_dominated,
    policy_independent_return,
    reward_scale,
    unbounded_reward,
)
from scoper.diagnostics._delay import credit_of
from scoper.domain.episodes import Replays
from scoper.probe.verdict import decide
from tests.diagnostics.stepped import model_of, run

RNG = np.random.default_rng(3)


def fresh(h, a, t, e, rng):
    """A visitor of three kinds comes by chance; what was offered last stays in sight."""
    return (np.array([rng.integers(3), a]),)


def first(e, rng):
    return (np.array([rng.integers(3), 0]),)


class TestNoise:
    def evidence(self, episodes_of, gain, noise, n=300):
        """Five policies of `n` episodes of 20 timesteps; the best earns `gain` more a timestep than random actions."""
        steps = run(
            lambda h, a, t, e, rng: (fresh(h, a, t, e, rng)[0:1], gain * a + noise * rng.choice([-1.0, 1.0]), False),
            first,
            n=6_000,
        )
        names = {"random": 0.5, "idle": 0.0, "constant": 1.0, "linear": 1.0, "threshold": 0.5}
        spread = noise * np.sqrt(20)
        sets = {
            name: episodes_of(20 * gain * share + spread * RNG.normal(size=n), np.full(n, 20), False)
            for name, share in names.items()
        }
        return Evidence(model=model_of(steps), episodes=sets)

    def test_a_gain_of_a_hundredth_of_the_noise_is_named_with_the_episodes_it_takes(self, episodes_of):
        (found,) = noise_dominated.inspect(self.evidence(episodes_of, 0.02, 10.0))

        assert found.defect == "noise_dominated"
        assert found.severity == "caution"
        bound = found.evidence["effect"] + found.evidence["effect_error"]
        assert found.evidence["episodes_at_least"] == np.ceil(15.7 / bound**2)

    def test_noise_that_averages_out_is_left_alone(self, episodes_of):
        # 10 over random at a spread of 0.5 sqrt(20): more than four standard deviations
        assert noise_dominated.inspect(self.evidence(episodes_of, 1.0, 0.5)) == []

    def test_returns_that_vary_because_the_state_does_are_no_noise(self, episodes_of):
        assert noise_dominated.inspect(untouched(episodes_of)) == []


def untouched(episodes_of, *, paid=lambda h, a: float(h[0])):
    steps = run(lambda h, a, t, e, rng: (fresh(h, a, t, e, rng)[0:1], paid(h[0], a), False), first, n=4_000)
    sets = {
        name: episodes_of(20 + 3.65 * RNG.normal(size=300), np.full(300, 20), False, high=2.0)
        for name in ("random", "idle", "constant", "linear")
    }
    return Evidence(model=model_of(steps), episodes=sets)


def test_a_reward_for_who_comes_does_not_depend_on_what_is_done(episodes_of):
    (found,) = policy_independent_return.inspect(untouched(episodes_of))

    assert (found.defect, found.severity) == ("policy_independent_return", "blocker")
    assert "seen 0, which no action changes" in found.claim


def test_a_reward_for_the_right_offer_does(episodes_of):
    evidence = untouched(episodes_of, paid=lambda h, a: float(h[0] == a))

    assert policy_independent_return.inspect(evidence) == []


class TestNoEffect:
    @pytest.mark.parametrize(("still", "verdict"), [(False, "infeasible"), (True, "not_shown")])
    def test_what_moves_in_sight_without_the_actions_is_a_defect_what_stands_still_may_be_a_lock(self, still, verdict):
        steps = run(lambda h, a, t, e, rng: ((0 if still else (h[0] + 1) % 5,), 0.0, False), lambda e, rng: (0,))
        evidence = Evidence(
            model=model_of(steps), actions_matter=False, alike=Replays(60, 1200, complete=True), episodes={}
        )
        found = actions_no_effect.inspect(evidence)

        assert found[0].defect == ("actions_no_effect" if verdict == "infeasible" else None)
        assert decide(evidence, found)[0] == verdict


class TestCredit:
    def line(self, table_of, delay):
        """Goods leave a line `delay` timesteps after they were made; good ones pay 1. State: the line as a number."""
        size = 2**delay
        return table_of(
            {(s, a): [(1.0, (2 * s + a) % size, float(2 * s >= size), False)] for s in range(size) for a in (0, 1)},
            discount=0.99,
        )

    @pytest.mark.parametrize("delay", [1, 2, 3, 5])
    def test_a_line_pays_after_exactly_its_length(self, table_of, delay):
        evidence = Evidence(table=self.line(table_of, delay), horizon=30)
        audit = evidence.audit
        credit = credit_of(audit.world, audit.rungs["random"].does.visited)

        assert (credit.delay, round(credit.at_delay, 9), round(credit.before, 9)) == (delay, 1.0, 0.0)
        found = credit_assignment.inspect(evidence)
        assert [f.evidence["delay_timesteps"] for f in found] == ([delay] if delay >= 3 else [])

    def test_a_way_to_a_goal_is_no_delay(self, table_of):
        laws = {(s, a): [(1.0, max(0, s + 2 * a - 1), float(s + a == 8), s + a == 8)] for s in range(8) for a in (0, 1)}

        assert credit_assignment.inspect(Evidence(table=table_of(laws), horizon=40)) == []

    @pytest.mark.parametrize(("ends_as", "named"), [("truncated", True), ("terminated", False)])
    def test_what_is_paid_when_the_time_is_up_is_late_what_is_paid_at_a_goal_is_not(self, ends_as, named):
        steps = run(
            lambda h, a, t, e, rng: ((h[0] + a,), float(h[0] + a) * (t == 19), False),
            lambda e, rng: (0,),
            ends_as=ends_as,
        )

        assert bool(credit_assignment.inspect(Evidence(model=model_of(steps)))) == named

    @pytest.mark.parametrize(
        ("paid", "named"),
        [
            (lambda sum_, ended: sum_ + 0.5, True),
            (lambda sum_, ended: 1.0 if ended else -1.0, False),
            (lambda sum_, ended: 5.0 if ended else 0.0, False),
            (lambda sum_, ended: 5.0 if ended else 0.1 * sum_, False),
        ],
        ids=["what came together", "won or lost", "a goal alone", "a goal, or how near it was"],
    )
    def test_what_is_kept_back_until_an_episode_ends_is_late_however_it_ends(self, paid, named):
        """An episode ends by itself with one chance in twenty at every timestep, else after 20."""

        def step(hidden, action, t, episode, rng):
            after, ended = hidden[0] + action, rng.random() < 0.05
            return (after,), paid(after, ended) * (ended or t == 19), ended

        assert bool(credit_assignment.inspect(Evidence(model=model_of(run(step, lambda e, rng: (0,)))))) is named


def test_a_short_sight_that_makes_a_constant_action_best_leaves_nothing_to_learn(evidence_of):
    returns = {"random": -1.0, "constant": 2.0, "optimal": 2.0}
    known = {"discount": 0.3, "evaluation_discount": 0.3, "discounted_loss": 0.6, "optimal": 2.0}
    evidence = evidence_of(returns, **known)
    found = discount_horizon.inspect(evidence)

    assert [finding.severity for finding in found] == ["blocker"]
    assert decide(evidence, found)[0] == "reward_defective"


def test_on_the_ladder_the_discount_loses_what_comes_later(table_of):
    """1 at once and the end, or 10 after five timesteps: beyond a discount of 0.63 waiting is better (10 x^5 = 1)."""
    laws = {(0, 0): [(1.0, 0, 1.0, True)], (0, 1): [(1.0, 1, 0.0, False)]}
    laws |= {(s, 0): [(1.0, s + 1, 10.0 * (s == 5), s == 5)] for s in range(1, 6)}
    table = table_of(laws)

    short, long = (Evidence(table=table, horizon=20, discount=gamma) for gamma in (0.5, 0.9))
    assert [finding.defect for finding in discount_horizon.inspect(short)] == ["discount_horizon"]
    assert discount_horizon.inspect(long) == []


def test_a_short_sight_that_costs_the_reward_little_and_the_owner_all_is_named(table_of):
    """9 at once or 10 after five timesteps, of which only the latter is wanted; two more ends pay nothing.

    Random actions return (9 + 10) / 4: the short sight loses 1 / 5.25 of the reward and 1 / 0.75 of the objective.
    """
    laws = {(0, a): [(1.0, 0, pay, True)] for a, pay in ((0, 9.0), (2, 0.0), (3, 0.0))} | {
        (0, 1): [(1.0, 1, 0.0, False)]
    }
    laws |= {(s, 0): [(1.0, s + 1, 10.0 * (s == 5), s == 5)] for s in range(1, 6)}
    table = table_of(laws)
    wanted = (table.reward == 10.0).astype(float)
    known = {"table": table, "horizon": 20, "objective_declared": True, "objective_reward": wanted}

    assert [f.defect for f in discount_horizon.inspect(Evidence(discount=0.9, **known))] == ["discount_horizon"]
    assert discount_horizon.inspect(Evidence(discount=0.99, **known)) == []


@pytest.mark.parametrize(("rate", "severity"), [(1.0, "blocker"), (0.0, None), (0.02, None)])
def test_wealth_that_doubles_is_unbounded_and_small_interest_is_not(rate, severity):
    steps = run(
        lambda h, a, t, e, rng: ((t + 1,), (1 + rate) ** t * (1 + 0.01 * rng.random()), False),
        lambda e, rng: (0,),
        length=60,
    )
    found = unbounded_reward.inspect(Evidence(model=model_of(steps, limit=60)))

    assert [finding.severity for finding in found] == ([severity] if severity else [])


@pytest.mark.parametrize(("largest", "named"), [(1e-9, True), (1e-3, False), (500.0, False), (1e8, True)])
def test_rewards_far_from_one_are_named_hundreds_are_not(episodes_of, largest, named):
    evidence = Evidence(episodes={"random": episodes_of([0.0], low=0.0, high=largest)})

    assert [f.defect for f in reward_scale.inspect(evidence)] == (["reward_scale"] if named else [])


@pytest.mark.parametrize(("swing", "named"), [(100.0, True), (1.0, False)])
def test_on_arrays_the_gain_is_held_against_the_exact_spread_of_a_return(table_of, swing, named):
    """Every timestep pays +-swing by a fair coin, and 1 more for one of two actions: d = 10 / (swing sqrt(20))."""
    laws = {(0, a): [(0.5, 0, a + swing, False), (0.5, 0, a - swing, False)] for a in (0, 1)}
    evidence = Evidence(table=table_of(laws, discount=1.0), horizon=20)
    found = noise_dominated.inspect(evidence)

    assert [f.evidence["basis"] for f in found] == ["proved"] * named
    if named:
        assert found[0].evidence["effect"] == pytest.approx(10 / np.sqrt(20 * swing**2), rel=1e-3)
