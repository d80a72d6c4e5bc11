"""The line mode beyond the interview: whatever the screens do with a case, as commands and lines."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from scoper.domain.probe import Finished, ProbeEvent, ProbePlan
from scoper.interfaces.cli.dialogue import Dialogue
from scoper.interfaces.cli.plain import chosen_case
from scoper.interfaces.cli.workbench import Workbench
from scoper.services.cases import read_case
from scoper.services.library import data_path, load_library
from scoper.services.scoping import assess

LIBRARY = load_library()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the examples in it, in which the process stands."""
    shutil.copytree(data_path("examples"), tmp_path / "work")
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


@pytest.fixture
def talk(folder: Path) -> Callable[..., str]:
    """Everything that is said when these lines are typed into a dialogue on a case of the folder."""

    def hold(name: str, *lines: str, **wishes: Any) -> str:
        said: list[str] = []
        typed: Iterator[str] = iter(lines)

        def read(_: str) -> str | None:
            return next(typed, None)

        file = read_case(folder / name, LIBRARY.questions)
        dialogue = Dialogue(file, LIBRARY, read=read, tell=said.append)
        dialogue.extend(
            Workbench(
                LIBRARY,
                read=read,
                tell=said.append,
                file=lambda: dialogue.file,
                keep=lambda changed: setattr(dialogue, "file", changed),
                **wishes,
            )
        )
        dialogue.run()
        return "\n".join(said)

    return hold


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> tuple[ProbeEvent, ...]:
    """Lets every probe tell the recorded events."""
    adapter: TypeAdapter[ProbeEvent] = TypeAdapter(ProbeEvent)
    text = data_path("reports", "screens", "recorded_probe.jsonl").read_text(encoding="utf-8")
    events = tuple(adapter.validate_python(json.loads(row)) for row in text.splitlines())

    async def run_probe(plan: ProbePlan, *, events_path: Path | None = None) -> AsyncIterator[ProbeEvent]:
        for event in events:
            yield event
            await asyncio.sleep(0)

    monkeypatch.setattr("scoper.services.probing.run_probe", run_probe)
    return events


def test_reasons_are_those_of_the_verdict(talk: Callable[..., str], folder: Path) -> None:
    said = talk("invoice_approval.yaml", "reasons")
    verdict = assess(read_case(folder / "invoice_approval.yaml", LIBRARY.questions).case, LIBRARY)

    assert "What would change it" in said
    assert "Why not the others" in said
    for reason in verdict.reasons:
        assert all(signal in said for signal in reason)


def test_respondents_are_compared(talk: Callable[..., str], folder: Path) -> None:
    said = talk("invoice_approval.yaml", "compare")
    verdict = assess(read_case(folder / "invoice_approval.yaml", LIBRARY.questions).case, LIBRARY)

    assert all(f"{each.by}: " in said for each in verdict.respondents)
    assert f"They differ on {len(verdict.disagreements)} questions." in said


def test_a_spec_is_read_written_checked_and_saved_by_lines(talk: Callable[..., str], folder: Path) -> None:
    spec = folder / "warehouse_reorder.mdp.yaml"
    rows = spec.read_text().splitlines()
    at = next(number for number, row in enumerate(rows, 1) if row.startswith("discount:"))
    said = talk("warehouse_reorder.yaml", "spec", f"set {at} discount: 1.5", f"set {at} discount: 0.5", "save", "q")

    assert f"{at:3}  {rows[at - 1]}" in said
    assert f"line {at}, column" in said
    assert "No problems: this spec can be probed." in said
    assert spec.read_text().splitlines()[at - 1] == "discount: 0.5"
    assert len(spec.read_text().splitlines()) == len(rows)


def test_lines_are_inserted_and_deleted(talk: Callable[..., str], folder: Path) -> None:
    spec = folder / "warehouse_reorder.mdp.yaml"
    before = spec.read_text()
    talk("warehouse_reorder.yaml", "insert 2 # a note", "save")
    assert spec.read_text().splitlines()[1] == "# a note"
    talk("warehouse_reorder.yaml", "delete 2", "save")

    assert spec.read_text().splitlines() == before.splitlines()


def test_leaving_with_unsaved_lines_is_asked_once(talk: Callable[..., str], folder: Path) -> None:
    spec = folder / "warehouse_reorder.mdp.yaml"
    before = spec.read_text()
    said = talk("warehouse_reorder.yaml", "set 2 name: Other", "q", "q", "reasons")

    assert said.count("not saved") == 1
    assert "VERDICT" not in said
    assert spec.read_text() == before


@pytest.mark.parametrize("line", ["set", "set x y", "set 0 y", "set 9999 y", "delete -1", "insert"])
def test_a_line_number_that_is_none_changes_nothing(talk: Callable[..., str], line: str) -> None:
    assert "Not done: a line number from 1 to" in talk("warehouse_reorder.yaml", line)


def test_a_probe_is_told_kept_and_offered_as_answers(
    talk: Callable[..., str], folder: Path, recorded: tuple[ProbeEvent, ...]
) -> None:
    result = next(event.result for event in recorded if isinstance(event, Finished))
    said = talk("warehouse_reorder.yaml", "probe quick", "answers", "traces", "report out.md", "q")

    assert "Probing, budget 60 s" in said
    assert result.because in " ".join(said.split()) or result.verdict.replace("_", " ") in said
    assert "result in" in said
    assert (folder / "out.md").exists()
    assert "Saved out.md" in said


def test_probing_can_be_off(talk: Callable[..., str]) -> None:
    assert "probing is switched off here" in talk("warehouse_reorder.yaml", "probe quick", may_probe=False)


def test_an_existing_report_is_replaced_only_after_a_yes(talk: Callable[..., str], folder: Path) -> None:
    (folder / "out.md").write_text("mine", encoding="utf-8")

    assert "Not saved." in talk("invoice_approval.yaml", "report out.md", "no")
    assert (folder / "out.md").read_text() == "mine"
    talk("invoice_approval.yaml", "report out.md", "yes")
    assert "plain automation" in (folder / "out.md").read_text()


def test_the_help_names_every_command(talk: Callable[..., str]) -> None:
    said = talk("invoice_approval.yaml", "h")
    names = ("reasons", "compare", "spec", "problems", "set", "insert", "delete", "save", "reread", "probe", "answers")

    assert all(f"{name} " in said for name in (*names, "accept", "traces", "wanted", "report"))


def choose(folder: Path, *lines: str) -> tuple[Any, str]:
    said: list[str] = []
    typed = iter(lines)
    return chosen_case(folder, LIBRARY, lambda _: next(typed, None), said.append), "\n".join(said)


def test_a_case_is_chosen_by_its_number(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("scoper: 1\ntitle: Mine\nanswers: {}\n", encoding="utf-8")
    file, said = choose(tmp_path, "1")

    assert "1  Mine (mine.yaml)" in said
    assert file.path == tmp_path / "mine.yaml"


def test_a_new_case_needs_no_more_than_a_title(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file, _ = choose(tmp_path, "new Sort the mail", "")

    assert file.case.title == "Sort the mail"
    assert file.path == tmp_path / "sort_the_mail.yaml"


@pytest.mark.parametrize("lines", [(), ("q",), ("nonsense", "0", "9999")])
def test_without_a_choice_nothing_is_opened_or_written(tmp_path: Path, lines: tuple[str, ...]) -> None:
    file, said = choose(tmp_path, *lines)

    assert file is None
    assert said.count("Not understood") == max(0, len(lines) - ("q" in lines))
    assert list(tmp_path.iterdir()) == []
