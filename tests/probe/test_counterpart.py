"""Observations and actions of every kind of space, in the variables of a spec."""

import numpy as np
import pytest
from gymnasium import spaces

from scoper.errors import InputError
from scoper.modelling.spec_env import Process
from scoper.probe.acting import action_codes, action_maker
from scoper.probe.counterpart import reading_of
from scoper.services.specs import parse_spec

SPEC = """\
scoper_mdp: 1
name: Two
discount: 0.9
horizon: 10
state: {level: {from: 2, to: 5}, light: {values: [red, green]}}
actions: {gate: {values: [shut, open]}, speed: {from: 1, to: 3}}
next: {level: level, light: light}
reward: {nothing: "level"}
start: {level: 2, light: red}
"""


@pytest.fixture
def spec():
    return parse_spec(SPEC, "mdp.yaml")


def read(spec, space, observation, info=None, renames=None):
    layout = Process(spec).layout
    reading = reading_of(spec, layout, space, (observation, info or {}), renames or {})
    return reading.state(observation, info or {}), reading


def coded(*values):
    """The values of level and light; words are coded in the order of the spec."""
    return [float(values[0]), {"red": 0.0, "green": 1.0}[values[1]]]


@pytest.mark.parametrize(
    ("space", "observation"),
    [
        (spaces.MultiDiscrete([4, 2]), np.array([2, 1])),  # positions
        (spaces.MultiDiscrete([6, 2]), np.array([4, 1])),  # the value, and a position
        (spaces.Box(np.array([2, 0]), np.array([5, 1]), dtype=np.float64), np.array([4.0, 1.0])),
        (spaces.Box(np.array([0, 0]), np.array([3, 1]), dtype=np.int64), np.array([2, 1])),
        (spaces.Box(-np.inf, np.inf, (2,), np.float32), np.array([4, 1], dtype=np.float32)),
        (spaces.Discrete(8), 5),  # two rows of the grid and one place: (4 - 2) * 2 + 1
        (spaces.Discrete(8, start=10), 15),
        (spaces.Tuple((spaces.Discrete(4, start=2), spaces.Discrete(2))), (4, 1)),
        (spaces.Dict({"light": spaces.Text(10), "level": spaces.Discrete(9)}), {"light": "green", "level": 4}),
        (
            spaces.Dict({"level": spaces.Box(2, 5, (1,)), "light": spaces.MultiBinary(1)}),
            {"level": [4.0], "light": [1]},
        ),
    ],
    ids=str,
)
def test_a_state_is_read_from_it(spec, space, observation):
    assert read(spec, space, observation)[0] == coded(4, "green")


def test_what_the_observation_lacks_is_read_from_info(spec):
    space = spaces.Box(0, 1, (5,), np.float32)
    values, reading = read(spec, space, np.zeros(5), {"state": {"level": 3, "light": "red"}, "queue": 7})
    assert values == coded(3, "red")
    assert reading.sources == {"level": "info['level']", "light": "info['light']"}  # words are told themselves
    assert reading.extra_names == ("info['queue']",)
    assert reading.extras(np.zeros(5), {"queue": 8}) == [8.0]


@pytest.mark.parametrize(
    ("space", "observation", "level", "light"),
    [
        (spaces.MultiDiscrete([4, 2]), np.array([2, 1]), ": 0=2, 1=3, 2=4, 3=5", ": 0=red, 1=green"),
        (spaces.MultiDiscrete([6, 2]), np.array([4, 1]), "", ": 0=red, 1=green"),
        (
            spaces.Tuple((spaces.Discrete(4, start=2), spaces.Discrete(2, start=1))),
            (4, 1),
            "",
            ": 1=red, 2=green",
        ),
        (spaces.Box(-np.inf, np.inf, (2,), np.float32), np.array([4, 1]), "", ": 0=red, 1=green"),
    ],
    ids=str,
)
def test_which_number_was_read_as_which_value_is_told(spec, space, observation, level, light):
    _, reading = read(spec, space, observation)
    assert reading.sources == {
        "level": f"number 1 of the observation{level}",
        "light": f"number 2 of the observation{light}",
    }


def test_names_can_be_mapped_and_the_rest_is_told_beside_the_state(spec):
    space = spaces.Dict({"depth": spaces.Discrete(9), "light": spaces.Discrete(2), "wind": spaces.Discrete(3)})
    observation = {"depth": 5, "light": 0, "wind": 2}
    values, reading = read(spec, space, observation, renames={"level": "depth"})
    assert values == coded(5, "red")
    assert reading.extra_names == ("observation['wind']",)
    assert reading.extras(observation, {}) == [2.0]


def test_a_value_that_is_none_of_the_specs_is_no_number(spec):
    assert np.isnan(read(spec, spaces.Dict({"level": spaces.Discrete(9), "light": spaces.Text(9)}),
                         {"level": 3, "light": "blue"})[0][1])  # fmt: skip


def test_all_variables_without_a_counterpart_are_named(spec):
    with pytest.raises(InputError, match=r"'level', 'light' of the spec have no counterpart"):
        read(spec, spaces.Box(0, 1, (5,), np.float32), np.zeros(5))
    with pytest.raises(InputError, match=r"'level' of the spec has no counterpart.*--map level=NAME.*levle"):
        read(spec, spaces.Dict({"levle": spaces.Discrete(4), "light": spaces.Discrete(2)}), {"levle": 1, "light": 0})


@pytest.mark.parametrize(
    ("space", "expected"),
    [
        (spaces.Discrete(6), 5),
        (spaces.Discrete(6, start=1), 6),
        (spaces.MultiDiscrete([2, 3]), [1, 2]),  # positions
        (spaces.MultiDiscrete([2, 4]), [1, 3]),  # the value itself fits
        (spaces.Tuple((spaces.Discrete(2), spaces.Discrete(3, start=1))), (1, 3)),
        (spaces.Box(np.array([0, 1]), np.array([1, 3]), dtype=np.float64), [1.0, 3.0]),
        (spaces.Dict({"speed": spaces.Discrete(4), "gate": spaces.Discrete(2)}), {"gate": 1, "speed": 3}),
    ],
    ids=str,
)
def test_the_last_action_of_the_spec_is_told_to_it(spec, space, expected):
    made = action_maker(spec, Process(spec).layout, space, {})(5)  # gate=open, speed=3
    assert space.contains(made)
    assert np.array_equal(made, expected) if isinstance(made, np.ndarray) else made == expected


@pytest.mark.parametrize(
    ("space", "words"),
    [
        (spaces.Discrete(7), r"Discrete\(7\).*gate with 2 values, speed with 3 values.*wanted: Discrete\(6\)"),
        (spaces.MultiDiscrete([2, 2]), r"mdp.yaml:6:\d+: actions.speed runs from 1 to 3.*from 0 to 1"),
        (spaces.Dict({"door": spaces.Discrete(2), "speed": spaces.Discrete(4)}), r"--map gate=NAME.*door"),
    ],
    ids=str,
)
def test_an_action_space_that_does_not_fit_is_refused_with_both_sizes(spec, space, words):
    with pytest.raises(InputError, match=words):
        action_maker(spec, Process(spec).layout, space, {})


def test_the_numbers_of_words_as_actions_are_told_as_they_are_sent(spec):
    layout = Process(spec).layout
    assert action_codes(layout, spaces.Discrete(6)) == {}  # two variables make one number
    single = parse_spec(SPEC.replace(", speed: {from: 1, to: 3}", ""), "mdp.yaml")
    assert action_codes(Process(single).layout, spaces.Discrete(2, start=1)) == {"gate": "1=shut, 2=open"}
    assert action_maker(single, Process(single).layout, spaces.Discrete(2, start=1), {})(0) == 1
