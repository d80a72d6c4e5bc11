"""The catalogue of diagnostics as lines of plain text: one line each, or one page for those that were asked for."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from scoper.diagnostics import Diagnostic
from scoper.interfaces import console
from scoper.services.catalogue import GROUPS, Catalogue

_WIDTH, _NAME, _LABEL = 100, 28, 12


def list_lines(catalogue: Catalogue) -> Iterator[str]:
    """Every diagnostic by group, with its question."""
    yield f"{len(catalogue.diagnostics)} diagnostics; `scoper diagnostics ID` tells how one of them works"
    for group, question in GROUPS.items():
        found = catalogue.of(group)
        if found:
            yield ""
            yield console.emphasis(question)
        for each in found:
            yield from _wrapped(each.question, f"  {each.id:<{_NAME}}", " " * (_NAME + 2))
    yield from _broken(catalogue)


def page_lines(catalogue: Catalogue) -> Iterator[str]:
    """Everything that is known of the diagnostics asked for."""
    for place, each in enumerate(catalogue.diagnostics):
        if place:
            yield ""
        yield from _page(each)
    yield from _broken(catalogue)


def _page(each: Diagnostic) -> Iterator[str]:
    yield console.emphasis(each.id)
    method = each.method
    told = {"Group": GROUPS[each.group], "Asks": each.question, "Does": each.summary}
    if method is not None:
        told |= {"Formula": method.formula, "Source": method.source, "Needs": ", ".join(method.inputs)}
        told |= {"Speaks": method.threshold, "Fails": method.failure}
    told["Catches"] = ", ".join(each.catches) or "no kind of defect; it says how sure the rest is"
    for label, text in told.items():
        yield from _wrapped(text, f"  {label:<{_LABEL}}", " " * (_LABEL + 2))


def _broken(catalogue: Catalogue) -> Iterator[str]:
    for sentence in catalogue.broken:
        yield from _wrapped(sentence, "[!] ", "    ")


def _wrapped(text: str, first: str, later: str) -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=first, subsequent_indent=later, break_on_hyphens=False, break_long_words=False
    )
