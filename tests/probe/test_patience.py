"""How long an environment may be silent follows from its slowest step and from the budget, and is told."""

import pytest

from scoper.domain.probe import ProbePlan
from scoper.probe.patience import allowed_s, hang_words
from scoper.services import probing

LAKE = "scoper_mdp: 1\nname: lake\nenvironment: {id: FrozenLake-v1}\n"
SLOW = LAKE + "limits: {seconds_per_step: 2.0}\n"


def plan(text: str, budget: str) -> ProbePlan:
    return probing.make_plan(text, "lake", ".", budget=budget)


@pytest.mark.parametrize("budget", ["1", "10", "20", "quick", "standard"])
@pytest.mark.parametrize("text", [LAKE, SLOW])
def test_nothing_is_waited_for_much_longer_than_the_budget(text: str, budget: str) -> None:
    made = plan(text, budget)

    assert allowed_s(made, begun=True) <= max(made.budget_s, 15.0)
    assert allowed_s(made, begun=False) <= max(made.budget_s, 30.0)


@pytest.mark.parametrize(
    ("text", "budget", "words"),
    [
        (SLOW, "20", "did not return within 20 s, the whole budget"),
        (SLOW, "standard", "did not return within 60 s, 30 times its limits.seconds_per_step"),
        (LAKE, "standard", "did not return within 30 s"),
    ],
)
def test_the_words_say_what_the_time_follows_from(text: str, budget: str, words: str) -> None:
    made = plan(text, budget)

    assert hang_words(made, allowed_s(made, begun=True)) == f"the environment {words}"
