"""Expressions as Python source for generated environments: plain floats, the same results as the vectorised form."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

from scoper.modelling.expressions import CONSTANTS, Expression
from scoper.modelling.grammar import keys_of

ARITHMETIC: Mapping[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}
HELPED: Mapping[type[ast.operator], str] = {
    ast.Div: "divide",
    ast.FloorDiv: "floor_divide",
    ast.Mod: "mod",
    ast.Pow: "power",
}
COMPARISONS: Mapping[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
NUMPY_FUNCTIONS = ("exp", "log", "sqrt", "floor", "ceil", "round", "sign")


def source_of(expression: Expression, names: Mapping[str, str]) -> str:
    """Python source of `expression`, its names replaced by those of `names`.

    What raises in Python but not in numpy goes through `calc(np.divide, a, b)`, a declared table through
    `looked_up("cost", key)`; the generated module defines both.
    """
    return _source(expression.tree, names, expression)


def _source(node: ast.expr, names: Mapping[str, str], whole: Expression) -> str:
    def inner(part: ast.expr) -> str:
        return _source(part, names, whole)

    match node:
        case ast.Constant(value=str(word)):
            return repr(float(whole.words[word]))
        case ast.Constant():
            return repr(float(node.value))  # type: ignore[arg-type]  # the parser admitted numbers and booleans only
        case ast.Name(id=name):
            return names[name] if name in names else repr(_known(name, whole))
        case ast.IfExp():
            return f"({inner(node.body)} if {inner(node.test)} else {inner(node.orelse)})"
        case ast.Call(func=ast.Name(id=name)):
            return _call(name, [inner(argument) for argument in node.args])
        case ast.Subscript(value=ast.Name(id=name)):
            return f"looked_up({', '.join([repr(name), *map(inner, keys_of(node))])})"
    return _operation(node, inner)


def _known(name: str, whole: Expression) -> float:
    """A constant, a word's code or a named number; what a name means to the expression itself."""
    if name in whole.lookups:
        return float(whole.lookups[name].values[0])
    return float(CONSTANTS[name] if name in CONSTANTS else whole.words[name])


def _operation(node: ast.expr, inner: Callable[[ast.expr], str]) -> str:
    match node:
        case ast.BinOp() if type(node.op) in ARITHMETIC:
            return f"({inner(node.left)} {ARITHMETIC[type(node.op)]} {inner(node.right)})"
        case ast.BinOp():
            return f"calc(np.{HELPED[type(node.op)]}, {inner(node.left)}, {inner(node.right)})"
        case ast.UnaryOp(op=ast.Not()):
            return f"float(not {inner(node.operand)})"
        case ast.UnaryOp():
            sign = "-" if isinstance(node.op, ast.USub) else "+"
            return f"({sign}{inner(node.operand)})"
        case ast.BoolOp():
            word = " and " if isinstance(node.op, ast.And) else " or "
            return f"float({word.join(f'bool({inner(part)})' for part in node.values)})"
        case ast.Compare():
            tail = "".join(
                f" {COMPARISONS[type(o)]} {inner(c)}" for o, c in zip(node.ops, node.comparators, strict=True)
            )
            return f"float({inner(node.left)}{tail})"
    raise AssertionError(f"{type(node).__name__} was not admitted")


def _call(name: str, arguments: list[str]) -> str:
    if name in NUMPY_FUNCTIONS:
        return f"calc(np.{name}, {arguments[0]})"
    if name == "clip":
        return f"min(max({arguments[0]}, {arguments[1]}), {arguments[2]})"
    if len(arguments) == 1 and name in ("min", "max"):
        return arguments[0]
    return f"{name}({', '.join(arguments)})"
