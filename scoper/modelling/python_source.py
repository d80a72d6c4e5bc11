"""Expressions as Python source for generated environments: plain floats, the same results as the vectorised form."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

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


def source_of(expression: Expression, names: Mapping[str, str], words: Mapping[str, str] | None = None) -> str:
    """Python source of `expression`, its names replaced by those of `names` and its words by those of `words`.

    What raises in Python but not in numpy goes through `calc(np.divide, a, b)`, a declared table through
    `looked_up("cost", key)`; the generated module defines both. A word without a name is written as its code.
    """
    return _tidy(_Writer(expression, names, words or {}).number(expression.tree))


def condition_of(expression: Expression, names: Mapping[str, str], words: Mapping[str, str] | None = None) -> str:
    """The same where only the truth of `expression` matters: source of True or False."""
    return _tidy(_Writer(expression, names, words or {}).truth(expression.tree))


def _tidy(source: str) -> str:
    """The source with no more brackets than it needs."""
    return ast.unparse(ast.parse(source, mode="eval"))


@dataclass(frozen=True)
class _Writer:
    whole: Expression
    names: Mapping[str, str]
    words: Mapping[str, str]

    def number(self, node: ast.expr) -> str:
        """Source of a float."""
        match node:
            case ast.Constant() | ast.Name():
                return self._leaf(node)
            case ast.BinOp() if type(node.op) in ARITHMETIC:
                return f"({self.number(node.left)} {ARITHMETIC[type(node.op)]} {self.number(node.right)})"
            case ast.BinOp():
                return f"calc(np.{HELPED[type(node.op)]}, {self.number(node.left)}, {self.number(node.right)})"
            case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
                sign = "-" if isinstance(node.op, ast.USub) else "+"
                return f"({sign}{self.number(node.operand)})"
            case ast.IfExp():
                return f"({self.number(node.body)} if {self.truth(node.test)} else {self.number(node.orelse)})"
            case ast.Call(func=ast.Name(id=name)):
                return _call(name, [self.number(argument) for argument in node.args], handed_on=not self.whole.total)
            case ast.Subscript(value=ast.Name(id=name)):
                return f"looked_up({', '.join([repr(name), *map(self.number, keys_of(node))])})"
        return f"float({self.truth(node)})"

    def truth(self, node: ast.expr) -> str:
        """Source of True or False."""
        match node:
            case ast.UnaryOp(op=ast.Not()):
                return f"(not {self.truth(node.operand)})"
            case ast.BoolOp():
                word = " and " if isinstance(node.op, ast.And) else " or "
                return f"({word.join(self.truth(part) for part in node.values)})"
            case ast.Compare():
                pairs = zip(node.ops, node.comparators, strict=True)
                tail = "".join(f" {COMPARISONS[type(op)]} {self.number(side)}" for op, side in pairs)
                return f"({self.number(node.left)}{tail})"
            case ast.Name(id=name) if name in CONSTANTS and name not in self.names:
                return str(bool(CONSTANTS[name]))
        return f"({self.number(node)} != 0)"

    def _leaf(self, node: ast.Constant | ast.Name) -> str:
        known = node.id if isinstance(node, ast.Name) else node.value
        if isinstance(node, ast.Name) and node.id in self.names:
            return self.names[node.id]
        if isinstance(known, str):
            if known in self.whole.lookups and isinstance(node, ast.Name):
                return repr(float(self.whole.lookups[known].values[0]))
            if known in CONSTANTS and isinstance(node, ast.Name):
                return repr(float(CONSTANTS[known]))
            return self.words.get(known, repr(float(self.whole.words[known])))
        return repr(float(known))  # type: ignore[arg-type]  # the parser admitted numbers and booleans only


def _call(name: str, arguments: list[str], *, handed_on: bool) -> str:
    """Source of a call; where a part may have no answer, numpy's functions hand that on and Python's would not."""
    if name in NUMPY_FUNCTIONS:
        return f"calc(np.{name}, {arguments[0]})"
    if name == "clip" and handed_on:
        return f"calc(np.clip, {', '.join(arguments)})"
    if name in ("min", "max") and len(arguments) > 1 and handed_on:
        return reduce(lambda a, b: f"calc(np.{name}imum, {a}, {b})", arguments)
    if name == "clip":
        return f"min(max({arguments[0]}, {arguments[1]}), {arguments[2]})"
    if len(arguments) == 1 and name in ("min", "max"):
        return arguments[0]
    return f"{name}({', '.join(arguments)})"
