"""What the cells of a decision table say: tests on values and on numbers, and the values that a column can take.

A cell is `-` or empty (any value), a value, a list `a, b`, `not(a, b)`, a comparison (`>= 5`, `< 3`) or a range
(`[1..5]`, `(1..5)`, as in DMN also `]1..5[`). A column with a comparison or a range is one of numbers.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from math import inf, isfinite

from scoper.reasoning.diagram import Variable
from scoper.reasoning.rule_table import Spans

ANY = ("", "-", "–", "—")
_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_COMPARISON = re.compile(rf"(<=|>=|<|>|==?|!=|≤|≥)\s*({_NUMBER})")
_RANGE = re.compile(rf"([\[\](])\s*({_NUMBER})?\s*\.\.\s*({_NUMBER})?\s*([\[\])])")
_PLAIN = re.compile(_NUMBER)
_SIGN = re.compile(r"<(?!.*>$)|[>=≤≥]|!=|[\[\]].*\.\.")
_NOT = re.compile(r"not\s*\((.*)\)", re.IGNORECASE)
_SPLIT = re.compile(r"[,|;]")

Span = tuple[float, bool, float, bool]


@dataclass(frozen=True)
class Test:
    """One test of a cell: a value, or spans of numbers (both None: any value). `negated` turns the whole cell round."""

    words: tuple[str, ...]
    spans: tuple[Span, ...]
    numeric: bool


def is_any(text: str) -> bool:
    """Whether a cell allows every value."""
    return text in ANY


def parts(text: str) -> tuple[bool, tuple[str, ...]]:
    """Whether a cell is negated, and its tests as written, without quotes."""
    match = _NOT.fullmatch(text)
    inner = match.group(1) if match else text
    return bool(match), tuple(part.strip().strip("\"'") for part in _SPLIT.split(inner))


def number(text: str) -> float | None:
    """The number that a text writes; None when it is none, or too large for one."""
    value = float(text) if _PLAIN.fullmatch(text) else inf
    return value if isfinite(value) else None


def span_of(part: str) -> Span | None:
    """The numbers that one test allows; None when it is no test of finite numbers (`!=` is none either)."""
    if (exact := number(part)) is not None:
        return exact, True, exact, True
    if match := _COMPARISON.fullmatch(part):
        bound = number(match.group(2))
        return None if bound is None else _compared(match.group(1), bound)
    if match := _RANGE.fullmatch(part):
        low = number(match.group(2)) if match.group(2) else -inf
        high = number(match.group(3)) if match.group(3) else inf
        if low is not None and high is not None:
            return low, match.group(1) == "[" and low > -inf, high, match.group(4) == "]" and high < inf
    return None


def _compared(sign: str, number: float) -> Span | None:
    if sign in ("<", "<=", "≤"):
        return -inf, False, number, sign != "<"
    if sign in (">", ">=", "≥"):
        return number, sign != ">", inf, False
    return (number, True, number, True) if sign in ("=", "==") else None


def looks_numeric(texts: Iterable[str]) -> bool:
    """Whether a column with these cells is one of numbers: some cell compares with one, or gives a range."""
    tests = [part for text in texts if not is_any(text) for part in parts(text)[1]]
    return any(_COMPARISON.fullmatch(part) or _RANGE.fullmatch(part) for part in tests)


def looks_ordered(part: str) -> bool:
    """Whether a test begins like a comparison or a range, whatever it compares with."""
    return bool(_SIGN.match(part))


def likeness(word: str) -> object:
    """Equal for words that a reader takes for the same: numbers of one value, words but for case and blanks."""
    try:
        return Decimal(word) if _PLAIN.fullmatch(word) else " ".join(word.casefold().split())
    except InvalidOperation:  # an exponent of more than 18 digits
        return word


def spans_variable(name: str, spans: Sequence[Span], domain: Span, whole: bool) -> Spans:
    """A variable cut at every bound of `spans` within `domain`; only whole numbers when `whole`."""
    cuts = sorted({cut for span in (*spans, domain) for cut in (span[0], span[2]) if abs(cut) < inf})
    pieces: list[Span] = []
    low = -inf
    for cut in cuts:
        pieces += [(low, False, cut, False), (cut, True, cut, True)]
        low = cut
    pieces.append((low, False, inf, False))
    kept = [piece for piece in pieces if _inside(piece, domain) and (_has_whole(piece) if whole else _has_any(piece))]
    return Spans(name, tuple(_name(piece, whole) for piece in kept), tuple(kept))


def _inside(piece: Span, domain: Span) -> bool:
    low, low_in, high, high_in = domain
    above = piece[0] > low or (piece[0] == low and (low_in or not piece[1] or low == -inf))
    below = piece[2] < high or (piece[2] == high and (high_in or not piece[3] or high == inf))
    return above and below


def _has_any(piece: Span) -> bool:
    """Whether a number can be told from the ends of a span (not so between two neighbouring floats)."""
    low, _, high, _ = piece
    return low == high or float(_name(piece, False)) not in (low, high)


def _has_whole(piece: Span) -> bool:
    return _whole_in(piece) is not None


def _whole_in(piece: Span) -> int | None:
    low, low_in, high, high_in = piece
    if low == -inf and high == inf:
        return 0
    if low == -inf:
        return _ceil(high) - 1 if not high_in or high % 1 else int(high)
    first = int(low) if low_in and low % 1 == 0 else int(low // 1) + 1
    return first if first < high or (first == high and high_in) else None


def _ceil(number: float) -> int:
    return -int(-number // 1)


def _name(piece: Span, whole: bool) -> str:
    if whole:
        return str(_whole_in(piece))
    low, _, high, _ = piece
    if low == high:
        return _shown(low)
    if low == -inf:
        return _shown(high - 1) if high < inf else "0"
    return _shown(low + 1) if high == inf else _shown((low + high) / 2)


def _shown(number: float) -> str:
    return f"{number:.15g}"


def chosen(variable: Variable, tests: Sequence[str], negated: bool) -> frozenset[str]:
    """The values of a variable that a cell's tests allow."""
    if isinstance(variable, Spans):
        hit: set[str] = set()
        for span in (span for test in tests if (span := span_of(test))):
            # Pieces lie in order, so those within a span stand together; the ends are looked at one by one.
            first = max(0, bisect_left(variable.bounds, span[0], key=lambda piece: piece[0]) - 1)
            last = bisect_right(variable.bounds, span[2], key=lambda piece: piece[0])
            pieces = zip(variable.values[first:last], variable.bounds[first:last], strict=True)
            hit |= {value for value, piece in pieces if _inside(piece, span)}
    else:
        hit = set(tests)
    return (
        frozenset(variable.values) - hit if negated else frozenset(value for value in variable.values if value in hit)
    )
