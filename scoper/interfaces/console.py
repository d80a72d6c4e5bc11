"""All that is said: data on stdout, talk on stderr.

Whatever the text, no control character but newline and tab reaches the terminal.
"""

from __future__ import annotations

import errno
import os
import re
import sys
from typing import TextIO

_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_quiet = False
_color = "auto"
_shown = 0  # cells of the live line that stand on the terminal now


def configure(*, quiet: bool, color: str) -> None:
    """Set for this process whether talk is silenced and when colour is used (auto, always, never)."""
    global _quiet, _color
    _quiet, _color = quiet, color


def data(text: str) -> None:
    """Write a result to stdout, ending in one newline; raises OSError where stdout is closed, as it then is lost."""
    if sys.stdout is None:  # so it is after `>&-`
        raise OSError(errno.EBADF, os.strerror(errno.EBADF), "standard output")
    _write(sys.stdout, text if text.endswith("\n") else text + "\n")


def say(text: str) -> None:
    """Write talk to stderr unless --quiet."""
    if not _quiet:
        _write(sys.stderr, text + "\n")


def live(text: str) -> None:
    """Show `text` as the last line of a terminal in place of the one before; empty takes it away.

    Only where stderr is a terminal and talk is wanted; what is said later pushes it down. No escapes are used.
    """
    global _shown
    if not (text or _shown):
        return
    if _quiet or sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM", "dumb") == "dumb":
        return
    import shutil  # 2 ms that only a live line needs

    room = max(10, shutil.get_terminal_size().columns - 1)
    kept = "".join(char if char.isprintable() else " " for char in text)[:room]
    blanks = " " * min(room, max(0, _shown - len(kept)))
    _raw(sys.stderr, f"\r{kept}{blanks}" + ("\r" if not kept else ""))
    _shown = len(kept)


def prompt(text: str, *, talk: bool) -> None:
    """Write `text` without a newline: to stderr when `talk`, else to stdout."""
    _write(sys.stderr if talk else sys.stdout, text)


def complain(text: str) -> None:
    """Write an error to stderr, also under --quiet."""
    _write(sys.stderr, text + "\n")


def can_ask() -> bool:
    """Whether a person can be asked: input and stderr are both terminals, and neither is closed."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def emphasis(text: str) -> str:
    """`text` in bold where stdout shows colour; the meaning never rests on it."""
    return f"\x1b[1m{text}\x1b[0m" if _colored(sys.stdout) else text


def _colored(stream: TextIO | None) -> bool:
    if stream is None or _color != "auto":
        return stream is not None and _color == "always"
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"


def _write(stream: TextIO | None, text: str) -> None:
    if stream is None:  # closed by whoever started the program
        return
    if _shown:
        live("")
    shown = _HARMFUL.sub("\N{REPLACEMENT CHARACTER}", text)
    if _colored(stream):
        shown = _restore_emphasis(text, shown)
    _raw(stream, shown)


def _raw(stream: TextIO, text: str) -> None:
    stream.write(text.encode(stream.encoding or "utf-8", "replace").decode(stream.encoding or "utf-8", "replace"))
    stream.flush()


def _restore_emphasis(text: str, shown: str) -> str:
    for code in ("\x1b[1m", "\x1b[0m"):
        position = text.find(code)
        while position >= 0:
            shown = shown[:position] + code + shown[position + len(code) :]
            position = text.find(code, position + 1)
    return shown
