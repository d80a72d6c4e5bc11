"""What a case file may say about being looked at again: `review_by` and `update_when`.

From placed nodes to values; every problem is told to the reader that asks, with its place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Protocol

from scoper.domain.due import parse_date
from scoper.domain.questionnaire import Question, Trigger
from scoper.domain.text import one_line, shown
from scoper.errors import did_you_mean, nearest
from scoper.services.strict_yaml import Node

TRIGGER_KEYS = ("note", "answers", "rules_other_than", "spec_other_than", "probe")
PROBE_VERDICTS = ("feasible", "feasible_with_conditions", "not_shown", "infeasible", "reward_defective")
_DIGEST_LENGTH = 16
_BOOLEANS = {"true": "yes", "false": "no"}


class Complains(Protocol):
    """Whoever collects problems."""

    def complain(self, node: Node | None, code: str, message: str, remedy: str = "") -> None:
        """Take down one problem."""


def read_review_by(reader: Complains, node: Node | None) -> str | None:
    """The date under `review_by`, or None (after a complaint when it is none)."""
    if node is None or node.is_null:
        return None
    if node.kind == "scalar" and parse_date(node.text.strip()):
        return node.text.strip()
    said = f"'{shown(node.text)}'" if node.kind == "scalar" else "this"
    reader.complain(node, "case-date", f"{said} is not a date", "write it as year-month-day, such as 2027-01-31")
    return None


def read_update_when(
    reader: Complains, node: Node | None, questions: Mapping[str, Question], allowed: Mapping[str, Collection[str]]
) -> tuple[Trigger, ...] | None:
    """The conditions under `update_when`: texts, or mappings with `TRIGGER_KEYS`; None without any.

    `allowed` are the values of each question.
    """
    if node is None or node.is_null:
        return None
    entries = node.children if node.kind == "sequence" else (node,)
    found = [trigger for entry in entries if (trigger := _Entry(reader, questions, allowed).read(entry))]
    return tuple(found) or None


class _Entry:
    """Reads one condition."""

    def __init__(
        self, reader: Complains, questions: Mapping[str, Question], allowed: Mapping[str, Collection[str]]
    ) -> None:
        self.reader, self.questions, self.allowed = reader, questions, allowed

    def read(self, node: Node) -> Trigger | None:
        if node.kind == "scalar":
            note = "" if node.is_null else one_line(node.text)
            if not note:
                self.reader.complain(node, "case-update", "a condition of 'update_when' is empty", "say what to watch")
            return Trigger(note=note) if note else None
        if node.kind != "mapping" or not node.items:
            remedy = "write a text, or a mapping with " + ", ".join(TRIGGER_KEYS)
            self.reader.complain(node, "case-type", "a condition of 'update_when' is a text or a mapping", remedy)
            return None
        for key, _ in node.items:
            if key.text not in TRIGGER_KEYS:
                message = f"'{shown(key.text)}' is not part of a condition of 'update_when'"
                self.reader.complain(key, "case-key", message, did_you_mean(key.text, TRIGGER_KEYS))
        given: dict[str, Any] = {"answers": self.answers(node.get("answers")), "probe": self.probe(node.get("probe"))}
        for name in ("rules_other_than", "spec_other_than"):
            given[name] = self.digest(node.get(name), name)
        given["note"] = self.note(node.get("note"))
        trigger = Trigger(**given)
        return None if trigger == Trigger() else trigger

    def note(self, node: Node | None) -> str | None:
        if node is not None and node.kind != "scalar":
            self.reader.complain(node, "case-type", "the 'note' of a condition is a text")
            return None
        return one_line(node.text) or None if node is not None and not node.is_null else None

    def answers(self, node: Node | None) -> dict[str, tuple[str, ...]] | None:
        if node is None:
            return None
        if node.kind != "mapping" or not node.items:
            message = "'answers' of a condition holds 'question: answer' lines"
            self.reader.complain(node, "case-type", message, "such as 'cheap_simulation: [yes, partly]'")
            return None
        return {key.text: values for key, value in node.items if (values := self.values(key, value))}

    def values(self, key: Node, node: Node) -> tuple[str, ...]:
        if key.text not in self.questions:
            message = f"there is no question '{shown(key.text)}'"
            self.reader.complain(key, "case-question", message, did_you_mean(key.text, self.questions))
            return ()
        return self.listed(node, self.allowed[key.text], f"an answer to '{key.text}'", "case-answer")

    def probe(self, node: Node | None) -> tuple[str, ...] | None:
        if node is None:
            return None
        return self.listed(node, PROBE_VERDICTS, "a verdict of a probe", "case-probe") or None

    def listed(self, node: Node, allowed: Collection[str], what: str, code: str) -> tuple[str, ...]:
        """One value or a list of some, all of them allowed."""
        return tuple(dict.fromkeys(self._checked(_scalars(node), allowed, what, code)))

    def _checked(self, nodes: Iterable[Node], allowed: Collection[str], what: str, code: str) -> Iterator[str]:
        for node in nodes:
            text = _BOOLEANS.get(node.text.lower(), node.text)
            if node.kind == "scalar" and text in allowed:
                yield text
                continue
            near = nearest(node.text, allowed) if node.kind == "scalar" else None
            message = f"'{shown(node.text)}' is not {what}; allowed: {', '.join(allowed)}"
            self.reader.complain(node, code, message, f"did you mean '{near}'?" if near else "")

    def digest(self, node: Node | None, key: str) -> str | None:
        if node is None:
            return None
        text = node.text.strip().lower() if node.kind == "scalar" else ""
        if len(text) == _DIGEST_LENGTH and all(char in "0123456789abcdef" for char in text):
            return text
        remedy = "`scoper assess CASE --json` prints rules_digest" if key.startswith("rules") else "a probe prints it"
        self.reader.complain(node, "case-digest", f"'{key}' is a digest of {_DIGEST_LENGTH} hex digits", remedy)
        return None


def _scalars(node: Node) -> tuple[Node, ...]:
    return node.children if node.kind == "sequence" else (node,)
