"""What is said to mend an environment that raises fits what it was doing."""

import json

import pytest

from scoper.interfaces.cli.main import main

ENV = """
import gymnasium as gym
from gymnasium import spaces


class Env(gym.Env):
    observation_space = spaces.Discrete(2)
    action_space = spaces.Discrete(2)

    def __init__(self):
        self.fail("__init__")

    def fail(self, doing):
        if doing == "AT":
            raise RuntimeError("licence server not reachable")

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.fail("reset")
        return 0, {}

    def step(self, action):
        self.fail("step")
        return 0, 0.0, True, False, {}
"""


@pytest.fixture
def spec(tmp_path):
    def write(text):
        (tmp_path / "own.py").write_text(text)
        file = tmp_path / "mdp.yaml"
        file.write_text("scoper_mdp: 1\nname: own\nenvironment: {entry_point: 'own.py:Env', path: .}\n")
        return str(file)

    return write


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("import module_nobody_has\n", "install what it imports, 'module_nobody_has', where scoper"),
        ("x = 1\ndef f(:\n", "mend the syntax error at that line"),
        ("1 / 0\n", "mend the module: it cannot be imported"),
        (ENV.replace("AT", "__init__"), "the environment cannot be made"),
        (ENV.replace("AT", "reset"), "mend reset: it raises by itself, no action"),
        (ENV.replace("AT", "step"), "survive"),
    ],
)
def test_the_remedy_fits_what_the_environment_was_doing(spec, capsys, text, remedy):
    file = spec(text)

    assert main(["doctor", file, "--alone", "--trust", "--json", "--quiet"]) == 0
    (fault,) = json.loads(capsys.readouterr().out)["faults"]
    assert fault["id"] == "environment_crash"
    assert remedy in fault["remedy"]
    assert main(["probe", file, "--trust", "--budget", "10", "--quiet"]) == 3
    assert remedy in " ".join(capsys.readouterr().err.split())


def test_the_exceptions_own_words_stand_last(spec, capsys):
    main(["doctor", spec(ENV.replace("AT", "reset")), "--alone", "--trust", "--json", "--quiet"])

    (fault,) = json.loads(capsys.readouterr().out)["faults"]
    assert fault["claim"] == "in reset the environment raised RuntimeError: licence server not reachable"
