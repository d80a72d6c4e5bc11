"""From PyYAML's parser events to nodes, collecting problems on the way.

Knows the limits and what is refused (anchors, aliases, tags, directives, second documents, duplicate or odd keys); the
door is `scoper.services.strict_yaml.parse`. Constructors and resolvers of PyYAML are never called.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import yaml

from scoper.domain.text import shown
from scoper.errors import Problem
from scoper.services.yaml_nodes import Node, Place
from scoper.services.yaml_sentences import sentence

MAX_DEPTH = 24
MAX_NODES = 50_000
MAX_PROBLEMS = 100
# libyaml's bindings when they are there: fourteen times as fast, same marks (tests compare both).
LOADER: Any = getattr(yaml, "CLoader", yaml.Loader)
_SURROGATE = re.compile("[\ud800-\udfff]")
_node = tuple.__new__


@dataclass(slots=True)
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


class Reader:
    """Reads one text once; `problems` holds what was found."""

    def __init__(self, body: str, source: str, shift: int) -> None:
        """`shift` is added to every index: the length of what was cut off before `body`."""
        self.body, self.source, self.shift = body, source, shift
        self.problems: list[Problem] = []
        self.open: list[_Open] = []
        self.parent: _Open | None = None  # the last of those
        self.root: Node | None = None
        self.count = 0
        self.last: Place = (shift, 1, 1)

    def read(self) -> Node | None:
        """The root node, or None with at least one problem recorded."""
        try:
            self._events()
        except _Stop:
            return None
        except yaml.MarkedYAMLError as error:
            self._syntax(error)
            return None
        except (yaml.YAMLError, ValueError, LookupError, ArithmeticError, AttributeError, TypeError) as error:
            # PyYAML lets a few of these out for odd escapes; all mean "not YAML".
            self._add_problem("yaml-syntax", f"this is not valid YAML: {shown(str(error), 120)}", self.last)
            return None
        except RecursionError:
            self._add_problem("yaml-too-deep", "the text is nested too deeply", self.last)
            return None
        if self.root is None or self.root.is_null:
            self.problems.append(Problem("yaml-empty", "the file is empty", self.source))
        return self.root

    def _events(self) -> None:
        loader = LOADER(self.body)
        handlers: dict[type[Any], Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._begin,
            yaml.SequenceStartEvent: self._begin,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }
        try:
            while (event := loader.get_event()) is not None:
                handler = handlers.get(type(event))
                if handler is not None:
                    handler(event)
                elif type(event) is yaml.StreamEndEvent:
                    break
        finally:
            loader.dispose()

    def _place(self, mark: Any) -> Place:
        return mark.index + self.shift, mark.line + 1, mark.column + 1

    def _add_problem(self, code: str, message: str, place: Place, remedy: str = "") -> None:
        if len(self.problems) >= MAX_PROBLEMS:
            message, remedy = "more problems follow; these were enough to stop at", ""
        self.problems.append(Problem(code, message, self.source, place[1], place[2], remedy))
        if len(self.problems) > MAX_PROBLEMS:
            raise _Stop

    def _syntax(self, error: yaml.MarkedYAMLError) -> None:
        mark = error.problem_mark or error.context_mark
        index = mark.index if mark else 0
        offender = self.body[index : index + 1]
        before = self.body[index - mark.column : index] if mark else ""
        complaint = str(error.problem or error.context or "")
        message, remedy, blame_beginning = sentence(complaint, "\\t" if offender == "\t" else shown(offender), before)
        if blame_beginning and error.context_mark:
            mark = error.context_mark
        self._add_problem("yaml-syntax", message, self._place(mark) if mark else self.last, remedy)

    def _document(self, event: Any) -> None:
        place = self._place(event.start_mark)
        if self.root is not None:
            self._add_problem("yaml-documents", "a second document begins here", place, "one file holds one document")
            raise _Stop
        if event.version or event.tags:
            self._add_problem("yaml-directive", "'%' directives are not supported", place, "remove the line")

    def _check(self, event: Any, place: Place) -> None:
        """Complain about a node's anchor or tag, or about one node too many."""
        if self.count > MAX_NODES:
            self._add_problem("yaml-too-many", f"the file holds more than {MAX_NODES:,} values", place)
            raise _Stop
        if event.anchor is not None:
            name = shown(event.anchor)
            self._add_problem("yaml-anchor", f"the anchor '&{name}' is not allowed", place, "write the value out")
        if event.tag is not None:
            self._add_problem("yaml-tag", f"the tag '{shown(event.tag)}' is not allowed", place, "remove it")

    def _alias(self, event: Any) -> None:
        place = self._place(event.start_mark)
        name = shown(event.anchor)
        remedy = "write the value out, or quote a text that begins with '*'"
        self._add_problem("yaml-alias", f"the alias '*{name}' is not allowed", place, remedy)
        self._add(Node("scalar", "*" + name, '"', False, (), (), place, self._place(event.end_mark)))

    def _scalar(self, event: Any) -> None:
        # written out, as rules are thousands of scalars and a call takes as long as what it does
        first, after, shift = event.start_mark, event.end_mark, self.shift
        start = (first.index + shift, first.line + 1, first.column + 1)
        self.last = end = (after.index + shift, after.line + 1, after.column + 1)
        self.count += 1
        if event.anchor is not None or event.tag is not None or self.count > MAX_NODES:
            self._check(event, start)
        text, style = event.value, event.style or ""
        if style == '"' and _SURROGATE.search(text):
            message = "a backslash sequence names no Unicode character"
            self._add_problem("yaml-syntax", message, start, "use single quotes")
        node = _node(Node, ("scalar", text, style, False, (), (), start, end))
        parent = self.parent
        if parent is None or not parent.is_mapping:
            self._add(node)
        elif (key := parent.key) is not None:
            parent.items.append((key, node))
            parent.key = None
        else:
            parent.key = node
            if (text or style) and text not in parent.seen:
                parent.seen[text] = start[1]
            else:
                self._check_key(parent, node)

    def _begin(self, event: Any) -> None:
        place = self._place(event.start_mark)
        self.count += 1
        self._check(event, place)
        if len(self.open) >= MAX_DEPTH:
            self._add_problem("yaml-too-deep", f"the text is nested more than {MAX_DEPTH} levels deep", place)
            raise _Stop
        self.parent = _Open(type(event) is yaml.MappingStartEvent, place, bool(event.flow_style))
        self.open.append(self.parent)

    def _end(self, event: Any) -> None:
        closed = self.open.pop()
        self.parent = self.open[-1] if self.open else None
        if closed.flow:
            self.last = self._place(event.end_mark)
        items, children = tuple(closed.items), tuple(closed.children)
        kind: Any = "mapping" if closed.is_mapping else "sequence"
        self._add(Node(kind, "", "", closed.flow, items, children, closed.start, self.last))

    def _add(self, node: Node) -> None:
        """Put a finished node where it belongs: root, list item, key or value."""
        parent = self.parent
        if parent is None:
            self.root = node
        elif not parent.is_mapping:
            parent.children.append(node)
        elif parent.key is None:
            parent.key = node
            self._check_key(parent, node)
        else:
            parent.items.append((parent.key, node))
            parent.key = None

    def _check_key(self, parent: _Open, key: Node) -> None:
        if key.kind != "scalar":
            self._add_problem("yaml-key", "a key must be a text, not a list or mapping", key.start)
        elif key.text == "" and key.style == "":
            self._add_problem("yaml-key", "the key before ':' is missing", key.start)
        elif key.text in parent.seen:
            message = f"the key '{shown(key.text)}' stands here a second time, first on line {parent.seen[key.text]}"
            self._add_problem("yaml-duplicate-key", message, key.start, "remove one of the two")
        else:
            parent.seen[key.text] = key.start[1]
