"""The dialogue's lines on a terminal: their width, the prompt, what is recalled after a note."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from scoper.interfaces.cli.dialogue_lines import wrapped
from tests.in_process import scoper


def ask(path: Path, text: str, columns: str | None) -> str:
    environment = {key: value for key, value in os.environ.items() if key != "COLUMNS"}
    environment |= {"COLUMNS": columns} if columns else {}
    run = scoper("ask", path.name, "--title", "Mails", input=text, cwd=path.parent, env=environment)
    assert run.returncode == 0
    return run.stdout


@pytest.mark.slow
@pytest.mark.parametrize(("columns", "width"), [("40", 40), ("60", 60), (None, 80)])
def test_no_line_is_longer_than_the_terminal_and_80_where_its_width_is_unknown(
    tmp_path: Path, columns: str | None, width: int
) -> None:
    said = ask(tmp_path / "c.yaml", "?\nh\nno\n", columns).split("VERDICT")[0]
    assert max(len(line) for line in said.split("\n")) <= width
    assert "?" in said


def test_a_broken_line_keeps_every_word_and_goes_on_under_its_text() -> None:
    line = "  1  yes: one two three four five six seven"
    broken = wrapped(line, 24)
    assert broken.split("\n") == ["  1  yes: one two three", "     four five six seven"]
    assert " ".join(broken.split()) == " ".join(line.split())


def test_words_and_commands_are_never_broken() -> None:
    assert wrapped("a " + "x" * 30 + " b", 20).split("\n") == ["a", "  " + "x" * 30, "  b"]
    command = "Next: scoper run 'a folder with spaces/case.yaml' -o out"
    assert wrapped(command, 20) == command


@pytest.mark.slow
def test_a_prompt_names_the_question_on_a_terminal_only(tmp_path: Path) -> None:
    assert "> " not in ask(tmp_path / "piped.yaml", "no\n", None)
    ours, theirs = pty.openpty()
    os.write(ours, b"q\n")
    command = [sys.executable, "-m", "scoper", "ask", str(tmp_path / "typed.yaml"), "--title", "Mails"]
    run = subprocess.run(command, stdin=theirs, stdout=subprocess.PIPE, text=True, check=True, timeout=120)
    os.close(ours)
    os.close(theirs)
    question = next(line for line in run.stdout.split("\n") if line.startswith("Question "))
    signal = question.split(", ")[1].split(":")[0]
    assert f"\n{signal}> " in run.stdout


def test_after_a_note_or_a_confidence_the_open_question_is_recalled(tmp_path: Path) -> None:
    said = ask(tmp_path / "c.yaml", "n seen\nc high\n", "200")
    signal = said.split("left), ")[1].split(":")[0]
    assert said.count(f"Still asked: {signal} (") == 2
