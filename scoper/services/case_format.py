"""What a case file may say: from text to a `Case`, or every problem with its place.

Format 1 of the case file. Wrong ids, values, keys, types and syntax are all reported in one go, in file order. Loaded
text is cleaned of control characters; the file itself is never changed here.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import cast

from scoper.domain.questionnaire import (
    CASE_FORMAT,
    CONFIDENCES,
    GRADED_VALUES,
    UNKNOWN,
    Answer,
    Case,
    Confidence,
    Question,
    Trigger,
)
from scoper.domain.text import clean, one_line, shown
from scoper.errors import InputError, Problem, did_you_mean, nearest
from scoper.services.case_parts import read_parts
from scoper.services.case_review import read_review_by, read_update_when
from scoper.services.follow_ups import any_question, follow_ups_of
from scoper.services.other_files import other_file
from scoper.services.strict_yaml import Node, examine, to_python
from scoper.services.yaml_reader import MAX_PROBLEMS

CASE_KEYS = ("scoper", "title", "summary", "domain", "spec", "review_by", "update_when", "answers", "parts")
ANSWER_KEYS = ("answer", "confidence", "evidence", "by")
_BOOLEANS = {"true": "yes", "false": "no"}


def parse_case(text: str, source: str, questions: Mapping[str, Question]) -> Case:
    """The case in `text`; raises InputError with every problem in file order."""
    root, problems = examine(text, source)
    reader = _Reader(source, questions)
    case = None
    with contextlib.suppress(_Enough):
        case = reader.case(root) if root is not None else None
    if case is not None and not problems:
        return case
    if other := other_file(text, source, "case"):
        raise InputError(other)
    if reader.newer:  # whatever else looks odd may be right in the newer format
        problems = ()
    places = {(problem.line, problem.column) for problem in problems}
    further = [found for found in reader.problems if (found.line, found.column) not in places]
    raise InputError(sorted([*problems, *further], key=lambda found: (found.line, found.column)))


def allowed_values(question: Question) -> tuple[str, ...]:
    """The values a case file may give for `question`; unknown is always one of them."""
    if question.kind == "graded":
        return GRADED_VALUES
    return question.values if UNKNOWN in question.values else (*question.values, UNKNOWN)


def tidy(answer: Answer) -> Answer:
    """`answer` as it would be loaded again: cleaned texts, empty ones absent."""
    return Answer(
        answer=answer.answer,
        confidence=answer.confidence,
        evidence=clean(answer.evidence or "").strip() or None,
        by=one_line(answer.by or "") or None,
    )


class _Enough(Exception):
    """So many problems that finding more helps nobody; spelling hints are not free."""


class _Reader:
    """Checks one tree; `problems` holds what is wrong, `newer` that a later scoper wrote the file."""

    def __init__(self, source: str, questions: Mapping[str, Question]) -> None:
        self.source, self.questions = source, questions
        self.problems: list[Problem] = []
        self.newer = False

    def complain(self, node: Node | None, code: str, message: str, remedy: str = "") -> None:
        if len(self.problems) >= MAX_PROBLEMS:
            raise _Enough
        line, column = (node.line, node.column) if node else (0, 0)
        self.problems.append(Problem(code, message, self.source, line, column, remedy))

    def case(self, root: Node) -> Case | None:
        if root.kind != "mapping":
            self.complain(root, "case-type", "a case file consists of 'key: value' lines", "begin with 'scoper: 1'")
            return None
        self.version(root)
        if self.newer:
            return None
        self.keys(root, CASE_KEYS, self.unknown_key)
        title = self.text(root, "title", one_line)
        if title is None and root.get("title") is None:
            self.complain(None, "case-title", "the title is missing", "add a line 'title: ...'")
        elif title == "":
            self.complain(root.get("title"), "case-title", "the title is empty", "name the problem in a few words")
        summary, domain, spec = self.text(root, "summary"), self.text(root, "domain", one_line), self.text(root, "spec")
        again: dict[str, object] = {
            "review_by": read_review_by(self, root.get("review_by")),
            "update_when": self.update_when(root.get("update_when")),
        }
        answers = self.answers(root.get("answers"))
        again["parts"] = read_parts(self, root.get("parts"))
        if self.problems or not title:
            return None
        head = {"title": title, "summary": summary or "", "domain": domain or None, "spec": spec or None}
        return Case.model_validate({**head, **again, "answers": answers})

    def version(self, root: Node) -> None:
        node = root.get("scoper")
        remedy = f"begin the file with 'scoper: {CASE_FORMAT}'"
        if node is None:
            self.complain(None, "case-format", "the format version is missing", remedy)
            return
        number = to_python(node) if node.kind == "scalar" else None
        if type(number) is int and number > CASE_FORMAT:
            self.newer = True
            message = f"this file has format {shown(node.text)}; this scoper reads format {CASE_FORMAT}"
            self.complain(node, "case-newer", message, "upgrade scoper")
        elif type(number) is not int or number != CASE_FORMAT:
            self.complain(node, "case-format", f"the format version must be {CASE_FORMAT}", remedy)

    def keys(self, node: Node, allowed: Iterable[str], complain: Callable[[Node], None]) -> None:
        """Complain about every key of a mapping that is not allowed."""
        for key, _ in node.items:
            if key.kind == "scalar" and key.text not in allowed:
                complain(key)

    def unknown_key(self, key: Node) -> None:
        name = shown(key.text)
        misplaced = key.text in self.questions
        remedy = "indent it under 'answers:'" if misplaced else did_you_mean(key.text, CASE_KEYS)
        self.complain(key, "case-key", f"'{name}' is not a key of a case file", remedy)

    def text(self, mapping: Node, key: str, make: Callable[[str], str] = clean) -> str | None:
        """The cleaned text under `key`; "" when it is empty, None when it is missing or no text."""
        node = mapping.get(key)
        if node is None:
            return None
        if node.kind != "scalar":
            self.complain(node, "case-type", f"'{key}' must be a text, not a {_KINDS[node.kind]}")
            return None
        return "" if node.is_null else make(node.text).strip()

    def part_text(self, mapping: Node, key: str) -> str | None:
        return self.text(mapping, key, clean if key != "title" else one_line)

    def update_when(self, node: Node | None) -> tuple[Trigger, ...] | None:
        if node is None:
            return None
        allowed = {name: allowed_values(question) for name, question in self.questions.items()}
        return read_update_when(self, node, self.questions, allowed)

    def answers(self, node: Node | None) -> dict[str, tuple[Answer, ...]]:
        if node is None or node.is_null:
            return {}
        if node.kind != "mapping":
            self.complain(node, "case-type", "'answers' must hold 'question: answer' lines")
            return {}
        answers: dict[str, tuple[Answer, ...]] = {}
        for key, value in node.items:
            question = any_question(key.text, self.questions) if key.kind == "scalar" else None
            if question is not None:
                answers[key.text] = self.respondents(question, value)
            elif key.kind == "scalar":
                message = f"there is no question '{shown(key.text)}'"
                known = (*self.questions, *follow_ups_of(self.questions))
                self.complain(key, "case-question", message, did_you_mean(key.text, known))
        return answers

    def respondents(self, question: Question, node: Node) -> tuple[Answer, ...]:
        if node.kind == "scalar":
            value = self.value(question, node)
            return (Answer(answer=value),) if value else ()
        entries = (node,) if node.kind == "mapping" else node.children
        if not entries:
            self.complain(node, "case-type", f"the list of answers to '{question.id}' is empty", "remove the line")
        return tuple(answer for entry in entries if (answer := self.long_form(question, entry)))

    def long_form(self, question: Question, node: Node) -> Answer | None:
        if node.kind != "mapping":
            message = f"each answer in a list for '{question.id}' must be a mapping"
            self.complain(node, "case-type", message, "such as '- {answer: yes, by: Ana}'")
            return None
        self.keys(node, ANSWER_KEYS, self.unknown_answer_key)
        value_node = node.get("answer")
        if value_node is None:
            self.complain(node, "case-answer", f"'answer' is missing for '{question.id}'", "add 'answer: ...'")
        value = self.value(question, value_node) if value_node else None
        confidence = self.confidence(node)
        evidence, by = self.text(node, "evidence"), self.text(node, "by", one_line)
        if value is None:
            return None
        return Answer(answer=value, confidence=confidence, evidence=evidence or None, by=by or None)

    def unknown_answer_key(self, key: Node) -> None:
        message = f"'{shown(key.text)}' is not part of an answer"
        self.complain(key, "case-key", message, did_you_mean(key.text, ANSWER_KEYS))

    def confidence(self, mapping: Node) -> Confidence | None:
        node = mapping.get("confidence")
        if node is None or node.is_null:
            return None
        return cast(Confidence | None, self.one_of(node, "confidence", "a confidence", CONFIDENCES))

    def value(self, question: Question, node: Node) -> str | None:
        """The answer that a scalar gives, None after a complaint."""
        if node.is_null:
            message = f"the answer to '{question.id}' is empty"
            self.complain(node, "case-answer", message, "write 'unknown' or remove the line")
            return None
        if question.kind == "graded" and node.kind == "scalar" and node.text.lower() in _BOOLEANS:
            return _BOOLEANS[node.text.lower()]
        return self.one_of(node, "answer", f"an answer to '{question.id}'", allowed_values(question))

    def one_of(self, node: Node, code: str, what: str, allowed: Collection[str]) -> str | None:
        if node.kind == "scalar" and node.text in allowed:
            return node.text
        said = f"'{shown(node.text)}'" if node.kind == "scalar" else f"a {_KINDS[node.kind]}"
        near = nearest(node.text, allowed) if node.kind == "scalar" else None
        message = f"{said} is not {what}; allowed: {', '.join(allowed)}"
        self.complain(node, f"case-{code}", message, f"did you mean '{near}'?" if near else "")
        return None


_KINDS = {"scalar": "text", "mapping": "mapping", "sequence": "list"}
