"""Expressions as Python functions of single numbers: what an environment needs in every timestep.

Built from the checked tree, node by node, out of closures; nothing is compiled or executed as text. The results are
those of the generated file of `scoper.modelling.standalone`, bit for bit, and come several times as fast as arrays of
one number. Callers switch numpy's warnings off: division by zero is inf or nan.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from scoper.modelling.expressions import CONSTANTS, Expression
from scoper.modelling.grammar import FUNCTIONS, keys_of

Values = Mapping[str, float]
Number = Callable[[Values], float]

_PLAIN: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}
_NUMPY: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Div: np.divide,
    ast.FloorDiv: np.floor_divide,
    ast.Mod: np.mod,
    ast.Pow: np.power,
}
_COMPARE: Mapping[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


def scalar_of(expression: Expression) -> Number:
    """The function of `expression`: values of all its names in, its value out."""
    return _of(expression.tree, expression)


def _of(node: ast.expr, whole: Expression) -> Number:
    match node:
        case ast.Constant() | ast.Name():
            return _leaf(node, whole)
        case ast.BinOp():
            return _binary(node.op, _of(node.left, whole), _of(node.right, whole))
        case ast.UnaryOp():
            return _unary(node.op, _of(node.operand, whole))
        case ast.BoolOp():
            return _chain(node.op, [_of(part, whole) for part in node.values])
        case ast.Compare():
            sides = [_of(side, whole) for side in (node.left, *node.comparators)]
            return _comparison([_COMPARE[type(op)] for op in node.ops], sides)
        case ast.IfExp():
            return _choice(_of(node.test, whole), _of(node.body, whole), _of(node.orelse, whole))
        case ast.Call(func=ast.Name(id=name)):
            return _call(name, [_of(argument, whole) for argument in node.args])
        case ast.Subscript(value=ast.Name(id=name)):
            lookup, keys = whole.lookups[name], [_of(key, whole) for key in keys_of(node)]
            return lambda values: float(lookup.at([key(values) for key in keys]))
    raise AssertionError(f"{type(node).__name__} was not admitted")


def _leaf(node: ast.Constant | ast.Name, whole: Expression) -> Number:
    if isinstance(node, ast.Name):
        return operator.itemgetter(node.id) if node.id in whole.names else _constant(_known(node.id, whole))
    if isinstance(node.value, str):
        return _constant(whole.words[node.value])
    return _constant(float(node.value))  # type: ignore[arg-type]  # the parser admitted numbers and words only


def _known(name: str, whole: Expression) -> float:
    if name in whole.lookups:
        return float(whole.lookups[name].values[0])
    return CONSTANTS[name] if name in CONSTANTS else whole.words[name]


def _constant(value: float) -> Number:
    number = float(value)
    return lambda _: number


def _binary(op: ast.operator, left: Number, right: Number) -> Number:
    if type(op) in _PLAIN:
        plain = _PLAIN[type(op)]
        return lambda values: plain(left(values), right(values))
    of_numpy = _NUMPY[type(op)]
    return lambda values: float(of_numpy(left(values), right(values)))


def _unary(op: ast.unaryop, operand: Number) -> Number:
    if isinstance(op, ast.Not):
        return lambda values: _answered(operand(values), lambda value: float(not value))
    return (lambda values: -operand(values)) if isinstance(op, ast.USub) else operand


def _answered(value: float, then: Callable[[float], float]) -> float:
    return value if value != value else then(value)


def _chain(op: ast.boolop, parts: list[Number]) -> Number:
    """A false part decides `and`, a true one `or`; otherwise a part without an answer is handed on."""
    decides = 0.0 if isinstance(op, ast.And) else 1.0

    def chained(values: Values) -> float:
        missing = False
        for part in parts:
            value = part(values)
            if value != value:
                missing = True
            elif float(value != 0.0) == decides:
                return decides
        return math.nan if missing else 1.0 - decides

    return chained


def _comparison(tests: list[Callable[[float, float], bool]], sides: list[Number]) -> Number:
    def compared(values: Values) -> float:
        held, missing = 1.0, False
        left = sides[0](values)
        for test, side in zip(tests, sides[1:], strict=True):
            right = side(values)
            missing = missing or left != left or right != right
            held = held if test(left, right) else 0.0
            left = right
        return math.nan if missing else held

    return compared


def _choice(test: Number, body: Number, otherwise: Number) -> Number:
    def chosen(values: Values) -> float:
        value = test(values)
        if value != value:
            return value
        return body(values) if value else otherwise(values)

    return chosen


def _extreme(of: Callable[[list[float]], float], arguments: list[Number]) -> Number:
    def extreme(values: Values) -> float:
        numbers = [argument(values) for argument in arguments]
        return next((number for number in numbers if number != number), None) or of(numbers)

    return extreme


def _call(name: str, arguments: list[Number]) -> Number:
    first = arguments[0]
    match name:
        case "min" | "max" if len(arguments) == 1:
            return first
        case "min":
            return _extreme(min, arguments)
        case "max":
            return _extreme(max, arguments)
        case "clip":
            return _extreme(lambda numbers: min(max(numbers[0], numbers[1]), numbers[2]), arguments)
        case "abs":
            return lambda values: abs(first(values))
    compute = FUNCTIONS[name].compute
    return lambda values: float(compute(*(argument(values) for argument in arguments)))
