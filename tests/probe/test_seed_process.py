"""A process that trains seeds and ends, while one that it started holds its pipes open."""

import selectors
import sys
import time
from pathlib import Path

import pytest

from scoper.probe import seed_process
from scoper.probe.seed_jobs import SeedsEnded

pytestmark = pytest.mark.slow
_WORKER = """#!{python} -S
import os, time
if os.fork() == 0:
    for _ in range(600):
        time.sleep(0 if os.path.exists({done!r}) else 0.1)
    os._exit(0)
os.write(1, {lines!r})
os._exit(3)
"""
ENDED = SeedsEnded(rewards=None, truncated_at=(), info_keys=(), n_steps=5, lengths=None, elapsed_s=1.0)
ENOUGH_S = 30.0


class _Job:
    """As much of a job as a process is started with."""

    seeds = (0,)

    def __init__(self, folder: Path) -> None:
        self.plan = type("Plan", (), {"spec_dir": str(folder)})

    def model_dump_json(self) -> str:
        return "{}"


def _over(folder: Path, monkeypatch: pytest.MonkeyPatch, lines: str) -> seed_process.SeedProcess:
    """What became of a process that prints `lines` and ends with exit code 3, its pipes held by one it started."""
    script, interpreter = folder / "worker", sys.executable
    script.write_text(_WORKER.format(python=interpreter, done=str(folder / "done"), lines=lines.encode()))
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))
    process = seed_process.SeedProcess(_Job(folder))  # type: ignore[arg-type]
    until = time.monotonic() + ENOUGH_S
    with selectors.DefaultSelector() as selector:
        process.register(selector)
        while not process.is_over and time.monotonic() < until:
            for key, _ in selector.select(0.02):
                key.data(key.fd, selector)
            process.look()
        held = len(selector.get_map())
    (folder / "done").touch()
    assert held == 2, "the pipes were closed: nobody held them"
    return process


def test_a_death_is_seen_although_its_pipes_are_held_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    process = _over(tmp_path, monkeypatch, "")

    assert process.has_died
    assert "exit code 3" in process.death()[0]
    process.end()


def test_what_it_told_before_its_end_is_heard_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    process = _over(tmp_path, monkeypatch, ENDED.model_dump_json() + "\n")

    assert not process.has_died
    assert process.ended == ENDED
    process.end()
