"""How a number is written, in every sentence and table: a named format per quantity, each of fixed precision.

And which number is none at all: what rounding leaves of nothing is made 0 where it is computed.
"""

from __future__ import annotations

import math

_PLACES = ((0.01, 6), (0.1, 5), (1, 4), (10, 3), (1000, 2), (10_000, 1))  # decimals below each size

_ROUNDING = 1e-12
"""Of what was added up and taken away: some thousand times the rounding of a double (Higham 2002, section 2.1)."""


def settled(value: float, scale: float) -> float:
    """`value`, or 0 where it is no more than what rounding leaves of terms of the size `scale` that cancel out."""
    return 0.0 if math.isfinite(scale) and abs(value) <= _ROUNDING * abs(scale) else value


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


def whole_number(value: float) -> str:
    """A number as `number` writes it, with all its digits where that leaves some out: what others compute with."""
    text = number(value)
    if not math.isfinite(value):
        return text
    return text if float(text.replace(",", "").replace("−", "-")) == value else _signed(f"{value:,}")


def share(value: float) -> str:
    """A share between 0 and 1 in percent with one decimal."""
    return _signed(f"{100 * value:.1f}") + " %"


def count(value: float) -> str:
    """A whole number with thousands separated."""
    return _signed(f"{value:,.0f}")


def tiny(value: float) -> str:
    """A residual or bound in scientific notation with two significant digits."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else number(value)
    return _signed(f"{value:.1e}")


def _signed(text: str) -> str:
    """Minus as a minus sign (read aloud as such), and no minus zero."""
    if text.startswith("-") and not any(digit in text.split("e")[0] for digit in "123456789"):
        return text[1:]
    return text.replace("-", "−", 1) if text.startswith("-") else text
