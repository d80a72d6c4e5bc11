"""User text made safe to show: no terminal escapes, no invisible controls.

What a user wrote stays in the file as it is; what is loaded from it passes `clean` once, so no screen, report or
message has to think of escapes again. Markup and HTML are not this module's business: they are text here.
"""

from __future__ import annotations

import re

# ECMA-48 sequences: CSI, then the string commands (OSC, DCS, ...) with their payload, then any two-byte escape.
_SEQUENCES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x00-\x08\x0a-\x1f\x7f-\x9f]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]"
)
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# C0 and C1 controls, bidirectional controls, annotation marks, byte order mark.
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_SUSPECT = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def clean(text: str) -> str:
    r"""`text` without control characters, terminal escapes and direction marks.

    Every kind of line end becomes `\n`, a tab becomes a space, a lone surrogate U+FFFD. Idempotent.
    """
    if not _SUSPECT.search(text):
        return text
    text = _SEQUENCES.sub("", text)
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    return _SURROGATES.sub("\ufffd", _CONTROLS.sub("", text))


def one_line(text: str) -> str:
    """`clean` text on a single line, runs of white space become one space."""
    return " ".join(clean(text).split())


def shown(text: str, limit: int = 60) -> str:
    """`one_line` text of at most `limit` characters, for quoting inside a message."""
    line = one_line(text)
    return line if len(line) <= limit else line[: limit - 1] + "…"
