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
from scoper.services.other_files import other_file, read_wanted
from scoper.services.placed_values import key_of, place_of, read_value
from scoper.services.scoping import assess
from scoper.services.scopings import Scoping, parts_of
from scoper.services.strict_yaml import Node, parse

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
    """One demand: whether it is met (None: not looked at, as `sentence` says), and the places in gate and case.

    `part` is the id of the part of a project that it is about, empty for a case.
    """

    id: str
    met: bool | None
    wanted: str
    actual: str
    sentence: str
    gate_place: Where
    case_place: Where | None
    part: str = ""


@dataclass(frozen=True)
class Judgement:
    """One case against one gate; `parts` are the ids of those that were looked at one by one, `file` is the case's."""

    case: str
    title: str
    conditions: tuple[Condition, ...]
    parts: tuple[str, ...] = ()
    file: str = ""

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
    text = read_wanted(path, "gate")
    try:
        gate, root = read_value(text, str(path), Gate, "a gate file")
    except InputError:
        if other := other_file(text, str(path), "gate"):
            raise InputError(other) from None
        raise
    problems = [*_wrong_answers(gate, root, library, str(path)), *_wrong_questions(gate, root, library, str(path))]
    if problems:
        raise InputError(sorted(problems, key=lambda problem: (problem.line, problem.column)))
    return GateFile(path, gate, root)


def judge(file: GateFile, scoping: Scoping, library: Library, today: str) -> Judgement:
    """The scoping against the gate on the day `today` (YYYY-MM-DD).

    Of a project every part has to meet the gate; only what is demanded of dates is looked at once.
    Raises InputError for a scoping without answers (a probe result alone).
    """
    if scoping.case is None:
        message = "this is a probe result alone; a gate is about a case"
        raise InputError(Problem("gate-case", message, scoping.name, remedy="name the case"))
    rules = scoping.library or library
    parts = parts_of(scoping)
    dates = tuple(review_demands(file.gate, scoping, rules, today))
    found: list[Condition] = []
    for name, one in parts or (("", scoping),):
        assert one.case is not None
        verdict = assess(one.case, rules)
        before = [*verdict_demands(file.gate, verdict, rules.digest), *answer_demands(file.gate, one.case, verdict)]
        demands = (*before, *(() if parts else dates), *probe_demands(file.gate, one, verdict))
        places = _answer_places(one)
        found += [_condition(demand, file, one, places, name) for demand in demands]
    if parts:
        found += [_condition(demand, file, scoping, _answer_places(scoping)) for demand in dates]
    place = str(scoping.path) if scoping.file is not None else scoping.name
    return Judgement(scoping.name, scoping.title, tuple(found), tuple(name for name, _ in parts), place)


def document(judgement: Judgement, file: GateFile) -> dict[str, Any]:
    """What `scoper gate --json` prints for one case."""
    return {
        "format": 1,
        "case": {"file": judgement.case, "title": judgement.title},
        "gate": str(file.path),
        "met": judgement.met,
        **({"parts": [_part(judgement, name) for name in judgement.parts]} if judgement.parts else {}),
        "conditions": [
            {
                "id": each.id,
                **({"part": each.part} if each.part else {}),
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


def _part(judgement: Judgement, name: str) -> dict[str, Any]:
    failed = [each.id for each in judgement.failed if each.part == name]
    return {"part": name, "met": not failed, "failed": failed}


def annotation(condition: Condition, judgement: Judgement) -> str:
    """A failed condition as a workflow annotation; no text in it can begin another command."""
    source, line, column = condition.case_place or (judgement.file or judgement.case, 1, 1)
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


def _condition(
    demand: Demand, file: GateFile, scoping: Scoping, places: Mapping[str, Node], part: str = ""
) -> Condition:
    parent = place_of(file.root, demand.path[:-1])
    node = key_of(parent, demand.path[-1]) or parent
    answer = next((places[signal] for signal in demand.signals if signal in places), None)
    return Condition(
        ".".join(demand.path),
        demand.met,
        demand.wanted,
        demand.actual,
        f"{part}: {demand.sentence}" if part else demand.sentence,
        (str(file.path), node.line, node.column),
        (str(scoping.path), answer.line, answer.column) if answer is not None else None,
        part,
    )


def _answer_places(scoping: Scoping) -> dict[str, Node]:
    """Where a case file answers which question; a part's own answers stand for it before the shared ones."""
    if scoping.file is None:
        return {}
    root = parse(scoping.file.text, scoping.name)
    holders: list[Node | None] = [root]
    if scoping.file.part is not None and (parts := root.get("parts")) is not None:
        holders.append(parts.get(scoping.file.part))
    given = [answers for holder in holders if holder is not None and (answers := holder.get("answers")) is not None]
    return {key.text: key for answers in given for key, _ in answers.items}


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
