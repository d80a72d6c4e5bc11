"""`scoper sweep` as people run it: real cells in real processes, some of them killed."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scoper.interfaces.cli.main import main
from tests.line_world import LINE

# whoever runs the tests in the background hands down an ignored SIGINT, with which no program is interrupted
INTERRUPTIBLE = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    "from scoper.interfaces.cli.main import main\n"
    "sys.exit(main())"
)
COINS = """\
import gymnasium

class Env(gymnasium.Env):
    observation_space = gymnasium.spaces.Discrete(3)
    action_space = gymnasium.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return 0, {}

    def step(self, action):
        return int(self.np_random.integers(3)), float(action), self.np_random.random() < 0.2, False, {}
"""


def spec(folder, length):
    file = folder / f"line{length}.yaml"
    file.write_text(LINE.format(length=length))
    return str(file)


@pytest.fixture
def coins(tmp_path):
    """A spec of an environment that is learned by stepping, which takes long enough to be killed in the middle."""
    (tmp_path / "coins").mkdir()
    (tmp_path / "coins" / "coins.py").write_text(COINS)
    file = tmp_path / "coins" / "mdp.yaml"
    file.write_text("scoper_mdp: 1\nname: coins\nenvironment: {entry_point: 'coins:Env', path: .}\n")
    return str(file)


def contents(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in Path(folder).rglob("*") if p.is_file()}


def started(*arguments):
    command = [sys.executable, "-c", INTERRUPTIBLE, "sweep", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def children(pid):
    """Living children of `pid` that measure a cell."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == pid and b"scoper.probe.worker" in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except (OSError, ValueError, IndexError):
            continue
    return found


def until(condition, seconds=60.0):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return found


@pytest.mark.slow
def test_one_command_gives_a_table_a_report_and_one_file_a_cell(tmp_path, capsys):
    out = tmp_path / "out"

    assert main(["sweep", spec(tmp_path, 5), "--seeds", "2", "--steps", "300", "-o", str(out), "--json", "-q"]) == 0

    output = capsys.readouterr()
    document = json.loads(output.out)
    assert output.err == ""
    assert document == json.loads((out / "sweep.json").read_text())
    assert [(row["learner"], row["seeds"], row["failed"]) for row in document["rows"]] == [("q_learning", 2, 0)]
    assert sorted(p.name for p in (out / "cells").iterdir()) == sorted(cell["file"] for cell in document["cells"])
    assert "| line 5 | q\\_learning | 2 |" in (out / "sweep.md").read_text().replace("q_", "q\\_")


def test_every_mistake_is_told_at_once_and_nothing_is_started(tmp_path, capsys):
    (tmp_path / "case.yaml").write_text("scoper: 1\ntitle: a case\n")
    wrong = [str(tmp_path / "case.yaml"), str(tmp_path / "nothing.yaml")]

    assert main(["sweep", *wrong, spec(tmp_path, 5), "-o", str(tmp_path / "out")]) == 2

    error = capsys.readouterr().err
    assert "case.yaml" in error
    assert "nothing.yaml" in error
    assert not (tmp_path / "out").exists()


def test_without_consent_nothing_runs_and_the_exit_code_is_3(tmp_path, coins, capsys):
    assert main(["sweep", coins, spec(tmp_path, 5), "-o", str(tmp_path / "out"), "--no-input"]) == 3

    assert "--trust" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_an_id_that_does_not_exist_is_named_in_the_table_and_the_others_are_measured(tmp_path, capsys):
    targets = ["CartPool-v1", spec(tmp_path, 5)]

    assert main(["sweep", *targets, "--seeds", "1", "--steps", "200", "-o", str(tmp_path / "out"), "-q"]) == 2

    assert "did you mean" in capsys.readouterr().out
    assert len(list((tmp_path / "out" / "cells").iterdir())) == 3


def test_without_ray_its_flag_names_the_extra(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("scoper.services.sweep_ray.find_spec", lambda name: None)

    assert main(["sweep", spec(tmp_path, 5), "-o", str(tmp_path / "out"), "--ray", "auto"]) == 2
    assert "problem-scoper[ray]" in capsys.readouterr().err


@pytest.mark.slow
def test_twenty_cells_are_the_same_bytes_from_one_process_and_from_two(tmp_path):
    targets = [spec(tmp_path, 5), spec(tmp_path, 9)]
    wishes = ["--learners", "q_learning,sarsa,reinforce", "--seeds", "3", "--steps", "400"]
    for workers in ("1", "2"):
        assert main(["sweep", *targets, *wishes, "-o", str(tmp_path / workers), "--workers", workers, "-q"]) == 0

    assert len(list((tmp_path / "1" / "cells").iterdir())) == 2 * (1 + 3 * 3)
    assert contents(tmp_path / "1") == contents(tmp_path / "2")


@pytest.mark.slow
def test_a_killed_worker_costs_one_cell_which_the_same_command_measures(tmp_path, coins):
    arguments = [coins, "--trust", "--learners", "q_learning", "--seeds", "3", "--steps", "10000", "--workers", "2"]
    out = tmp_path / "out"
    run = started(*arguments, "-o", str(out))
    until(lambda: list(out.glob("cells/*-bounds-*.json")))
    os.kill(until(lambda: children(run.pid))[0], signal.SIGKILL)
    printed, said = run.communicate(timeout=120)

    assert run.returncode == 3, said
    table = json.loads((out / "sweep.json").read_text())
    failed = [cell for cell in table["cells"] if cell["state"] == "failed"]
    assert [cell["code"] for cell in failed] == ["crash"]
    assert "SIGKILL" in failed[0]["claim"]
    assert "1 failed" in printed

    again = started(*arguments, "-o", str(out))
    again.communicate(timeout=120)
    assert again.returncode == 0
    assert main(["sweep", *arguments, "-o", str(tmp_path / "whole"), "-q"]) == 0
    assert contents(out) == contents(tmp_path / "whole")


@pytest.mark.slow
def test_an_interrupted_sweep_leaves_no_process_and_goes_on(tmp_path, coins):
    arguments = [coins, "--trust", "--learners", "q_learning", "--seeds", "6", "--steps", "3000", "--workers", "2"]
    out = tmp_path / "out"
    run = started(*arguments, "-o", str(out))
    until(lambda: len(list(out.glob("cells/*.json"))) >= 2)
    workers = until(lambda: children(run.pid))
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=30)

    assert run.returncode == 130
    assert "Traceback" not in said
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)
    measured = contents(out / "cells")
    assert 2 <= len(measured) < 7
    assert said.startswith("sweep of 1 spec: 7 cells; on 2 workers\n")
    assert f"{len(measured)} finished cells are kept in {out}; the same command goes on from there" in said

    assert main(["sweep", *arguments, "-o", str(out), "-q"]) == 0
    assert main(["sweep", *arguments, "-o", str(tmp_path / "whole"), "-q"]) == 0
    assert contents(out) == contents(tmp_path / "whole")
    assert measured.items() <= contents(out / "cells").items()


@pytest.mark.slow
def test_two_sweeps_do_not_write_into_one_folder_at_once(tmp_path, coins, capsys, monkeypatch):
    monkeypatch.setattr("scoper.services.files.LOCK_WAIT_S", 0.2)
    arguments = [coins, "--trust", "--learners", "q_learning", "--seeds", "2", "--steps", "3000"]
    out = tmp_path / "out"
    run = started(*arguments, "-o", str(out))
    until(lambda: children(run.pid))

    assert main(["sweep", *arguments, "-o", str(out), "-q"]) == 4
    assert "another program" in capsys.readouterr().err
    run.communicate(timeout=120)
    assert run.returncode == 0
