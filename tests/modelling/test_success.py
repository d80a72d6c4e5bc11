"""A success predicate counts an episode 1 or 0, whatever its steps do; a number of the owner's stays the objective."""

import gymnasium
import numpy as np
import pytest

from scoper.domain.mdp import EnvironmentSpec
from scoper.domain.wanted import Success, Wanted
from scoper.modelling.spec_env import Process, spec_env
from scoper.modelling.success import PREFIX, holds, succeeding, with_success
from scoper.services.specs import parse_spec

WALK = """
scoper_mdp: 1
name: Walk
discount: 1.0
horizon: 6
state: {x: {from: 0, to: 3}}
actions: {go: {from: -1, to: 1}}
next: {x: "x + go"}
reward: {step: "-1", near: "0.5 if next_x >= 2 else 0"}
objective: SAID
terminated: "false"
start: {x: 1}
"""


def total(said, moves):
    """The objective over an episode of these moves."""
    process = Process(with_success(parse_spec(WALK.replace("SAID", said), "m")))
    rng = np.random.default_rng(0)
    begun = process.begin(rng)
    state, gained = tuple(begun.values()), 0.0
    for move in moves:
        step = process.step(state, (float(move),), rng)
        state, gained = step.state, gained + step.objective
    return gained


MOVES = {
    "reach and leave": (1, 1, -1, -1),
    "stay away": (0, 0),
    "stay there": (1, 1, 1),
    "in and out and in": (1, -1, 1),
}


@pytest.mark.parametrize(
    ("at", "counts"),
    [
        ("any", {"reach and leave": 1, "stay away": 0, "stay there": 1, "in and out and in": 1}),
        ("end", {"reach and leave": 0, "stay away": 0, "stay there": 1, "in and out and in": 1}),
        ("all", {"reach and leave": 0, "stay away": 0, "stay there": 1, "in and out and in": 0}),
    ],
)
@pytest.mark.parametrize("written", ["next_x >= 2", "near > 0", "x >= 2", "abs(x) >= 2", "max(x, 0) > 1.5"])
@pytest.mark.parametrize("moves", MOVES)
def test_an_episode_counts_once(at, counts, written, moves):
    assert total(f'{{success: {{expression: "{written}", at: {at}}}}}', MOVES[moves]) == counts[moves]


def test_a_state_that_ends_the_episode_counts():
    walk = WALK.replace('terminated: "false"', 'terminated: "x == 3"').replace("SAID", '{success: "x == 3"}')
    process = Process(with_success(parse_spec(walk, "m")))
    step = process.step((2.0, 0.0), (1.0,), np.random.default_rng(0))

    assert (step.objective, step.terminated) == (1.0, True)


def test_beside_an_action_a_plain_state_is_the_one_before_the_step():
    assert total('{success: "go == 1 and x == 1"}', (1, 0)) == 1
    assert total('{success: "go == 1 and x == 2"}', (1, 0)) == 0


def test_what_is_held_at_the_end_of_a_range_is_held_in_the_success_too():
    assert total('{success: "next_x > 3"}', (1, 1, 1, 1)) == 0


def test_a_number_beside_it_stays_the_objective():
    spec = parse_spec(WALK.replace("SAID", '{expression: "step", success: "next_x >= 2"}'), "m")

    assert with_success(spec) is spec


def test_the_new_variable_takes_no_name_that_is_there():
    text = (
        WALK.replace("SAID", '{success: "next_succeeded >= 2"}')
        .replace("x:", "succeeded:")
        .replace("next_x", "next_succeeded")
    )
    spec = with_success(parse_spec(text.replace("x + go", "succeeded + go"), "m"))

    assert list(spec.state) == ["succeeded", "succeeded_"]


class _Told(gymnasium.Env):
    observation_space = gymnasium.spaces.Discrete(2)
    action_space = gymnasium.spaces.Discrete(2)

    def __init__(self, infos):
        self._infos = infos

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self._left = list(self._infos)
        return 0, {}

    def step(self, action):
        return 0, 0.0, False, len(self._left) == 1, self._left.pop(0)


@pytest.mark.parametrize(
    ("at", "infos", "expected"),
    [
        ("any", [{"won": 0}, {"won": 1}, {"won": 0}], 1.0),
        ("any", [{"won": 0}, {}], 0.0),
        ("end", [{"won": 1}, {"won": 0}], 0.0),
        ("end", [{}, {"won": "yes"}], 1.0),
        ("all", [{"won": 1}, {"won": 1}], 1.0),
        ("all", [{"won": 1}, {"won": 0}, {"won": 1}], 0.0),
        ("all", [{"won": 1}, {}], 0.0),
    ],
)
def test_an_environment_tells_the_success_so_far(at, infos, expected):
    wanted = Wanted(success=Success(info="won", at=at))
    spec = with_success(EnvironmentSpec(name="e", id="E-v0", wanted=wanted))
    env = succeeding(_Told(infos), spec)
    env.reset(seed=0)
    told = [env.step(0)[4] for _ in infos]

    assert told[-1][spec.objective.info] == expected
    assert (spec.objective.info, spec.objective.at) == (f"{PREFIX}won", "end")


def test_a_key_that_never_comes_is_never_told():
    spec = EnvironmentSpec(name="e", id="E-v0", wanted=Wanted(success=Success(info="won")))
    env = succeeding(_Told([{"lost": 1}]), spec)
    env.reset()

    assert env.step(0)[4] == {"lost": 1}


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1, True), (0, False), (0.5, True), (True, True), (np.bool_(False), False), ("", True), (float("nan"), False)],
)
def test_every_number_but_zero_holds(value, expected):
    assert holds(value) is expected


MISSION = """
scoper_mdp: 1
name: Errand
discount: 1.0
horizon: 3
state: {mission: {values: [under_way, done, lost]}}
actions: {go: {values: [search, wait]}}
next: {mission: "done if go == search else under_way"}
reward: {step: "-1"}
objective: {success: "SAID"}
terminated: "mission != under_way"
start: {mission: under_way}
"""


@pytest.mark.parametrize(
    ("written", "searching"),
    [
        ("mission == done", 1),
        ("mission == done or mission == lost", 1),
        ("mission == lost", 0),
        ("next_mission == done", 1),
    ],
)
def test_a_word_that_ends_the_episode_counts_in_the_step_that_leads_there(written, searching):
    env = spec_env(with_success(parse_spec(MISSION.replace("SAID", written), "m")))
    env.reset(seed=0)

    assert env.step(0)[4]["objective"] == searching
