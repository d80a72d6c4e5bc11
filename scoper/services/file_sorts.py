"""What sort of file something is: one of scoper's own by its marks, another by its ending or its lines.

Nothing is parsed in full and nothing is checked: a faulty case is still a case. Where nothing tells, the sort is None.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from pathlib import PurePath
from typing import Literal

Sort = Literal[
    "case", "spec", "environment", "gate", "workflow", "calls", "checks", "snapshot", "dossier", "result", "verdict",
    "output", "events", "schema", "settings", "folder", "table", "python", "notebook", "report", "workbook", "prose",
    "text",
]  # fmt: skip

NAMES: Mapping[Sort, str] = {
    "case": "a case", "spec": "an MDP spec", "environment": "an MDP spec", "gate": "a gate file",
    "workflow": "a workflow", "calls": "a list of model calls", "checks": "the kept results of checks",
    "snapshot": "a snapshot", "dossier": "a report in JSON",
    "result": "a probe's result", "verdict": "a verdict without its answers",
    "output": "what a command printed with --json", "events": "a recorded probe", "schema": "a JSON Schema",
    "settings": "a file of settings", "folder": "a folder, not a file", "table": "a table", "python": "Python code",
    "notebook": "a notebook", "report": "a report or a text", "workbook": "a workbook",
    "prose": "a document or a picture", "text": "a text",
}  # fmt: skip

_ENDINGS: Mapping[str, Sort] = {
    ".csv": "table", ".tsv": "table", ".py": "python", ".ipynb": "notebook", ".toml": "settings",
    ".md": "report", ".markdown": "report", ".html": "report", ".htm": "report",
    ".xlsx": "workbook", ".xls": "workbook", ".ods": "workbook",
    ".pdf": "prose", ".docx": "prose", ".doc": "prose", ".odt": "prose", ".rtf": "prose", ".eml": "prose",
    ".pptx": "prose", ".ppt": "prose", ".odp": "prose", ".png": "prose", ".jpg": "prose", ".jpeg": "prose",
}  # fmt: skip
_MARKS: Mapping[str, Sort] = {
    "scoper_mdp": "spec", "scoper_gate": "gate", "scoper_workflow": "workflow", "scoper_snapshot": "snapshot",
    "scoper_calls": "calls", "scoper_checks": "checks", "scoper": "case", "$schema": "schema",
}  # fmt: skip
"""Keys that only one sort of file has, at its top."""
_SHAPES: tuple[tuple[frozenset[str], Sort], ...] = (
    (frozenset({"case_digest", "rules_digest"}), "dossier"),
    (frozenset({"spec", "findings", "returns"}), "result"),
    (frozenset({"format", "case", "rules_digest", "verdict"}), "verdict"),
    (frozenset({"seq", "t_s", "kind"}), "events"),
    (frozenset({"format"}), "output"),
)
"""What JSON without a mark has at its top, the narrower first."""
_YAML = (".yaml", ".yml", ".json", ".jsonl")
_KEY = re.compile(r"^(?:\"([\w$]+)\"|'([\w$]+)'|([A-Za-z_$][\w$]*))[ \t]*:(?=\s|$)", re.MULTILINE)
_COLUMNS = re.compile(r"[,;\t|]")
_LOOKED_AT = 8192


def sort_of(text: str, source: str) -> Sort | None:
    """What the file is; text: as far as it could be read, source: its name. None where nothing tells."""
    if (told := sort_of_name(source)) is not None:
        return told
    ending, keys = PurePath(source).suffix.lower(), _keys(text)
    if (found := _marked(keys)) or (found := _shaped(keys, text)):
        return found
    if ending in _YAML:
        return None
    return "table" if _is_table(text) else "text" if _is_prose(text, ending, keys) else None


def sort_of_name(source: str) -> Sort | None:
    """What the file is by the ending of its name; None where that does not tell."""
    return _ENDINGS.get(PurePath(source).suffix.lower())


def _marked(keys: Collection[str]) -> Sort | None:
    found = next((sort for mark, sort in _MARKS.items() if mark in keys), None)
    return "environment" if found == "spec" and "environment" in keys else found


def _shaped(keys: Collection[str], text: str) -> Sort | None:
    if not text.lstrip("\ufeff \r\n\t").startswith("{"):
        return None
    return next((sort for shape, sort in _SHAPES if shape <= set(keys)), None)


def _keys(text: str) -> Collection[str]:
    """The keys at the top of a JSON object, of the first of JSON lines, or of a YAML mapping that is not indented."""
    body = text.lstrip("\ufeff \r\n\t")
    if body.startswith("{"):
        for part in (body, body.partition("\n")[0]):
            try:
                found = json.loads(part)
            except (ValueError, RecursionError):
                continue
            return frozenset(found) if isinstance(found, dict) else frozenset()
    return frozenset(next(filter(None, match.groups())) for match in _KEY.finditer(text))


def _is_table(text: str) -> bool:
    """Whether the first lines have the same number of columns, at least two, as a table's have."""
    lines = [line for line in text[:_LOOKED_AT].splitlines() if line.strip()][:3]
    counts = {len(_COLUMNS.findall(line)) for line in lines}
    return len(lines) > 1 and len(counts) == 1 and 0 not in counts and not any(": " in line for line in lines)


def _is_prose(text: str, ending: str, keys: Collection[str]) -> bool:
    """Whether a file called a text holds sentences: no keys, and a line of several words."""
    return ending in (".txt", ".text", ".rst") and not keys and any(line.count(" ") > 2 for line in text.splitlines())
