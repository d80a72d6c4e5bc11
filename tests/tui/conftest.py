"""What the tests of the terminal interface share: a folder, an app on a case, and a recorded probe."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import pty
import re
import select
import shutil
import signal
import struct
import sys
import termios
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pyte
import pytest
from pydantic import TypeAdapter

from scoper.domain.probe import ProbeEvent, ProbePlan
from scoper.interfaces.tui import steps
from scoper.interfaces.tui.app import ScoperApp
from scoper.interfaces.tui.session import Session
from scoper.services.library import Library, data_path, load_library

RECORDED = data_path("reports", "screens", "recorded_probe.jsonl")


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def example(folder: Path) -> Callable[[str], Path]:
    """Copies a shipped example with its spec into the folder."""

    def copy(name: str) -> Path:
        for path in data_path("examples").glob(f"{name}*"):
            shutil.copy(path, folder)
        return folder / f"{name}.yaml"

    return copy


@pytest.fixture
def app_on(library: Library, folder: Path) -> Callable[..., ScoperApp]:
    """An app in the folder, on a case when one is named."""

    def make(case: Path | None = None) -> ScoperApp:
        welcome = Session(library)
        return ScoperApp(steps.open_case(welcome, case) if case else welcome)

    return make


@pytest.fixture
def case(folder: Path) -> Path:
    """A case without answers."""
    path = folder / "parcels.yaml"
    path.write_text("scoper: 1\ntitle: Route parcels  # our vans\nanswers: {}\n", encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def recorded() -> tuple[ProbeEvent, ...]:
    """The events of one real probe of the warehouse example."""
    adapter: TypeAdapter[ProbeEvent] = TypeAdapter(ProbeEvent)
    rows = RECORDED.read_text(encoding="utf-8").splitlines()
    return tuple(adapter.validate_python(json.loads(row)) for row in rows)


@pytest.fixture
def replay(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lets every probe give these events instead of starting a child; `endless` never ends by itself."""

    def install(events: tuple[ProbeEvent, ...], *, endless: bool = False) -> None:
        async def run_probe(plan: ProbePlan, *, events_path: Path | None = None) -> AsyncIterator[ProbeEvent]:
            for event in events:
                yield event
                await asyncio.sleep(0)
            if endless:
                await asyncio.Event().wait()

        monkeypatch.setattr("scoper.services.probing.run_probe", run_probe)

    return install


class Terminal:
    """A real program in a real pseudo-terminal, its output kept and shown on an emulated screen."""

    def __init__(self, arguments: list[str], folder: Path, size: tuple[int, int] = (80, 24)) -> None:
        columns, rows = size
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.output = b""
        self.pid, self.handle = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            environment = {
                **os.environ,
                "TERM": "xterm-256color",
                "COLORTERM": "truecolor",
                "TEXTUAL_ANIMATIONS": "none",
            }
            environment.pop("NO_COLOR", None)
            os.execve(sys.executable, [sys.executable, "-m", "scoper", *arguments], environment)
        fcntl.ioctl(self.handle, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, seconds: float) -> None:
        """Take in what is written within `seconds`, or until the program has ended."""
        end = time.monotonic() + seconds
        if self.handle < 0:
            time.sleep(seconds)
        while self.handle >= 0 and (left := end - time.monotonic()) > 0:
            if not select.select([self.handle], [], [], left)[0]:
                return
            try:
                data = os.read(self.handle, 65_536)
            except OSError:
                return
            if not data:
                return
            self.output += data
            # pyte does not know the private colour query that a terminal ignores
            self._stream.feed(re.sub(rb"\x1b\[[<>=?][0-9;]*[a-zA-Z]?(?<=[upqt$])", b"", data))

    def wait_for(self, text: str, seconds: float = 30.0) -> None:
        """Read until `text` stands on the screen."""
        end = time.monotonic() + seconds
        while text not in self.text() and time.monotonic() < end:
            self.read(0.05)
        assert text in self.text(), f"{text!r} did not appear:\n{self.text()}"

    def wait_without(self, text: str, seconds: float = 30.0) -> None:
        """Read until `text` stands on the screen no longer."""
        end = time.monotonic() + seconds
        while text in self.text() and time.monotonic() < end:
            self.read(0.05)
        assert text not in self.text(), f"{text!r} did not go:\n{self.text()}"

    def text(self) -> str:
        """The screen's characters."""
        return "\n".join(self.screen.display)

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self.handle, keys.encode())

    def end(self, seconds: float = 20.0) -> int:
        """Read until the program has ended and return its exit code, -N for a signal."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.read(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.pid = 0
                return os.waitstatus_to_exitcode(status)
        raise AssertionError("the program did not end")

    def kill(self) -> None:
        """SIGKILL, then take in what was still on its way to the screen."""
        os.kill(self.pid, signal.SIGKILL)
        assert self.end() == -signal.SIGKILL
        self.read(0.05)

    def hang_up(self) -> None:
        """Take the terminal away."""
        os.close(self.handle)
        self.handle = -1

    def close(self) -> None:
        """End whatever still runs."""
        if self.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.pid = 0
        if self.handle >= 0:
            self.hang_up()


@pytest.fixture
def terminal(folder: Path) -> Iterator[Callable[..., Terminal]]:
    """Starts `scoper` with arguments in a pseudo-terminal; ends all of them afterwards."""
    started: list[Terminal] = []

    def start(*arguments: str, size: tuple[int, int] = (80, 24)) -> Terminal:
        started.append(Terminal(list(arguments), folder, size))
        return started[-1]

    yield start
    for one in started:
        one.close()
