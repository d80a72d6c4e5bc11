"""Arguments and options of a check's command, made from what the check says of its inputs and parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from scoper.checks import Input, Param

_METAVARS = {
    "number": "NUMBER",
    "whole": "N",
    "share": "SHARE",
    "word": "WORD",
    "column": "COLUMN",
    "columns": "COLUMNS",
    "words": "WORD",
    "range": "LOW..HIGH",
}
_EXTRA = (
    click.option("--markdown", is_flag=True, help="Print Markdown that a report can include."),
    click.option("--case", metavar="CASE", help="Offer what was measured as answers of this case."),
    click.option("--accept", metavar="IDS|all", help="Of those offers take these, separated by commas."),
    click.option("--keep", is_flag=True, help="Keep the result beside that case; its report shows it."),
    click.option(
        "--fail-on",
        type=click.Choice(["blocker", "caution", "info"]),
        help="Exit 1 when a fault is this severe or worse.",
    ),
)
_EXTRA_NAMES = ("markdown", "case", "accept", "keep", "fail_on")
_PREFIX = "input_"
Adder = Callable[[Callable[..., Any]], Callable[..., Any]]


def arguments(inputs: Sequence[Input]) -> tuple[Adder, ...]:
    """One argument for every input; a missing one is told by the check, with what it should be."""
    return tuple(
        click.argument(_PREFIX + item.name, required=False, metavar=_shown(item), type=click.Path()) for item in inputs
    )


def _shown(item: Input) -> str:
    return item.name.upper() if item.required else f"[{item.name.upper()}]"


def options(params: Sequence[Param]) -> tuple[Adder, ...]:
    """One option for every parameter, taken as text and read later, and those that all checks have."""
    return (*(_option(param) for param in params), *_EXTRA)


def _option(param: Param) -> Adder:
    flag = f"--{param.name.replace('_', '-')}"
    if param.kind == "flag":
        return click.option(flag, param.name, is_flag=True, default=None, help=param.help)
    shown = f"{param.help} ({_default(param.default)})" if param.default is not None else param.help
    metavar = "|".join(param.choices) or _METAVARS[param.kind]
    return click.option(flag, param.name, metavar=metavar, multiple=param.kind == "words", help=shown)


def _default(value: Any) -> str:
    return f"{value[0]:g}..{value[1]:g}" if isinstance(value, tuple) and len(value) == 2 else str(value)


def split(inputs: Sequence[Input], words: dict[str, Any]) -> tuple[dict[str, Path], dict[str, Any], dict[str, Any]]:
    """(files by input, entered values by parameter, the values of the options that all checks have)."""
    files = {item.name: Path(word) for item in inputs if (word := words.get(_PREFIX + item.name)) is not None}
    extra = {name: words[name] for name in _EXTRA_NAMES}
    entered = {name: word for name, word in words.items() if not name.startswith(_PREFIX) and name not in _EXTRA_NAMES}
    return files, entered, extra
