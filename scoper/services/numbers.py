"""Numbers and other JSON values as the reports show them: a named format per quantity, each of fixed precision."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping

_PLACES = ((0.01, 6), (0.1, 5), (1, 4), (10, 3), (1000, 2), (10_000, 1))  # decimals below each size


def number(value: float) -> str:
    """A return or reward with four significant digits at least, without exponent between 0.001 and ten million."""
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else ("infinite" if value > 0 else "minus infinite")
    size = abs(value)
    if size != 0 and (size < 1e-3 or size >= 1e7):
        return _signed(f"{value:.3e}")
    decimals = next((places for limit, places in _PLACES if size < limit), 0)
    text = f"{value:,.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return _signed(text)


def share(value: float) -> str:
    """A share between 0 and 1 in percent with one decimal."""
    return _signed(f"{100 * value:.1f}") + " %"


def support(value: float) -> str:
    """A support between 0 and 1 in whole percent; what is not quite nothing or everything is not shown as such."""
    percent = round(100 * value)
    if percent == 0 and value > 0:
        return "< 1 %"
    if percent == 100 and value < 1:
        return "> 99 %"
    return f"{percent} %"


def bits(value: float) -> str:
    """Information in bits with two decimals."""
    return f"{value:.2f} bits"


def count(value: float) -> str:
    """A whole number with thousands separated."""
    return _signed(f"{value:,.0f}")


def tiny(value: float) -> str:
    """A residual or bound in scientific notation with two significant digits."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else number(value)
    return _signed(f"{value:.1e}")


def bar(value: float, length: int = 10) -> str:
    """A support as a bar of `length` squares."""
    full = min(length, max(0, round(value * length)))
    return "■" * full + "□" * (length - full)


def plain(value: object) -> str:
    """A JSON value as text: numbers in the report's format, lists with commas, anything deeper as JSON."""
    if value is None or isinstance(value, bool):
        return {None: "none", True: "yes", False: "no"}[value]
    if isinstance(value, int):
        return f"{value:,}".replace("-", "−")
    if isinstance(value, float):
        return number(value)
    if isinstance(value, list | tuple) and all(not isinstance(v, list | tuple | Mapping) for v in value):
        return ", ".join(plain(v) for v in value)
    return value if isinstance(value, str) else json.dumps(_jsonable(value), sort_keys=True, ensure_ascii=False)


def _jsonable(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(item) for item in value]
    return float(f"{value:.6g}") if isinstance(value, float) and math.isfinite(value) else value


def _signed(text: str) -> str:
    """Minus as a minus sign (read aloud as such), and no minus zero."""
    if text.startswith("-") and not any(digit in text.split("e")[0] for digit in "123456789"):
        return text[1:]
    return text.replace("-", "−", 1) if text.startswith("-") else text
