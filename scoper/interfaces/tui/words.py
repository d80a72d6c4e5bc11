"""Names as people read them, and text made safe to show.

`line` is the one way in which text reaches a widget: it cleans every part and builds Content, so nothing a user or a
rule wrote is ever read as markup or as a terminal escape. No decision is taken here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from scoper.domain.decision import TECHNIQUES, UNDECIDED, Technique, Verdict
from scoper.domain.text import clean, one_line
from scoper.interfaces.wording import READINESS, SETTLED
from scoper.services.naming import Names, load_names

_ID = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
NOTHING_MOVED = "nothing moved"
_READY = {**READINESS, "go_if": "conditional go"}  # the words used everywhere; the long one short
Part = str | tuple[str, str] | Content


def line(*parts: Part) -> Content:
    """One Content of the parts, each `text` or `(text, style)`; texts are cleaned, styles are scoper's own."""
    return Content.assemble(*(_safe(part) for part in parts))


def lines(rows: Sequence[Content]) -> Content:
    """The rows under each other."""
    return Content("\n").join(rows)


def hanging(head: Content, body: str, width: int) -> Content:
    """`head` followed by `body` wrapped to `width` cells in all, the further lines indented below the first."""
    indent = head.cell_length
    if indent > max(width // 2, 6):
        return Content("\n").join([head, hanging(Content("    "), body, width)])
    rows = line(one_line(body)).wrap(max(12, width - indent)) or [Content("")]
    return lines([Content.assemble(head if row == 0 else " " * indent, text) for row, text in enumerate(rows)])


def flowing(head: Content, body: str, width: int, indent: int) -> Content:
    """`head` and `body` as one paragraph within `width` cells, all lines but the first indented by `indent`."""
    rows = Content.assemble(head, line(one_line(body))).wrap(max(12, width - indent))
    return lines([Content.assemble(" " * indent if row else "", text) for row, text in enumerate(rows)])


def spelled(sentence: str) -> str:
    """A sentence in which ids of signals stand, with their names instead."""
    return _ID.sub(lambda found: signal(found.group()), sentence)


def plain(key: str) -> str:
    """An answer's id as words: `not_applicable` is `not applicable`."""
    return key.replace("_", " ")


@cache
def _names() -> Names:
    return load_names()


def name(kind: str, key: str) -> str:
    """What an id is called, by the words that the report uses too; `kind` is a heading of that file."""
    return one_line(_names().name(kind, key))


def title(kind: str, key: str) -> str:
    """The same with a capital letter, as it begins a line."""
    called = name(kind, key)
    return called[:1].upper() + called[1:]


def technique(key: str) -> str:
    """A technique's name as a heading would have it."""
    return title("techniques", key)


def signal(key: str) -> str:
    """What a question is about, in a few words."""
    return name("signals", key)


def percent(share: float) -> str:
    """A share between 0 and 1 in whole percent; only 0 and 1 themselves print as 0 % and 100 %."""
    if 0 < share < 0.01:
        return "<1 %"
    if 0.99 < share < 1:
        return ">99 %"
    return f"{share:.0%}".replace("%", " %")


def bar(share: float, width: int) -> str:
    """A share between 0 and 1 as `width` cells of blocks and dots."""
    full = max(0, min(width, round(share * width)))
    return "█" * full + "·" * (width - full)


def headline(verdict: Verdict) -> str:
    """The technique and whether to go ahead with it, as one short phrase."""
    return f"{technique(verdict.technique)} - {_READY[verdict.readiness]}"


def undecided(verdict: Verdict) -> float:
    """The share of the open outcomes that lead to no technique."""
    return max(0.0, 1.0 - sum(entry.support for entry in verdict.ranking)) if UNDECIDED in verdict.possible else 0.0


def outlook(verdict: Verdict) -> str:
    """Whether an open answer can still change the technique, in words, else how many techniques are not ruled out."""
    if verdict.settled:
        return SETTLED
    count = len(alive(verdict) - {UNDECIDED})
    return f"not settled: {count} of {len(TECHNIQUES)} possible"


def outlooks(verdict: Verdict) -> tuple[str, ...]:
    """The outlook and the share that leads to no technique, in ever fewer words."""
    if verdict.settled:
        return (SETTLED, "settled: the technique stays", "settled")
    share = undecided(verdict)
    none = f", no technique: {percent(share)}" if share else ""
    said = outlook(verdict)
    short = said.removeprefix("not settled: ")
    return (said + none, short + none, said, short)


def unsure(verdict: Verdict) -> str:
    """What remains beside a settled verdict when somebody was not sure of an answer; empty when nothing does."""
    rest = 1.0 - max((entry.support for entry in verdict.ranking), default=1.0)
    return f"{percent(rest)} goes elsewhere should an unsure answer not hold" if verdict.settled and rest > 0 else ""


def alive(verdict: Verdict) -> set[str]:
    """The techniques that are not ruled out: an open answer, or an unsure one that does not hold, leads to them."""
    return {*verdict.possible, *(entry.technique for entry in verdict.ranking if entry.support > 0)}


def difference(before: Verdict, after: Verdict) -> tuple[str, ...]:
    """What one answer changed about the verdict, in short phrases, most telling first."""
    said: list[str] = []
    if before.technique != after.technique:
        said.append(f"now {technique(after.technique)}")
    if after.settled != before.settled:
        said.append("settled" if after.settled else "open again")
    if before.readiness != after.readiness:
        said.append(f"readiness {_READY[before.readiness]} → {_READY[after.readiness]}")
    said += [_largest_move(before.ranking, after.ranking)]
    was, now = alive(before), alive(after)
    gone = [technique(key) for key in TECHNIQUES if key in was - now]
    back = [technique(key) for key in TECHNIQUES if key in now - was]
    said += [f"ruled out: {', '.join(gone)}" if gone else "", f"possible again: {', '.join(back)}" if back else ""]
    return tuple(phrase for phrase in said if phrase) or (NOTHING_MOVED,)


def longest(phrases: Sequence[str], width: int) -> str:
    """The first of the phrases, longest first, that fits into `width` cells; the last one cut where none does."""
    return next((text for text in phrases if cell_len(text) <= width), fit(phrases[-1], width))


def as_fits(phrases: Sequence[str], width: int, joint: str = "; ") -> str:
    """As many whole phrases as fit into `width` cells, with the number of those left out."""
    for kept in range(len(phrases), 0, -1):
        more = f"; {len(phrases) - kept} more" if kept < len(phrases) else ""
        if cell_len(text := joint.join(phrases[:kept]) + more) <= width:
            return text
    return fit(phrases[0], width) if phrases else ""


def _largest_move(before: Sequence[Technique], after: Sequence[Technique]) -> str:
    old = {entry.technique: entry.support for entry in before}
    moves = sorted(after, key=lambda entry: -abs(entry.support - old.get(entry.technique, 0.0)))
    told = ((technique(e.technique), percent(old.get(e.technique, 0.0)), percent(e.support)) for e in moves)
    return next((f"{name} {was} → {now}" for name, was, now in told if was != now), "")


def cells(text: str) -> int:
    """How many terminal cells a text takes; wide characters take two."""
    return cell_len(text)


def clipped(content: Content, width: int, rows: int) -> Content:
    """The content wrapped to `width` cells on at most `rows` rows; one that was cut says so with an ellipsis."""
    wrapped = list(content.wrap(max(1, width)))
    if len(wrapped) <= rows:
        return content
    last = Content(wrapped[rows - 1].plain.rstrip()) if width < 2 else wrapped[rows - 1].rstrip().truncate(width - 1)
    return Content("\n").join([*wrapped[: rows - 1], Content.assemble(last, "…")])


def fit(text: str, width: int) -> str:
    """The text on one line in at most `width` cells; a shortened one says so with an ellipsis."""
    short = one_line(text)
    if cell_len(short) <= width:
        return short
    return set_cell_size(short, width - 1).rstrip() + "…" if width > 1 else ""


def place(path: Path) -> str:
    """A path as short as it can be said from the current folder."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _safe(part: Part) -> str | tuple[str, str] | Content:
    if isinstance(part, Content):
        return part
    if isinstance(part, tuple):
        return clean(part[0]), part[1]
    return clean(part)
