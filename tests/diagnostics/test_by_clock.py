"""Plans that look at the clock: when their disagreement counts, and when a search that stuck shows nothing."""

from types import SimpleNamespace

import pytest

from scoper.diagnostics._by_clock import disagree_by_clock, pair_by_clock
from scoper.diagnostics._rung import Rung


def ladder(ours=(60.0, 44.0), other=(59.0, 59.0), error=1.0, best=58.0):
    """Random actions earn 12 and give 10; the plan for the reward and the one for the owner (reward, wanted)."""
    rungs = {"random": Rung("random", 12.0, 10.0, 60.0, 0.0, 0.5, 0.5)}
    for name, (reward, wanted) in {"planned for the reward": ours, "planned for the objective": other}.items():
        rungs[name] = Rung(name, reward, wanted, 60.0, 0.0, error, error, timed=True)
    steady = Rung("reward_far", best, 44.0, 60.0, 0.0, error, error)
    return SimpleNamespace(rungs=rungs, best=steady, share_lost=lambda rung: 0.15)


def test_plans_that_lose_a_fifth_count_where_policies_without_a_clock_lose_a_tenth():
    audit = ladder()  # (59 - 44) / (59 - 10) = 0.31

    assert [rung.name for rung in pair_by_clock(audit)] == ["planned for the reward", "planned for the objective"]
    assert disagree_by_clock(audit, [audit.best])


@pytest.mark.parametrize(
    "changed",
    [{"ours": (60.0, 51.0)}, {"error": 5.0}, {"other": (61.0, 59.0)}, {"best": 70.0}],
    ids=["a sixth is lost", "within three standard errors", "the owner's plan earns more", "a better one is known"],
)
def test_less_than_that_shows_nothing(changed):
    assert pair_by_clock(ladder(**changed)) is None


def test_what_no_policy_without_a_clock_loses_is_a_matter_of_the_clock():
    audit = ladder()
    audit.share_lost = lambda rung: 0.05

    assert not disagree_by_clock(audit, [audit.best])
