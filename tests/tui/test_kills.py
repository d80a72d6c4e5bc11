"""SIGKILL at any moment: no acknowledged answer is lost, no file is torn, the next start works."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scoper.interfaces.tui import words
from scoper.services.cases import read_case
from scoper.services.follow_ups import follow_ups_of
from scoper.services.library import Library

KILLS = 40
HANGS_S = 60.0
Start = Callable[..., Any]
_LAST = "Check your answers"
_SAID = re.compile(r"Saved (.+?): (\S.*?)\s*$", re.MULTILINE)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_no_acknowledged_answer_is_lost_by_forty_kills(terminal: Start, folder: Path, library: Library) -> None:
    rng = random.Random(20_250_101)
    # the fourth way on from the last question leads to the follow-ups
    ids = {words.signal(signal): signal for signal in (*library.questions, *follow_ups_of(library.questions))}
    acknowledged: dict[str, str] = {}
    total = answered = 0
    case = folder / "case.yaml"

    for kill in range(KILLS):
        if answered >= 6 or not case.exists():
            case.unlink(missing_ok=True)
            case.write_text("scoper: 1\ntitle: Killed  # comment\nanswers: {}\n", encoding="utf-8")
            acknowledged = {}
        before = len(acknowledged)
        screen = terminal("tui", str(case))
        screen.wait_for("Killed")
        # how many answers are seen first does not depend on the machine's speed; the moment after them does
        wanted, longer = before + rng.randint(0, 3), rng.uniform(0.0, 0.4)
        hangs = time.monotonic() + HANGS_S
        while longer > 0 and _LAST not in screen.text():  # where a slow screen lets many keys come at once
            # the fourth answer is mostly "unknown", which settles nothing, so that the interview lasts
            screen.type("4")
            pause = rng.uniform(0.005, 0.06)
            screen.read(pause)
            _note(screen.text(), ids, acknowledged)
            if len(acknowledged) >= wanted:
                longer -= pause
            assert time.monotonic() < hangs, f"kill {kill}: no answer is acknowledged any more:\n{screen.text()}"
        screen.kill()
        _note(screen.text(), ids, acknowledged)
        screen.close()

        kept = read_case(case, library.questions).case
        answers = {signal: words.plain(given[0].answer) for signal, given in kept.answers.items()}
        answered = len(answers)
        assert kept.title == "Killed"
        assert acknowledged.items() <= answers.items(), f"kill {kill}"
        assert case.read_text().startswith("scoper: 1\ntitle: Killed  # comment\n")
        total += max(0, len(acknowledged) - before)

    assert total >= KILLS
    last = terminal("tui", str(case))
    last.wait_for("Killed")
    last.type("j")
    last.wait_for("Jump")
    last.type("\x1b[H\r")
    last.wait_without("Jump to a question")
    last.type("1")  # another answer than the fourths above, so that something is written
    last.wait_for("Saved")
    last.type("\x11")
    assert last.end() == 0
    assert [path.name for path in folder.iterdir()] == ["case.yaml"]


def _note(text: str, ids: dict[str, str], acknowledged: dict[str, str]) -> None:
    for name, value in _SAID.findall(text.splitlines()[1]):
        acknowledged[ids[name]] = value
