"""Completion as a person has it: a bash on a terminal, the line of the help in its ~/.bashrc, the Tab key."""

import contextlib
import os
import pty
import select
import shutil
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterator
from fcntl import ioctl
from pathlib import Path

import pyte
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")]
PROGRAM = Path(sys.executable).parent
INSTALLED = 'eval "$(scoper completion bash)"'
READY, WAIT_S = "ready>", 120.0
COLUMNS, ROWS = 100, 24


class Terminal:
    """An interactive bash; what stands on its screen, and keys to type."""

    def __init__(self, pid: int, descriptor: int) -> None:
        self._pid, self._descriptor = pid, descriptor
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)

    def type(self, keys: str) -> None:
        """As if it were typed."""
        os.write(self._descriptor, keys.encode())

    @property
    def lines(self) -> list[str]:
        """What is to be seen, without empty lines."""
        return [line.rstrip() for line in self._screen.display if line.strip()]

    def until(self, *wanted: str) -> list[str]:
        """The screen once all that is wanted stands on it; as it is when that takes too long."""
        end = time.monotonic() + WAIT_S
        while not all(any(word in line for line in self.lines) for word in wanted) and time.monotonic() < end:
            if select.select([self._descriptor], [], [], 0.1)[0]:
                self._stream.feed(os.read(self._descriptor, 65536))
        return self.lines

    def end(self) -> None:
        """Leave no process behind."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._descriptor)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A shell in a folder with a case, whose ~/.bashrc holds the line that the help names."""
    (tmp_path / ".bashrc").write_text(f"PS1='{READY} '\n{INSTALLED}\n")
    (tmp_path / "my_case.yaml").write_text("scoper: 1\ntitle: A\n")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SCOPER", "BASH", "INPUTRC"))}
    environment = {**kept, "HOME": str(tmp_path), "PATH": f"{PROGRAM}:{os.environ['PATH']}", "TERM": "xterm"}
    pid, descriptor = pty.fork()
    if pid == 0:
        os.chdir(tmp_path)
        os.execvpe("bash", ["bash", "-i"], environment)
    ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    shell = Terminal(pid, descriptor)
    try:
        assert READY in "\n".join(shell.until(READY))
        yield shell
    finally:
        shell.end()


def test_the_line_that_is_installed_is_the_one_that_the_help_names(capsys: pytest.CaptureFixture[str]) -> None:
    from scoper.interfaces.cli.main import main

    assert main(["completion", "--help"]) == 0
    assert INSTALLED in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("scoper asse", "scoper assess"),
        ("scoper check automation det", "scoper check automation determinism"),
        ("scoper probe --bud", "scoper probe --budget"),
        ("scoper explain markov", "scoper explain markov_state"),
        ("scoper assess my_", "scoper assess my_case.yaml"),
        ("scoper report my_case.yaml --format h", "scoper report my_case.yaml --format html"),
    ],
)
def test_one_tab_completes_what_is_unambiguous(terminal: Terminal, typed: str, line: str) -> None:
    terminal.type(f"{typed}\t")

    assert terminal.until(f"{READY} {line}")[-1] == f"{READY} {line}"


def test_two_tabs_list_what_is_left_to_choose(terminal: Terminal) -> None:
    terminal.type("scoper as\t\t")
    seen = terminal.until("ask", "assess")

    assert [word for line in seen for word in line.split() if word in ("ask", "assess")] == ["ask", "assess"]


def test_a_completed_command_runs(terminal: Terminal) -> None:
    terminal.type("scoper asse\t")
    terminal.until(f"{READY} scoper assess")
    terminal.type("--help\r")

    assert any("Example: scoper assess" in line for line in terminal.until("Example: scoper assess"))
