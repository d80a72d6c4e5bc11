"""The Jinja2 environment of the reports: nothing reaches the output but what a filter has made safe.

Every `{{ ... }}` must end in one of the filters below; a raw string is refused with an error, an undefined name too.
Sections are found by file name, in the order of their numbers: a new file is a new section.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scoper.services import numbers
from scoper.services.markdown import Safe, cited, code, md, mermaid

if TYPE_CHECKING:
    from jinja2 import Environment

_SHELL_PLAIN = re.compile(r"[A-Za-z0-9_./=+,:@# >\"-]*")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BLANK_LINES = re.compile(r"\n{3,}")
_TITLE = re.compile(r"^## (.+)$", re.MULTILINE)


def render_sections(folder: Path, view: Mapping[str, Any], sections_in: str = "sections") -> Safe:
    """The whole Markdown text for `view` from the templates in `folder`; sections without content are left out.

    The sections are the templates in the folder `sections_in` of it, in the order of their names.
    """
    environment = _environment(folder.resolve())
    names = sorted(path.name for path in (folder / sections_in).glob("[0-9]*-*.md.j2"))
    texts = [environment.get_template(f"{sections_in}/{name}").render(view) for name in names]
    sections = [Safe(text) for raw in texts if (text := _tidy(raw))]
    whole = environment.get_template("report.md.j2").render(
        {**view, "sections": sections, "contents": _contents(sections)}
    )
    return Safe(_tidy(whole) + "\n")


def render_one(folder: Path, name: str, view: Mapping[str, Any]) -> Safe:
    """The text for `view` from the single template `name` in `folder`."""
    return Safe(_tidy(_environment(folder.resolve()).get_template(name).render(view)) + "\n")


def anchor(title: str) -> str:
    """The id that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def _contents(sections: Sequence[str]) -> Safe:
    titles = [match.group(1) for section in sections if (match := _TITLE.search(section))]
    return Safe(" · ".join(f"[{title}](#{anchor(title)})" for title in titles))


def _tidy(text: str) -> str:
    """No trailing spaces, no two blank lines in a row, none at either end; lists and tables stay together.

    Items of ordered lists are written with the number 1 in the templates and are counted here.
    """
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    lines = re.sub(r"(?m)(^(?: *- |1\. ).*\n)\n+(?= *- |1\. )", r"\1", lines)
    lines = re.sub(r"(?m)(^\|.*\n)\n+(?=\|)", r"\1", lines)
    return _numbered(_BLANK_LINES.sub("\n\n", lines).strip("\n"))


def _numbered(text: str) -> str:
    lines, position = [], 0
    for line in text.split("\n"):
        position = position + 1 if line.startswith("1. ") else 0
        lines.append(f"{position}{line[1:]}" if position else line)
    return "\n".join(lines)


@lru_cache(maxsize=8)
def _environment(folder: Path) -> Environment:
    """The templates of a folder stay compiled (0.2 s a report); one that was edited since is read again."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
        finalize=_only_safe,
    )
    environment.filters = dict(_FILTERS)
    return environment


def _only_safe(value: object) -> object:
    """Refuse what no filter has made safe; whole numbers of the template itself pass."""
    if isinstance(value, Safe) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise TypeError(f"a report template prints a value that no filter made safe: {type(value).__name__}")


def capital(text: str) -> Safe:
    """`md` with the first letter in upper case."""
    return md(text[:1].upper() + text[1:])


def sentence(text: str) -> Safe:
    """`md` as a sentence: first letter in upper case, a full stop at the end unless it ends in one."""
    line = " ".join(text.split())
    stop = "" if not line or line[-1] in ".!?…:" else "."
    return md(line[:1].upper() + line[1:] + stop)


def cited_sentence(text: str) -> Safe:
    """A source as a sentence; one that begins with an address keeps its first letter."""
    line = " ".join(text.split())
    first = line[:1] if line.startswith(("http", "www.")) else line[:1].upper()
    return cited(first + line[1:] + ("" if not line or line[-1] in ".!?…:" else "."))


def listed(items: Sequence[object]) -> Safe:
    """The items as `md`, separated by commas; sentences keep their own full stops and are separated by spaces."""
    texts = [md(item) for item in items]
    whole = all(text.endswith((".", "!", "?")) for text in texts)
    return Safe((" " if whole else ", ").join(texts))


def either(items: Sequence[object]) -> Safe:
    """The items as `md`: "a", "a or b", "a, b or c"."""
    texts = [md(item) for item in items]
    return Safe(" or ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts))


def flip(row: Mapping[str, Any]) -> Safe:
    """A flip as half a sentence: which answers change from what to what, and to which verdict that leads."""
    return Safe(f"{changes(row)}: the verdict becomes **{md(row['to'])}**")


def changes(row: Mapping[str, Any]) -> Safe:
    """The changes of a flip alone, where its verdict is told beside it."""
    return Safe(" and ".join(_change(change) for change in row["changes"]))


def _change(change: Mapping[str, str]) -> str:
    since = "still" if change["before"] == "unknown" else "now"
    means = f"{md(change['means'])}; " if change.get("means") else ""
    return f"{md(change['name'])} turns out **{md(change['after'])}** ({means}{since} {md(change['before'])})"


def shell(text: str) -> Safe:
    """A command line inside a code block; any character that could leave it or surprise a shell becomes `?`."""
    return Safe("".join(char if _SHELL_PLAIN.fullmatch(char) else "?" for char in text))


def gain(value: float) -> Safe:
    """What a question's answer brings; one that moves no technique still shapes readiness and conditions."""
    return Safe(numbers.bits(value) if round(value, 2) > 0 else "sharpens the conditions")


def block(text: str) -> Safe:
    """Text inside a code block of its own: no line of it can end the block."""
    return Safe(text.replace("`", "\\u0060").replace("<", "\\u003c"))


def day(text: str) -> Safe:
    """A date as YYYY-MM-DD; anything else is no date and becomes empty."""
    return Safe(text if _DAY.fullmatch(text) else "")


def plainly(items: Sequence[object]) -> Safe:
    """The items as `md`, each a sentence of its own."""
    return Safe(" ".join(sentence(str(item)) for item in items))


def _number_filter(function: Callable[[float], str]) -> Callable[[float | str], Safe]:
    """Numbers in their format; a number that is not finite comes as words."""
    return lambda value: md(value) if isinstance(value, str) else Safe(function(value))


_FILTERS: dict[str, Callable[..., Any]] = {
    "md": md,
    "cap": capital,
    "sentence": sentence,
    "code": code,
    "cited": cited,
    "cited_sentence": cited_sentence,
    "mermaid": mermaid,
    "listed": listed,
    "either": either,
    "flip": flip,
    "changes": changes,
    "shell": shell,
    "block": block,
    "day": day,
    "plainly": plainly,
    "words": lambda text: md(str(text).replace("_", " ")),
    "length": len,
    "num": _number_filter(numbers.number),
    "share": _number_filter(numbers.share),
    "support": _number_filter(numbers.support),
    "gain": gain,
    "bits": _number_filter(numbers.bits),
    "count": _number_filter(numbers.count),
    "tiny": _number_filter(numbers.tiny),
    "bar": _number_filter(numbers.bar),
}
