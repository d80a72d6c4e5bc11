"""Standard streams that whoever started the program closed: an error that is named, never one of scoper's own."""

import io
import sys
from pathlib import Path

import pytest

from scoper.interfaces import console
from scoper.interfaces.cli.main import main

CASE = str(Path(__file__).resolve().parents[2] / "examples" / "warehouse_reorder.yaml")


def test_a_result_that_cannot_be_written_to_a_closed_stdout_is_storage_trouble(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["assess", CASE]) == 4
    assert "standard output" in capsys.readouterr().err


def test_with_stderr_closed_the_result_is_as_ever_and_nothing_else_stands_in_it(monkeypatch, capsys):
    assert main(["assess", CASE]) == 0
    usual = capsys.readouterr().out
    monkeypatch.setattr(sys, "stderr", None)

    assert main(["assess", CASE]) == 0
    assert main(["assess", "nowhere.yaml"]) == 2
    assert main(["assess", "--no-such-option"]) == 2
    assert capsys.readouterr().out == usual


@pytest.mark.parametrize("closed", ["stdin", "stderr"])
def test_nobody_is_asked_when_a_stream_of_the_talk_is_closed(monkeypatch, closed):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    for name in ("stdin", "stderr"):
        monkeypatch.setattr(sys, name, Terminal())
    assert console.can_ask()
    monkeypatch.setattr(sys, closed, None)
    assert not console.can_ask()
