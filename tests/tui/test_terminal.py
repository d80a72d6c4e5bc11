"""The real program in a real pseudo-terminal: what it draws, and how it leaves the terminal."""

from __future__ import annotations

import errno
import io
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from textual.drivers._writer_thread import MAX_QUEUED_WRITES, WriterThread

from scoper.errors import InputError
from scoper.interfaces.tui.app import ScoperApp, run
from scoper.interfaces.tui.leaving import lasting
from scoper.services.library import Library, load_library

Start = Callable[..., Any]
MODES = {"alternate screen": b"1049", "mouse reports": b"1000", "bracketed paste": b"2004"}


def left_on(output: bytes) -> list[str]:
    """Terminal modes that were switched on and not off again; the cursor counts as one when it stays hidden."""
    on = [
        name
        for name, code in MODES.items()
        if output.rfind(b"\x1b[?" + code + b"h") > output.rfind(b"\x1b[?" + code + b"l")
    ]
    hidden = output.rfind(b"\x1b[?25l") > output.rfind(b"\x1b[?25h")
    return [*on, *(["hidden cursor"] if hidden else [])]


@pytest.mark.slow
def test_an_answer_typed_in_a_terminal_is_saved(terminal: Start, case: Path) -> None:
    screen = terminal("tui", str(case))
    screen.wait_for("Question 1 of")
    screen.type("1")
    screen.wait_for("Saved")

    assert ": yes" in case.read_text()
    screen.type("\x11")
    assert screen.end() == 0
    assert left_on(screen.output) == []
    said = screen.output.rpartition(b"\x1b")[2]
    assert b"Saved in " in said
    assert b"parcels.yaml: 1 of " in said
    assert b"scoper ask " in said


@pytest.mark.slow
def test_without_a_case_the_welcome_screen_comes_first(terminal: Start, case: Path) -> None:
    screen = terminal()
    screen.wait_for("New case")
    screen.wait_for("Route parcels")


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_the_program_and_restores_the_terminal(
    terminal: Start, case: Path, number: signal.Signals
) -> None:
    screen = terminal("tui", str(case))
    screen.wait_for("Question 1 of")
    assert left_on(screen.output) != []
    os.kill(screen.pid, number)

    assert screen.end() == 128 + number
    assert left_on(screen.output) == []


@pytest.mark.slow
def test_a_terminal_that_goes_away_ends_the_program(terminal: Start, case: Path) -> None:
    screen = terminal("tui", str(case))
    screen.wait_for("Question 1 of")
    screen.hang_up()

    assert screen.end() in (129, -signal.SIGHUP)


def test_what_is_written_to_a_terminal_that_went_away_keeps_nobody_waiting() -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(errno.EIO, "Input/output error")

    class Driver:
        def __init__(self) -> None:
            self._file = Gone()

    writer = WriterThread(vars(lasting(Driver)())["_file"])  # type: ignore[arg-type]

    def write() -> None:
        for _ in range(3 * MAX_QUEUED_WRITES):
            writer.write("text")
        writer.stop()

    writer.start()
    other = threading.Thread(target=write, daemon=True)
    other.start()
    other.join(10.0)

    assert not other.is_alive()
    assert not writer.is_alive()


def test_a_broken_case_file_is_refused_before_anything_is_drawn(terminal: Start, folder: Path) -> None:
    (folder / "bad.yaml").write_text("scoper: 1\ntitle: Bad\nanswers:\n  horizon: longish\n", encoding="utf-8")
    screen = terminal("tui", "bad.yaml")

    assert screen.end() == 2
    assert b"bad.yaml:4:" in screen.output
    assert b"1049" not in screen.output


def test_a_missing_case_file_is_told_with_what_begins_one(library: Library, folder: Path) -> None:
    with pytest.raises(InputError) as told:
        run(Path("my case.yaml"), library)

    assert "there is no such file (`scoper ask 'my case.yaml'` begins it, `scoper tui` one" in str(told.value)


@pytest.mark.slow
def test_no_escape_of_a_case_reaches_the_terminal(terminal: Start, folder: Path) -> None:
    hostile = 'scoper: 1\ntitle: "\\x1b]0;owned\\x07 \\x9b31m [/b]"\nanswers: {}\n'
    (folder / "hostile.yaml").write_text(hostile, encoding="utf-8")
    screen = terminal("tui", "hostile.yaml")
    screen.wait_for("Question 1 of")

    assert b"owned" not in screen.output
    assert b"\xc2\x9b" not in screen.output


def test_nothing_reads_keys_any_more_once_the_interface_has_ended(monkeypatch: pytest.MonkeyPatch, case: Path) -> None:
    ended = threading.Event()
    monkeypatch.setattr(ScoperApp, "run", lambda app: setattr(app, "_driver", SimpleNamespace(exit_event=ended)))

    assert run(case, load_library())[0] == 0
    assert ended.is_set()
