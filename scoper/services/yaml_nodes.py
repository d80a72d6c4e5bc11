"""The tree a YAML text is read into: what stands where.

A `Node` keeps the scalar as it was written and its place, so that a validator can name line and column and an editor
can replace exactly one span. `to_python` reads scalars by the YAML 1.2 core schema. No files, no parsing here.
"""

from __future__ import annotations

import math
import re
from typing import Any, Literal, NamedTuple

Kind = Literal["scalar", "mapping", "sequence"]
Place = tuple[int, int, int]  # index, line, column
Plain = Any  # dict | list | str | int | float | bool | None, nested

_NULLS = {"", "~", "null", "Null", "NULL"}
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,299})")
_BASED = re.compile(r"0o[0-7]{1,100}|0x[0-9a-fA-F]{1,100}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)")
_NAN = {".nan", ".NaN", ".NAN"}
_LONGEST_NUMBER = 400


class Node(NamedTuple):
    """One scalar, mapping or sequence and its place in the text.

    `start` and `end` are (character offset into the text given to `parse`, line, column), lines and columns from 1, end
    exclusive. A collection ends where its last member ends (a flow collection after its bracket). `style` is a
    scalar's quote or block indicator (`'`, `"`, `|`, `>`), else ""; `flow` marks `{...}` and `[...]`. A tuple is made
    in half the time of a frozen dataclass, and rules are thousands of nodes.
    """

    kind: Kind
    text: str
    style: str
    flow: bool
    items: tuple[tuple[Node, Node], ...]
    children: tuple[Node, ...]
    start: Place
    end: Place

    def __eq__(self, other: object) -> bool:
        """A node is equal to itself alone: what is written twice stands in two places."""
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    def __hash__(self) -> int:
        return id(self)

    @property
    def quoted(self) -> bool:
        """Whether the scalar is anything but plain, so that it is text whatever it looks like."""
        return self.style != ""

    @property
    def start_index(self) -> int:
        """Offset of the first character."""
        return self.start[0]

    @property
    def end_index(self) -> int:
        """Offset after the last character."""
        return self.end[0]

    @property
    def line(self) -> int:
        """Line of the first character, from 1."""
        return self.start[1]

    @property
    def column(self) -> int:
        """Column of the first character, from 1."""
        return self.start[2]

    @property
    def end_line(self) -> int:
        """Line where the node ends."""
        return self.end[1]

    @property
    def end_column(self) -> int:
        """Column after the last character."""
        return self.end[2]

    @property
    def is_null(self) -> bool:
        """Whether this is an unquoted nothing: empty, `~` or `null`."""
        return self.kind == "scalar" and not self.style and self.text in _NULLS

    def get(self, key: str) -> Node | None:
        """The value under `key` of a mapping, or None."""
        return next((value for name, value in self.items if name.text == key), None)


def to_python(node: Node) -> Plain:
    """The plain Python value of `node`: YAML 1.2 core scalars, mapping keys always as text.

    yes, no, on, off, 1:30, 012 and dates stay text. A number too large to hold stays text too.
    """
    if node.kind == "mapping":
        return {key.text: to_python(value) for key, value in node.items}
    if node.kind == "sequence":
        return [to_python(child) for child in node.children]
    return node.text if node.quoted else _scalar(node.text)


def _scalar(text: str) -> str | int | float | bool | None:
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if text[0] not in "+-.0123456789" or len(text) > _LONGEST_NUMBER:
        return text
    return _number(text)


def _number(text: str) -> str | int | float:
    if _INTEGER.fullmatch(text):
        return int(text)
    if _BASED.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        number = float(text)
        return number if math.isfinite(number) else text
    if _INFINITE.fullmatch(text):
        return -math.inf if text[0] == "-" else math.inf
    return math.nan if text in _NAN else text
