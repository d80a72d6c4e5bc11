"""Where a kind would fit but something else is known: a task that goes round, a cost to avoid, a search that stuck."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from scoper.diagnostics import Evidence, positive_cycle, unreachable_goal
from scoper.diagnostics._rung import Rung
from scoper.diagnostics._unfinished import is_unfinished
from tests.diagnostics.planted import world
from tests.diagnostics.stepped import model_of, run


def rounds(served):
    """To a stop that pays, then back: roughly in one step that harms, or with care in four.

    served: what the owner gets at the stop; he loses as much and a half on the rough way, and gains 2 on the other.
    """
    laws = {(0, 0): [(1.0, 1, {"stop": 1.0}, served, False)]}
    laws[1, 0] = [(1.0, 0, {"back": 0.01}, -1.5, False)]
    laws[1, 1] = [(1.0, 2, {}, 0.0, False)]
    laws |= {(s, 0): [(1.0, (s + 1) % 5, {}, 2.0 * (s == 4), False)] for s in (2, 3, 4)}
    return world(laws)


@pytest.mark.parametrize(("served", "kinds"), [(1.0, []), (0.0, ["positive_cycle"])])
def test_a_loop_whose_paid_steps_all_serve_the_owner_is_his_task(served, kinds):
    # 20 rough rounds of 40 timesteps lose 0.5 or 1.5 each, 8 careful ones gain 3 or 2 each: a loss either way
    found = positive_cycle.inspect(rounds(served))

    assert [finding.defect for finding in found] == kinds


def costs(episodes_of, paid_beyond, *, resting=0.0):
    """Action 1 costs the owner 1 and action 0 `resting`; what was found earns `paid_beyond` more than rest."""
    steps = run(lambda h, a, t, e, rng: ((a if t % 2 else 1 - a,), 0.0, False), lambda e, rng: (0,), n=400)
    model = model_of(replace(steps, wanted=np.where(steps.action == 1, -1.0, resting)))
    means = {"random": (0.0, -10.0), "idle": (0.0, 20 * resting), "linear": (paid_beyond, -20.0)}
    lengths = np.full(20, 20)
    sets = {
        name: replace(episodes_of(np.full(20, reward), lengths, False), objective=np.full(20, wanted))
        for name, (reward, wanted) in means.items()
    }
    return Evidence(model=model, episodes=sets, objective_declared=True, horizon=20)


@pytest.mark.parametrize(
    ("paid_beyond", "resting", "found"),
    [
        (5.0, 0.0, ["unreachable_goal"]),
        (0.0, 0.0, []),  # the reward rests too: a cost is to be avoided
        (5.0, -0.1, []),  # nothing is free: the least cost is the goal
        (5.0, 0.1, []),  # resting is a gain
    ],
)
def test_only_costs_are_a_goal_out_of_reach_where_rest_is_free_and_the_reward_wants_more(
    episodes_of, paid_beyond, resting, found
):
    evidence = costs(episodes_of, paid_beyond, resting=resting)

    assert [finding.defect for finding in unreachable_goal.inspect(evidence)] == found


@pytest.mark.parametrize(
    ("rare", "closed", "wanted", "expected"),
    [
        (True, "", 0.0, True),
        (False, "", 0.0, False),
        (None, "", 0.0, False),
        (True, "all was tried", 0.0, False),
        (True, "", 5.0, False),
    ],
    ids=["all three", "chance meets it", "nothing is hidden", "all was tried", "the owner was seen to gain"],
)
def test_a_search_stuck_halfway_takes_a_rare_reward_an_open_world_and_no_gain(
    monkeypatch, rare, closed, wanted, expected
):
    hidden = None if rare is None else SimpleNamespace(is_rare=rare)
    monkeypatch.setattr("scoper.diagnostics._rarity.hidden_reward", lambda evidence: hidden)
    monkeypatch.setattr("scoper.diagnostics._closed.closed", lambda evidence: closed)
    found = Rung("linear", 3.0, wanted, 20.0, 0.0)
    floors = {name: Rung(name, 0.0, 0.0, 20.0, 0.0) for name in ("random", "idle", "constant 1")}
    audit = SimpleNamespace(evidence=SimpleNamespace(model=object()), wished=found, rungs={**floors, "linear": found})

    assert is_unfinished(audit) is expected
    assert not is_unfinished(SimpleNamespace(**{**vars(audit), "evidence": SimpleNamespace(model=None)}))
