"""What a case file may say about the parts of a project: `parts`, one mapping per part, by its id.

From placed nodes to values; every problem is told to the reader that asks, with its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from scoper.domain.questionnaire import Answer, HandOver, Part
from scoper.domain.text import one_line, shown
from scoper.errors import did_you_mean
from scoper.services.strict_yaml import Node

PART_KEYS = ("title", "summary", "spec", "answers", "hands_to")
MOST_PARTS = 30
PART_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Reads(Protocol):
    """The reader of the case: it collects problems and knows how texts and answers are read."""

    def complain(self, node: Node | None, code: str, message: str, remedy: str = "") -> None:
        """Take down one problem."""

    def part_text(self, mapping: Node, key: str) -> str | None:
        """The cleaned text under `key`; None when it is missing or no text."""

    def answers(self, node: Node | None) -> dict[str, tuple[Answer, ...]]:
        """The answers of a mapping."""


def read_parts(reader: Reads, node: Node | None) -> tuple[Part, ...] | None:
    """The parts under `parts` in the order of the file; None without any."""
    if node is None or node.is_null:
        return None
    if node.kind != "mapping":
        reader.complain(node, "case-part", "'parts' must hold one mapping per part", "such as 'router: {title: ...}'")
        return None
    if len(node.items) > MOST_PARTS:
        message = f"{len(node.items)} parts are more than the {MOST_PARTS} that a case may have"
        reader.complain(node, "case-part", message, "make cases of their own of what is decided apart")
        return None
    ids = [key.text for key, _ in node.items if key.kind == "scalar"]
    return tuple(part for key, value in node.items if (part := _part(reader, key, value, ids))) or None


def _part(reader: Reads, key: Node, node: Node, ids: list[str]) -> Part | None:
    if key.kind != "scalar" or not PART_ID.fullmatch(key.text):
        remedy = "begin with a small letter, then small letters, digits and _, at most 40"
        reader.complain(key, "case-part", f"'{shown(key.text)}' is not an id of a part", remedy)
        return None
    if node.kind != "mapping":
        reader.complain(
            node, "case-part", f"part '{key.text}' must be a mapping", "such as '{title: ..., answers: ...}'"
        )
        return None
    for name, _ in node.items:
        if name.kind == "scalar" and name.text not in PART_KEYS:
            message = f"'{shown(name.text)}' is not a key of a part"
            reader.complain(name, "case-key", message, did_you_mean(name.text, PART_KEYS))
    title, summary, spec = (reader.part_text(node, name) for name in ("title", "summary", "spec"))
    if title == "":
        reader.complain(node.get("title"), "case-title", "the title is empty", "name the part in a few words")
    return Part(
        id=key.text,
        title=title or key.text.replace("_", " "),
        summary=summary or "",
        spec=spec or None,
        answers=reader.answers(node.get("answers")),
        hands_to=tuple(_hand_overs(reader, node.get("hands_to"), key.text, ids)),
    )


def _hand_overs(reader: Reads, node: Node | None, own: str, ids: list[str]) -> Iterator[HandOver]:
    """What is passed on: `part: what` lines, a list of parts, or one part."""
    if node is None or node.is_null:
        return
    pairs: list[tuple[Node, Node | None]]
    if node.kind == "mapping":
        pairs = [(key, value) for key, value in node.items]
    else:
        pairs = [(child, None) for child in (node.children if node.kind == "sequence" else (node,))]
    seen: set[str] = set()
    for target, what in pairs:
        if target.kind != "scalar":
            remedy = "such as 'planner: sorted requests'"
            reader.complain(target, "case-part", "'hands_to' names parts, with a few words each", remedy)
        elif target.text not in ids or target.text == own or target.text in seen:
            message = (
                f"part '{own}' cannot hand over to itself"
                if target.text == own
                else f"part '{own}' hands over to '{target.text}' twice"
                if target.text in seen
                else f"there is no part '{shown(target.text)}' to hand over to"
            )
            others = [name for name in ids if name != own]
            reader.complain(target, "case-part", message, did_you_mean(target.text, others) if others else "")
        elif what is not None and what.kind != "scalar":
            reader.complain(what, "case-type", f"what '{own}' hands over must be a text")
        else:
            seen.add(target.text)
            yield HandOver(to=target.text, what="" if what is None or what.is_null else one_line(what.text))
