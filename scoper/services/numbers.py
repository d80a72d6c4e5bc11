"""Numbers and other JSON values as the reports show them: a named format per quantity, each of fixed precision."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping

from scoper.domain.numbers import count, number, share, tiny

__all__ = ["bar", "bits", "count", "number", "plain", "share", "support", "tiny"]


def support(value: float) -> str:
    """A support between 0 and 1 in whole percent; what is not quite nothing or everything is not shown as such."""
    percent = round(100 * value)
    if percent == 0 and value > 0:
        return "< 1 %"
    if percent == 100 and value < 1:
        return "> 99 %"
    return f"{percent} %"


def bits(value: float) -> str:
    """Information in bits with two decimals; a trace is not shown as nothing."""
    return "< 0.01 bits" if 0 < value < 0.005 else f"{value:.2f} bits"


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
