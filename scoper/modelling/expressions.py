"""The small language of specs: arithmetic, comparisons, conditions and ten functions over named numbers.

An expression is parsed with Python's grammar and then admitted node by node; nothing else of Python is reachable and
nothing is ever executed. Values are float64 arrays, conditions 0.0 or 1.0, and division by zero gives inf or nan, which
callers look for in the results. Words - values of a categorical variable - stand for their codes, bare or quoted.
"""

from __future__ import annotations

import ast
import keyword
import math
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scoper.domain.mdp import Table
from scoper.domain.tabular import Floats
from scoper.errors import did_you_mean

MAX_LENGTH = 1000
MAX_NODES = 400
UNFILLED = "TODO"
CONSTANTS: Mapping[str, float] = {"true": 1.0, "false": 0.0, "True": 1.0, "False": 0.0}
ARGUMENTS: Mapping[str, tuple[int, int]] = {
    "min": (1, 20),
    "max": (1, 20),
    "abs": (1, 1),
    "clip": (3, 3),
    "exp": (1, 1),
    "log": (1, 1),
    "sqrt": (1, 1),
    "floor": (1, 1),
    "ceil": (1, 1),
    "round": (1, 1),
}
"""Functions and how few and how many arguments each takes."""
RESERVED: frozenset[str] = frozenset({*CONSTANTS, *ARGUMENTS, *keyword.kwlist, UNFILLED})
"""Words that cannot name a variable; the grammar is Python's, so its keywords are among them."""

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
FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "min": lambda *values: _fold(np.minimum, values),
    "max": lambda *values: _fold(np.maximum, values),
    "abs": np.abs,
    "clip": lambda value, low, high: np.minimum(np.maximum(value, low), high),
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "floor": np.floor,
    "ceil": np.ceil,
    "round": np.round,
}


@dataclass(frozen=True)
class Fault:
    """One thing wrong in an expression; `column` counts from 1 within its text. `unfilled` marks a placeholder."""

    message: str
    column: int
    remedy: str = ""
    unfilled: bool = False


class ExpressionError(ValueError):
    """All faults of one expression, in order."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: fault.column))
        super().__init__("; ".join(fault.message for fault in self.faults))


@dataclass(frozen=True)
class Expression:
    """An admitted expression: its text, the names it uses, and the codes of the words in it."""

    text: str
    names: frozenset[str]
    tree: ast.expr = field(compare=False, repr=False)
    words: Mapping[str, float] = field(default_factory=dict, compare=False, repr=False)

    def evaluate(self, values: Mapping[str, Floats | float]) -> Floats:
        """The value for broadcastable `values` of all names; inf and nan where arithmetic has no answer."""
        with np.errstate(all="ignore"):
            return np.asarray(self._value(self.tree, values), dtype=np.float64)

    def _value(self, node: ast.expr, values: Mapping[str, Floats | float]) -> Any:
        match node:
            case ast.Constant(value=str(word)):
                return self.words[word]
            case ast.Constant():
                return float(node.value)  # type: ignore[arg-type]  # the parser admitted numbers and booleans only
            case ast.Name(id=name):
                return np.asarray(values[name] if name in values else self._known(name), dtype=np.float64)
            case ast.BinOp():
                return BINARY[type(node.op)](self._value(node.left, values), self._value(node.right, values))
            case ast.UnaryOp():
                return _unary(node.op, self._value(node.operand, values))
            case ast.BoolOp():
                parts = [_truth(self._value(part, values)) for part in node.values]
                return _fold(np.minimum if isinstance(node.op, ast.And) else np.maximum, parts)
            case ast.Compare():
                return self._comparison(node, values)
            case ast.IfExp():
                test = self._value(node.test, values) != 0
                return np.where(test, self._value(node.body, values), self._value(node.orelse, values))
            case ast.Call(func=ast.Name(id=name)):
                return FUNCTIONS[name](*(self._value(argument, values) for argument in node.args))
        raise AssertionError(f"{type(node).__name__} was not admitted")

    def _known(self, name: str) -> float:
        return CONSTANTS[name] if name in CONSTANTS else self.words[name]

    def _comparison(self, node: ast.Compare, values: Mapping[str, Floats | float]) -> Any:
        sides = [self._value(side, values) for side in (node.left, *node.comparators)]
        pairs = zip(node.ops, sides, sides[1:], strict=False)
        return _fold(np.minimum, [np.asarray(COMPARE[type(op)](a, b), dtype=np.float64) for op, a, b in pairs])


def parse_expression(
    text: str,
    names: Collection[str],
    words: Mapping[str, float] | None = None,
    tables: Mapping[str, Table] | None = None,
) -> Expression:
    """The expression `text` over `names`, `words` and `tables`; raises ExpressionError with every fault."""
    flat = text.replace("\n", " ").replace("\r", " ").replace("\t", " ")
    tree = _tree(flat)
    known = dict(words or {})
    faults = list(_faults(tree, flat, names, known))
    if faults:
        raise ExpressionError(faults)
    used = frozenset(n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id in names)
    return Expression(text, used, tree, known)


def _tree(text: str) -> ast.expr:
    body = text.lstrip(" ")
    if not body:
        raise ExpressionError([Fault("the expression is empty", 1)])
    if len(body) > MAX_LENGTH:
        raise ExpressionError(
            [Fault(f"the expression has {len(body)} characters, at most {MAX_LENGTH} are allowed", 1)]
        )
    indent = len(text) - len(body)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(body, mode="eval").body
    except SyntaxError as error:
        column = indent + min(max(error.offset or 1, 1), len(body))
        raise ExpressionError([Fault(f"this is not an expression: {_plain(error.msg)}", column)]) from None
    except (ValueError, RecursionError, MemoryError):
        raise ExpressionError([Fault("this is not an expression", indent + 1)]) from None
    if sum(1 for _ in ast.walk(tree)) > MAX_NODES:
        raise ExpressionError([Fault("the expression is too complicated; split it into several terms", indent + 1)])
    if indent:
        for node in ast.walk(tree):
            if isinstance(node, ast.expr):
                node.col_offset += indent
                node.end_col_offset = (node.end_col_offset or 0) + indent
    return tree


def _plain(message: str) -> str:
    """Python's syntax message without advice that leads out of this language."""
    return message.split(". ")[0].replace("f-string: ", "")


def _column(node: ast.expr, text: str) -> int:
    """Python counts bytes of UTF-8, people count characters."""
    return len(text.encode()[: node.col_offset].decode(errors="ignore")) + 1


def _faults(node: ast.expr, text: str, names: Collection[str], words: Mapping[str, float]) -> Iterator[Fault]:
    column = _column(node, text)
    children: list[ast.expr] = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
    match node:
        case ast.Constant():
            yield from _constant_faults(node, column, words)
        case ast.Name(id=name):
            yield from _name_faults(name, column, names, words)
        case ast.BinOp() if type(node.op) not in BINARY:
            yield Fault(f"the operator of '{_piece(node, text)}' is not allowed", column, "powers are written **")
        case ast.UnaryOp() if isinstance(node.op, ast.Invert):
            yield Fault("the operator ~ is not allowed", column, "write 'not'")
        case ast.Compare() if any(type(op) not in COMPARE for op in node.ops):
            yield Fault("'in' and 'is' are not allowed", column, "allowed: <, <=, >, >=, ==, !=")
        case ast.Call():
            yield from _call_faults(node, column, text)
            children = list(node.args)
        case ast.BinOp() | ast.UnaryOp() | ast.BoolOp() | ast.Compare() | ast.IfExp():
            pass
        case _:
            yield Fault(
                f"'{_piece(node, text)}' is not allowed here",
                column,
                "allowed: numbers, names, + - * / // % **, "
                "comparisons, and, or, not, x if condition else y, " + ", ".join(ARGUMENTS),
            )
            return
    for child in children:
        yield from _faults(child, text, names, words)


def _piece(node: ast.expr, text: str) -> str:
    piece = ast.get_source_segment(text, node) or type(node).__name__
    return piece if len(piece) <= 40 else piece[:37] + "..."


def _constant_faults(node: ast.Constant, column: int, words: Mapping[str, float]) -> Iterator[Fault]:
    value = node.value
    if isinstance(value, str):
        if value not in words:
            yield Fault(
                f"'{value}' is not a value of any variable", column, did_you_mean(value, words) if words else ""
            )
    elif not isinstance(value, bool | int | float):
        yield Fault(f"{value!r} is not a number", column)
    elif (isinstance(value, int) and value.bit_length() > 1000) or not math.isfinite(value):
        yield Fault("the number is too large", column)


def _name_faults(name: str, column: int, names: Collection[str], words: Mapping[str, float]) -> Iterator[Fault]:
    if name == UNFILLED:
        yield Fault("a number or expression is still to be filled in here", column, unfilled=True)
    elif name in ARGUMENTS and name not in names:
        yield Fault(f"'{name}' is a function and needs its arguments in brackets", column, f"write {name}(...)")
    elif name not in names and name not in words and name not in CONSTANTS:
        yield Fault(f"unknown name '{name}'", column, did_you_mean(name, [*names, *words]))


def _call_faults(node: ast.Call, column: int, text: str) -> Iterator[Fault]:
    if not isinstance(node.func, ast.Name):
        yield Fault(f"'{_piece(node.func, text)}' cannot be called", column)
        return
    name = node.func.id
    if name not in ARGUMENTS:
        yield Fault(f"unknown function '{name}'", column, did_you_mean(name, ARGUMENTS))
        return
    if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
        yield Fault(f"{name} takes plain arguments only", column)
        return
    least, most = ARGUMENTS[name]
    if not least <= len(node.args) <= most:
        wanted = str(least) if least == most else f"{least} or more"
        yield Fault(f"{name} takes {wanted} argument{'s' if wanted != '1' else ''}, not {len(node.args)}", column)


def _fold(operation: Callable[[Any, Any], Any], values: Collection[Any]) -> Any:
    first, *rest = values
    for value in rest:
        first = operation(first, value)
    return first


def _truth(value: Any) -> Any:
    return np.asarray(np.asarray(value) != 0, dtype=np.float64)


def _unary(operator: ast.unaryop, value: Any) -> Any:
    if isinstance(operator, ast.Not):
        return 1.0 - _truth(value)
    return np.negative(value) if isinstance(operator, ast.USub) else value
