"""What a file is that was given where a case, a spec, a gate, a result or a report is wanted, and what takes it.

A faulty case stays a faulty case: what is wanted is never called another file, whatever its faults.
"""

from __future__ import annotations

import contextlib
import shlex
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Literal

from scoper.errors import InputError, Problem, ScoperError
from scoper.services.file_sorts import NAMES, Sort, sort_of, sort_of_name
from scoper.services.strict_yaml import MAX_BYTES, read_text

__all__ = ["Wanted", "command_for", "other_at", "other_file", "read_wanted"]

Wanted = Literal[
    "case", "spec", "gate", "report", "result", "scoping", "certificates", "events", "cases",
    "records", "rules", "programme", "document",
]  # fmt: skip

_WANTED: Mapping[Wanted, str] = {
    "case": "a case", "spec": "an MDP spec", "gate": "a gate file", "report": "a report",
    "result": "a probe's result", "scoping": "a case, snapshot, report or result",
    "certificates": "a report or a probe's result", "events": "a recorded probe", "cases": "a folder of cases",
    "records": "a table of past cases", "rules": "a decision table", "programme": "a programme",
    "document": "a document for a check",
}  # fmt: skip
_TAKEN: Mapping[Wanted, tuple[Sort, ...]] = {
    "case": ("case",), "spec": ("spec", "environment"), "gate": ("gate",),
    "report": ("report", "dossier", "snapshot"), "result": ("result",),
    "scoping": ("case", "snapshot", "report", "dossier", "result"),
    "certificates": ("report", "dossier", "result"), "events": ("events",), "cases": ("folder",),
    "records": ("table", "text", "output"), "rules": ("table", "text"), "programme": ("table", "text"),
    "document": ("case", "workflow", "calls", "checks", "output", "schema"),
}  # fmt: skip
"""What is never called another file: it is what is wanted, and its own faults are to be told."""
_MAKES: Mapping[Wanted, str] = {
    "gate": "the gate file comes last: `scoper gate CASE.yaml GATE.yaml`, and --help shows what may stand in it",
    "report": "`scoper report CASE.yaml -o report.md` makes a report",
    "result": "`scoper probe SPEC -o result.json` makes one",
    "certificates": "`scoper probe SPEC -o result.json` makes a result",
    "events": "`scoper probe SPEC --events probe.jsonl` records one",
    "cases": "`scoper portfolio DIR` ranks the cases of a folder",
}  # fmt: skip
_CHECK = "scoper check"
_LARGEST = 64 * MAX_BYTES


def read_wanted(path: Path, wanted: Wanted, limit_bytes: int = MAX_BYTES) -> str:
    """The text of a file that is taken for `wanted`.

    Raises what `read_text` does, and says what else the file is where its bytes are no text or it is a folder.
    """
    try:
        return read_text(path, limit_bytes)
    except InputError:
        if other := other_at(path, wanted):
            raise InputError(other) from None
        raise


def other_file(text: str, source: str, wanted: Wanted) -> Problem | None:
    """That the file is something else than `wanted`, with the command that takes it; None where nothing tells so.

    text: as far as it could be read; source: the file's name as the user gave it.
    """
    sort = sort_of(text, source)
    return None if sort is None or sort in _TAKEN[wanted] else _problem(sort, source, wanted)


def other_at(path: Path, wanted: Wanted) -> Problem | None:
    """As `other_file`, of a folder or a file that nobody has read yet; without its text where that cannot be read."""
    if path.is_dir():
        return _problem("folder", str(path), wanted)
    if not path.is_file():
        return None
    text = ""
    if sort_of_name(str(path)) is None:
        with contextlib.suppress(ScoperError):
            text = read_text(path, _LARGEST)
    return other_file(text, str(path), wanted)


def command_for(text: str, source: str) -> str:
    """What to type for a file that was given in the place of a command's name; empty where nothing tells its sort."""
    sort = sort_of(text, source)
    return "" if sort is None else _remedy(sort, source, "case")


def _problem(sort: Sort, source: str, wanted: Wanted) -> Problem:
    message = f"this is {NAMES[sort]}" + ("" if sort == "folder" else f", not {_WANTED[wanted]}")
    code = "file-is-folder" if sort == "folder" else f"{wanted}-is-{sort}"
    made = f"; {_MAKES[wanted]}" if wanted in _MAKES and sort not in ("report", "table", "folder") else ""
    return Problem(code, message, source, remedy=_remedy(sort, source, wanted) + made)


def _remedy(sort: Sort, source: str, wanted: Wanted) -> str:
    case = shlex.quote(str(PurePath(source).with_suffix(".yaml"))) if PurePath(source).name else "case.yaml"
    path, source = Path(source), shlex.quote(source)
    told = _OWN.get(sort, "").format(file=source)
    if sort == "folder":
        from scoper.services.portfolio import holds_case  # which imports this module

        return f"{told}; `scoper portfolio {source}` ranks the cases in it" if holds_case(path) else told
    if sort == "case":
        drafts = f"`scoper scaffold {source} -o DIR` drafts its spec, `scoper run {source} -o DIR` does everything"
        return drafts if wanted == "spec" else told
    if sort == "table":
        asked = f"`scoper ask {case}` holds the interview, then " if wanted != "spec" else ""
        return f"{asked}`{_CHECK} automation {source} --case {case}` looks at past cases"
    if sort == "python":
        probes = f"`scoper probe {source} --trust` measures a Gymnasium environment in it"
        faults = f"{probes}, `scoper doctor {source} --trust` looks for its faults"
        return f"{probes}; a case begins with `scoper ask {case}`" if wanted == "case" else faults
    if sort == "report":
        made = f"; it is made from its case: `scoper report CASE.yaml -o {source}`"
        return told if wanted in ("records", "document") else told + made
    if sort in ("prose", "text"):
        return f"nothing is read from documents: `scoper ask {case}` holds the interview"
    return told


_OWN: Mapping[Sort, str] = {
    "case": "`scoper assess {file}` says its verdict, `scoper ask {file}` goes on with it",
    "spec": "`scoper probe {file}` takes it, `scoper solve {file}` solves it exactly",
    "environment": "`scoper probe {file}` takes it, `scoper doctor {file}` looks for its faults",
    "gate": "`scoper gate CASE.yaml {file}` holds a case against it",
    "workflow": "`scoper check llm workflow {file}` looks at it",
    "calls": "`scoper check llm cost {file}` looks at it",
    "checks": "the report of its case shows it: `scoper report CASE.yaml -o report.md`",
    "snapshot": "`scoper verify {file}` checks it, `scoper diff {file} CASE.yaml` says what changed since",
    "dossier": "`scoper verify {file}` checks it, `scoper diff {file} CASE.yaml` says what changed since",
    "result": "`scoper feedback CASE.yaml {file}` offers what was measured as answers, "
    "`scoper report CASE.yaml --result {file} -o report.md` reports it",
    "verdict": "name the case that it was made from: `scoper assess CASE.yaml`",
    "output": "no command reads it: name the case or the spec that it was made from",
    "events": "`scoper probe --replay {file}` shows it again",
    "schema": "it is for editors, `scoper schema --help` says how",
    "settings": "`scoper config show` says what it sets",
    "folder": "name a file in it",
    "report": "`scoper verify {file}` looks at a report of scoper",
    "notebook": "save the environment's class as FILE.py: `scoper probe FILE.py --trust` measures it",
    "workbook": f"save the sheet as CSV: `{_CHECK} automation FILE.csv` looks at past cases",
}  # fmt: skip
