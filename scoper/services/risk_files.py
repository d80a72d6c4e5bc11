"""Risk files: a way for a technique to fail, when it applies, how to notice it, what to do about it.

One file is one risk; its id is its file name. All faults of all files are reported at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scoper.domain.decision import TECHNIQUES
from scoper.domain.questionnaire import Case, Question
from scoper.errors import InputError, did_you_mean
from scoper.services.rule_files import RULE_BASES, Reader
from scoper.services.strict_yaml import Node, parse, read_text

_TEXTS = ("title", "trigger", "detection", "mitigation", "owner", "source")


@dataclass(frozen=True)
class When:
    """A condition on a case: for every signal named, its answer is one of the values; unknown is a value."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def holds(self, case: Case) -> bool:
        """Whether `case` meets the condition; the empty condition always holds."""
        return all(case.value_of(signal) in allowed for signal, allowed in self.values.items())


@dataclass(frozen=True)
class Risk:
    """A way for a technique to fail, how to notice it and what to do about it."""

    id: str
    techniques: tuple[str, ...]
    when: When
    title: str
    trigger: str
    detection: str
    mitigation: str
    owner: str
    source: str


def read_risks(files: Sequence[tuple[Path, str]], questions: Mapping[str, Question] | None) -> tuple[Risk, ...]:
    """The risks in `files` (path and the name to show), in their order.

    Raises InputError with every fault; signals and values of conditions are checked when `questions` is given.
    """
    reader, risks = Reader(), []
    for path, shown in files:
        reader.source = shown
        try:
            risks.append(_risk(reader, parse(read_text(path), shown), path.stem, questions))
        except InputError as error:
            reader.problems += error.problems
    if reader.problems:
        raise InputError(reader.problems)
    return tuple(risks)


def _risk(reader: Reader, root: Node, stem: str, questions: Mapping[str, Question] | None) -> Risk:
    entry = reader.mapping(root, ("id", "applies_to", *_TEXTS, "basis"), ("when",))
    reader.choice(entry.get("basis"), RULE_BASES)
    return Risk(
        id=reader.same_id(entry.get("id"), stem),
        techniques=reader.words(entry.get("applies_to"), TECHNIQUES),
        when=_when(reader, entry.get("when"), questions),
        **{key: reader.text(entry.get(key)) for key in _TEXTS},
    )


def _when(reader: Reader, node: Node | None, questions: Mapping[str, Question] | None) -> When:
    if node is None:
        return When()
    if node.kind != "mapping":
        reader.fault(node, "expected a mapping of signals to lists of answers")
        return When()
    values = {}
    for key, listed in node.items:
        if questions is not None and key.text not in questions:
            reader.fault(key, f"there is no question '{key.text}'", did_you_mean(key.text, questions))
            continue
        values[key.text] = reader.words(listed, questions[key.text].values if questions else None)
    return When(values)
