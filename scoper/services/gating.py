"""A case held against a gate file: every demand looked at, each told with what was wanted and what is there.

A gate decides nothing new: it compares what the verdict, the answers, the probe and the calendar say with what somebody
wrote down beforehand. What day it is comes from the caller.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scoper.domain.gate import Gate
from scoper.domain.text import one_line, shown
from scoper.errors import InputError, Problem, did_you_mean
from scoper.services.case_format import allowed_values
from scoper.services.gating_demands import Demand, answer_demands, verdict_demands
from scoper.services.gating_probe import probe_demands
from scoper.services.gating_review import review_demands
from scoper.services.library import Library
from scoper.services.placed_values import key_of, place_of, read_value
from scoper.services.scoping import assess
from scoper.services.scopings import Scoping
from scoper.services.strict_yaml import Node, parse, read_text

_WHOM = ("one_reason", "reasons", "all")
Where = tuple[str, int, int]


@dataclass(frozen=True)
class GateFile:
    """A gate and the tree of its file, for places."""

    path: Path
    gate: Gate
    root: Node


@dataclass(frozen=True)
class Condition:
    """One demand: whether it is met (None: not looked at, as `sentence` says), and the places in gate and case."""

    id: str
    met: bool | None
    wanted: str
    actual: str
    sentence: str
    gate_place: Where
    case_place: Where | None


@dataclass(frozen=True)
class Judgement:
    """One case against one gate."""

    case: str
    title: str
    conditions: tuple[Condition, ...]

    @property
    def failed(self) -> tuple[Condition, ...]:
        """The demands that are not met."""
        return tuple(condition for condition in self.conditions if condition.met is False)

    @property
    def met(self) -> bool:
        """Whether none fails."""
        return not self.failed


def read_gate(path: Path, library: Library) -> GateFile:
    """The gate in a file; raises InputError with every problem: keys, values, questions that there are not."""
    text = read_text(path)
    gate, root = read_value(text, str(path), Gate, "a gate file")
    problems = [*_wrong_answers(gate, root, library, str(path)), *_wrong_questions(gate, root, library, str(path))]
    if problems:
        raise InputError(sorted(problems, key=lambda problem: (problem.line, problem.column)))
    return GateFile(path, gate, root)


def judge(file: GateFile, scoping: Scoping, library: Library, today: str) -> Judgement:
    """The scoping against the gate on the day `today` (YYYY-MM-DD).

    Raises InputError for a scoping without answers (a probe result alone).
    """
    if scoping.case is None:
        message = "this is a probe result alone; a gate is about a case"
        raise InputError(Problem("gate-case", message, scoping.name, remedy="name the case"))
    rules = scoping.library or library
    verdict = assess(scoping.case, rules)
    demands = [
        *verdict_demands(file.gate, verdict, rules.digest),
        *answer_demands(file.gate, scoping.case, verdict),
        *review_demands(file.gate, scoping, rules, today),
        *probe_demands(file.gate, scoping, verdict),
    ]
    places = _answer_places(scoping)
    conditions = tuple(_condition(demand, file, scoping, places) for demand in demands)
    return Judgement(scoping.name, scoping.title, conditions)


def document(judgement: Judgement, file: GateFile) -> dict[str, Any]:
    """What `scoper gate --json` prints for one case."""
    return {
        "format": 1,
        "case": {"file": judgement.case, "title": judgement.title},
        "gate": str(file.path),
        "met": judgement.met,
        "conditions": [
            {
                "id": each.id,
                "met": each.met,
                "wanted": each.wanted,
                "actual": each.actual,
                "sentence": each.sentence,
                "gate_place": _spelled(each.gate_place),
                "case_place": _spelled(each.case_place) if each.case_place else None,
            }
            for each in judgement.conditions
        ],
    }


def annotation(condition: Condition, judgement: Judgement) -> str:
    """A failed condition as a workflow annotation; no text in it can begin another command."""
    source, line, column = condition.case_place or (judgement.case, 1, 1)
    place = f"file={_property(source)},line={line},col={column}"
    title = _property(f"scoper gate: {condition.id}")
    return f"::error {place},title={title}::{_message(f'{condition.sentence} ({_spelled(condition.gate_place)})')}"


def _message(text: str) -> str:
    return one_line(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def _spelled(place: Where) -> str:
    source, line, column = place
    return f"{source}:{line}:{column}"


def _condition(demand: Demand, file: GateFile, scoping: Scoping, places: Mapping[str, Node]) -> Condition:
    parent = place_of(file.root, demand.path[:-1])
    node = key_of(parent, demand.path[-1]) or parent
    answer = next((places[signal] for signal in demand.signals if signal in places), None)
    return Condition(
        ".".join(demand.path),
        demand.met,
        demand.wanted,
        demand.actual,
        demand.sentence,
        (str(file.path), node.line, node.column),
        (scoping.name, answer.line, answer.column) if answer is not None else None,
    )


def _answer_places(scoping: Scoping) -> dict[str, Node]:
    """Where a case file answers which question."""
    if scoping.file is None:
        return {}
    answers = parse(scoping.file.text, scoping.name).get("answers")
    return {key.text: key for key, _ in answers.items} if answers is not None else {}


def _wrong_answers(gate: Gate, root: Node, library: Library, source: str) -> Iterator[Problem]:
    answers = root.get("answers")
    for signal, values in (gate.answers or {}).items():
        key = key_of(answers, signal) if answers is not None else None
        assert key is not None
        if signal not in library.questions:
            yield _unknown(signal, list(library.questions), key, source)
            continue
        allowed = allowed_values(library.questions[signal])
        for number, value in enumerate(values):
            if value not in allowed:
                node = place_of(root, ("answers", signal, number))
                message = f"'{shown(value)}' is not an answer to '{signal}'; allowed: {', '.join(allowed)}"
                near = did_you_mean(value, allowed)
                remedy = near if near.startswith("did") else ""
                yield Problem("gate-answer", message, source, node.line, node.column, remedy)


def _wrong_questions(gate: Gate, root: Node, library: Library, source: str) -> Iterator[Problem]:
    listed: list[tuple[tuple[str, ...], Sequence[str] | str | None]] = [
        (("answered",), gate.answered),
        (("evidence",), gate.evidence),
        (("confidence", "of"), gate.confidence.of if gate.confidence else None),
    ]
    for path, names in listed:
        words = list(library.questions) + ([] if path == ("answered",) else list(_WHOM))
        for number, name in enumerate(names if isinstance(names, tuple) else ()):
            if name not in library.questions:
                yield _unknown(name, words, place_of(root, (*path, number)), source)


def _unknown(name: str, allowed: Sequence[str], node: Node, source: str) -> Problem:
    message = f"there is no question '{shown(name)}'"
    return Problem("gate-question", message, source, node.line, node.column, did_you_mean(name, allowed))
