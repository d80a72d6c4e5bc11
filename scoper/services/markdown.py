"""User text as inert Markdown.

`md` is the only door through which text from a case, a spec or a rule pack enters a report. Its result is `Safe`;
the templates refuse every string that is not. What it does not do: it makes no markup of its own.
"""

from __future__ import annotations

import re

from scoper.domain.text import one_line

WORD_JOINER = "\u2060"
_EMPTY = "(empty)"

# An underscore inside a word starts no emphasis and stays, so that names of variables stay readable in the source.
_SPECIAL = re.compile(r"[\\`*{}\[\]<>~$&#]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
# Markers that start a block when they come first: bullets, setext underlines, ordered lists, block quotes are escaped
# above by `<>`.
_LEADING = re.compile(r"^(?:[-+=:](?![A-Za-z0-9.])|\d{1,9}(?=[.)](?: |$)))")
# What GitHub turns into links, mentions, issue references or pictures after Markdown is parsed, so that a backslash
# comes too late: a zero-width word joiner is put in between.
_LIVE = re.compile(
    r"(?P<scheme>(?<=[A-Za-z]):(?=//))|(?P<www>(?i:www)(?=\.))|(?P<at>@)|(?P<emoji>:(?=(?:[0-9_+-]*[A-Za-z][A-Za-z0-9_+-]*|100|1234|[+-]1):))|(?P<issue>#(?=\d))"
)
_CODE = re.compile(r"[A-Za-z0-9_./=+,:% ()-]{1,200}")
# An address by itself: nothing that could end a code span or a table cell, and no full stop or the like at its end.
_ADDRESS = re.compile(
    r"(?:^|(?<= )|(?<= \())((?:https?://|www\.)[A-Za-z0-9][A-Za-z0-9_./?=%:~+,;&#-]*[A-Za-z0-9_/=])(?=[),.;:]*(?: |$))"
)
_MERMAID = re.compile(r"[^\w .,/+%-]|_")
_MERMAID_LEAD = re.compile(r"^(?:[-+*.,/%\s]+|\d+[.)]\s)+")


class Safe(str):
    """Markdown that may be printed as it stands."""

    __slots__ = ()


def md(text: object) -> Safe:
    """`text` on one line as Markdown that shows exactly these characters and starts nothing.

    Safe in a paragraph, heading, list item, table cell and inside <details>. Runs of white space become one space;
    empty text is shown as "(empty)". Links, mentions and issue references stay text.
    """
    line = one_line(str(text))
    if not line:
        return Safe(_EMPTY)
    line = _LIVE.sub(_defuse, line)
    line = _SPECIAL.sub(r"\\\g<0>", line)
    line = _LEADING.sub(_escape_lead, line)
    return Safe(line.replace("|", "&#124;"))


def code(text: object) -> Safe:
    """`text` as a code span when it is plain enough (ids, digests, commands), else as `md`."""
    line = one_line(str(text))
    if line and _CODE.fullmatch(line):
        return Safe(f"`{line}`")
    return md(line)


def cited(text: object) -> Safe:
    """A source as `md`, with its addresses as code spans: they start no link, and copied out they are as written.

    An address counts where it stands by itself, in plain characters; any other is parted as in `md`.
    """
    parts = _ADDRESS.split(one_line(str(text)))
    if len(parts) == 1:
        return md(parts[0])
    return Safe("".join(f"`{part}`" if place % 2 else _piece(part) for place, part in enumerate(parts)))


def _piece(text: str) -> str:
    """What stands beside an address, with the spaces around it."""
    if not text.strip():
        return text
    return " " * text.startswith(" ") + md(text) + " " * text.endswith(" ")


def mermaid(text: object, limit: int = 44) -> Safe:
    """`text` as the inside of a quoted Mermaid label: letters, digits and harmless signs only, at most `limit` long."""
    line = " ".join(_MERMAID.sub(" ", one_line(str(text))).split())
    line = _MERMAID_LEAD.sub("", line)
    if len(line) > limit:
        line = line[: limit - 1].rstrip() + "…"
    return Safe(line or "unnamed")


def _defuse(match: re.Match[str]) -> str:
    return match.group() + WORD_JOINER


def _escape_lead(match: re.Match[str]) -> str:
    lead = match.group()
    return lead + "\\" if lead.isdigit() else "\\" + lead
