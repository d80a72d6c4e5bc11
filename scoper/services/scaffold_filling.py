"""A case's words and answers put into the fixed files of a scaffold; what is put in is never read again.

Markdown gets them through `md`; other files only within a comment on one line.
"""

from __future__ import annotations

import json
import re

from scoper.domain.decision import Verdict
from scoper.domain.questionnaire import UNKNOWN, Case
from scoper.domain.text import one_line
from scoper.services.follow_ups import follow_ups_of
from scoper.services.library import Library
from scoper.services.markdown import md

_MARK = re.compile(r"@(TITLE|NAME|ANSWER:[a-z_]+)@")
_ANSWER = "ANSWER:"
_ASKED = re.compile(r"@ANSWER:([a-z_]+)@")


def page(text: str, case: Case, verdict: Verdict, library: Library, **parts: str) -> str:
    """A Markdown page with `@@TITLE@@`, `@@SUMMARY@@`, `@@ANSWERS@@`, `@@CONDITIONS@@` and `@@ANSWER:signal@@` put in.

    `parts` are further names with their Markdown. Raises KeyError for a name that is none of these.
    """
    conditions = [f"- {md(condition)}" for condition in verdict.conditions] or ["- none"]
    values = {
        "TITLE": str(md(case.title)),
        "SUMMARY": str(md(case.summary)) if case.summary.strip() else "",
        "ANSWERS": "\n".join(answers(case, library)),
        "CONDITIONS": "\n".join(conditions),
        **parts,
    }
    pieces = _without_unasked(text, case, verdict, library).split("@@")
    found = [_in_page(piece, values, case) if odd % 2 else piece for odd, piece in enumerate(pieces)]
    return "".join(found)


def _in_page(name: str, values: dict[str, str], case: Case) -> str:
    return str(md(answered(case, name.removeprefix(_ANSWER)))) if name.startswith(_ANSWER) else values[name]


def commented(text: str, case: Case, verdict: Verdict, library: Library) -> str:
    """A fixed file with `@TITLE@` and `@ANSWER:signal@`, which stand in comments of one line, put in.

    `@NAME@` is the title as a JSON string, which YAML reads as the same text.
    """

    def put(match: re.Match[str]) -> str:
        name = match[1]
        if name == "NAME":
            return json.dumps(comment(case.title))
        return comment(case.title if name == "TITLE" else answered(case, name.removeprefix(_ANSWER)))

    return _MARK.sub(put, _without_unasked(text, case, verdict, library))


def _without_unasked(text: str, case: Case, verdict: Verdict, library: Library) -> str:
    """The text without lines about an open question that is never asked for this technique."""

    def stays(line: str) -> bool:
        open_ones = [signal for signal in _ASKED.findall(line) if case.value_of(signal) == UNKNOWN]
        return all(_is_asked(signal, verdict, library) for signal in open_ones)

    return "".join(line for line in text.splitlines(keepends=True) if stays(line))


def _is_asked(signal: str, verdict: Verdict, library: Library) -> bool:
    question = follow_ups_of(library.questions).get(signal)
    return question is None or verdict.technique in question.applies_to


def answered(case: Case, signal: str) -> str:
    """What the case says of a question, with its evidence; that it is open where it says nothing."""
    value = case.value_of(signal)
    if value == UNKNOWN:
        return f"open: answer {signal} in the case"
    evidence = next((a.evidence for a in case.answers.get(signal, ()) if a.evidence and a.answer == value), None)
    said = value.replace("_", " ")
    return f"{said} - {one_line(evidence)}" if evidence else said


def answers(case: Case, library: Library) -> list[str]:
    """Markdown lines: what was answered with evidence, and how many answers have none."""
    lines, bare = [], 0
    for signal, value in case.facts().items():
        evidence = next((a.evidence for a in case.answers[signal] if a.evidence and a.answer == value), None)
        question = library.questions.get(signal)
        if evidence is None or question is None:
            bare += 1
            continue
        lines.append(f"- {md(question.text)} **{md(value.replace('_', ' '))}** - {md(evidence)}")
    if not lines:
        return [f"- none yet: {bare} answers stand in the case without evidence"] if bare else ["- nothing yet"]
    return [*lines, f"- {bare} more answers have no evidence"] if bare else lines


def comment(text: str) -> str:
    """User text that cannot leave a comment of one line."""
    return "".join(c for c in one_line(text) if c.isprintable())
