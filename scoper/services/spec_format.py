"""Reading the nodes of a spec file into values while collecting every problem at its place.

A `Sheet` never raises for one bad value: it notes the problem, answers None and reading goes on. An unquoted TODO is
a place that its owner still has to fill in; the comment behind it is repeated in the message.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scoper.domain.mdp import Table
from scoper.errors import Problem, did_you_mean, nearest
from scoper.modelling.expressions import RESERVED, UNFILLED, ExpressionError, Fault, parse_expression
from scoper.modelling.habits import as_number
from scoper.modelling.model import AFTER
from scoper.services.strict_yaml import Node, to_python

MAX_TEXT = 100_000
"""As many characters as all expressions of a spec may have together."""
MAX_PROBLEMS, MAX_MESSAGE = 200, 500
MAX_PARTS = 100
"""As many variables, reward terms, invariants, policies and so on as a spec may have of each."""
FARTHEST = 1e15
"""The largest amount that a variable or draw may be: whole numbers are exact up to here, products do not overflow."""
_PLACEHOLDER = re.compile(rf"{UNFILLED}$|{UNFILLED}\w|\w{UNFILLED}")
"""A place to fill in, also where somebody typed right in front of the mark or behind it."""
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")


@dataclass(frozen=True)
class Vocabulary:
    """What expressions of a spec may mention: all names by group, words with their codes, and tables."""

    state: tuple[str, ...]
    actions: tuple[str, ...]
    exogenous: tuple[str, ...]
    reward: tuple[str, ...]
    words: Mapping[str, float] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)

    @property
    def before(self) -> list[str]:
        """What is known when the step is made."""
        return [*self.state, *self.actions, *self.exogenous]

    @property
    def after(self) -> list[str]:
        """The same and the state after the step."""
        return [*self.before, *(AFTER + name for name in self.state)]


class Sheet:
    """The problems of one file, and typed readers that add to them. `places` collects where every expression stands.

    `folder` holds the files that the spec may name, None being none; an `outline` is read without them. `crowded`:
    there are too many parts of a kind, of which nothing more is said.
    """

    def __init__(self, text: str, source: str, folder: Path | None = None, *, outline: bool = False) -> None:
        self._lines = text.splitlines()
        self._source = source
        self._problems: list[Problem] = []
        self.folder, self.outline = folder, outline
        self.places: dict[str, tuple[int, int]] = {}
        self.cautions: list[Problem] = []
        self.crowded = False
        self._read = 0

    @property
    def problems(self) -> list[Problem]:
        """All problems so far in file order, each place and message once; of very many the first."""
        distinct = dict.fromkeys(self._problems)
        return sorted(distinct, key=lambda problem: (problem.line, problem.column))[: 2 * MAX_PROBLEMS]

    def add(
        self, code: str, message: str, node: Node | None = None, remedy: str = "", column: int | None = None
    ) -> None:
        """Note a problem at `node`, or at the whole file."""
        line, start = (node.line, node.column) if node else (0, 0)
        self._problems.append(Problem(code, _plain(message), self._source, line, column or start, _plain(remedy)))

    def include(self, problems: Sequence[Problem]) -> None:
        """Note problems of another file."""
        self._problems.extend(problems)

    def caution(self, message: str, node: Node, remedy: str = "", column: int | None = None) -> None:
        """Note what looks unintended and is not wrong."""
        self.cautions.append(
            Problem("spec-caution", _plain(message), self._source, node.line, column or node.column, remedy)
        )

    def unfilled(self, node: Node, path: str, expected: str, column: int | None = None) -> None:
        """Note that `path` is still to be filled in."""
        line = self._lines[node.line - 1] if node.line <= len(self._lines) else ""
        comment = line[node.end_column - 1 :].partition("#")[2].strip() if node.line == node.end_line else ""
        hint = f": {comment}" if comment else ""
        self.add("spec-unfilled", f"{path} is still to be filled in{hint}", node, f"write {expected}", column)

    def is_todo(self, node: Node, path: str, expected: str) -> bool:
        """Whether `node` is a placeholder; notes it if so."""
        if node.kind == "scalar" and _PLACEHOLDER.search(node.text.strip()):
            self.unfilled(node, path, expected)
            return True
        return False

    def mapping(self, node: Node, path: str, expected: str = "a mapping") -> dict[str, tuple[Node, Node]]:
        """Key text to key and value node; empty, with a problem noted, when `node` is no mapping."""
        if node.kind == "mapping":
            return {key.text: (key, value) for key, value in node.items}
        if not self.is_todo(node, path, expected):
            self.add("spec-type", f"{path} must be {expected}, not {describe(node)}", node)
        return {}

    def few(self, node: Node, path: str, what: str, most: int = MAX_PARTS) -> bool:
        """Whether `node` has at most `most` members; notes it if not."""
        count = len(node.items) + len(node.children)
        if count > most:
            self.crowded = True
            self.add("spec-range", f"{path} has {count:,} {what}, at most {most} are allowed", node)
        return count <= most

    def only(self, entries: Mapping[str, tuple[Node, Node]], allowed: Collection[str], path: str) -> None:
        """Note every key that is not allowed."""
        for key, (node, _) in entries.items():
            if key not in allowed and len(self._problems) < MAX_PROBLEMS:
                self.add("spec-unknown-key", f"unknown key '{key}' in {path}", node, did_you_mean(key, allowed))

    def respelled(
        self, entries: Mapping[str, tuple[Node, Node]], allowed: Collection[str]
    ) -> dict[str, tuple[Node, Node]]:
        """The entries in order, an unknown key being the absent allowed key that it alone is near to.

        Only so that one misspelling is one problem: that the key is unknown stays noted.
        """
        absent = [key for key in allowed if key not in entries]
        meant = {key: nearest(key, allowed) for key in entries if key not in allowed}
        single = {key: word for key, word in meant.items() if word in absent and list(meant.values()).count(word) == 1}
        return {single.get(key) or key: value for key, value in entries.items()}

    def require(
        self, entries: Mapping[str, tuple[Node, Node]], needed: Sequence[str], path: str, at: Node | None
    ) -> None:
        """Note every needed key that is missing."""
        for key in needed:
            if key not in entries:
                self.add("spec-missing-key", f"{path} lacks '{key}'", at, f"add a line '{key}: ...'")

    def text(self, node: Node, path: str) -> str | None:
        """A scalar's text; empty texts and other kinds are problems."""
        if node.kind != "scalar" or node.is_null or not node.text.strip():
            self.add("spec-type", f"{path} must be a text, not {describe(node)}", node)
            return None
        return None if self.is_todo(node, path, "a text") else node.text.strip()

    def number(
        self,
        node: Node,
        path: str,
        *,
        low: float = -math.inf,
        high: float = math.inf,
        expected: str = "a number",
        remedy: str = "",
    ) -> float | None:
        """A finite number within [low, high]; `remedy` is for what is no number at all."""
        if self.is_todo(node, path, expected):
            return None
        value = to_python(node) if node.kind == "scalar" else None
        if isinstance(value, bool) or not isinstance(value, int | float) or not _finite(value):
            meant = as_number(node.text) if node.kind == "scalar" else ""
            self.add("spec-number", f"{path} must be {expected}, not {describe(node)}", node, meant or remedy)
            return None
        if not low <= value <= high:
            bounds = f"within {low:g} and {high:g}" if math.isfinite(high) else f"at least {low:g}"
            self.add("spec-range", f"{path} is {node.text}, but must be {bounds}", node)
            return None
        return float(value)

    def integer(
        self, node: Node, path: str, *, low: float = -FARTHEST, high: float = FARTHEST, expected: str = "a whole number"
    ) -> int | None:
        """A whole number within [low, high]."""
        value = self.number(node, path, expected=expected)
        if value is None:
            return None
        if value != int(value):
            self.add("spec-number", f"{path} must be {expected}, not {describe(node)}", node)
            return None
        if not low <= value <= high:
            least = f"at least {low:g}" if value < low else f"at most {high:g}"
            self.add("spec-range", f"{path} is {node.text}, but must be {least}", node)
            return None
        return int(value)

    def name(self, node: Node, what: str) -> bool:
        """Whether a key can be used as a name in expressions; notes it if not."""
        remedy = "use letters, digits and underscores, not starting with a digit"
        if not NAME.fullmatch(node.text):
            self.add("spec-name", f"'{node.text}' cannot be the name of {what}", node, remedy)
        elif node.text in RESERVED:
            self.add("spec-name", f"'{node.text}' is a word of the expression language", node, "choose another name")
        elif node.text.startswith(AFTER):
            self.add("spec-name", f"'{node.text}' starts with '{AFTER}', which marks the state after the step", node)
        else:
            return True
        return False

    def expression(self, node: Node, path: str, names: Collection[str], known: Vocabulary) -> str | None:
        """The text of an expression over `names` and the words and tables of `known`; faults are noted in place."""
        if self.is_todo(node, path, "a number or an expression"):
            return None
        if node.kind != "scalar" or node.is_null:
            self.add("spec-type", f"{path} must be an expression, not {describe(node)}", node)
            return None
        self.places[path] = (node.line, node.column)
        self._read += len(node.text)
        if self._read > MAX_TEXT:
            message = f"the expressions of the spec have more than {MAX_TEXT:,} characters together"
            self.add("spec-too-long", message, None, "move constants into tables")
        if self._read > MAX_TEXT or len(self._problems) >= MAX_PROBLEMS:
            return None
        try:
            return parse_expression(node.text, names, known.words, known.tables).text
        except ExpressionError as error:
            elsewhere = {*known.after, *known.reward} - set(names)
            for fault in error.faults:
                self._fault(node, path, fault, elsewhere)
        return None

    def column_of(self, node: Node, column: int) -> int | None:
        """The column in the file of a column in the text of `node`; None where that takes several lines."""
        return node.column + int(node.quoted) + column - 1 if node.line == node.end_line else None

    def _fault(self, node: Node, path: str, fault: Fault, elsewhere: Collection[str]) -> None:
        """Note a fault; `elsewhere` are names that other expressions may use."""
        column = self.column_of(node, fault.column)
        if fault.unfilled:
            self.unfilled(node, path, "a number or an expression", column)
        else:
            hidden = fault.unknown in elsewhere or nearest(fault.unknown, elsewhere) if fault.unknown else None
            remedy = fault.remedy
            if hidden and not remedy.startswith("did you mean"):
                name = str(fault.unknown if fault.unknown in elsewhere else hidden)
                where = " (reward, objective and success know where a step leads)" if name.startswith(AFTER) else ""
                remedy = f"'{name}' is not known here{where}; {remedy}"
            self.add("spec-expression", f"{path}: {fault.message}", node, remedy, column)


def read_choice(
    sheet: Sheet, parts: Mapping[str, tuple[Node, Node]], key: str, allowed: tuple[str, ...], path: str = ""
) -> str:
    """One of the allowed words, the first when the key is missing."""
    if key not in parts:
        return allowed[0]
    node = parts[key][1]
    if node.kind != "scalar" or node.text not in allowed:
        words, near = "allowed: " + ", ".join(allowed), nearest(node.text, allowed) if node.kind == "scalar" else None
        words = f"{words}; did you mean '{near}'?" if near else words
        sheet.add("spec-choice", f"{path or f'objective.{key}'} is {describe(node)}", node, words)
        return allowed[0]
    return node.text


def _plain(message: str) -> str:
    """A message on one printable line of bounded length, whatever it quotes."""
    text = message if message.isprintable() else "".join(c if c.isprintable() else "?" for c in message)
    return text if len(text) <= MAX_MESSAGE else text[: MAX_MESSAGE - 3] + "..."


def describe(node: Node) -> str:
    """What stands there, short enough for a message."""
    if node.kind != "scalar":
        return f"a {node.kind}"
    if node.is_null:
        return "nothing"
    return f"'{node.text if len(node.text) <= 40 else node.text[:37] + '...'}'"


def _finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False
