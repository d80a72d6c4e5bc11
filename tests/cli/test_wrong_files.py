"""Every command with every kind of file: what it does not take is called what it is, with the command that takes it."""

import json
import shutil
from pathlib import Path

import pytest

from tests.in_process import scoper

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"

KINDS = {
    "case.yaml": ("a case", "scoper assess case.yaml"),
    "mdp.yaml": ("an MDP spec", "scoper solve mdp.yaml"),
    "env.yaml": ("an MDP spec", "scoper doctor env.yaml"),
    "gate.yaml": ("a gate file", "scoper gate CASE.yaml gate.yaml"),
    "steps.yaml": ("a workflow", "scoper check llm workflow steps.yaml"),
    "calls.yaml": ("a list of model calls", "scoper check llm cost calls.yaml"),
    "report.md": ("a report or a text", "scoper verify report.md"),
    "report.html": ("a report or a text", "scoper verify report.html"),
    "dossier.json": ("a report in JSON", "scoper verify dossier.json"),
    "snapshot.json": ("a snapshot", "scoper verify snapshot.json"),
    "verdict.json": ("a verdict without its answers", "scoper assess CASE.yaml"),
    "result.json": ("a probe's result", "scoper feedback CASE.yaml result.json"),
    "probe.jsonl": ("a recorded probe", "scoper probe --replay probe.jsonl"),
    "scoper.toml": ("a file of settings", "scoper config show"),
    "schema.json": ("a JSON Schema", "scoper schema"),
    "past.csv": ("a table", "scoper check automation past.csv"),
    "valve.py": ("Python code", "scoper probe valve.py"),
    "book.xlsx": ("a workbook", "scoper check automation"),
    "lab.ipynb": ("a notebook", "scoper probe FILE.py"),
    "idea.pdf": ("a document or a picture", "scoper ask idea.yaml"),
    "note.txt": ("a text", "scoper ask note.yaml"),
    "folder": ("a folder, not a file", "scoper portfolio folder"),
}
CASES = ("case.yaml",)
SPECS = ("mdp.yaml", "env.yaml")
CODE = (*SPECS, "valve.py")
REPORTS = ("report.md", "report.html", "dossier.json")
KEPT = (*CASES, *REPORTS, "snapshot.json", "folder")
TABLES = ("past.csv", "note.txt", "folder")
ELSEWHERE = ("case.yaml", "steps.yaml", "calls.yaml", "schema.json")
"""Documents that a check of another technique takes, or may."""

COMMANDS = {
    "assess {}": CASES,
    "ask {}": CASES,
    "explain markov_state {}": CASES,
    "methods {}": CASES,
    "precedents {}": CASES,
    "risks {}": CASES,
    "report {} -o out.md": CASES,
    "run {} -o out": CASES,
    "scaffold {} -o out": CASES,
    "snapshot {} -o out": CASES,
    "feedback {}": CASES,
    "tui --plain {}": CASES,
    "verify dossier.json --case {}": CASES,
    "report case.yaml -o out.md --spec {}": SPECS,
    "run case.yaml -o out --spec {}": SPECS,
    "methods case.yaml --spec {}": SPECS,
    "scaffold --from {} -o out": SPECS,
    "solve {}": SPECS,
    "show {}": SPECS,
    "conform {} --env CartPole-v1": SPECS,
    "conform mdp.yaml --env {}": (*SPECS, "folder"),
    "review {}": (*SPECS, *CASES),
    "probe {}": CODE,
    "doctor {}": CODE,
    "sweep {} -o out": CODE,
    "gate case.yaml {}": ("gate.yaml",),
    "gate {} gate.yaml": (*KEPT, "result.json"),
    "diff {} case.yaml": (*KEPT, "result.json"),
    "diff case.yaml {}": (*KEPT, "result.json"),
    "verify {}": (*REPORTS, "snapshot.json"),
    "replay {}": (*REPORTS, "result.json"),
    "report case.yaml -o out.md --result {}": ("result.json",),
    "run case.yaml -o out --result {}": ("result.json",),
    "feedback case.yaml {}": ("result.json",),
    "probe --replay {}": ("probe.jsonl",),
    "portfolio {}": ("folder",),
    "check automation {}": (*TABLES, *ELSEWHERE),
    "check llm {}": (*TABLES, *ELSEWHERE),
    "check supervised {}": (*TABLES, *ELSEWHERE),
    "check bandit {}": (*TABLES, *ELSEWHERE),
    "check optimisation {}": (*TABLES, *ELSEWHERE),
    "check not-yet {}": (*TABLES, *ELSEWHERE),
    "check automation determinism {}": TABLES,
    "check automation decision-table {}": TABLES,
    "check optimisation programme {}": TABLES,
    "check llm workflow {}": (*ELSEWHERE, "folder"),
    "check not-yet measure-first {}": CASES,
}
"""What stands for the file, and the kinds that the command takes (or speaks of in words of its own)."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file of every kind, scoper's own as scoper writes them."""
    made = tmp_path_factory.mktemp("kinds")
    shutil.copy(EXAMPLES / "warehouse_reorder.mdp.yaml", made / "mdp.yaml")
    shutil.copy(EXAMPLES / "cartpole.mdp.yaml", made / "env.yaml")
    shutil.copy(EXAMPLES / "checks" / "tender_answers.workflow.yaml", made / "steps.yaml")
    shutil.copy(EXAMPLES / "checks" / "parcel_claims.py", made / "valve.py")
    shutil.copy(ROOT / "reports" / "screens" / "recorded_probe.jsonl", made / "probe.jsonl")
    shutil.copy(ROOT / "reports" / "gallery" / "warehouse_reorder" / "dossier.json", made / "dossier.json")
    case = (EXAMPLES / "warehouse_reorder.yaml").read_text(encoding="utf-8")
    (made / "case.yaml").write_text(case.replace("warehouse_reorder.mdp.yaml", "mdp.yaml"), encoding="utf-8")
    (made / "gate.yaml").write_text("scoper_gate: 1\nsettled: yes\n")
    (made / "calls.yaml").write_text("scoper_calls: 1\nmodels: {}\ncalls: []\n")
    (made / "scoper.toml").write_text('[probe]\nbudget = "quick"\n')
    (made / "past.csv").write_text("invoice,amount,approved\nR1,20.5,yes\nR2,900,no\n")
    (made / "note.txt").write_text("We want to learn how much to order.\nThat is all.\n")
    (made / "lab.ipynb").write_text('{"cells": [], "nbformat": 4}')
    (made / "book.xlsx").write_bytes(b"PK\x03\x04\xff\xfe")
    (made / "idea.pdf").write_bytes(b"%PDF-1.7\xff\xfe")
    (made / "folder").mkdir()
    shutil.copy(made / "case.yaml", made / "folder" / "case.yaml")
    result = json.loads((made / "dossier.json").read_text(encoding="utf-8"))["result"]
    (made / "result.json").write_text(json.dumps(result), encoding="utf-8")
    for argv, name in (("assess case.yaml --json", "verdict.json"), ("schema case", "schema.json")):
        (made / name).write_text(scoper(*argv.split(), cwd=made).stdout, encoding="utf-8")
    for name in ("report.md", "report.html"):
        assert scoper("report", "case.yaml", "-o", name, cwd=made).returncode == 0
    assert scoper("snapshot", "case.yaml", "-o", "kept", cwd=made).returncode == 0
    shutil.move(next((made / "kept").glob("*.json")), made / "snapshot.json")
    return made


def _refused(folder: Path, command: str, name: str) -> list[str]:
    """What is missing from the refusal of the file; empty where it is refused as it should be."""
    ended = scoper(*command.format(name).split(), cwd=folder, input="")
    what, taker = KINDS[name]
    wanted = {f"is {what}": f"is {what}" in ended.stderr, "exit code 2": ended.returncode == 2}
    wanted |= {"no traceback": "Traceback" not in ended.stderr, "nothing printed": not ended.stdout}
    wanted |= {"a command that takes it": taker in ended.stderr or "scaffold case.yaml" in ended.stderr}
    return [f"{name}: {fault}: {ended.stderr.strip()[:300]}" for fault, holds in wanted.items() if not holds]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("gate case.yaml {}", "mdp.yaml"),
        ("gate case.yaml {}", "case.yaml"),
        ("verify {}", "case.yaml"),
        ("run {} -o out", "past.csv"),
        ("sweep {} -o out", "case.yaml"),
        ("conform {} --env CartPole-v1", "gate.yaml"),
        ("portfolio {}", "case.yaml"),
        ("check automation {}", "mdp.yaml"),
    ],
)
def test_a_file_at_the_wrong_command_is_called_what_it_is(command: str, name: str, folder: Path) -> None:
    assert _refused(folder, command, name) == []


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_calls_every_file_it_does_not_take_what_it_is_and_says_what_takes_it(
    command: str, folder: Path
) -> None:
    taken = COMMANDS[command]
    assert [fault for name in KINDS if name not in taken for fault in _refused(folder, command, name)] == []
    assert not (folder / "out").exists()


@pytest.mark.parametrize("name", [name for name in KINDS if name != "folder"])
def test_a_file_in_the_place_of_a_command_is_told_the_command(name: str, folder: Path) -> None:
    ended = scoper(name, cwd=folder)
    assert ended.returncode == 2
    assert KINDS[name][1] in " ".join(ended.stderr.split())
