"""What a file is that was given where a case, a spec, a gate or a report is wanted, and which command takes it.

Told from the file's ending, or for a file without a telling one from the shape of its lines. Only asked once a file
could not be read as what it was taken for; a file with the ending of YAML is never taken for something else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Literal

from scoper.errors import Problem

__all__ = ["Wanted", "command_for", "other_file"]

Wanted = Literal["case", "spec", "gate", "report", "records"]
Sort = Literal["table", "python", "notebook", "report", "workbook", "prose"]

_ENDINGS: Mapping[str, Sort] = {
    ".csv": "table", ".tsv": "table", ".py": "python", ".ipynb": "notebook",
    ".md": "report", ".markdown": "report", ".html": "report", ".htm": "report",
    ".xlsx": "workbook", ".xls": "workbook", ".ods": "workbook",
    ".pdf": "prose", ".docx": "prose", ".doc": "prose", ".odt": "prose", ".rtf": "prose", ".eml": "prose",
}  # fmt: skip
_YAML = (".yaml", ".yml", ".json")
_SORTS: Mapping[Sort, str] = {
    "table": "a table", "python": "Python code", "notebook": "a notebook", "report": "a report or a text",
    "workbook": "a workbook", "prose": "a document",
}  # fmt: skip
_WANTED: Mapping[Wanted, str] = {
    "case": "a case file", "spec": "an MDP spec", "gate": "a gate file", "report": "a report",
    "records": "a table of past cases",
}  # fmt: skip
_CHECK = "scoper check"
_COLUMNS = re.compile(r"[,;\t|]")


def other_file(text: str, source: str, wanted: Wanted) -> Problem | None:
    """That the file is something else than `wanted`, with the command that takes it; None where nothing tells so.

    text: as far as it could be read; source: the file's name as the user gave it.
    """
    sort = _sort_of(text, source)
    if sort is None or (sort == "table" and wanted == "records") or (sort == "report" and wanted == "report"):
        return None
    message = f"this is {_SORTS[sort]}, not {_WANTED[wanted]}"
    return Problem(f"{wanted}-is-{sort}", message, source, remedy=_remedy(sort, source, wanted))


def command_for(text: str, source: str) -> str:
    """What to type for a file that was given in the place of a command's name."""
    sort = _sort_of(text, source)
    if sort is not None:
        return _remedy(sort, source, "case")
    if re.search(r"^scoper_mdp\s*:", text, re.MULTILINE):
        return f"`scoper probe {source}` takes an MDP spec, `scoper solve {source}` solves it exactly"
    if re.search(r"^scoper_gate\s*:", text, re.MULTILINE):
        return f"`scoper gate CASE.yaml {source}` holds a case against it"
    if re.search(r"^scoper\s*:", text, re.MULTILINE):
        return f"`scoper ask {source}` goes on with this case, `scoper assess {source}` says its verdict"
    return ""


def _sort_of(text: str, source: str) -> Sort | None:
    ending = PurePath(source).suffix.lower()
    if ending in _ENDINGS:
        return _ENDINGS[ending]
    return None if ending in _YAML or not _is_table(text) else "table"


def _is_table(text: str) -> bool:
    """Whether the first lines have the same number of columns, at least two, as a table's have."""
    lines = [line for line in text[:8192].splitlines() if line.strip()][:3]
    counts = {len(_COLUMNS.findall(line)) for line in lines}
    return len(lines) > 1 and len(counts) == 1 and 0 not in counts and not any(": " in line for line in lines)


def _remedy(sort: Sort, source: str, wanted: Wanted) -> str:
    case = str(PurePath(source).with_suffix(".yaml")) if PurePath(source).name else "case.yaml"
    if sort == "table":
        asked = f"`scoper ask {case}` holds the interview, then " if wanted in ("case", "report", "gate") else ""
        return f"{asked}`{_CHECK} automation {source} --case {case}` looks at past cases"
    if sort == "python":
        probes = f"`scoper probe {source} --trust` measures a Gymnasium environment in it"
        faults = f"{probes}, `scoper doctor {source} --trust` looks for its faults"
        return f"{probes}; a case begins with `scoper ask {case}`" if wanted == "case" else faults
    if sort == "report":
        verify = f"`scoper verify {source}` looks at a report of scoper"
        made = f"; it is made from its case: `scoper report CASE.yaml -o {source}`"
        return verify if wanted == "records" else verify + made
    if sort == "notebook":
        return "save the environment's class as FILE.py: `scoper probe FILE.py --trust` measures it"
    if sort == "workbook":
        return f"save the sheet as CSV: `{_CHECK} automation FILE.csv` looks at past cases"
    return f"nothing is read from documents: `scoper ask {case}` holds the interview"
