"""The live line: on a terminal only, without escapes, and gone when something else is said."""

import os
import pty
import subprocess
import sys

import pyte
import pytest

from scoper.services.library import data_path

RECORDED = data_path("reports", "screens", "recorded_probe.jsonl")


def shown(*argv, term="xterm", terminal=True):
    """What `scoper probe --replay` writes to stderr."""
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "scoper", "probe", "--replay", str(RECORDED), *argv]
    environment = {**os.environ, "TERM": term, "COLUMNS": "80"}
    stderr = slave if terminal else subprocess.PIPE
    process = subprocess.Popen(command, stdin=slave, stdout=subprocess.DEVNULL, stderr=stderr, env=environment)
    os.close(slave)
    if not terminal:
        said = process.communicate(timeout=60)[1]
        os.close(master)
        return said
    written = b""
    try:
        while data := os.read(master, 65_536):
            written += data
    except OSError:  # the other side is closed
        pass
    process.wait(timeout=60)
    os.close(master)
    return written


def lines(written):
    screen = pyte.HistoryScreen(80, 24, history=1000)
    pyte.ByteStream(screen).feed(written)
    past = ["".join(row[column].data for column in range(80)) for row in screen.history.top]
    return [line.rstrip() for line in (*past, *screen.display) if line.strip()]


@pytest.mark.slow
def test_on_a_terminal_a_line_tells_where_it_stands_and_leaves_nothing_behind():
    written = shown("--speed", "4")

    assert b"learn (4 of 5)" in written
    assert b"left (estimate)" in written
    assert b"\x1b" not in written
    assert not [line for line in lines(written) if "of 5)" in line]


@pytest.mark.slow
@pytest.mark.parametrize("how", [{"terminal": False}, {"term": "dumb"}])
def test_elsewhere_there_is_a_line_for_every_event_of_interest_and_nothing_is_overwritten(how):
    written = shown(**how).replace(b"\r\n", b"\n")

    assert b"\r" not in written
    assert b"of 5)" not in written
    assert b"learn" in written


def test_quiet_is_quiet_on_a_terminal_too():
    assert shown("--quiet") == b""


@pytest.mark.slow
@pytest.mark.parametrize("columns", [60, 80])
def test_no_line_is_wider_than_the_terminal_and_no_word_is_lost(monkeypatch, capsys, columns):
    from pydantic import TypeAdapter

    from scoper.domain.probe import ProbeEvent
    from scoper.interfaces.cli._probe_live import Teller
    from scoper.interfaces.cli._probe_text import event_line
    from scoper.interfaces.watching import ProbeView, fold

    monkeypatch.setenv("COLUMNS", str(columns))
    adapter, teller, view, expected = TypeAdapter(ProbeEvent), Teller(), ProbeView(), []
    for row in RECORDED.read_text(encoding="utf-8").splitlines():
        event = adapter.validate_json(row)
        expected += (event_line(event, view) or "").split()
        view = fold(view, event)
        teller(event)
    said = capsys.readouterr().err

    assert max(map(len, said.splitlines())) <= columns
    assert said.split() == expected
