"""Where every key of a TOML text stands: the parser of the standard library gives values without places.

For text that `tomllib` has read already; of any other text the answer means nothing, but it always ends.
"""

from __future__ import annotations

import re
import tomllib

Place = tuple[int, int]
Path = tuple[str, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'', re.DOTALL)
_OTHER = re.compile(r"[^,\]}#\n]+")


def key_places(text: str) -> dict[Path, Place]:
    """The keys (tables too) by their whole path, each with line and column from 1 of where it is first written."""
    scanner = _Scanner(text)
    scanner.document()
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    return {path: _place(starts, index) for path, index in scanner.found.items()}


def _place(starts: list[int], index: int) -> Place:
    from bisect import bisect_right

    line = bisect_right(starts, index)
    return line, index - starts[line - 1] + 1


class _Scanner:
    """Walks over a text once; `found` maps the path of a key to the offset of its last part."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.found: dict[Path, int] = {}

    def document(self) -> None:
        table: Path = ()
        while self.blank() < len(self.text):
            if self.text[self.at] == "[":
                while self.peek("["):
                    self.at += 1
                    self.blank()
                table = self.key(())
                while self.blank() < len(self.text) and self.text[self.at] == "]":
                    self.at += 1
            else:
                before = self.at
                self.pair(table)
                if self.at == before:
                    return  # no TOML after all

    def blank(self) -> int:
        """Over white space, line ends and comments; the offset behind them."""
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.at

    def peek(self, char: str) -> bool:
        return self.text.startswith(char, self.at)

    def key(self, table: Path) -> Path:
        """A key of one or several parts below `table`, every part noted."""
        path = table
        while True:
            self.blank()
            match = _STRING.match(self.text, self.at) or _BARE.match(self.text, self.at)
            if match is None:
                return path
            path = (*path, _name(match[0]))
            self.found.setdefault(path, self.at)
            self.at = match.end()
            self.blank()
            if not self.peek("."):
                return path
            self.at += 1

    def pair(self, table: Path) -> None:
        path = self.key(table)
        self.blank()
        if self.peek("="):
            self.at += 1
            self.value(path)

    def value(self, path: Path) -> None:
        self.blank()
        if self.peek("["):
            self.members(path, "]")
        elif self.peek("{"):
            self.members(path, "}")
        else:
            match = _STRING.match(self.text, self.at) or _OTHER.match(self.text, self.at)
            self.at = match.end() if match else self.at

    def members(self, path: Path, end: str) -> None:
        """A list, whose members have no keys of their own, or an inline table."""
        self.at += 1
        while self.blank() < len(self.text) and not self.peek(end):
            before = self.at
            if end == "]":
                self.value(path)
            else:
                self.pair(path)
            self.blank()
            self.at += self.peek(",")
            if self.at == before:
                return
        self.at += 1


def _name(written: str) -> str:
    if written[0] not in "\"'":
        return written
    try:
        return str(tomllib.loads(f"key = {written}")["key"])
    except ValueError:
        return written
