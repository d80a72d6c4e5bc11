"""Reading the files of methods, rungs, sub-types, capabilities and follow-up questions, with every fault at once.

One file is one of them; its id is its file name. What they mean together is `scoper.reasoning`'s business.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from scoper.domain.approach import FollowUpQuestion
from scoper.domain.decision import FAMILIES, READINESS, TECHNIQUES, UNDECIDED
from scoper.domain.questionnaire import UNKNOWN, Question
from scoper.errors import InputError
from scoper.reasoning.methods import MethodRule, Need
from scoper.reasoning.options import Option
from scoper.reasoning.world import Capability, Line
from scoper.services.rule_files import RULE_BASES, Reader, read_question
from scoper.services.strict_yaml import Node, parse, read_text

Facts = Mapping[str, tuple[str, ...]]
Files = Iterable[tuple[Path, str]]
NOT_YET = "not_yet"
LADDER = "llm_orchestration"
MOST_POINTS = 5
VERDICT_FACTS: Facts = {
    "technique": (*TECHNIQUES, UNDECIDED),
    "readiness": tuple(READINESS),
    "settled": ("yes", "no"),
    "pulls_apart": ("no", "precedence", "contradiction"),
}
"""What a condition may say of the verdict itself."""

T = TypeVar("T")
_OPTION_KEYS = ("id", "order", "name", "summary", "source", "basis")
_OPTION_TEXTS = ("check", "scaffold", "first_week", "kill", "come_back", "climb", "costs")
_METHOD_KEYS = (
    "id",
    "name",
    "techniques",
    "order",
    "summary",
    "needs",
    "prefers",
    "cost",
    "libraries",
    "source",
    "basis",
)
_METHOD_TEXTS = ("in_scoper", "limits")


def read_all(files: Files, read_one: Callable[[Reader, Node, str], T | None]) -> tuple[T, ...]:
    """What `read_one` makes of each file; raises InputError with every fault of every file."""
    reader, found = Reader(), []
    for path, shown in files:
        reader.source = shown
        try:
            value = read_one(reader, parse(read_text(path), shown), path.stem)
        except InputError as error:
            reader.problems += error.problems
            continue
        found += [value] if value is not None else []
    if reader.problems:
        raise InputError(reader.problems)
    return tuple(found)


def read_follow_up(reader: Reader, root: Node, stem: str) -> FollowUpQuestion | None:
    """A follow-up question: a question with the techniques it belongs to under `applies_to`."""
    before = len(reader.problems)
    node = root.get("applies_to") if root.kind == "mapping" else None
    if node is None:
        reader.fault(root, "missing: applies_to", f"a list of {', '.join(TECHNIQUES)}")
    techniques = reader.words(node, TECHNIQUES)
    bare = root._replace(items=tuple(pair for pair in root.items if pair[0].text != "applies_to"))
    read = read_question(reader, bare, stem)
    if read is None or len(reader.problems) > before:
        return None
    return FollowUpQuestion.model_validate({**read[1].model_dump(), "applies_to": techniques})


def facts_of(questions: Mapping[str, Question]) -> dict[str, tuple[str, ...]]:
    """The known values of every question."""
    return {name: tuple(value for value in q.values if value != UNKNOWN) for name, q in questions.items()}


def read_when(reader: Reader, node: Node | None, facts: Facts) -> dict[str, frozenset[str]]:
    """A condition: facts to the lists of values that meet it."""
    when: dict[str, frozenset[str]] = {}
    if node is not None and node.kind != "mapping":
        reader.fault(node, "expected a mapping of facts to lists of values")
        return when
    for key, listed in node.items if node is not None else ():
        if reader.known(key, facts, "fact"):
            when[key.text] = frozenset(reader.words(listed, facts[key.text]))
            if when[key.text] == frozenset(facts[key.text]) or not when[key.text]:
                reader.fault(listed, f"this says nothing about {key.text}", "leave the fact out, or name fewer values")
    return when


def read_lines(reader: Reader, node: Node | None, facts: Facts, *, points: bool = False) -> tuple[Line, ...]:
    """Conditions with what they mean; with `points`, each is a preference of 1 to `MOST_POINTS`."""
    if node is None:
        return ()
    if node.kind != "sequence":
        reader.fault(node, "expected a list")
        return ()
    required = ("when", "because", "points", "source", "basis") if points else ("when", "because")
    lines = []
    for child in node.children:
        entry = reader.mapping(child, required, () if points else ("source", "basis"))
        weight = reader.number(entry.get("points"))
        if points and entry.get("points") is not None and not 1 <= weight <= MOST_POINTS:
            reader.fault(entry["points"], f"expected 1 to {MOST_POINTS} points, not '{entry['points'].text}'")
        lines.append(
            Line(
                when=read_when(reader, entry.get("when"), facts),
                because=reader.text(entry.get("because")),
                source=reader.text(entry.get("source")),
                basis=reader.choice(entry.get("basis"), RULE_BASES),
                points=weight,
            )
        )
    return tuple(lines)


def read_capability(reader: Reader, root: Node, stem: str, facts: Facts) -> Capability | None:
    """One respect in which an environment can afford something."""
    before = len(reader.problems)
    keys = ("id", "order", "question", "levels", "chain", "lines", "default", "source")
    entry = reader.mapping(root, keys)
    levels = entry.get("levels")
    pairs = {key.text: reader.text(value) for key, value in levels.items} if levels is not None else {}
    node = entry.get("lines")
    lines, thens = [], []
    for child in node.children if node is not None else ():
        line = reader.mapping(child, ("when", "then", "because"))
        lines.append(Line(read_when(reader, line.get("when"), facts), reader.text(line.get("because"))))
        thens.append(reader.choice(line.get("then"), pairs))
    capability = Capability(
        id=reader.same_id(entry.get("id"), stem),
        order=reader.number(entry.get("order")),
        question=reader.text(entry.get("question")),
        levels=tuple(pairs),
        meanings=pairs,
        chain=reader.choice(entry.get("chain"), ("yes", "no")) == "yes",
        lines=tuple(lines),
        thens=tuple(thens),
        default=reader.choice(entry.get("default"), pairs),
        source=reader.text(entry.get("source")),
    )
    return capability if len(reader.problems) == before else None


def read_option(reader: Reader, root: Node, stem: str, facts: Facts, *, ladder: bool) -> Option | None:
    """A rung (with its `rung` number) or a sub-type (with the `technique` it belongs to)."""
    before = len(reader.problems)
    place = "rung" if ladder else "technique"
    entry = reader.mapping(root, (*_OPTION_KEYS, place), ("needs_reason", "why", "why_not", *_OPTION_TEXTS))
    option = Option(
        id=reader.same_id(entry.get("id"), stem),
        group=LADDER if ladder else reader.choice(entry.get("technique"), (*TECHNIQUES, NOT_YET)),
        name=reader.text(entry.get("name")),
        summary=reader.text(entry.get("summary")),
        order=reader.number(entry.get("order")),
        source=reader.text(entry.get("source")),
        basis=reader.choice(entry.get("basis"), RULE_BASES),
        level=reader.number(entry.get("rung")) if ladder else 0,
        needs_reason=reader.choice(entry.get("needs_reason"), ("yes", "no")) == "yes",
        why=read_lines(reader, entry.get("why"), facts),
        why_not=read_lines(reader, entry.get("why_not"), facts),
        texts=_texts(reader, entry, _OPTION_TEXTS),
    )
    if option.needs_reason and not option.why:
        reader.fault(root, "it needs a reason and names none under 'why'")
    return option if len(reader.problems) == before else None


def read_method(
    reader: Reader, root: Node, stem: str, facts: Facts, capabilities: Mapping[str, Capability]
) -> MethodRule | None:
    """A method: its needs of the environment, its preferences, its cost and its libraries."""
    before = len(reader.problems)
    entry = reader.mapping(root, _METHOD_KEYS, ("family", *_METHOD_TEXTS))
    cost = reader.mapping(entry["cost"], ("steps", "compute", "effort")) if "cost" in entry else {}
    costs = {key: (reader.text(value),) for key, value in cost.items()}
    method = MethodRule(
        id=reader.same_id(entry.get("id"), stem),
        name=reader.text(entry.get("name")),
        techniques=reader.words(entry.get("techniques"), TECHNIQUES),
        family=reader.choice(entry.get("family"), FAMILIES) or None,
        order=reader.number(entry.get("order")),
        summary=reader.text(entry.get("summary")),
        needs=_needs(reader, entry.get("needs"), capabilities),
        prefers=read_lines(reader, entry.get("prefers"), facts, points=True),
        source=reader.text(entry.get("source")),
        basis=reader.choice(entry.get("basis"), RULE_BASES),
        texts=costs | _texts(reader, entry, ("libraries", *_METHOD_TEXTS)),
    )
    return method if len(reader.problems) == before else None


def _needs(reader: Reader, node: Node | None, capabilities: Mapping[str, Capability]) -> tuple[Need, ...]:
    needs = []
    for key, value in node.items if node is not None else ():
        if not reader.known(key, capabilities, "capability"):
            continue
        capability = capabilities[key.text]
        entry = reader.mapping(value, ("because",), ("at_least", "one_of"))
        because, levels = reader.text(entry.get("because")), _levels(reader, value, entry, capability)
        if levels:
            asked = " or ".join(capability.meanings[level] for level in levels)
            wanted = capability.at_least(levels[0]) if "at_least" in entry else frozenset(levels)
            needs.append(Need(key.text, wanted, asked, because, capability.meanings))
    return tuple(needs)


def _levels(reader: Reader, node: Node, entry: Mapping[str, Node], capability: Capability) -> tuple[str, ...]:
    """The levels that a need names: one under `at_least`, or some under `one_of`."""
    if ("at_least" in entry) == ("one_of" in entry):
        reader.fault(node, "expected either 'at_least' or 'one_of'")
        return ()
    if "one_of" in entry:
        return tuple(level for level in reader.words(entry["one_of"], capability.levels) if level in capability.levels)
    level = reader.choice(entry["at_least"], capability.levels)
    if not capability.chain:
        reader.fault(entry["at_least"], f"the levels of {capability.id} do not build on each other", "use 'one_of'")
    return (level,) if capability.chain and level in capability.levels else ()


def _texts(reader: Reader, entry: Mapping[str, Node], keys: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Texts by key, each one text or a list of them."""
    found = {}
    for key in keys:
        node = entry.get(key)
        if node is not None:
            found[key] = reader.words(node) if node.kind == "sequence" else (reader.text(node),)
    return found
