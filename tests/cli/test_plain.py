"""Which way the interface takes: screens on a terminal, plain lines without one or when they are asked for."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from scoper.interfaces.cli.commands.tui import _can_draw
from scoper.interfaces.cli.options import Common
from tests.in_process import Ended, scoper

pytestmark = pytest.mark.slow


def called(folder: Path, *words: str, typed: str = "") -> Ended:
    return scoper(*words, cwd=folder, env={**os.environ, "COLUMNS": "1000"}, input=typed)


@pytest.mark.parametrize("words", [(), ("tui",), ("--plain",), ("tui", "--plain")])
def test_without_a_terminal_the_interface_comes_as_plain_lines(tmp_path: Path, words: tuple[str, ...]) -> None:
    run = called(tmp_path, *words, typed="new Sort the mail\n\n1\nq\n")

    assert run.returncode == 0
    assert "Saved: " in run.stdout
    assert "\x1b" not in run.stdout + run.stderr
    assert (tmp_path / "sort_the_mail.yaml").exists()


def test_a_named_case_is_asked_about_at_once(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("scoper: 1\ntitle: Mine\nanswers: {}\n", encoding="utf-8")
    run = called(tmp_path, "tui", "mine.yaml", typed="1\nq\n")

    assert "asks about 'Mine'" in run.stdout
    assert ": yes" in (tmp_path / "mine.yaml").read_text()


def test_where_nothing_may_be_asked_nothing_is(tmp_path: Path) -> None:
    run = called(tmp_path, "tui", "--no-input")

    assert run.returncode == 2
    assert "no-terminal" in run.stderr


def test_the_end_of_the_input_ends_it_in_good_order(tmp_path: Path) -> None:
    assert called(tmp_path).returncode == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("away", "drawn"), [(None, True), ("stdin", False), ("stdout", False), ("stderr", False)])
def test_screens_are_drawn_only_where_every_stream_is_the_terminal(
    monkeypatch: pytest.MonkeyPatch, away: str | None, drawn: bool
) -> None:
    class Stream(io.StringIO):
        def __init__(self, terminal: bool) -> None:
            super().__init__()
            self.isatty = lambda: terminal  # type: ignore[method-assign]

    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, Stream(name != away))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("SCOPER_WEB", raising=False)
    common = Common(json=False, quiet=False, color="auto", no_input=False, rules_dir=None, trust=False)
    assert _can_draw(common) is drawn
