"""A portfolio as one page of Markdown; text of cases is inert in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from scoper.domain.text import shown
from scoper.services.markdown import md
from scoper.services.naming import Names, load_names
from scoper.services.portfolio import GROUP_WORDS, GROUPS, RULE, Entry, Portfolio

_TITLE, _NEXT, _PROBLEM = 60, 110, 110
_UNREADABLE_SHOWN = 20


def page(found: Portfolio, top: int) -> str:
    """The page: counts, the first `top` cases, files that could not be read, and by what rule it is sorted."""
    return "\n".join(_lines(found, top)) + "\n"


def _lines(found: Portfolio, top: int) -> Iterator[str]:
    yield f"# Portfolio of {md(found.folder)}"
    yield ""
    yield " ".join(_counts(found))
    yield ""
    yield "| # | Case | Verdict | Support | Probe | Next |"
    yield "|--:|:--|:--|--:|:--|:--|"
    group, data = None, load_names()
    for rank, entry in enumerate(found.entries[:top], start=1):
        if entry.group != group:
            group = entry.group
            yield f"| | **{GROUP_WORDS[group]}** | | | | |"
        yield _row(rank, entry, data)
    yield ""
    if len(found.entries) > top:
        yield f"{len(found.entries) - top} more are not shown; --top {len(found.entries)} or --json shows them."
        yield ""
    yield from _unreadable(found)
    yield f"*{RULE}*"
    yield ""
    yield f"Rules {found.rules_digest}."


def _counts(found: Portfolio) -> Iterator[str]:
    """How many cases stand in each group, which add up to all that were read; then what does not add to them."""
    counts, unreadable = Counter(entry.group for entry in found.entries), len(found.unreadable)
    if not found.entries:
        yield f"None of {_count(unreadable, 'file')} could be read."
        return
    told = [f"{GROUP_WORDS[group]} ({counts[group]})" for group in GROUPS if counts[group]]
    yield f"{_count(len(found.entries), 'case')}: {', '.join(told)}."
    if due := sum(entry.due for entry in found.entries):
        yield f"{due} of them {'is' if due == 1 else 'are'} due to be looked at again."
    if unreadable:
        yield f"{_count(unreadable, 'more file')} could not be read."


def _row(rank: int, entry: Entry, data: Names) -> str:
    verdict = entry.verdict
    family = f", {data.name('families', verdict.family)}" if verdict.family else ""
    said = f"{data.name('techniques', verdict.technique)}{family}{'' if verdict.settled else ' (open)'}"
    due = " **due**" if entry.due else ""
    probe = md(entry.probe.replace("_", " ")) if entry.probe else "–"
    title = f"{md(shown(entry.title, _TITLE))} ({md(entry.file)}){due}"
    return f"| {rank} | {title} | {md(said)} | {entry.support:.0%} | {probe} | {md(shown(entry.next, _NEXT))} |"


def _unreadable(found: Portfolio) -> Iterator[str]:
    if not found.unreadable:
        return
    yield f"## Could not be read ({len(found.unreadable)})"
    yield ""
    for name, problem in found.unreadable[:_UNREADABLE_SHOWN]:
        yield f"- {md(name)}: {md(shown(problem, _PROBLEM))}"
    if len(found.unreadable) > _UNREADABLE_SHOWN:
        yield f"- {len(found.unreadable) - _UNREADABLE_SHOWN} more in --json"
    yield ""


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
