"""Edits of a spec's text: one entry replaced, added or taken away, all else kept to the last comment; and the diff.

Only the text is touched; whether the edited spec is a good one is asked where it is read again.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from scoper.domain.repairs import SpecEdit
from scoper.services.strict_yaml import Node, parse

_LINE_END = re.compile(r"\r\n|[\r\n]")


def edited(text: str, edits: Sequence[SpecEdit], source: str = "") -> str:
    """`text` with the edits made one after the other; raises InputError when it is not YAML, KeyError for a gap."""
    for edit in edits:
        text = _removed(text, edit.path, source) if edit.text is None else _put(text, edit.path, edit.text, source)
    return text


def unified_diff(before: str, after: str, name: str) -> str:
    """What `patch -p1` and `git apply` take; empty where nothing differs."""
    lines = difflib.unified_diff(_lines(before), _lines(after), f"a/{name}", f"b/{name}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True) if "\r" not in text else re.findall(r"[^\n]*\n|[^\n]+$", text)


def _put(text: str, path: Sequence[str], value: str, source: str) -> str:
    """The entry at `path` made `value`, with what leads there where it is missing."""
    node = parse(text, source)
    for depth, key in enumerate(path):
        found = node.get(key)
        if found is None:
            inline = value
            for name in reversed(path[depth + 1 :]):
                inline = f"{{{name}: {inline}}}"
            return _member_added(text, node, key, inline)
        if depth == len(path) - 1:
            return text[: found.start_index] + value + text[_content_end(text, found) :]
        if found.kind != "mapping" or not found.items:
            raise KeyError(key)
        node = found
    return text


def _member_added(text: str, mapping: Node, key: str, value: str) -> str:
    last_key, last = mapping.items[-1]
    if mapping.flow:
        end = last.end_index
        return f"{text[:end]}, {key}: {value}{text[end:]}"
    place = max(_content_end(text, last), last_key.end_index)
    match = _LINE_END.search(text, place)
    end = match.start() if match else len(text)
    newline = match[0] if match else _newline(text)
    indent = " " * (mapping.items[0][0].column - 1)
    return f"{text[:end]}{newline}{indent}{key}: {value}{text[end:]}"


def _removed(text: str, path: Sequence[str], source: str) -> str:
    """Without the entry at `path`; nothing happens where it is missing."""
    mapping: Node | None = parse(text, source)
    for step in path[:-1]:
        mapping = mapping.get(step) if mapping is not None else None
    members = [name.text for name, _ in mapping.items] if mapping is not None else []
    if mapping is None or path[-1] not in members:
        return text
    place = members.index(path[-1])
    key, value = mapping.items[place]
    if mapping.flow:
        if place + 1 < len(members):
            return text[: key.start_index] + text[mapping.items[place + 1][0].start_index :]
        begin = mapping.items[place - 1][1].end_index if place else key.start_index
        return text[:begin] + text[value.end_index :]
    starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
    begin = max(start for start in starts if start <= key.start_index)
    match = _LINE_END.search(text, max(_content_end(text, value), key.end_index))
    return text[:begin] + text[match.end() if match else len(text) :]


def _content_end(text: str, node: Node) -> int:
    """Where a node ends without the white space behind it."""
    return max(node.start_index, len(text[: node.end_index].rstrip()))


def _newline(text: str) -> str:
    match = _LINE_END.search(text)
    return match[0] if match else "\n"
