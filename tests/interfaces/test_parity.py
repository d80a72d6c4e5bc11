"""The same verdict, reasons and next question on every surface: screens, plain lines, command line, MCP."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from scoper.interfaces.cli.commands.serve import _arguments
from scoper.interfaces.cli.dialogue import Dialogue
from scoper.interfaces.cli.main import main
from scoper.interfaces.cli.options import Common
from scoper.interfaces.cli.verdict_text import verdict_lines
from scoper.interfaces.cli.workbench import Workbench
from scoper.interfaces.mcp_files import Fence
from scoper.interfaces.mcp_tools import Tools
from scoper.interfaces.tui import steps, verdict_text, words
from scoper.interfaces.tui.session import Session
from scoper.services.approach import approach_of, with_approach
from scoper.services.cases import read_case
from scoper.services.library import load_library
from scoper.services.report_data import load_report_data

pytestmark = pytest.mark.slow

LIBRARY = load_library()
CASES = 50


def made(folder: Path, number: int) -> Path:
    """A case with some questions answered at random, a few of them by two people."""
    rng = random.Random(number)
    rows = ["scoper: 1", f"title: Case {number}", "answers:" if number else "answers: {}"]
    for signal in rng.sample(list(LIBRARY.questions), rng.randint(1, len(LIBRARY.questions)) if number else 0):
        values = LIBRARY.questions[signal].values
        people = ("Ana", "Ben") if rng.random() < 0.1 else (None,)
        rows.append(f"  {signal}:")
        for name in people:
            named = f", by: {name}" if name else ""
            rows.append(f"    - {{answer: {rng.choice(values)}, confidence: {rng.choice(('low', 'high'))}{named}}}")
    path = folder / f"case_{number:02}.yaml"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("parity")
    return [made(folder, number) for number in range(CASES)]


@pytest.fixture(scope="module")
def tools(paths: list[Path]) -> Tools:
    return Tools(LIBRARY, load_report_data(None, LIBRARY.questions), Fence.around((paths[0].parent,)))


def on_screen(path: Path) -> Session:
    return steps.explain(steps.open_case(Session(LIBRARY), path))


def in_lines(path: Path, *lines: str) -> tuple[str | None, list[str]]:
    """The question that the dialogue asks first, None when there is none, and everything that is said."""
    said: list[str] = []
    prompts: list[str] = []
    typed: Iterator[str] = iter(lines)

    def read(prompt: str) -> str | None:
        prompts.append(prompt)
        return next(typed, None)

    dialogue = Dialogue(read_case(path, LIBRARY.questions), LIBRARY, read=read, tell=said.append)
    keep = {"file": lambda: dialogue.file, "keep": lambda file: setattr(dialogue, "file", file)}
    dialogue.extend(Workbench(LIBRARY, read=read, tell=said.append, **keep))
    dialogue.run()
    return prompts[0].removesuffix("> ") or None, said


def test_fifty_cases_have_one_verdict_everywhere(
    paths: list[Path], tools: Tools, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["assess", *map(str, paths), "--json"]) == 0
    of_command = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert len(of_command) == CASES
    for path, expected in zip(paths, of_command, strict=True):
        session = on_screen(path)
        shown = session.verdict
        assert shown is not None
        approach = approach_of(session.case, LIBRARY, shown, with_risks=False)
        assert with_approach(shown, approach) == expected["verdict"], path.name
        assert tools.assess(str(path))["verdict"] == expected["verdict"], path.name


def test_fifty_cases_have_one_next_question_everywhere(paths: list[Path], tools: Tools) -> None:
    for path in paths:
        of_tools = tools.next_question(str(path))
        expected = of_tools.open[0] if of_tools.open else None

        assert on_screen(path).current == expected, path.name
        if not of_tools.final:
            assert in_lines(path)[0] == expected, path.name


def test_fifty_cases_have_the_same_reasons_in_words(paths: list[Path]) -> None:
    for path in paths:
        session = on_screen(path)
        assert session.verdict is not None
        case, verdict = session.case, session.verdict
        said = "\n".join(in_lines(path, "reasons")[1])
        page = " ".join(str(verdict_text.page(verdict, case, LIBRARY.questions, 100)).split())

        assert "\n".join(verdict_lines(case, verdict, more="reasons all")) in said
        assert words.technique(verdict.technique) in page
        for reason in verdict.reasons[:3]:
            told = ", ".join(f"{words.signal(s)}: {words.plain(case.value_of(s))}" for s in reason)
            assert told in page


def test_the_browser_shows_the_very_same_interface() -> None:
    common = Common(json=False, quiet=False, color="auto", no_input=False, rules_dir=None, trust=False)

    assert _arguments(common, "case.yaml", allow_probe=False)[2:] == ["-m", "scoper", "tui", "case.yaml", "--no-probe"]
    assert _arguments(common, None, allow_probe=True)[2:] == ["-m", "scoper", "tui"]
