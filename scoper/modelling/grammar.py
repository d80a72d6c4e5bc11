"""What an expression may be made of: operators, functions, limits - and a sentence on each for the language reference.

The grammar is closed: a node of Python's syntax tree that is not listed here is a fault with its place. Nothing is
evaluated in this module.
"""

from __future__ import annotations

import ast
import keyword
import math
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scoper.errors import did_you_mean
from scoper.modelling.habits import decimal_comma

MAX_LENGTH = 1000
MAX_NODES = 400
MAX_DEPTH = 90
"""Python's own parser, which reads generated environments, stops at 200 brackets; no level needs more than two."""
MAX_EXPONENT = 100.0
UNFILLED = "TODO"
CONSTANTS: Mapping[str, float] = {"true": 1.0, "false": 0.0, "True": 1.0, "False": 0.0}

BINARY: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.FloorDiv: np.floor_divide,
    ast.Mod: np.mod,
    ast.Pow: np.power,
}
COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
}


def fold(operation: Callable[[Any, Any], Any], values: Collection[Any]) -> Any:
    """The values put together two by two from the left."""
    first, *rest = values
    for value in rest:
        first = operation(first, value)
    return first


@dataclass(frozen=True)
class Function:
    """A function of the language: what it computes, how few and how many arguments it takes, and what it gives."""

    compute: Callable[..., Any]
    least: int
    most: int
    meaning: str


FUNCTIONS: Mapping[str, Function] = {
    "min": Function(lambda *values: fold(np.minimum, values), 1, 20, "the smallest of its arguments"),
    "max": Function(lambda *values: fold(np.maximum, values), 1, 20, "the largest of its arguments"),
    "clip": Function(lambda x, low, high: np.minimum(np.maximum(x, low), high), 3, 3, "x held between low and high"),
    "abs": Function(np.abs, 1, 1, "the amount without its sign"),
    "sign": Function(np.sign, 1, 1, "-1, 0 or 1"),
    "exp": Function(np.exp, 1, 1, "e to the power of x"),
    "log": Function(np.log, 1, 1, "the natural logarithm; x must be above 0"),
    "sqrt": Function(np.sqrt, 1, 1, "the square root; x must not be negative"),
    "floor": Function(np.floor, 1, 1, "the next whole number below"),
    "ceil": Function(np.ceil, 1, 1, "the next whole number above"),
    "round": Function(np.round, 1, 1, "the nearest whole number, halves to the even one"),
}
ALLOWED = (
    "allowed: numbers, names, table[key], + - * / // % **, comparisons, and, or, not, x if condition else y, "
    + ", ".join(FUNCTIONS)
)
FOREIGN: Mapping[type[ast.operator], str] = {
    ast.BitXor: "powers are written **",
    ast.BitAnd: "write 'and', with each comparison in brackets",
    ast.BitOr: "write 'or', with each comparison in brackets",
}
"""How operators of Python that the language lacks are meant."""
LATER = frozenset({"sign"})
"""Functions younger than the format: a spec may have a variable of that name."""
RESERVED: frozenset[str] = frozenset({*CONSTANTS, *FUNCTIONS, *keyword.kwlist, UNFILLED}) - LATER
"""Words that cannot name a variable; the grammar is Python's, so its keywords are among them."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong in an expression; `column` counts from 1 within its text.

    `unfilled` marks a placeholder; `unknown` is the name that is unknown, if that is what is wrong.
    """

    message: str
    column: int
    remedy: str = ""
    unfilled: bool = False
    unknown: str = ""


@dataclass(frozen=True)
class Scope:
    """What an expression may refer to: variables, words with their codes, and tables with their number of axes."""

    names: Collection[str]
    words: Mapping[str, float] = field(default_factory=dict)
    axes: Mapping[str, int] = field(default_factory=dict)


def faults_of(node: ast.expr, text: str, scope: Scope) -> Iterator[Fault]:
    """Everything in the tree `node` of `text` that the language does not know, outermost first."""
    column = _column(node, text)
    children: list[ast.expr] = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
    match node:
        case ast.Constant():
            yield from _constant_faults(node, column, scope.words)
        case ast.Name():
            yield from _name_faults(node, column, text, scope)
        case ast.BinOp():
            yield from _operator_faults(node, column, text)
        case ast.UnaryOp() if isinstance(node.op, ast.Invert):
            yield Fault("the operator ~ is not allowed", column, "write 'not'")
        case ast.Compare() if any(type(op) not in COMPARE for op in node.ops):
            yield Fault("'in' and 'is' are not allowed", column, "allowed: <, <=, >, >=, ==, !=")
        case ast.Call():
            yield from _call_faults(node, column, text, scope)
            children = list(node.args)
        case ast.Subscript():
            yield from _lookup_faults(node, column, text, scope)
            children = list(keys_of(node))
        case ast.UnaryOp() | ast.BoolOp() | ast.Compare() | ast.IfExp():
            pass
        case _:
            remedy = decimal_comma(piece(node, text)) if isinstance(node, ast.Tuple) else ALLOWED
            yield Fault(f"'{piece(node, text)}' is not allowed here", column, remedy)
            return
    for child in children:
        yield from faults_of(child, text, scope)


def keys_of(node: ast.Subscript) -> tuple[ast.expr, ...]:
    """What stands between the square brackets of a table."""
    return tuple(node.slice.elts) if isinstance(node.slice, ast.Tuple) else (node.slice,)


def depth_of(tree: ast.expr) -> int:
    """How deep the expression is nested; without recursion, whatever the tree."""
    deepest, level = 0, [tree]
    while level:
        deepest += 1
        level = [c for node in level for c in ast.iter_child_nodes(node) if isinstance(c, ast.expr)]
    return deepest


def piece(node: ast.expr, text: str) -> str:
    """The part of the text that the node was read from, short enough for a message."""
    found = ast.get_source_segment(text, node) or type(node).__name__
    return found if len(found) <= 40 else found[:37] + "..."


def _column(node: ast.expr, text: str) -> int:
    """Python counts bytes of UTF-8, people count characters."""
    if text.isascii():
        return node.col_offset + 1
    return len(text.encode()[: node.col_offset].decode(errors="ignore")) + 1


def _written(node: ast.Name, text: str) -> str:
    """The name as it stands in the text: Python reads compatibility characters as plain letters."""
    return node.id if text.isascii() else ast.get_source_segment(text, node) or node.id


def _constant_faults(node: ast.Constant, column: int, words: Mapping[str, float]) -> Iterator[Fault]:
    value = node.value
    if isinstance(value, str):
        if value not in words:
            remedy = did_you_mean(value, words) if words else ""
            yield Fault(f"'{_quoted(value)}' is not a value of any variable", column, remedy)
    elif not isinstance(value, bool | int | float):
        yield Fault(f"{_quoted(repr(value))} is not a number", column)
    elif (isinstance(value, int) and value.bit_length() > 1000) or not math.isfinite(value):
        yield Fault("the number is too large", column)


def _name_faults(node: ast.Name, column: int, text: str, scope: Scope) -> Iterator[Fault]:
    name = node.id
    written = _written(node, text)
    if name == UNFILLED:
        yield Fault("a number or expression is still to be filled in here", column, unfilled=True)
    elif written != name:
        yield Fault(f"'{written}' is not written as the name it is read as", column, f"write '{name}'")
    elif name in scope.names or name in scope.words or name in CONSTANTS:
        return
    elif name in scope.axes:
        if scope.axes[name]:
            yield Fault(f"'{name}' is a table and needs a key", column, f"write {name}[...]")
    elif name in FUNCTIONS:
        yield Fault(f"'{name}' is a function and needs its arguments in brackets", column, f"write {name}(...)")
    else:
        remedy = did_you_mean(name, [*scope.names, *scope.words, *scope.axes])
        odd = next((letter for letter in name if not letter.isascii()), None)
        seen = f", in which '{odd}' is U+{ord(odd):04X}" if odd and not any(odd in w for w in scope.words) else ""
        yield Fault(f"unknown name '{name}'{seen}", column, remedy, unknown=name)


def _operator_faults(node: ast.BinOp, column: int, text: str) -> Iterator[Fault]:
    if type(node.op) not in BINARY:
        yield Fault(
            f"the operator of '{piece(node, text)}' is not allowed", column, FOREIGN.get(type(node.op), ALLOWED)
        )
    elif isinstance(node.op, ast.Pow) and isinstance(node.right, ast.Constant):
        exponent = node.right.value
        if isinstance(exponent, int | float) and exponent > MAX_EXPONENT:
            yield Fault(f"the exponent is larger than {MAX_EXPONENT:g}", _column(node.right, text))


def _call_faults(node: ast.Call, column: int, text: str, scope: Scope) -> Iterator[Fault]:
    if not isinstance(node.func, ast.Name):
        yield Fault(f"'{piece(node.func, text)}' cannot be called", column)
        return
    name = node.func.id
    if name in scope.axes:
        yield Fault(f"'{name}' is a table, not a function", column, f"write {name}[...]")
    elif name not in FUNCTIONS:
        yield Fault(f"unknown function '{name}'", column, did_you_mean(name, FUNCTIONS))
    elif (written := _written(node.func, text)) != name:
        yield Fault(f"'{written}' is not written as the name it is read as", column, f"write '{name}'")
    elif node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
        yield Fault(f"{name} takes plain arguments only", column)
    else:
        least, most = FUNCTIONS[name].least, FUNCTIONS[name].most
        if not least <= len(node.args) <= most:
            wanted = str(least) if least == most else f"{least} or more"
            message = f"{name} takes {wanted} argument{'s' if wanted != '1' else ''}, not {len(node.args)}"
            yield Fault(message, column)


def _lookup_faults(node: ast.Subscript, column: int, text: str, scope: Scope) -> Iterator[Fault]:
    if not isinstance(node.value, ast.Name):
        yield Fault(f"'{piece(node.value, text)}' is not a table", column, "several keys are written table[a, b]")
        return
    name, given = node.value.id, len(keys_of(node))
    if name not in scope.axes:
        known = "is not a table" if name in scope.names else "is an unknown table"
        remedy = did_you_mean(name, scope.axes) if scope.axes else "tables are declared under 'tables:'"
        yield Fault(f"'{name}' {known}", column, remedy)
    elif not scope.axes[name]:
        yield Fault(f"'{name}' is a single number and takes no key", column, f"write {name}")
    elif given != scope.axes[name]:
        yield Fault(f"the table {name} takes {_keys(scope.axes[name])}, not {given}", column)


def _keys(count: int) -> str:
    return "one key" if count == 1 else f"{count} keys"


def printable(text: str) -> str:
    """The text with a question mark for everything that cannot be printed."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "?" for c in text)


def _quoted(text: str) -> str:
    shown = printable(text)
    return shown if len(shown) <= 40 else shown[:37] + "..."
