"""The small language of specs: arithmetic, comparisons, conditions, a few functions and tables over named numbers.

An expression is parsed with Python's grammar and then admitted node by node (`scoper.modelling.grammar`); nothing else
of Python is reachable and nothing is ever executed. Values are float64 arrays, conditions 0.0 or 1.0. What has no
answer - division by zero, a key that a table lacks - is inf or nan, which a comparison hands on unless it does not
count; callers look for it in the results, and `explain` says where it comes from.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from scoper.domain.mdp import Table
from scoper.domain.tabular import Floats
from scoper.modelling.grammar import (
    BINARY,
    COMPARE,
    CONSTANTS,
    FUNCTIONS,
    MAX_DEPTH,
    MAX_LENGTH,
    MAX_NODES,
    RESERVED,
    UNFILLED,
    Fault,
    Scope,
    depth_of,
    faults_of,
    fold,
    keys_of,
    piece,
    printable,
)
from scoper.modelling.habits import habit
from scoper.modelling.lookup import Lookup

__all__ = ["CONSTANTS", "RESERVED", "UNFILLED", "Expression", "ExpressionError", "Fault", "parse_expression"]

_HARMLESS = (ast.Add, ast.Sub, ast.Mult)
_SAFE_FUNCTIONS = frozenset(FUNCTIONS) - {"exp", "log", "sqrt"}
_MOST_PRODUCTS, _LARGEST = 16, 1e15  # products of so many numbers of this size stay finite


class ExpressionError(ValueError):
    """All faults of one expression, in order; whatever they quote is printable."""

    def __init__(self, faults: list[Fault]) -> None:
        shown = (replace(fault, message=printable(fault.message)) for fault in faults)
        self.faults = tuple(sorted(shown, key=lambda fault: fault.column))
        super().__init__("; ".join(fault.message for fault in self.faults))


@dataclass(frozen=True)
class Expression:
    """An admitted expression: its text, the names it uses, the codes of the words in it, and its tables."""

    text: str
    names: frozenset[str]
    tree: ast.expr = field(compare=False, repr=False)
    words: Mapping[str, float] = field(default_factory=dict, compare=False, repr=False)
    lookups: Mapping[str, Lookup] = field(default_factory=dict, compare=False, repr=False)

    def evaluate(self, values: Mapping[str, Floats | float]) -> Floats:
        """The value for broadcastable `values` of all names; inf and nan where arithmetic has no answer."""
        with np.errstate(all="ignore"):
            return np.asarray(self._value(self.tree, values), dtype=np.float64)

    def explain(self, values: Mapping[str, float]) -> str:
        """Which part has no answer for these single `values`, in words; empty when every part that counts has one."""
        with np.errstate(all="ignore"):
            return next(self._gaps(self.tree, values), "")

    @cached_property
    def total(self) -> bool:
        """Whether the value is finite for any numbers up to 1e15: nothing divides, takes roots or looks up."""
        nodes = list(ast.walk(self.tree))
        products = sum(isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) for node in nodes)
        constants = [abs(lookup.values[0]) for lookup in self.lookups.values() if not lookup.keys]
        return products <= _MOST_PRODUCTS and all(map(_is_harmless, nodes)) and max(constants, default=0.0) <= _LARGEST

    def _value(self, node: ast.expr, values: Mapping[str, Floats | float]) -> Any:
        match node:
            case ast.Constant(value=value):
                return self.words[value] if isinstance(value, str) else float(value)  # type: ignore[arg-type]
            case ast.Name(id=name):
                return np.asarray(values[name] if name in values else self._known(name), dtype=np.float64)
            case ast.BinOp():
                return BINARY[type(node.op)](self._value(node.left, values), self._value(node.right, values))
            case ast.UnaryOp():
                return self._unary(node.op, self._value(node.operand, values))
            case ast.BoolOp():
                parts = [self._truth(self._value(part, values)) for part in node.values]
                return fold(self._and if isinstance(node.op, ast.And) else self._or, parts)
            case ast.Compare():
                return self._comparison(node, values)
            case ast.IfExp():
                return self._choice(*(self._value(part, values) for part in (node.test, node.body, node.orelse)))
            case ast.Call(func=ast.Name(id=name)):
                return FUNCTIONS[name].compute(*(self._value(argument, values) for argument in node.args))
            case ast.Subscript(value=ast.Name(id=name)):
                return self.lookups[name].at([self._value(key, values) for key in keys_of(node)])
        raise AssertionError(f"{type(node).__name__} was not admitted")

    def _known(self, name: str) -> float:
        if name in self.lookups:
            return float(self.lookups[name].values[0])
        return CONSTANTS[name] if name in CONSTANTS else self.words[name]

    def _comparison(self, node: ast.Compare, values: Mapping[str, Floats | float]) -> Any:
        sides = [self._value(side, values) for side in (node.left, *node.comparators)]
        pairs = zip(node.ops, sides, sides[1:], strict=False)
        return fold(self._and, [self._compared(op, a, b) for op, a, b in pairs])

    def _compared(self, op: ast.cmpop, left: Any, right: Any) -> Any:
        result = np.asarray(COMPARE[type(op)](left, right), dtype=np.float64)
        return result if self.total else np.where(np.isnan(left) | np.isnan(right), np.nan, result)

    def _truth(self, value: Any) -> Any:
        result = np.asarray(np.asarray(value) != 0, dtype=np.float64)
        return result if self.total else np.where(np.isnan(value), np.nan, result)

    def _and(self, left: Any, right: Any) -> Any:
        return np.minimum(left, right) if self.total else np.where(left == 0, 0.0, np.minimum(left, right))

    def _or(self, left: Any, right: Any) -> Any:
        return np.maximum(left, right) if self.total else np.where(left == 1, 1.0, np.maximum(left, right))

    def _choice(self, test: Any, body: Any, otherwise: Any) -> Any:
        chosen = np.where(np.asarray(test) != 0, body, otherwise)
        return chosen if self.total else np.where(np.isnan(test), np.nan, chosen)

    def _unary(self, operator: ast.unaryop, value: Any) -> Any:
        if isinstance(operator, ast.Not):
            return 1.0 - self._truth(value)
        return np.negative(value) if isinstance(operator, ast.USub) else value

    def _gaps(self, node: ast.expr, values: Mapping[str, float]) -> Iterator[str]:
        """The parts without an answer, innermost first; of a condition only what counts."""
        if np.isfinite(self._value(node, values)):
            return
        for part in self._counting(node, values):
            yield from self._gaps(part, values)
        shown = f"'{piece(node, self.text)}'"
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            lookup = self.lookups[node.value.id]
            yield f"{shown}: {lookup.missing([float(self._value(key, values)) for key in keys_of(node)])}"
        else:
            yield f"{shown} has no finite value"

    def _counting(self, node: ast.expr, values: Mapping[str, float]) -> Iterator[ast.expr]:
        if isinstance(node, ast.IfExp):
            test = float(self._value(node.test, values))
            yield node.test
            if not np.isnan(test):
                yield node.body if test else node.orelse
        elif isinstance(node, ast.Subscript | ast.Call):
            yield from keys_of(node) if isinstance(node, ast.Subscript) else node.args
        else:
            yield from (child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))


def parse_expression(
    text: str,
    names: Collection[str],
    words: Mapping[str, float] | None = None,
    tables: Mapping[str, Table] | None = None,
) -> Expression:
    """The expression `text` over `names`, `words` and `tables`; raises ExpressionError with every fault."""
    flat = text.replace("\n", " ").replace("\r", " ").replace("\t", " ")
    known, declared = dict(words or {}), tables or {}
    tree = _tree(flat, {*names, *known, *declared})
    axes = {name: len(table.keys) for name, table in declared.items()}
    faults = list(faults_of(tree, flat, Scope(names, known, axes)))
    if faults:
        raise ExpressionError(faults)
    mentioned = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    lookups = {name: Lookup.of(name, table, known) for name, table in declared.items() if name in mentioned}
    return Expression(flat, frozenset(mentioned.intersection(names)), tree, known, lookups)


def _tree(text: str, names: Collection[str]) -> ast.expr:
    body = text.lstrip(" ")
    if not body:
        raise ExpressionError([Fault("the expression is empty", 1)])
    if len(body) > MAX_LENGTH:
        message = f"the expression has {len(body)} characters, at most {MAX_LENGTH} are allowed"
        raise ExpressionError([Fault(message, 1)])
    indent = len(text) - len(body)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(body, mode="eval").body
    except SyntaxError as error:
        column = indent + min(max(error.offset or 1, 1), len(body))
        raise ExpressionError(
            [Fault(f"this is not an expression: {_plain(error.msg)}", column, habit(body, names))]
        ) from None
    except (ValueError, RecursionError, MemoryError):
        raise ExpressionError([Fault("this is not an expression", indent + 1)]) from None
    if sum(1 for _ in ast.walk(tree)) > MAX_NODES:
        raise ExpressionError([Fault("the expression is too complicated; split it into several terms", indent + 1)])
    if depth_of(tree) > MAX_DEPTH:
        message = f"the expression is nested more than {MAX_DEPTH} levels deep"
        raise ExpressionError([Fault(message, indent + 1, "split it into several terms")])
    if indent:
        for node in ast.walk(tree):
            if isinstance(node, ast.expr):
                node.col_offset += indent
                node.end_col_offset = (node.end_col_offset or 0) + indent
    return tree


def _plain(message: str) -> str:
    """Python's syntax message without advice that leads out of this language."""
    return message.split(". ")[0].replace("f-string: ", "")


def _is_harmless(node: ast.AST) -> bool:
    match node:
        case ast.BinOp():
            return isinstance(node.op, _HARMLESS)
        case ast.Call(func=ast.Name(id=name)):
            return name in _SAFE_FUNCTIONS
        case ast.Constant(value=int() | float() as number):
            return abs(number) <= _LARGEST
    return not isinstance(node, ast.Subscript)
