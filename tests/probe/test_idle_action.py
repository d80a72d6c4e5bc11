"""An idle action that is none of the environment's is a mistake in the spec, told with its place."""

import numpy as np
import pytest
from gymnasium import spaces

from scoper.domain.mdp import EnvironmentSpec
from scoper.domain.probe import ProbePlan
from scoper.errors import InputError
from scoper.interfaces.cli.main import main
from scoper.probe.idle_action import require_idle_action

PAIR = spaces.Box(np.array([-1.0, 0.1], np.float32), np.array([1.0, 2.0], np.float32))


def require(action, space):
    spec = EnvironmentSpec(name="x", id="X-v0", idle_action=action, places={"idle_action": (4, 14)})
    require_idle_action(ProbePlan(spec_text="", spec=spec, spec_source="x.yaml"), space)


@pytest.mark.parametrize(
    ("action", "space", "words"),
    [
        (7, spaces.Discrete(3), "idle_action 7 is not in Discrete(3): allowed 0, 1, 2"),
        (0, spaces.Discrete(2, start=1), "idle_action 0 is not in Discrete(2): allowed 1, 2"),
        (0.5, spaces.Discrete(40), "idle_action 0.5 is not in Discrete(40): allowed the integers 0 to 39"),
        ((0.0,), spaces.Discrete(2), "idle_action [0.0] is not in Discrete(2): allowed 0, 1"),
        (0, PAIR, "idle_action 0 has 1 number, the action space Box of shape (2,) takes 2 numbers"),
        (
            (0.0, 3.0),
            PAIR,
            "idle_action [0.0, 3.0] is not in the action space Box of shape (2,): number 2 is 3, allowed 0.1 to 2",
        ),
        (
            (1.0, 4.0),
            spaces.MultiDiscrete([2, 4]),
            "idle_action [1.0, 4.0] is not in the action space MultiDiscrete of shape (2,): number 2 is 4, "
            "allowed an integer, 0 to 3",
        ),
    ],
)
def test_an_idle_action_outside_the_space_is_told_with_its_place_and_what_is_allowed(action, space, words):
    with pytest.raises(InputError) as caught:
        require(action, space)

    assert str(caught.value) == f"x.yaml:4:14: {words}"


@pytest.mark.parametrize(
    ("action", "space"),
    [
        (None, spaces.Discrete(3)),
        (2, spaces.Discrete(3)),
        (1.0, spaces.Discrete(3)),
        (0, spaces.Box(-1.0, 1.0, (1,))),
        ((0.0, 0.1), PAIR),
        ((1.0, 0.0), spaces.MultiBinary(2)),
        (7, spaces.Tuple((spaces.Discrete(2), spaces.Discrete(2)))),
    ],
)
def test_an_idle_action_that_may_be_taken_is_left_alone(action, space):
    require(action, space)


@pytest.mark.parametrize("command", [["probe", "--budget", "10"], ["doctor", "--alone"]])
def test_probe_and_doctor_say_so_before_anything_is_measured(command, tmp_path, capsys):
    file = tmp_path / "mdp.yaml"
    file.write_text("scoper_mdp: 1\nname: pole\nenvironment: {id: CartPole-v1}\nidle_action: 7\n")

    assert main([command[0], str(file), *command[1:]]) == 2
    assert f"{file}:4:14: idle_action 7 is not in Discrete(2): allowed 0, 1" in capsys.readouterr().err
