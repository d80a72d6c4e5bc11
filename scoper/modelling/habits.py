"""What people write from habit in a text that is no expression, and how it is written here.

Only looked for once parsing has failed, so that a mark which the language knows is never blamed. Spreadsheets, other
programming languages and everyday numbers ("10 EUR", "30%", "10,5") are where these habits come from.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Mapping

COMMAS = "arguments are separated by commas"
HABITS: Mapping[str, str] = {
    "=>": ">=",
    "=<": "<=",
    "<>": "!=",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "&&": "and",
    "||": "or",
    "&": "and",
    "|": "or",
    "^": "**",
    "!": "not, or !=",
    "?": "x if condition else y",
    "×": "*",
    "·": "*",
    "÷": "/",
    "−": "-",
    "–": "-",
    "²": "** 2",
    "=": "==",
}
"""The longer mark before the shorter one that it begins with."""
_MARK = re.compile("[<>!=]=|" + "|".join(map(re.escape, HABITS)))
_NUMBER = r"(?<![\w.])(?>\d{1,15}(?:\.\d{0,15})?(?:[eE][+-]?\d{1,2})?)(?!\d)"
_PERCENT = re.compile(rf"({_NUMBER})\s*%(?=\s*(?:$|[)*+/,<>=!\]-]))")
_MONEY = re.compile(rf"([€$£¥])\s*{_NUMBER}")
_UNIT = re.compile(rf"({_NUMBER})\s*([^\W\d_]\w{{0,39}}|[€$£¥°]\w*)")
_DECIMAL = re.compile(r"(?<![\w.,])(\d{1,15}),(\d{1,15})(?![\w.,])")


def habit(text: str, names: Collection[str] = ()) -> str:
    """A remedy for a text that is no expression, of everything in it that is written differently here; else empty.

    `names` are those that the expression may use: a number beside one of them lacks a sign, beside another word a unit.
    """
    said = [*_amounts(text, names)]
    if ";" in text:
        said.append(COMMAS)
    marks = dict.fromkeys(mark for mark in _MARK.findall(text) if mark in HABITS)
    if marks:
        said.append("instead of " + ", instead of ".join(f"{mark} write {HABITS[mark]}" for mark in marks))
    if not said and "if " in text:
        said.append("instead of if write x if condition else y")
    return "; ".join(said)


def _amounts(text: str, names: Collection[str]) -> list[str]:
    """What is said about numbers with a percent sign, a currency or a unit."""
    if match := _PERCENT.search(text):
        return [f"instead of {match.group()} write {fraction(match.group(1))}"]
    if match := _MONEY.search(text):
        return [f"leave out {match.group(1)}: units go under `units:`"]
    for number, word in _UNIT.findall(text):
        if word in names:
            return [f"write {number} * {word}"]
        if not keyword.iskeyword(word):
            return [f"leave out {word}: units go under `units:`"]
    return []


def fraction(percent: str) -> str:
    """A percentage as a share of one: "0.3" of "30"."""
    return f"{float(percent) / 100:.12g}"


def as_number(text: str) -> str:
    """How a text that is meant as one number is written: "write 0.3" for "30%"; empty when it is none."""
    plain = text.strip()
    if match := re.fullmatch(r"([+-]?\d{1,15}(?:[.,]\d{1,15})?)\s*%", plain):
        return f"write {fraction(match.group(1).replace(',', '.'))}"
    if match := re.fullmatch(r"([+-]?\d{1,15}),(\d{1,15})", plain):
        return _pointed(*match.groups())
    return ""


def _pointed(whole: str, rest: str) -> str:
    """Three digits behind a comma may also be thousands."""
    thousands = f"{whole}{rest}, or with a " if len(rest) == 3 else ""
    return f"{'write ' + thousands if thousands else ''}decimal point: {whole}.{rest}"


def decimal_comma(text: str) -> str:
    """A remedy for a list of values that stands where one value is meant."""
    match = _DECIMAL.search(text)
    if match:
        return _pointed(*match.groups())
    return "one value is meant: commas separate the arguments of a function and the keys of a table"
