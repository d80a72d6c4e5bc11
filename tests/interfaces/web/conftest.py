"""A real `scoper serve` in a folder of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass
class Served:
    """The running server: its process, the printed link and the address."""

    process: subprocess.Popen[str]
    link: str
    folder: Path

    @property
    def base(self) -> str:
        return self.link.partition("/?")[0]

    def children(self) -> int:
        """How many processes the server has started and not seen end."""
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return len(found)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Starts servers with arguments; ends all of them afterwards."""
    started: list[subprocess.Popen[str]] = []
    folder = tmp_path / "cases"
    folder.mkdir()

    def start(*arguments: str) -> Served:
        environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
        command = [sys.executable, "-m", "scoper", "serve", *arguments]
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        started.append(process)
        assert process.stdout is not None
        return Served(process, process.stdout.readline().strip(), folder)

    yield start
    for process in started:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()
