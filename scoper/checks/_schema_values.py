"""The values that a JSON Schema allows, as far as its own words decide: limits, lists, constants, defaults, patterns.

One schema at a time; its parts are walked by the reader of contracts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from scoper.domain.findings import Severity
from scoper.domain.text import shown
from scoper.domain.tree import Tree

TYPES = ("object", "array", "string", "number", "integer", "boolean", "null")
_BOUNDS = (("minLength", "maxLength"), ("minItems", "maxItems"), ("minProperties", "maxProperties"))
Told = tuple[Tree, str, Severity, str, str]
"""Where, code, severity, claim and remedy."""


def types_of(at: Tree) -> tuple[str, ...]:
    """The types that a schema names; none where it names none."""
    kind = at.get("type") if at.kind == "mapping" else None
    if kind is None:
        return ()
    return tuple(str(child.value) for child in kind.children) if kind.kind == "sequence" else (str(kind.value),)


def value_faults(at: Tree) -> Iterator[Told]:
    """What is wrong with the values of one schema, the parts of which are not looked at."""
    for kind in types_of(at):
        if kind not in (*TYPES, "None"):
            yield at, "unknown_type", "blocker", f"'{shown(kind, 40)}' is no type of JSON Schema", ", ".join(TYPES)
    yield from _limits(at)
    yield from _listed(at)
    yield from _pattern(at)


def _limits(at: Tree) -> Iterator[Told]:
    for low_word, high_word in _BOUNDS:
        a, b = at.get(low_word), at.get(high_word)
        if a is not None and b is not None and _number(a, -math.inf) > _number(b, math.inf):
            claim = f"{low_word} {a.value} is above {high_word} {b.value}, so no value is allowed"
            yield a, "impossible", "blocker", claim, "swap them"
    lows = [(word, found) for word in ("minimum", "exclusiveMinimum") if (found := at.get(word)) is not None]
    highs = [(word, found) for word in ("maximum", "exclusiveMaximum") if (found := at.get(word)) is not None]
    for low_word, a in lows:
        for high_word, b in highs:
            least, most = _number(a, -math.inf), _number(b, math.inf)
            open_low, open_high = low_word.startswith("ex"), high_word.startswith("ex")
            if set(types_of(at)) == {"integer"} and math.isfinite(least) and math.isfinite(most):
                least = math.floor(least) + 1 if open_low else math.ceil(least)
                most = math.ceil(most) - 1 if open_high else math.floor(most)
                open_low = open_high = False
            if least > most or (least == most and (open_low or open_high)):
                claim = f"between {low_word} {a.value} and {high_word} {b.value} no value is allowed"
                yield a, "impossible", "blocker", claim, "swap them, or widen the limits"
                return


def _listed(at: Tree) -> Iterator[Told]:
    choices, default, fixed = at.get("enum"), at.get("default"), at.get("const")
    values = [child.value for child in choices.children] if choices is not None else []
    plain = choices is None or all(child.kind == "scalar" for child in choices.children)
    if choices is not None and plain:
        words = [repr(value) for value in values]
        if not values or len(words) != len(set(words)):
            claim = "its list of values is empty or names one twice"
            yield choices, "bad_enum", "caution", claim, "name each allowed value once"
        if wrong := [value for value in values if not _fits(at, value)]:
            claim = f"'{shown(str(wrong[0]), 40)}' in its list of values is no {' or '.join(types_of(at))}"
            yield choices, "bad_enum", "caution", claim, "values of the type that is declared"
    if fixed is not None and fixed.kind == "scalar":
        listed = not values or not plain or fixed.value in values
        if not (listed and _fits(at, fixed.value)):
            claim = f"only '{shown(str(fixed.value), 40)}' is allowed, and the rest of the schema excludes it"
            yield fixed, "impossible", "blocker", claim, "a value that fits type, list and limits"
    if default is not None and default.kind == "scalar" and plain:
        if values and str(default.value) not in map(str, values):
            claim = f"the default '{shown(str(default.value), 40)}' is none of its values"
            yield default, "bad_default", "blocker", claim, ", ".join(map(str, values[:10]))
        elif default.value is not None and not _fits(at, default.value):
            claim = f"the default '{shown(str(default.value), 40)}' is not allowed by its type and limits"
            yield default, "bad_default", "blocker", claim, "a default that the schema allows"


def _pattern(at: Tree) -> Iterator[Told]:
    pattern = at.get("pattern")
    if pattern is None or not isinstance(pattern.value, str):
        return
    try:
        re.compile(re.sub(r"\\[pP]\{[^}]*\}", "x", pattern.value))
    except re.error as error:
        claim = f"its pattern is no regular expression: {error}"
        yield pattern, "bad_pattern", "blocker", claim, "close every bracket and parenthesis"


def _fits(at: Tree, value: object) -> bool:
    """Whether a scalar is of the type and within the limits; without a type every one is."""
    kinds = types_of(at)
    if any(kind not in TYPES for kind in kinds):
        return True
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    of = {
        "string": isinstance(value, str),
        "number": is_number,
        "integer": is_number and float(value) == math.floor(float(value)),  # type: ignore[arg-type]
        "boolean": isinstance(value, bool),
        "null": value is None,
    }
    if kinds and not any(of.get(kind, False) for kind in kinds):
        return False
    if not is_number:
        return True
    number = float(value)  # type: ignore[arg-type]
    least, most = at.get("minimum"), at.get("maximum")
    above, below = at.get("exclusiveMinimum"), at.get("exclusiveMaximum")
    return (
        (least is None or number >= _number(least, number))
        and (most is None or number <= _number(most, number))
        and (above is None or number > _number(above, -math.inf))
        and (below is None or number < _number(below, math.inf))
    )


def _number(at: Tree, otherwise: float) -> float:
    found = at.value
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else otherwise
