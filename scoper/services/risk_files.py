"""Risk files: a way for a technique to fail, when it applies, how to notice it, what to do about it.

One file is one risk; its id is its file name. A condition may name signals, follow-up questions, and the rung of LLM
orchestration. All faults of all files are reported at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scoper.domain.decision import TECHNIQUES
from scoper.domain.questionnaire import Case, Question
from scoper.errors import InputError, did_you_mean
from scoper.services.follow_ups import follow_ups_of
from scoper.services.rule_files import RULE_BASES, Reader
from scoper.services.strict_yaml import Node, parse, read_text

RUNGS = ("plain_code", "single_call", "call_with_tools", "workflow", "single_agent", "several_agents")
"""The rungs of LLM orchestration by number, as conditions name them."""

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
    """A way for a technique to fail, how to notice it and what to do about it.

    `catalogue` is its place in a published list of failures, such as "MAST FM-1.3", if it is in one.
    """

    id: str
    techniques: tuple[str, ...]
    when: When
    title: str
    trigger: str
    detection: str
    mitigation: str
    owner: str
    source: str
    catalogue: str = ""


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
    entry = reader.mapping(root, ("id", "applies_to", *_TEXTS, "basis"), ("when", "catalogue"))
    reader.choice(entry.get("basis"), RULE_BASES)
    return Risk(
        id=reader.same_id(entry.get("id"), stem),
        techniques=reader.words(entry.get("applies_to"), TECHNIQUES),
        when=_when(reader, entry.get("when"), None if questions is None else _facts(questions)),
        catalogue=reader.text(entry.get("catalogue")),
        **{key: reader.text(entry.get(key)) for key in _TEXTS},
    )


def _facts(questions: Mapping[str, Question]) -> dict[str, tuple[str, ...]]:
    """What a condition may name, with the values, unknown among them."""
    asked = {**questions, **follow_ups_of(questions)}
    return {name: question.values for name, question in asked.items()} | {"rung": RUNGS}


def _when(reader: Reader, node: Node | None, facts: Mapping[str, tuple[str, ...]] | None) -> When:
    if node is None:
        return When()
    if node.kind != "mapping":
        reader.fault(node, "expected a mapping of signals to lists of answers")
        return When()
    values = {}
    for key, listed in node.items:
        if facts is not None and key.text not in facts:
            reader.fault(key, f"there is no question '{key.text}'", did_you_mean(key.text, facts))
            continue
        values[key.text] = reader.words(listed, facts[key.text] if facts else None)
    return When(values)
