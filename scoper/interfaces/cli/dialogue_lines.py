"""Lines of talk fitted to the terminal: broken between words, continued under where their text begins."""

from __future__ import annotations

import re
import textwrap

COMMAND = "Next: "  # what follows is to be copied as it is
UNKNOWN_WIDTH, _LEAST = 80, 20
_HANGING = re.compile(r" *\S+(?: \S+)? {2,}| *")  # a choice, a command or a mark before the text


def terminal_width() -> int:
    """Columns of the terminal (COLUMNS counts first), 80 when unknown."""
    import shutil

    return max(_LEAST, shutil.get_terminal_size((UNKNOWN_WIDTH, 24)).columns)


def wrapped(text: str, width: int) -> str:
    """`text` with lines of more than `width` characters broken between words; longer words and commands stay whole."""
    return "\n".join(part for line in text.split("\n") for part in _broken(line, width))


def _broken(line: str, width: int) -> list[str]:
    if len(line) <= width or line.startswith(COMMAND):
        return [line]
    match = _HANGING.match(line)
    under = len(match.group()) if match else 0
    under = under if 0 < under <= width // 2 else 2
    return textwrap.wrap(
        line, width, subsequent_indent=" " * under, break_long_words=False, break_on_hyphens=False
    ) or [line]
