"""Units of measurement in expressions: what may be added, compared or chosen between.

Units are words put together by * and / ("EUR / piece"), singular or plural; nothing is converted. Products and
quotients compose. Sums, comparisons, min, max, clip and conditionals need one unit on all sides. A number fits any
unit; as a factor it may stand for a price or a rate, so a clash behind one is a question, not an error. A condition
counts pieces of anything. A name without a unit is unknown and fits everything.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from scoper.modelling.expressions import Expression
from scoper.modelling.grammar import CONSTANTS, keys_of, piece

Dimension = tuple[tuple[str, Fraction], ...]
LONGEST = 60
_PART = re.compile(r"([^\W\d_%€$£¥°][\w ]*|[%€$£¥°]\w*|1)(?:(?:\^|\*\*)(-?\d{1,2}))?")
_SPLIT = re.compile(r"(\*(?!\*)|·|/|\bper\b)")


@dataclass(frozen=True)
class Measure:
    """dimension: base units with exponents, None when unknown. neutral: fits any unit. loose: a number is a factor."""

    dimension: Dimension | None
    neutral: bool = False
    loose: bool = False


@dataclass(frozen=True)
class Clash:
    """Two parts of different units; `column` counts from 1. `certain` unless a number among the factors explains it."""

    message: str
    column: int
    certain: bool


UNKNOWN = Measure(None)
_SUMS: Mapping[type[ast.operator], str] = {ast.Add: "adds", ast.Sub: "subtracts"}
_Part = tuple[ast.expr, Measure]
NUMBER = Measure((), neutral=True, loose=True)
COUNT = Measure((), neutral=True)
"""A condition or a sign."""


def parse_unit(text: str) -> Dimension | None:
    """The dimension of a unit as people write it; None when it is none."""
    if not text.strip() or len(text) > LONGEST:
        return None
    result, direction = _power((), 1), 1
    for index, part in enumerate(_SPLIT.split(text)):
        if index % 2:
            direction = -1 if part in ("/", "per") else 1
            continue
        match = _PART.fullmatch(part.strip())
        if match is None:
            return None
        name, exponent = match.group(1), int(match.group(2) or 1)
        base: Dimension = () if name == "1" else ((_singular(name), Fraction(exponent)),)
        result = _product(result, _power(base, direction))
    return result


def unit_text(dimension: Dimension) -> str:
    """A dimension in one line: "EUR / piece"."""
    above = [_factor(name, exponent) for name, exponent in dimension if exponent > 0]
    below = [_factor(name, -exponent) for name, exponent in dimension if exponent < 0]
    if not above and not below:
        return "a plain number"
    return " / ".join([" * ".join(above) or "1", *below])


def measure_of(expression: Expression, measures: Mapping[str, Measure]) -> tuple[Measure, tuple[Clash, ...]]:
    """The measure of the expression, and where parts of different units meet."""
    reader = _Reader(expression.text, measures)
    return reader.measure(expression.tree), tuple(reader.clashes)


class _Reader:
    def __init__(self, text: str, measures: Mapping[str, Measure]) -> None:
        self.text, self.measures = text, measures
        self.clashes: list[Clash] = []

    def measure(self, node: ast.expr) -> Measure:
        match node:
            case ast.Constant(value=value):
                return UNKNOWN if isinstance(value, str) else NUMBER
            case ast.Name(id=name):
                return COUNT if name in CONSTANTS else self.measures.get(name, UNKNOWN)
            case ast.BinOp():
                return self._binary(node)
            case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
                return self.measure(node.operand)
            case ast.Compare():
                self._same(node, [node.left, *node.comparators], "compares")
            case ast.IfExp():
                self.measure(node.test)
                return self._same(node, [node.body, node.orelse], "chooses between")
            case ast.Call() | ast.Subscript():
                return self._called(node)
            case ast.BoolOp(values=parts):
                self._read(parts)
            case ast.UnaryOp(operand=part):
                self._read([part])
        return COUNT

    def _read(self, parts: Sequence[ast.expr]) -> None:
        for part in parts:
            self.measure(part)

    def _called(self, node: ast.Call | ast.Subscript) -> Measure:
        """A function of its arguments, or a table looked up."""
        if isinstance(node, ast.Call):
            return self._function(node.func.id, node) if isinstance(node.func, ast.Name) else UNKNOWN
        self._read(keys_of(node))
        return self.measures.get(node.value.id, UNKNOWN) if isinstance(node.value, ast.Name) else UNKNOWN

    def _binary(self, node: ast.BinOp) -> Measure:
        if type(node.op) in _SUMS:
            return self._sum(node)
        left, right = self.measure(node.left), self.measure(node.right)
        match node.op:
            case ast.Mod():
                return self._fit(node, (node.left, left), (node.right, right), "takes the remainder of")[1]
            case ast.Mult():
                return _times(left, right, 1)
            case ast.Pow():
                return _raised(left, node.right)
        return _times(left, right, -1)

    def _sum(self, node: ast.BinOp) -> Measure:
        """All terms of a sum: each against what those before it came to."""
        joints, first = [node], node.left
        while isinstance(first, ast.BinOp) and type(first.op) in _SUMS:
            joints.append(first)
            first = first.left
        known = first, self.measure(first)
        for joint in reversed(joints):
            known = self._fit(joint, known, (joint.right, self.measure(joint.right)), _SUMS[type(joint.op)])
        return known[1]

    def _function(self, name: str, node: ast.Call) -> Measure:
        if name in ("min", "max", "clip"):
            return self._same(node, node.args, f"{name} of")
        inner = self.measure(node.args[0])
        if name == "sqrt":
            return _raised(inner, ast.Constant(0.5))
        if name in ("exp", "log"):
            if inner.dimension and not inner.neutral:
                found = f"takes the {name} of {unit_text(inner.dimension)}, which should be a plain number"
                self.clashes.append(Clash(found, self._column(node), certain=False))
            return Measure((), neutral=True)
        return COUNT if name == "sign" else inner

    def _same(self, node: ast.expr, parts: list[ast.expr], verb: str) -> Measure:
        known = parts[0], self.measure(parts[0])
        for part in parts[1:]:
            known = self._fit(node, known, (part, self.measure(part)), verb)
        return known[1]

    def _fit(self, node: ast.expr, left: _Part, right: _Part, verb: str) -> _Part:
        """What both parts come to, and the part that says so; a loose one that clashes does not hide a firm one."""
        (_, one), (_, two) = left, right
        if one.neutral or two.neutral:
            return right if one.neutral else left
        if one.dimension is None or two.dimension is None:
            return right if one.dimension is None else left
        if one.dimension == two.dimension:
            return right if one.loose else left
        shown = [f"{unit_text(m.dimension or ())} ('{piece(n, self.text)}')" for n, m in (left, right)]
        self.clashes.append(
            Clash(f"{verb} {shown[0]} and {shown[1]}", self._column(node), not (one.loose or two.loose))
        )
        if one.loose == two.loose:
            return node, UNKNOWN
        return right if one.loose else left

    def _column(self, node: ast.expr) -> int:
        return len(self.text.encode()[: node.col_offset].decode(errors="ignore")) + 1


def _times(left: Measure, right: Measure, direction: int) -> Measure:
    if left.dimension is None or right.dimension is None:
        return UNKNOWN
    dimension = _product(left.dimension, _power(right.dimension, direction))
    return Measure(dimension, left.neutral and right.neutral, left.loose or right.loose)


def _raised(base: Measure, exponent: ast.expr) -> Measure:
    sign = 1
    if isinstance(exponent, ast.UnaryOp) and isinstance(exponent.op, ast.USub):
        sign, exponent = -1, exponent.operand
    if base.neutral or base.dimension is None:
        return base
    if not isinstance(exponent, ast.Constant) or not isinstance(exponent.value, int | float):
        return UNKNOWN if base.dimension else base
    return Measure(_power(base.dimension, sign * Fraction(exponent.value).limit_denominator(100)), loose=base.loose)


def _product(left: Dimension, right: Dimension) -> Dimension:
    total: dict[str, Fraction] = {}
    for name, exponent in (*left, *right):
        total[name] = total.get(name, Fraction(0)) + exponent
    return tuple(sorted((name, exponent) for name, exponent in total.items() if exponent))


def _power(dimension: Dimension, exponent: int | Fraction) -> Dimension:
    return tuple((name, power * exponent) for name, power in dimension if exponent)


def _factor(name: str, exponent: Fraction) -> str:
    return name if exponent == 1 else f"{name}^{exponent}"


def _singular(name: str) -> str:
    """The singular of an English plural, so that "9 EUR per piece" times "pieces" is EUR."""
    endings: tuple[tuple[str, str], ...] = (("ies", "y"), ("xes", "x"), ("shes", "sh"), ("ches", "ch"), ("sses", "ss"))
    name = " ".join(name.split())
    if len(name) <= 3 or name.endswith("ss"):
        return name
    plain = next((name.removesuffix(end) + instead for end, instead in endings if name.endswith(end)), None)
    return plain or name.removesuffix("s")
