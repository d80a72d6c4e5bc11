"""The result of an offline check in words: lines for a terminal, and Markdown that a report can include."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from scoper.checks import Check
from scoper.domain.checks import CheckResult, Listing, Quantity
from scoper.domain.numbers import number, share
from scoper.domain.text import one_line
from scoper.services.markdown import code, md

_WIDTH = 79
_MARKS = {"blocker": "!!", "caution": "! ", "info": "  "}


def quantity_text(quantity: Quantity) -> str:
    """The number with its unit and bounds: `88.0 % (84.1 % to 91.2 %)`."""
    if quantity.value is None:
        return "not known"
    text = _one(quantity.value, quantity.unit)
    if quantity.low is not None and quantity.high is not None:
        text += f" ({_one(quantity.low, quantity.unit)} to {_one(quantity.high, quantity.unit)})"
    elif quantity.low is not None:
        text += f" (at least {_one(quantity.low, quantity.unit)})"
    elif quantity.high is not None:
        text += f" (at most {_one(quantity.high, quantity.unit)})"
    return text


def _one(value: float, unit: str) -> str:
    if unit == "share":
        return _fine_share(value)
    return f"{number(value)} {unit}".strip()


def _fine_share(value: float) -> str:
    """A share in percent; one close to nothing or everything keeps the digits that tell it from there."""
    rest = min(abs(value), abs(1.0 - value))
    if 0.0 < rest < 5e-4 and value >= 0:
        return f"{100 * value:.4g} %" if value < 0.5 else f"{100 - 100 * rest:.6g} %"
    return share(value)


def result_lines(result: CheckResult) -> list[str]:
    """The result for a terminal of 80 columns."""
    outcome = result.outcome
    lines = [f"{result.check.replace('_', ' ').upper()}: {one_line(result.question)}"]
    lines += textwrap.wrap(one_line(outcome.headline), _WIDTH, initial_indent="  ", subsequent_indent="  ")
    for quantity in outcome.quantities:
        lines += _wrapped(f"{quantity.name}: {quantity_text(quantity)} [{quantity.basis}]", "  - ", "    ")
        lines += _wrapped(quantity.words, "      ", "      ") if quantity.words else []
    for fault in outcome.faults:
        place = f"{fault.place()}: " if fault.source else ""
        text = f"{_MARKS[fault.severity]} {place}{fault.code} ({fault.severity}): {fault.claim}"
        lines += _wrapped(text, "  ", "     ")
        lines += _wrapped(fault.remedy, "     -> ", "        ") if fault.remedy else []
    for listing in outcome.listings:
        lines += _table(listing)
    lines += _wrapped(f"Method: {result.formula} Source: {result.source}", "  ", "    ")
    lines += _wrapped(f"It does not show: {result.shows_not}", "  ", "    ")
    return lines


def not_run_lines(not_run: Sequence[tuple[Check, str]]) -> list[str]:
    """The checks that a file is not for, each with its reason."""
    lines = ["NOT RUN ON THIS FILE"]
    for check, why in not_run:
        lines += _wrapped(f"{check.id.replace('_', '-')}: {why}", "  - ", "    ")
    return lines


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    return textwrap.wrap(
        one_line(text), _WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
    ) or [first.rstrip()]


def _table(listing: Listing) -> list[str]:
    """Aligned columns where they fit; else one row below the other, cell by cell."""
    rows = [tuple(one_line(cell) for cell in row) for row in (listing.header, *listing.rows)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(listing.header))]
    lines = [f"  {listing.title}"]
    if sum(widths) + 2 * len(widths) + 2 <= _WIDTH:
        for row in rows:
            text = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            lines.append(f"    {text}")
    else:
        for row in rows[1:]:
            named = [
                f"{name}: {cell}" if name else cell for name, cell in zip(listing.header, row, strict=True) if cell
            ]
            lines += _wrapped("; ".join(named), "    - ", "      ")
    return [*lines, *(_wrapped(listing.note, "    ", "    ") if listing.note else [])]


def markdown_block(result: CheckResult, level: int = 3) -> str:
    """The result as Markdown: what the user wrote is inert in it. `level` is that of its heading."""
    outcome = result.outcome
    lines = [f"{'#' * level} Check: {md(result.check.replace('_', ' '))}", "", f"**{md(outcome.headline)}**", ""]
    if result.inputs:
        named = ", ".join(f"{code(name)} ({code(digest)})" for name, digest in result.inputs.items())
        lines += [f"Measured on {named}.", ""]
    if outcome.quantities:
        lines += ["| Number | Value | Basis | What it is |", "| --- | --- | --- | --- |"]
        for quantity in outcome.quantities:
            cells = (quantity.name, quantity_text(quantity), quantity.basis, quantity.words or "-")
            lines.append("| " + " | ".join(str(md(cell)) for cell in cells) + " |")
        lines.append("")
    for fault in outcome.faults:
        place = f" {md(fault.place())}:" if fault.source else ""
        remedy = f" {md(fault.remedy)}" if fault.remedy else ""
        lines.append(f"- **{md(fault.severity)}**{place} {md(fault.claim)}.{remedy}")
    lines += [""] if outcome.faults else []
    for listing in outcome.listings:
        lines += _markdown_table(listing)
    lines += [f"Method: {md(result.formula)} Source: {md(result.source)}", ""]
    return "\n".join([*lines, f"It does not show: {md(result.shows_not)}", ""])


def _markdown_table(listing: Listing) -> list[str]:
    head = "| " + " | ".join(str(md(cell)) for cell in listing.header) + " |"
    rows = ["| " + " | ".join(str(md(cell)) for cell in row) + " |" for row in listing.rows]
    note = [str(md(listing.note)), ""] if listing.note else []
    return [f"{md(listing.title)}:", "", head, "|" + " --- |" * len(listing.header), *rows, "", *note]


def markdown_of(results: Sequence[CheckResult], level: int = 3) -> str:
    """Several results below each other."""
    return "\n".join(markdown_block(result, level) for result in results)
