"""What a finding calls "what earns the most" is the highest of all returns measured, or it is called otherwise."""

from types import SimpleNamespace

import numpy as np
import pytest

from scoper.diagnostics import do_nothing_optimal
from scoper.diagnostics._naming import figures, rewards
from scoper.diagnostics._pair import returned_more
from scoper.diagnostics._rung import exceeds, measured
from scoper.diagnostics.do_nothing_optimal import _how_much
from scoper.diagnostics.trivial_constant import _surely_more


@pytest.fixture
def ladder(episodes_of):
    """Without a clock a rule returns -22 and gives 23, the owner's plan -4,300 and 4,400; with one a plan -13."""

    def make(planned_gives, *, idle=-23.0, sign=1.0):
        rows = {
            "random": (-3150.0, 3470.0),
            "idle": (idle, 24.0),
            "threshold": (-22.0, 23.0),
            "planned for the objective": (-4300.0, 4400.0),
            "planned for the reward": (-13.0, planned_gives),
        }
        rungs = {}
        for name, (reward, wanted) in rows.items():
            episodes = episodes_of([reward - 1.0, reward + 1.0], objective=_around(wanted))
            rungs[name] = measured(name, episodes, timed=name == "planned for the reward")
        best, wished = rungs["threshold"], rungs["planned for the objective"]
        audit = SimpleNamespace(rungs=rungs, best=best, wished=wished, _pair=(best, wished), lost=3.0)
        audit.share_lost = lambda rung: (4400.0 - rung.wanted) / 930.0  # of what is more than by chance
        audit.world = SimpleNamespace(exact=False, idle=0)
        return SimpleNamespace(audit=audit, objective_sign=sign)

    return make


def _around(mean):
    return np.array([mean - 1.0, mean + 1.0])


def test_what_returns_the_most_with_a_clock_is_named_where_the_owner_loses_by_it_too(ladder):
    evidence = ladder(30.0)

    assert rewards(evidence).startswith("what earns the most returns −13 and gives the owner 30, another policy")
    assert figures(evidence)["most_reward"]["policy"] == "planned for the reward"


def test_an_objective_to_be_kept_low_is_told_in_the_owners_own_sign(ladder):
    evidence = ladder(30.0, sign=-1.0)

    assert "gives the owner −30, another policy returns −4,300 and gives −4,400" in rewards(evidence)
    assert figures(evidence)["wished"]["objective"] == -4400.0


def test_where_the_owner_is_served_by_it_the_other_is_not_said_to_earn_the_most(ladder):
    words = rewards(ladder(4390.0))

    assert words.startswith("threshold, the most without a clock, returns −22 and gives the owner 23, another policy")


@pytest.mark.parametrize(("idle", "words"), [(-23.0, "nearly the most"), (-12.0, "the most")])
def test_doing_nothing_earns_the_most_only_where_nothing_was_measured_to_return_more(ladder, idle, words):
    audit = ladder(30.0, idle=idle).audit

    assert _how_much(SimpleNamespace(audit=audit, world=audit.world)) == words


def test_doing_nothing_is_held_against_rules_that_were_found_as_well(evidence_of):
    returns = {"idle": (5.0, 0.1), "ppo": (4.0, 0.2), "threshold": (9.0, 0.1)}
    evidence = evidence_of(returns, learners=("ppo",), references=("threshold",))

    assert do_nothing_optimal.inspect(evidence) == []


def test_means_that_differ_by_the_rounding_of_sums_are_the_same(episodes_of):
    many, few = (measured("x", episodes_of([12.7] * n)) for n in (1000, 100))

    assert many.reward != few.reward
    assert not exceeds(few.reward, many.reward)
    assert returned_more(SimpleNamespace(rungs={"x": few}), many) is None
    assert not _surely_more(few, many, 0.3)


def test_the_share_lost_is_that_of_the_policy_that_the_words_are_about(ladder):
    told = figures(ladder(30.0))

    assert told["most_reward"]["policy"] == "planned for the reward"
    assert told["share_lost"] == pytest.approx((4400.0 - 30.0) / 930.0)
