"""Reading a rule pack's files into values, with every problem of every file at once.

One file is one question, one table head or one rule; its id is its file name. What the rules say together (gaps, dead
rules) is checked in `scoper.reasoning`, not here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import get_args

from scoper.domain.decision import FAMILIES, TECHNIQUES, UNDECIDED, Basis
from scoper.domain.questionnaire import CONFIDENCES, GRADED_VALUES, UNKNOWN, Question
from scoper.domain.text import one_line
from scoper.errors import Problem, did_you_mean
from scoper.reasoning.flips import Lever
from scoper.reasoning.pack import HIT_POLICIES, ArticleCell, Rule, Table, TableKind, VocabularyTrap
from scoper.services.strict_yaml import Node, to_python

RULE_BASES = ("stated", "inferred", "reconstructed", "cited")
_QUESTION_KEYS = ("id", "order", "section", "kind", "text", "why", "example", "counter_example", "meanings", "source")
_QUESTION_OPTIONAL = ("row", "effort", "find_out")
_TABLE_KEYS = ("id", "kind", "hit_policy", "inputs", "outputs", "because")
_RULE_KEYS = ("id", "order", "when", "then", "because", "source", "basis")
_CELL_KEYS = ("row", "signal", "technique", "mark", "basis", "reason", "rules")
_MARKS = ("needs", "favours", "excludes", "redirects", "soft", "silent")
EFFORTS = ("minutes", "days", "weeks")
assert Basis


@dataclass
class Reader:
    """Collects problems while one file after another is read; `source` is the file at hand.

    `unread` are the ids of files with faults: what names them is not at fault.
    """

    source: str = ""
    problems: list[Problem] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)

    def fault(self, node: Node, message: str, remedy: str = "") -> None:
        """Note a problem at `node` of the present file."""
        self.problems.append(Problem("rule-file", message, self.source, node.line, node.column, remedy))

    def mapping(self, node: Node, required: Collection[str], optional: Collection[str] = ()) -> dict[str, Node]:
        """The entries of a mapping; faults for what is missing, unknown or not a mapping."""
        if node.kind != "mapping":
            self.fault(node, "expected a mapping", f"keys: {', '.join(required)}")
            return {}
        entries = {key.text: value for key, value in node.items}
        for key, _ in node.items:
            if key.text not in required and key.text not in optional:
                self.fault(key, f"unknown key '{key.text}'", did_you_mean(key.text, [*required, *optional]))
        missing = [key for key in required if key not in entries]
        if missing:
            self.fault(node, f"missing: {', '.join(missing)}")
        return entries

    def text(self, node: Node | None) -> str:
        """The text of a scalar that must not be empty, on one line and without terminal escapes."""
        if node is None:
            return ""
        line = one_line(node.text)
        if node.kind != "scalar" or not line:
            self.fault(node, "expected a text that is not empty")
            return ""
        return line

    def choice(self, node: Node | None, allowed: Collection[str]) -> str:
        """A scalar that must be one of `allowed`."""
        word = self.text(node)
        if node is not None and word and word not in allowed:
            self.fault(node, f"'{word}' is not allowed here", did_you_mean(word, allowed))
        return word

    def words(self, node: Node | None, allowed: Collection[str] | None = None) -> tuple[str, ...]:
        """A list of scalars, each one of `allowed` when given."""
        if node is None:
            return ()
        if node.kind != "sequence":
            self.fault(node, "expected a list")
            return ()
        return tuple(self.text(c) if allowed is None else self.choice(c, allowed) for c in node.children)

    def number(self, node: Node | None) -> int:
        """A whole number of at least 0."""
        if node is None:
            return 0
        value = to_python(node)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            self.fault(node, f"expected a whole number, not '{node.text}'")
            return 0
        return value

    def known(self, key: Node, names: Collection[str], what: str) -> bool:
        """Whether a key is one of some names; a fault where it is not the id of a file with faults either."""
        if key.text in names:
            return True
        if key.text not in self.unread:
            self.fault(key, f"unknown {what} '{key.text}'", did_you_mean(key.text, names))
        return False

    def same_id(self, node: Node | None, stem: str) -> str:
        """The id, which must equal the file's name."""
        word = self.text(node)
        if node is not None and word != stem:
            self.fault(node, f"the id '{word}' must equal the file's name '{stem}'")
        return word


def read_question(reader: Reader, root: Node, stem: str) -> tuple[int, Question] | None:
    """Order and question of one file, or None when it has faults."""
    before = len(reader.problems)
    entry = reader.mapping(root, _QUESTION_KEYS, _QUESTION_OPTIONAL)
    meanings = entry.get("meanings")
    pairs = {key.text: reader.text(value) for key, value in meanings.items} if meanings else {}
    kind = reader.choice(entry.get("kind"), ("graded", "choice"))
    if meanings is not None and kind == "graded" and set(pairs) != set(GRADED_VALUES):
        reader.fault(meanings, f"a graded question explains exactly {', '.join(GRADED_VALUES)}")
    if meanings is not None and UNKNOWN not in pairs:
        reader.fault(meanings, "the value 'unknown' must be explained too")
    texts = {
        key: reader.text(entry.get(key)) for key in ("section", "text", "why", "example", "counter_example", "source")
    }
    identifier = reader.same_id(entry.get("id"), stem)
    order, row = reader.number(entry.get("order")), reader.number(entry.get("row")) or None
    effort = reader.choice(entry.get("effort"), EFFORTS) or "minutes"
    find_out = reader.text(entry.get("find_out"))
    if len(reader.problems) > before:
        return None
    texts |= {"id": identifier, "kind": kind, "effort": effort, "find_out": find_out}
    return order, Question.model_validate({**texts, "meanings": pairs, "row": row, "order": order})


def read_table(reader: Reader, root: Node, stem: str) -> Table | None:
    """A table without rules, or None when it has faults."""
    before = len(reader.problems)
    entry = reader.mapping(root, _TABLE_KEYS, ("default",))
    table = {
        "id": reader.same_id(entry.get("id"), stem),
        "kind": reader.choice(entry.get("kind"), get_args(TableKind)),
        "hit_policy": reader.choice(entry.get("hit_policy"), HIT_POLICIES),
        "inputs": reader.words(entry.get("inputs")),
        "outputs": reader.words(entry.get("outputs")),
        "default": reader.text(entry.get("default")),
        "because": reader.text(entry.get("because")),
    }
    if table["kind"] in ("facet", "family") and "default" not in entry:
        reader.fault(root, f"a table of kind {table['kind']} needs a default", "add 'default: VALUE'")
    if table["hit_policy"] != "collect" and "default" in entry and table["default"] not in table["outputs"]:
        reader.fault(
            entry["default"],
            f"'{table['default']}' is not an output",
            did_you_mean(str(table["default"]), table["outputs"]),
        )
    if len(reader.problems) > before:
        return None
    return Table(**table, rules=())  # type: ignore[arg-type]


def read_rule(
    reader: Reader, root: Node, stem: str, table: Table, vocabulary: Mapping[str, Collection[str]]
) -> Rule | None:
    """A rule of `table`; `vocabulary` gives the allowed values of every input that its conditions may name."""
    before = len(reader.problems)
    entry = reader.mapping(root, _RULE_KEYS, ("advice",))
    when: dict[str, frozenset[str]] = {}
    node = entry.get("when")
    if node is not None and node.kind != "mapping":
        reader.fault(node, "expected a mapping from inputs to lists of values")
    for key, value in node.items if node is not None else ():
        if reader.known(key, vocabulary, "input"):
            when[key.text] = frozenset(reader.words(value, vocabulary[key.text]))
    rule = Rule(
        id=reader.same_id(entry.get("id"), stem),
        table=table.id,
        order=reader.number(entry.get("order")),
        when=when,
        then=reader.choice(entry.get("then"), table.outputs),
        because=reader.text(entry.get("because")),
        source=reader.text(entry.get("source")),
        basis=reader.choice(entry.get("basis"), RULE_BASES),
        advice=reader.text(entry.get("advice")),
    )
    return rule if len(reader.problems) == before else None


def read_cells(
    reader: Reader, root: Node, signals: Collection[str], rule_ids: Collection[str]
) -> tuple[ArticleCell, ...]:
    """The article's table, cell by cell."""
    entry = reader.mapping(root, ("source", "cells"))
    node = entry.get("cells")
    cells = []
    for child in node.children if node is not None else ():
        cell = reader.mapping(child, _CELL_KEYS)
        cells.append(
            ArticleCell(
                row=reader.number(cell.get("row")),
                signal=reader.choice(cell.get("signal"), {*signals, *reader.unread}),
                technique=reader.choice(cell.get("technique"), TECHNIQUES),
                mark=reader.choice(cell.get("mark"), _MARKS),  # type: ignore[arg-type]
                basis=reader.choice(cell.get("basis"), RULE_BASES),
                reason=reader.text(cell.get("reason")),
                rules=reader.words(cell.get("rules"), {*rule_ids, *reader.unread}),
            )
        )
    return tuple(cells)


def read_prior(
    reader: Reader, root: Node, questions: Mapping[str, Question]
) -> tuple[dict[str, dict[str, float]], str]:
    """Prior per signal (normalised) and its source; uniform over the substantive values where nothing is said."""
    entry = reader.mapping(root, ("source", "default", "signals"), ("confidence",))
    default = _weights(reader, entry.get("default"), GRADED_VALUES)
    listed = entry.get("signals")
    own = {}
    for key, value in listed.items if listed is not None else ():
        if reader.known(key, questions, "signal"):
            own[key.text] = _weights(reader, value, questions[key.text].values)
    prior = {}
    for signal, question in questions.items():
        substantive = {value: 1.0 for value in question.values if value not in (UNKNOWN, "not_applicable")}
        weights = own.get(signal) or (default if question.kind == "graded" else substantive)
        total = sum(weights.values()) or 1.0
        prior[signal] = {value: weight / total for value, weight in weights.items()}
    return prior, reader.text(entry.get("source"))


def read_reliability(reader: Reader, root: Node) -> dict[str, float]:
    """The probability that an answer of a stated confidence stands, by confidence."""
    found = {}
    node = root.get("confidence") if root.kind == "mapping" else None
    for key, value in node.items if node is not None else ():
        share = to_python(value)
        if key.text not in CONFIDENCES:
            reader.fault(key, f"unknown confidence '{key.text}'", did_you_mean(key.text, CONFIDENCES))
        elif not isinstance(share, int | float) or isinstance(share, bool) or not 0.0 <= share <= 1.0:
            reader.fault(value, f"expected a probability, not '{value.text}'")
        else:
            found[key.text] = float(share)
    return found


def read_vocabulary(reader: Reader, root: Node, questions: Mapping[str, Question]) -> tuple[VocabularyTrap, ...]:
    """Words that sound like a technique, with the note they raise unless an answer bears them out."""
    node = reader.mapping(root, ("source", "traps")).get("traps")
    traps = []
    for child in node.children if node is not None else ():
        entry = reader.mapping(child, ("words", "unless", "note"))
        unless = entry.get("unless")
        facts = {}
        for key, value in unless.items if unless is not None else ():
            if reader.known(key, questions, "signal"):
                facts[key.text] = frozenset(reader.words(value, questions[key.text].values))
        traps.append(VocabularyTrap(reader.words(entry.get("words")), facts, reader.text(entry.get("note"))))
    return tuple(traps)


def read_levers(reader: Reader, root: Node, questions: Mapping[str, Question]) -> dict[str, Lever]:
    """What a team can change, by signal."""
    node = reader.mapping(root, ("source", "levers")).get("levers")
    levers = {}
    for key, value in node.items if node is not None else ():
        if not reader.known(key, questions, "signal"):
            continue
        entry = reader.mapping(value, ("to", "effort", "how"))
        to = reader.words(entry.get("to"), questions[key.text].values)
        levers[key.text] = Lever(
            frozenset(to), reader.choice(entry.get("effort"), EFFORTS), reader.text(entry.get("how"))
        )
    return levers


def _weights(reader: Reader, node: Node | None, allowed: Collection[str]) -> dict[str, float]:
    weights: dict[str, float] = {}
    for key, value in node.items if node is not None and node.kind == "mapping" else ():
        weight = to_python(value)
        if key.text not in allowed or key.text == UNKNOWN:
            reader.fault(key, f"'{key.text}' is not a value of this signal", did_you_mean(key.text, allowed))
        elif not isinstance(weight, int | float) or isinstance(weight, bool) or not 0 <= weight < 1e9:
            reader.fault(value, f"expected a weight of at least 0, not '{value.text}'")
        else:
            weights[key.text] = float(weight)
    return weights


def condition_vocabulary(
    table: Table, facets: Mapping[str, Table], questions: Mapping[str, Question]
) -> dict[str, tuple[str, ...]]:
    """The inputs a rule of `table` may name, with their values."""
    signals = {signal: tuple(v for v in q.values if v != UNKNOWN) for signal, q in questions.items()}
    words: dict[str, tuple[str, ...]] = {}
    for name in table.inputs:
        if name == "technique":
            words[name] = (*TECHNIQUES, UNDECIDED)
        elif name == "signals":
            words |= signals
        elif name in facets:
            words[name] = facets[name].outputs
        elif name in signals:
            words[name] = signals[name]
    return words


def allowed_outputs(table: Table) -> Collection[str] | None:
    """What a table of this kind may conclude, or None when it may name its own values."""
    fixed = {
        "technique": (*TECHNIQUES, UNDECIDED),
        "family": FAMILIES,
        "surrounding": TECHNIQUES,
        "readiness": ("no", "not_yet", "go_if"),
        "conflict": ("contradiction", "precedence"),
    }
    return fixed.get(table.kind)
