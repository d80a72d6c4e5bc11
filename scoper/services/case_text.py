"""How scoper writes a case file: scalars that read back equal, answers short or long, a new file with its comments.

Text in, text out; editing an existing file is `scoper.services.case_edit`.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence

from scoper.domain.questionnaire import CASE_FORMAT, Answer

_WIDTH = 100
_PLAIN = re.compile(r"[^\W\d_][\w ./()%+-]*(?<! )")
# Words that some reader of YAML takes for something else than text.
_RESERVED = {"yes", "no", "on", "off", "y", "n", "true", "false", "null", "none", "nan", "inf"}
_NOT_PRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")

_HEADER = """\
# yaml-language-server: $schema=.scoper/case.schema.json
# A problem and what is known about it, for scoper. Edit it here or with `scoper ask`; both keep your comments.
"""
_ANSWERS_COMMENT = """\
# One line per question, such as    cheap_simulation: partly
# or with what the answer rests on  cheap_simulation: {answer: partly, confidence: low, evidence: "...", by: Ana}
# yes | partly | no | unknown | not_applicable, or the values of a choice. What is missing counts as unknown.
"""


def scalar(text: str) -> str:
    """`text` as a one-line YAML scalar that reads back as the same text, in block and in flow."""
    if len(text) <= _WIDTH and _PLAIN.fullmatch(text) and text.lower() not in _RESERVED:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _NOT_PRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)


def fields(answer: Answer) -> dict[str, str]:
    """The written parts of an answer: key to YAML scalar, in the order of the file, absent ones left out."""
    written = {"answer": answer.answer}
    if answer.confidence:
        written["confidence"] = answer.confidence
    if answer.evidence:
        written["evidence"] = scalar(answer.evidence)
    if answer.by:
        written["by"] = scalar(answer.by)
    return written


def flow(answer: Answer, *, short: bool = True) -> str:
    """One answer on one line: `yes`, or `{answer: yes, by: Ana}`."""
    written = fields(answer)
    if short and len(written) == 1:
        return answer.answer
    return "{" + ", ".join(f"{key}: {value}" for key, value in written.items()) + "}"


def flow_value(answers: Sequence[Answer]) -> str:
    """All answers to one question on one line."""
    if len(answers) == 1:
        return flow(answers[0])
    return "[" + ", ".join(flow(answer, short=False) for answer in answers) + "]"


def item_lines(answer: Answer, indent: int) -> list[str]:
    """One answer as an item of a block list."""
    lines = [f"{key}: {value}" for key, value in fields(answer).items()]
    pad = " " * indent
    return [f"{pad}- {lines[0]}", *(f"{pad}  {line}" for line in lines[1:])]


def value_lines(answers: Sequence[Answer], indent: int) -> list[str]:
    """The lines below `question:`, for answers that are not a single short one."""
    if len(answers) == 1:
        return [f"{' ' * indent}{key}: {value}" for key, value in fields(answers[0]).items()]
    return [line for answer in answers for line in item_lines(answer, indent)]


def entry_lines(signal: str, answers: Sequence[Answer], indent: int, step: int = 2) -> list[str]:
    """The lines of one question with its answers."""
    pad = " " * indent
    if len(answers) == 1 and len(fields(answers[0])) == 1:
        return [f"{pad}{signal}: {answers[0].answer}"]
    return [f"{pad}{signal}:", *value_lines(answers, indent + step)]


def block_lines(answers: Mapping[str, Sequence[Answer]]) -> list[str]:
    """The whole `answers` block."""
    if not answers:
        return ["answers: {}"]
    return ["answers:", *(line for signal, given in answers.items() for line in entry_lines(signal, given, 2))]


def new_case(title: str, summary: str, domain: str | None) -> Iterator[str]:
    """Texts of a new case file, the most readable first; the last one always reads back equal."""
    for written in (_folded(summary), scalar(summary)):
        lines = [f"scoper: {CASE_FORMAT}", f"title: {scalar(title)}"]
        lines += [f"summary: {written}"] if summary else []
        lines += [f"domain: {scalar(domain)}"] if domain else []
        yield _HEADER + "\n".join(lines) + "\n\n" + _ANSWERS_COMMENT + "answers: {}\n"


def _folded(text: str) -> str:
    """A paragraph over several lines, when it is longer than one."""
    if len(text) <= _WIDTH:
        return scalar(text)
    return ">-\n" + textwrap.indent(textwrap.fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False), "  ")
