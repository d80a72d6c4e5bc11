"""What the reward's best policy does, told from tables whose best policy is plain to see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from scoper.diagnostics import Evidence
from scoper.domain.conduct import Conduct
from scoper.domain.episodes import Episodes
from scoper.domain.tabular import TabularMdp
from scoper.probe.conduct import conduct_of
from tests.diagnostics.stepped import model_of, run

H = 20
Move = tuple[int, float, bool]


def table(moves: Sequence[Sequence[Move]], labels: tuple[str, ...] = (), actions: tuple[str, ...] = ()) -> TabularMdp:
    """moves[state][action] = (successor, reward, terminates); nothing is drawn, episodes begin in state 0."""
    flat = [move for row in moves for move in row]
    size, width = len(moves), len(moves[0])
    return TabularMdp(
        n_states=size,
        n_actions=width,
        offsets=np.arange(size * width + 1),
        successor=np.array([m[0] for m in flat]),
        probability=np.ones(len(flat)),
        reward=np.array([m[1] for m in flat]),
        terminates=np.array([m[2] for m in flat]),
        initial=np.eye(size)[0],
        available=np.ones((size, width), dtype=bool),
        discount=0.99,
        horizon=H,
        state_labels=labels,
        action_labels=actions,
    )


def conduct(mdp: TabularMdp, **known: object) -> Conduct:
    found = conduct_of(Evidence(table=mdp, horizon=H, discount=0.99, **known))  # type: ignore[arg-type]
    assert found is not None
    return found


def shuttle(**names: tuple[str, ...]) -> TabularMdp:
    """Going to and fro pays 1 a timestep, leaving pays 2 once."""
    return table([[(1, 1.0, False), (0, 2.0, True)], [(0, 1.0, False), (1, 2.0, True)]], **names)


def said(found: Conduct, words: str) -> str:
    (sentence,) = (text for text in found.sentences if words in text)
    return sentence


def test_without_a_table_and_a_model_nothing_is_told() -> None:
    assert conduct_of(Evidence()) is None


def test_a_loop_is_told_with_its_states_and_what_a_round_pays() -> None:
    found = conduct(shuttle(labels=("here", "there"), actions=("go", "leave")))

    assert said(found, "goes round").startswith("It goes round 2 states: here (go), there (go); 2 a round")
    assert said(found, "all the time") == "It takes go all the time"
    assert said(found, "terminate") == f"Its episodes never terminate; they run into the time limit of {H} timesteps"
    assert found.sentences[0] == f"It returns {H} per episode"
    assert found.basis == "proved"


def test_without_a_time_limit_a_return_says_over_how_many_timesteps_it_counts() -> None:
    found = conduct_of(Evidence(table=shuttle(), horizon=None, discount=0.9, evaluation_discount=0.9))

    assert found is not None
    # 0.9^66 = 0.00096 is the first power below a thousandth; (1 - 0.00096) / 0.1 = 9.9904
    words = "(over its first 66 timesteps: what comes later counts 0.1 % or less)"
    assert found.sentences[0] == f"It returns 9.99 per episode {words}"


def test_shares_of_the_time_add_up_to_one_and_come_most_visited_first() -> None:
    found = conduct(shuttle())

    assert [row.share for row in found.states] == pytest.approx([0.5, 0.5])
    assert found.rest == 0.0
    assert found.map is None


def test_an_episode_that_ends_is_told_with_its_length() -> None:
    found = conduct(table([[(1, 0.0, False), (0, 0.1, True)], [(1, 5.0, True), (1, 0.0, False)]]))

    assert said(found, "terminate") == "Its episodes all terminate, after 2 timesteps on average"


def test_staying_for_ever_is_told_with_what_a_timestep_pays() -> None:
    found = conduct(table([[(1, 0.0, False), (0, 0.0, False)], [(1, 3.0, False), (0, 0.0, False)]]))

    assert said(found, "stays there") == "Once in state 1 it stays there with action 0, 3 a timestep"


def test_terms_are_told_by_what_they_pay_and_those_that_pay_nothing_are_named() -> None:
    mdp = shuttle()
    terms = {"fare": np.array([3.0, 2.0, 3.0, 2.0]), "fuel": np.array([-2.0, 0, -2.0, 0]), "tip": np.zeros(4)}
    found = conduct(mdp, terms=terms)

    assert said(found, "pays") == f"Of what it earns, fare pays {3 * H} and fuel costs {2 * H}; tip pays nothing"


def test_two_components_make_a_map_and_three_do_not() -> None:
    names = tuple(f"x={x}, y={y}" for y in (0, 1) for x in (0, 1))
    ring = [[(1, 1.0, False)], [(3, 1.0, False)], [(0, 1.0, False)], [(2, 1.0, False)]]
    found = conduct(table(ring, labels=names))
    three = conduct(table(ring, labels=tuple(f"{name}, z=0" for name in names)))

    assert found.map is not None
    assert (found.map.x_name, found.map.x_labels, found.map.y_name, found.map.y_labels) == (
        "x",
        ("0", "1"),
        "y",
        ("0", "1"),
    )
    assert np.array(found.map.cells) == pytest.approx(np.full((2, 2), 0.25))
    assert three.map is None


def test_where_the_owner_wants_something_else_that_is_told_too() -> None:
    mdp = shuttle(actions=("go", "leave"))
    wanted = np.array([0.0, 10.0, 0.0, 10.0])
    found = conduct(mdp, objective_reward=wanted, objective_declared=True)

    assert "the owner gets 0 from it, and 10 is the best" in found.sentences[0]
    other = said(found, "another behaviour")
    assert "leave in 100" in other
    assert "the owner gets 10, and the reward pays 2" in other


@pytest.fixture
def promised() -> Evidence:
    """A clock that runs for 20 timesteps, told in two bins of which a model never leaves the later for 200.

    Action 1 pays 1 and costs the owner 1; of this the model is sure, and the one policy that was followed got -3.
    """

    def tick(h, a, t, episode, rng):
        return ((h[0][0] + 1.0, 0.0),), float(a), False

    steps = run(tick, lambda episode, rng: ((0.0, 0.0),), ends_as="left")
    model = model_of(steps, limit=200, coding="bins", parts=2)
    played = Episodes(np.full(9, 5.0), np.full(9, 20), np.zeros(9, bool), np.full(9, -3.0), 0.0, 1.0, 5)
    return Evidence(
        model=replace(model, wanted=-model.table.reward),
        horizon=200,
        objective_declared=True,
        episodes={"threshold": played},
    )


def test_what_a_model_promises_is_not_said_to_have_been_found(promised: Evidence) -> None:
    found = conduct_of(promised)

    assert found is not None
    assert found.basis == "extrapolated"
    assert found.sentences[0] == (
        "By the model built from samples, it returns 200 per episode; the owner gets −200 from it; "
        "the model promises 0 of another policy, the most that was measured is −3"
    )
    assert said(found, "another behaviour").startswith("By the model built from samples, what the owner wants most")


def test_in_a_bin_that_a_clock_runs_through_nothing_is_said_to_stay(promised: Evidence) -> None:
    found = conduct_of(promised)

    assert found is not None
    assert not any("stays there" in sentence for sentence in found.sentences)
    time = said(found, "Most of its time".lower())
    assert time.startswith("By the model built from samples, most of its time goes to seen 0 about ")
    assert time.endswith("; seen 0 rises in every timestep there, so real episodes leave it")


def test_where_nothing_runs_on_the_model_says_that_it_stays(promised: Evidence) -> None:
    assert promised.model is not None
    steps = promised.model.steps
    there_and_back = replace(steps, after=np.where(np.arange(steps.size)[:, None] % 2, steps.before - 1, steps.after))
    found = conduct_of(replace(promised, model=replace(promised.model, steps=there_and_back)))

    assert found is not None
    assert said(found, "stays there").startswith("By the model built from samples, once in seen 0 about ")
