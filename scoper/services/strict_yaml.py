"""YAML without its traps: one small document in, a tree of placed nodes out, or every problem at once.

Works on PyYAML's parser events; no constructor of PyYAML is used, so nothing is ever executed, expanded or guessed.
Refused: anchors, aliases, tags, directives, several documents, duplicate keys, keys that are not plain text,
merge-conflict markers, control characters, more than 1 MiB, 24 levels or 50,000 values. What the keys and values mean
is for the callers to check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from scoper.domain.text import shown
from scoper.errors import InputError, Problem, StorageError, did_you_mean, nearest
from scoper.services.yaml_nodes import Node, to_python
from scoper.services.yaml_sentences import sentence

__all__ = ["Node", "parse", "read_text", "to_python"]

MAX_BYTES = 1_048_576
MAX_DEPTH = 24
MAX_NODES = 50_000
MAX_PROBLEMS = 100
LOADER: Any = getattr(yaml, "CLoader", yaml.Loader)

# YAML's printable set without NEL, LS, PS (YAML 1.1 takes them for line ends, editors do not) and the byte order mark.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_CONFLICT = re.compile(r"^(?:<{7}|>{7}|\|{7})(?=[ \r\n]|\Z)", re.MULTILINE)
# A line end as the parser counts it, so that line numbers agree.
_LINE_END = re.compile("\r\n|[\r\n]")

Place = tuple[int, int, int]  # index, line, column


def parse(text: str, source: str) -> Node:
    """The tree of the one document in `text`; `source` names it in messages.

    Raises InputError with all problems in file order; no text whatever raises anything else.
    """
    shift = 1 if text.startswith("\ufeff") else 0
    body = text[shift:]
    problems = _preliminary(body, source)
    if problems:
        raise InputError(problems)
    reader = _Reader(body, source, shift)
    root = reader.read()
    if reader.problems or root is None:
        raise InputError(sorted(reader.problems, key=lambda problem: (problem.line, problem.column)))
    return root


def read_text(path: Path, limit_bytes: int = MAX_BYTES) -> str:
    """The text of a UTF-8 file, byte for byte (line ends are kept, a byte order mark too).

    Raises InputError when the file is missing, a folder, too large or not UTF-8 (with the place of the first bad byte),
    StorageError when reading fails for another reason.
    """
    source = str(path)
    try:
        with path.open("rb") as file:
            data = file.read(limit_bytes + 1)
    except FileNotFoundError:
        raise InputError(Problem("file-missing", "there is no such file", source, remedy=_neighbour(path))) from None
    except IsADirectoryError:
        raise InputError(Problem("file-is-folder", "this is a folder, not a file", source)) from None
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or str(error)
        raise StorageError(Problem("file-unreadable", f"cannot be read: {cause}", source)) from error
    if len(data) > limit_bytes:
        raise InputError(Problem("yaml-too-large", f"the file is larger than {limit_bytes:,} bytes", source))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(_not_utf8(data, error.start, source)) from None


def _neighbour(path: Path) -> str:
    """A remedy naming a file of the same folder whose name is close to the missing one's."""
    try:
        names = [entry.name for _, entry in zip(range(1000), path.parent.iterdir(), strict=False)]
    except OSError:
        return ""
    return did_you_mean(path.name, names) if nearest(path.name, names) else ""


def _not_utf8(data: bytes, start: int, source: str) -> Problem:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return Problem("not-utf8", "the file is UTF-16, not UTF-8", source, 1, 1, "save it as UTF-8")
    before = data[:start].decode("utf-8").removeprefix("\ufeff")
    message = f"the byte 0x{data[start]:02x} is not valid UTF-8"
    return Problem("not-utf8", message, source, *_line_column(before, len(before)), "save the file as UTF-8")


def _line_column(text: str, index: int) -> tuple[int, int]:
    line, begin = 1, 0
    for match in _LINE_END.finditer(text, 0, index):
        line, begin = line + 1, match.end()
    return line, index - begin + 1


def _preliminary(body: str, source: str) -> list[Problem]:
    """What can be seen without parsing; nothing else is looked at when there is any of it."""
    if len(body) > MAX_BYTES:
        return [Problem("yaml-too-large", f"the text is larger than {MAX_BYTES:,} bytes", source)]
    problems = []
    for match in _first(_FORBIDDEN.finditer(body), 20):
        message = f"the control character U+{ord(match[0]):04X} is not allowed"
        place = _line_column(body, match.start())
        problems.append(
            Problem("yaml-control-character", message, source, *place, "delete it, or write it as an escape")
        )
    for match in _first(_CONFLICT.finditer(body), 20):
        place = _line_column(body, match.start())
        message = f"a merge-conflict marker '{match[0]}' was left in the file"
        problems.append(
            Problem("yaml-merge-conflict", message, source, *place, "keep one version and delete the markers")
        )
    return sorted(problems, key=lambda problem: (problem.line, problem.column))


def _first(matches: Iterator[re.Match[str]], count: int) -> Iterator[re.Match[str]]:
    return (match for _, match in zip(range(count), matches, strict=False))


@dataclass
class _Open:
    """A collection that is being read."""

    is_mapping: bool
    start: Place
    flow: bool
    items: list[tuple[Node, Node]] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    key: Node | None = None
    seen: dict[str, int] = field(default_factory=dict)


class _Stop(Exception):
    """A problem after which reading on makes no sense; it is recorded already."""


class _Reader:
    """Turns events into nodes, collecting problems; used once."""

    def __init__(self, body: str, source: str, shift: int) -> None:
        self.body, self.source, self.shift = body, source, shift
        self.problems: list[Problem] = []
        self.open: list[_Open] = []
        self.root: Node | None = None
        self.count = 0
        self.last: Place = (shift, 1, 1)
        self.handlers: dict[type[Any], Any] = {
            yaml.ScalarEvent: self.scalar,
            yaml.MappingStartEvent: self.begin_mapping,
            yaml.SequenceStartEvent: self.begin_sequence,
            yaml.MappingEndEvent: self.end,
            yaml.SequenceEndEvent: self.end,
            yaml.AliasEvent: self.alias,
            yaml.DocumentStartEvent: self.document,
        }

    def read(self) -> Node | None:
        """The root node, or None with at least one problem recorded."""
        try:
            self.events()
        except _Stop:
            return None
        except yaml.MarkedYAMLError as error:
            self.syntax(error)
            return None
        except (yaml.YAMLError, ValueError, LookupError, ArithmeticError, AttributeError, TypeError) as error:
            # PyYAML lets a few of these out for odd escapes; all mean "not YAML".
            self.problem("yaml-syntax", f"this is not valid YAML: {shown(str(error), 120)}", self.last)
            return None
        except RecursionError:
            self.problem("yaml-too-deep", "the text is nested too deeply", self.last)
            return None
        if self.root is None or self.root.is_null:
            self.problems.append(Problem("yaml-empty", "the file is empty", self.source))
        return self.root

    def events(self) -> None:
        loader = LOADER(self.body)
        try:
            handlers, get_event = self.handlers, loader.get_event
            while (event := get_event()) is not None:
                handler = handlers.get(type(event))
                if handler is not None:
                    handler(event)
                elif type(event) is yaml.StreamEndEvent:
                    break
        finally:
            loader.dispose()

    def place(self, mark: Any) -> Place:
        return mark.index + self.shift, mark.line + 1, mark.column + 1

    def problem(self, code: str, message: str, place: Place, remedy: str = "") -> None:
        if len(self.problems) >= MAX_PROBLEMS:
            message, remedy = "more problems follow; these were enough to stop at", ""
        self.problems.append(Problem(code, message, self.source, place[1], place[2], remedy))
        if len(self.problems) > MAX_PROBLEMS:
            raise _Stop

    def syntax(self, error: yaml.MarkedYAMLError) -> None:
        mark = error.problem_mark or error.context_mark
        index = mark.index if mark else 0
        offender = self.body[index : index + 1]
        before = self.body[index - mark.column : index] if mark else ""
        complaint = str(error.problem or error.context or "")
        message, remedy, blame_beginning = sentence(complaint, "\\t" if offender == "\t" else shown(offender), before)
        if blame_beginning and error.context_mark:
            mark = error.context_mark
        self.problem("yaml-syntax", message, self.place(mark) if mark else self.last, remedy)

    def document(self, event: Any) -> None:
        place = self.place(event.start_mark)
        if self.root is not None:
            self.problem("yaml-documents", "a second document begins here", place, "one file holds one document")
            raise _Stop
        if event.version or event.tags:
            self.problem("yaml-directive", "'%' directives are not supported", place, "remove the line")

    def properties(self, event: Any, place: Place) -> None:
        """Complain about an anchor or tag of a node and count the node."""
        self.count += 1
        if self.count > MAX_NODES:
            self.problem("yaml-too-many", f"the file holds more than {MAX_NODES:,} values", place)
            raise _Stop
        if event.anchor is not None:
            self.problem(
                "yaml-anchor", f"the anchor '&{shown(event.anchor)}' is not allowed", place, "write the value out"
            )
        if event.tag is not None:
            self.problem("yaml-tag", f"the tag '{shown(event.tag)}' is not allowed", place, "remove it")

    def alias(self, event: Any) -> None:
        place = self.place(event.start_mark)
        name = shown(event.anchor)
        remedy = "write the value out, or quote a text that begins with '*'"
        self.problem("yaml-alias", f"the alias '*{name}' is not allowed", place, remedy)
        self.count += 1
        self.add(Node("scalar", "*" + name, '"', False, (), (), place, self.place(event.end_mark)))

    def scalar(self, event: Any) -> None:
        start = self.place(event.start_mark)
        self.count += 1
        if event.anchor is not None or event.tag is not None or self.count > MAX_NODES:
            self.count -= 1
            self.properties(event, start)
        self.last = end = self.place(event.end_mark)
        self.add(Node("scalar", event.value, event.style or "", False, (), (), start, end))

    def begin_mapping(self, event: Any) -> None:
        self.begin(event, True)

    def begin_sequence(self, event: Any) -> None:
        self.begin(event, False)

    def begin(self, event: Any, is_mapping: bool) -> None:
        place = self.place(event.start_mark)
        self.properties(event, place)
        if len(self.open) >= MAX_DEPTH:
            self.problem("yaml-too-deep", f"the text is nested more than {MAX_DEPTH} levels deep", place)
            raise _Stop
        self.open.append(_Open(is_mapping, place, bool(event.flow_style)))

    def end(self, event: Any) -> None:
        done = self.open.pop()
        if done.flow:
            self.last = self.place(event.end_mark)
        kind: Any = "mapping" if done.is_mapping else "sequence"
        members = tuple(done.items), tuple(done.children)
        self.add(Node(kind, "", "", done.flow, *members, done.start, self.last))

    def add(self, node: Node) -> None:
        """Put a finished node where it belongs: root, list item, key or value."""
        if not self.open:
            self.root = node
            return
        parent = self.open[-1]
        if not parent.is_mapping:
            parent.children.append(node)
        elif parent.key is None:
            parent.key = node
            self.check_key(parent, node)
        else:
            parent.items.append((parent.key, node))
            parent.key = None

    def check_key(self, parent: _Open, key: Node) -> None:
        place = key.start_index, key.line, key.column
        if key.kind != "scalar":
            self.problem("yaml-key", "a key must be a text, not a list or mapping", place)
        elif key.text == "" and not key.quoted:
            self.problem("yaml-key", "the key before ':' is missing", place)
        elif key.text in parent.seen:
            message = f"the key '{shown(key.text)}' stands here a second time, first on line {parent.seen[key.text]}"
            self.problem("yaml-duplicate-key", message, place, "remove one of the two")
        else:
            parent.seen[key.text] = key.line
