"""What a file looks like to a check that is given it without its name: a reason why not, empty where it fits.

Looks at names and kinds of columns and keys only; whether the contents are right is for the check itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scoper.checks import Document
from scoper.checks._series import looks_like_time
from scoper.domain.records import MISSING, Records
from scoper.domain.text import shown

Words = Mapping[str, Any]
MOST_DECISIONS, _MOST_LABELS, _ALIKE = 50, 20, 0.5
_ITEM = ("id", "item", "text", "case")


def is_cases(records: Records, words: Words) -> str:
    """Past cases: several columns, and a decision of 2 to 50 values."""
    target = words.get("decision") or records.names[-1]
    if target not in records.names:
        return ""  # the check tells the nearest spelling
    if not is_rule_table(records, words):
        return "it is a decision table"
    if len(records.names) < 2:
        return "there is no input column beside the decision"
    if not words.get("decision") and not is_series(records, words) and len(records.names) <= 2:
        return "it is a series of one value per time"
    found = set(records.column(target))
    if len(found) > MOST_DECISIONS:
        return f"{shown(target, 40)} has {len(found):,} different values, a decision has at most {MOST_DECISIONS}"
    return ""


def is_series(records: Records, words: Words) -> str:
    """A series: a column of times that all differ, and a last column of numbers."""
    time = words.get("time") or next((name for name in records.names if looks_like_time(records, name)), None)
    if time is None or time not in records.names:
        return "" if time else "no column holds ISO dates or rising numbers"
    if len(set(records.column(time))) < len(records):
        return f"several rows have the same {shown(time, 40)}"
    value = words.get("value") or next((name for name in reversed(records.names) if name != time), None)
    if value is None or (value in records.names and not records.is_numeric(value)):
        return "its last column holds no numbers"
    return ""


def has_columns(*choices: tuple[str, ...]) -> Any:
    """A table with all columns of one of these choices; entered texts may call a column otherwise."""

    def fits(records: Records, words: Words) -> str:
        for names in choices:
            if all((words.get(name) or name) in records.names for name in names):
                return ""
        wanted = " or ".join(", ".join(names) for names in choices)
        return f"it has no columns {wanted}"

    return fits


def is_labels(records: Records, words: Words) -> str:
    """Labels of several people: item, rater, label; or columns that share most of a few labels."""
    if words.get("raters") or {"item", "rater", "label"} <= set(records.names):
        return ""
    seen = [_labels(records, name) for name in records.names if name.lower() not in _ITEM]
    seen = [labels for labels in seen if len(labels) < max(2, len(records)) or len(records) < 3]
    alike = all(len(a & b) >= _ALIKE * len(a | b) for a in seen for b in seen)
    if len(seen) < 2 or not alike or len(set().union(*seen)) > _MOST_LABELS:
        return "no two columns hold the labels of two people (--raters names them)"
    return ""


def _labels(records: Records, name: str) -> set[str]:
    return {cell for cell in records.column(name) if cell.lower() not in MISSING}


def is_rule_table(records: Records, words: Words) -> str:
    """A decision table: outputs marked `->`, values in braces, or tests such as `>= 5` in its cells."""
    marked = any(name.startswith("->") or "{" in name for name in records.names)
    tests = sum(cell[:1] in ("<", ">", "[") for row in records.rows for cell in row[:-1])
    if marked or tests > len(records) // 2:
        return ""
    return "it is no decision table: no output marked '-> name', no test such as >= 5"


def has_keys(*choices: tuple[str, ...], but: tuple[str, ...] = ()) -> Any:
    """A document whose top holds all keys of one of these choices, and none of `but`."""

    def fits(document: Document, words: Words) -> str:
        names = {name for name, _, _ in document.root.items}
        if any(set(choice) <= names for choice in choices) and not set(but) & names:
            return ""
        return f"its top holds no {' or '.join(' and '.join(choice) for choice in choices)}"

    return fits


def is_contracts(document: Document, words: Words) -> str:
    """Contracts of tools: a list of mappings with names, or names with a schema or an effect each."""
    root = document.root
    names = {name for name, _, _ in root.items}
    if names & {"steps", "calls", "scoper", "scoper_mdp", "scoper_workflow", "scoper_calls"}:
        return "it is another kind of document"
    listed = root.get("tools") or root
    entries = [value for _, _, value in listed.items] or list(listed.children)
    keys = ("name", "function", "description", "parameters", "input_schema", "inputSchema", "effect")
    if entries and all(entry.kind == "mapping" and any(entry.get(key) for key in keys) for entry in entries):
        return ""
    return "it is no list of tools"


def is_programme(material: object, words: Words) -> str:
    """A programme: an MPS file, or a table with row, sense and rhs."""
    if isinstance(material, Records) and not {"row", "sense", "rhs"} <= set(material.names):
        return "it has no columns row, sense, rhs"
    return ""
