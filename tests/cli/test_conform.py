"""`scoper conform` from the command line: exit codes, the document, and that foreign code runs in the child only."""

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from scoper.interfaces.cli.main import cli, main

LAKE = """\
scoper_mdp: 1
name: Lake
discount: 0.99
horizon: 100
state: {{row: {{from: 0, to: 3}}, col: {{from: 0, to: 3}}}}
actions: {{move: {{values: [left, down, right, up]}}}}
exogenous: {{slip: {{values: {slip}}}}}
tables:
  turned: {{left: 0, down: 1, right: 2, up: 3}}
next:
  row: "clip(row + ((turned[move] + slip) % 4 == 1) - ((turned[move] + slip) % 4 == 3), 0, 3)"
  col: "clip(col + ((turned[move] + slip) % 4 == 2) - ((turned[move] + slip) % 4 == 0), 0, 3)"
reward: {{goal: "1 if next_row == 3 and next_col == 3 else 0"}}
terminated: "(row == 1 and (col == 1 or col == 3)) or (row == 2 and col == 3) or (row == 3 and (col == 0 or col == 3))"
start: {{row: 0, col: 0}}
"""
SLIPPERY = "{-1: 0.3333333333333333, 0: 0.3333333333333334, 1: 0.3333333333333333}"
SIMULATOR = """\
from pathlib import Path
import gymnasium, numpy as np
Path("imported-by").write_text(str(__import__("os").getpid()))
class Coin(gymnasium.Env):
    observation_space = gymnasium.spaces.Discrete(2)
    action_space = gymnasium.spaces.Discrete(1)
    def __init__(self, crash=False):
        self.crash = crash
    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return 0, {}
    def step(self, action):
        if self.crash:
            raise RuntimeError("the coin is lost")
        return int(self.np_random.random() < 0.5), 0.0, False, False, {}
"""
COIN = """\
scoper_mdp: 1
name: Coin
discount: 0.9
horizon: infinite
state: {side: {values: [head, tail]}}
actions: {toss: {values: [gently]}}
exogenous: {lands: {values: {0: 0.5, 1: 0.5}}}
next: {side: "tail if lands else head"}
reward: {nothing: "0"}
start: {side: head}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "lake.yaml").write_text(LAKE.format(slip=SLIPPERY), encoding="utf-8")
    (tmp_path / "firm.yaml").write_text(LAKE.format(slip="{0: 1.0}"), encoding="utf-8")
    (tmp_path / "coin.yaml").write_text(COIN, encoding="utf-8")
    (tmp_path / "coins.py").write_text(SIMULATOR, encoding="utf-8")
    return tmp_path


def _call(code, *arguments):
    result = CliRunner().invoke(cli, ["conform", *arguments], catch_exceptions=False, standalone_mode=False)
    assert result.return_value == code, result.output
    return result.stdout


@pytest.mark.slow
def test_the_slippery_lake_conforms_to_its_spec_and_the_firm_one_does_not(folder):
    found = json.loads(_call(0, "lake.yaml", "--env", "FrozenLake-v1", "--steps", "6000", "--json"))
    assert found["verdict"] == "conforms"
    assert found["coverage"]["pairs_reachable"] == 44  # 11 cells that do not end the episode, 4 moves
    assert found["coverage"]["share"] == 1.0
    assert found["detectable"]["mean_shift"]["next.row"] > 0
    firm = json.loads(
        _call(1, "lake.yaml", "--env", "FrozenLake-v1", "--env-arg", "is_slippery=false", "--steps", "6000", "--json")
    )
    assert {deviation["code"] for deviation in firm["deviations"]} == {"frequency"}


@pytest.mark.slow
def test_the_slippery_lake_takes_steps_that_are_impossible_on_firm_ice(folder):
    page = _call(1, "firm.yaml", "--env", "FrozenLake-v1", "--steps", "2000")
    assert "DEVIATES" in page
    assert "the spec allows" in page
    assert "read from the observation, a number on the grid of row, col" in page
    assert "move is sent as a number: 0=left, 1=down, 2=right, 3=up" in page


@pytest.mark.slow
def test_a_second_spec_in_environment_form_names_the_simulator_too(folder):
    (folder / "env.yaml").write_text(
        "scoper_mdp: 1\nname: Ice\nenvironment: {id: FrozenLake-v1, kwargs: {is_slippery: false}}\n", encoding="utf-8"
    )
    page = _call(0, "firm.yaml", "--env", "env.yaml", "--steps", "2000")
    assert "CONFORMS" in page
    assert "as far as tested" in page


def test_foreign_code_runs_after_consent_only_and_never_in_this_process(folder, capsys):
    assert main(["conform", "coin.yaml", "--env", "coins:Coin", "--path", "."]) == 3
    assert "--trust" in capsys.readouterr().err
    assert not (folder / "imported-by").exists()
    _call(0, "coin.yaml", "--env", "coins:Coin", "--path", ".", "--trust", "--steps", "1000")
    assert "coins" not in sys.modules
    assert (folder / "imported-by").read_text() != str(__import__("os").getpid())


def test_a_crash_names_its_line_and_is_exit_3(folder, capsys):
    arguments = ["conform", "coin.yaml", "--env", "coins:Coin", "--path", ".", "--trust", "--env-arg", "crash=true"]
    assert main(arguments) == 3
    error = capsys.readouterr().err
    assert "the coin is lost" in error
    line = next(n for n, text in enumerate(SIMULATOR.splitlines(), 1) if "raise RuntimeError" in text)
    assert f"coins.py:{line} in step" in error


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["lake.yaml", "--env", "CartPole-v1"],
            "lake.yaml:6:11: actions.move has the values left, down, right, up, the environment's action from 0 to 1",
        ),
        (["lake.yaml", "--env", "Frozenlake"], "did you mean 'FrozenLake-v1'"),
        (["lake.yaml", "--env", "lake.yaml", "--map", "rwo=x"], "did you mean 'row'"),
        (["lake.yaml", "--env", "lake.yaml", "--map", "row"], "name=other"),
        (["lake.yaml", "--env", "FrozenLake-v1", "--path", "."], "--path belongs to an entry point"),
        (["lake.yaml", "--env", "missing.yaml"], "missing.yaml"),
        (["lake.yaml", "--env", "a b c"], "is no environment"),
    ],
)
def test_what_cannot_be_matched_is_exit_2_with_a_remedy(folder, capsys, arguments, words):
    assert main(["conform", *arguments]) == 2
    error = capsys.readouterr().err
    assert words in error
    assert "Traceback" not in error


def test_a_spec_that_only_names_an_environment_is_refused(folder, capsys):
    Path("env.yaml").write_text("scoper_mdp: 1\nname: Ice\nenvironment: {id: FrozenLake-v1}\n", encoding="utf-8")
    assert main(["conform", "env.yaml", "--env", "FrozenLake-v1"]) == 2
    assert "only names an environment" in capsys.readouterr().err
