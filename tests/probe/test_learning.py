"""The learning stage with learners whose returns are written down: batches, rungs, fallbacks and the clock."""

from dataclasses import replace

import pytest

from scoper.baselines import Baseline, Outcome, Task
from scoper.baselines._rollout import interval_summary
from scoper.domain.mdp import EnvironmentSpec
from scoper.domain.probe import ProbePlan, ReturnSummary
from scoper.domain.probe_progress import StopRule
from scoper.domain.probe_summaries import MdpSummary
from scoper.probe.learning import learn
from scoper.probe.prepare import Prepared
from scoper.probe.progress import Progress
from scoper.probe.result import Limits
from scoper.probe.session import Session
from scoper.probe.shelter import Pulse

LOW, HIGH = (
    (0.02, 0.03, 0.01, 0.02, 0.03, 0.02, 0.01, 0.02, 0.02),
    (0.96, 0.97, 0.95, 0.96, 0.94, 0.97, 0.96, 0.95, 0.97),
)

HALF = (0.03, 0.01) * 6 + (0.03,)
"""Above the floor of 0.02, or below it."""


class Scripted:
    """Takes down what was asked of it; pays `returns[effort]` to the seeds of the batch."""

    def __init__(self, returns, name="ppo", fallback=0, seconds=0.0):
        self.returns, self.asked, self.name, self.seconds = returns, [], name, seconds
        self.had, self.most = [], {}  # effort to how many seeds the smaller share buys of it, and nothing beyond
        self.baseline = Baseline(
            id=name, summary="It.", kind="learner", applies_to=lambda _: True, run=self.run, fallback=fallback
        )

    def run(self, task, context):
        self.asked.append((context.effort, tuple(context.batch)))
        self.had.append((context.share, context.reserved_s > 0.0))
        context.clock.started -= self.seconds
        paid = tuple(self.returns[context.effort][seed] for seed in context.batch)
        steps = int(1000 * context.effort)
        outcome = Outcome(
            interval_summary(paid, self.name), paid, words=self.name, planned=steps, steps=steps * len(paid)
        )
        if context.effort in self.most and context.share < 0.7:
            outcome = replace(outcome, capped=True, most_seeds=self.most[context.effort])
        return {self.name: outcome}


@pytest.fixture
def learned():
    def go(*learners, budget="standard", hopeless=lambda: False, emit=lambda event: None):
        plan = ProbePlan(spec_text="", spec=EnvironmentSpec(name="x", id="X-v0"), budget=budget)
        session = Session(plan, emit, Pulse())
        task = Task("x", 0.99, 1.0, 100, make_env=object)
        summary = MdpSummary(name="x", states="s", actions="a", transitions="t", reward="r", horizon=100, discount=0.99)
        prepared = Prepared(task, lambda: "the sum of rewards", summary, True)
        floor = ReturnSummary(mean=0.02, low=0.02, high=0.02, n=1, basis="proved")
        progress = Progress(outcomes={"random": Outcome(floor, (0.02,))}, limits=Limits(0.0, 1.0))
        learn(session, prepared, [learner.baseline for learner in learners], progress, None, hopeless)
        return progress

    return go


def test_what_is_clear_at_the_first_look_gets_no_further_seed(learned):
    ppo = Scripted({0.4: HIGH})

    assert learned(ppo).decisions["ppo"].outcome == "better"
    assert ppo.asked == [(0.4, (0, 1, 2))]


def test_seeds_at_the_floor_get_more_timesteps_and_the_rung_that_decides_is_reported(learned):
    ppo = Scripted({0.4: LOW, 1.0: HIGH})
    progress = learned(ppo)

    assert [effort for effort, _ in ppo.asked] == [0.4, 1.0]
    assert progress.decisions["ppo"].outcome == "better"
    assert progress.decisions["ppo"].steps == 1000
    assert progress.outcomes["ppo"].samples == HIGH[:3]


def test_no_time_of_the_wall_is_named_as_the_end_of_learning(learned):
    told = []
    ppo = Scripted({0.4: LOW, 1.0: HIGH}, seconds=100.0)  # by the wall a busy machine is past 246 s at another pace
    learned(ppo, emit=told.append)
    ends = [event.when[-1] for event in told if isinstance(event, StopRule)]

    assert len(ends) == 2  # before the first seeds, and before those with more timesteps
    assert set(ends) == {"246 s are used up, waits for a busy processor not counted"}  # 82 % of 300 s


def test_another_learner_is_tried_only_where_the_first_shows_nothing(learned):
    able, failing = Scripted({0.4: HIGH}), Scripted({0.4: LOW, 1.0: LOW})
    unused, used = Scripted({0.4: HIGH}, "sac", 1), Scripted({0.4: HIGH}, "sac", 1)
    shown, found = learned(able, unused), learned(failing, used)

    assert unused.asked == []
    assert used.asked != []
    assert shown.learners == ["ppo"]
    assert found.decisions["sac"].outcome == "better"


@pytest.mark.parametrize(
    ("budget", "first", "later"),
    [("long", HALF, (0.7, False)), ("long", LOW, (0.4, True)), ("standard", HALF, (0.4, True))],
)
def test_a_long_budget_stays_with_a_learner_of_which_half_of_the_seeds_are_above_the_floors(
    learned, budget, first, later
):
    ppo, other = Scripted({0.4: first, 1.0: HIGH, 5.0: HIGH}), Scripted({0.4: LOW, 1.0: LOW, 5.0: LOW}, "sac", 1)
    learned(ppo, other, budget=budget)

    assert ppo.had[0] == (0.4, True)
    assert ppo.had[-1] == later


@pytest.mark.parametrize(
    ("second", "most", "efforts"),
    [
        (HALF, {1.0: 5}, [0.4, 1.0, 5.0]),
        (HALF, {1.0: 3}, [0.4, 1.0]),
        (LOW, {1.0: 5}, [0.4, 1.0]),
        (HALF, {0.4: 5}, [0.4]),
    ],
    ids=["promises", "its timesteps were cut", "does not promise", "the first rung was limited"],
)
def test_what_promises_is_given_the_timesteps_that_its_smaller_share_did_not_buy(learned, second, most, efforts):
    """0.4 of the budget buys 5 seeds of a rung, 0.7 of it 8, which is more than the 7.5 that another rung asks for."""
    first = HALF if 0.4 in most else LOW
    ppo, other = Scripted({0.4: first, 1.0: second, 5.0: HIGH}), Scripted({0.4: LOW, 1.0: LOW, 5.0: LOW}, "sac", 1)
    ppo.most = most
    learned(ppo, other, budget="long")

    assert sorted({effort for effort, _ in ppo.asked}) == efforts
    assert (other.asked == []) is (5.0 in efforts)


def test_no_other_learner_begins_where_its_share_of_the_time_is_nearly_over(learned):
    slow, other = Scripted({0.4: LOW, 1.0: LOW}, seconds=110.0), Scripted({0.4: HIGH, 1.0: HIGH}, "sac", 1)
    progress = learned(slow, other)

    assert other.asked == []
    assert "sac was not tried: the time for learning was over" in progress.notes


def test_nothing_else_is_tried_where_what_is_known_excludes_it(learned):
    other = Scripted({0.4: HIGH}, "sac", 1)
    learned(Scripted({0.4: LOW, 1.0: LOW}), other, hopeless=lambda: True)

    assert other.asked == []
