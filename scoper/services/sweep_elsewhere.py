"""Files outside the code's own folders that arguments or sources lead to by a path.

A path is taken from where the child stands (the spec's folder), from the code's folders and from the file that tells
it. Files are named relative to the code, so that a project that moves as a whole keeps its cells.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from scoper.services.trust import is_own_record, is_passed_over

_LARGE = 16 * 2**20
_MOST_IN_FOLDER = 1000
_LONGEST_PATH = 1000
_NEVER = tuple(map(Path, ("/proc", "/sys", "/dev")))
_LITERAL = re.compile(rb"""["']([^"'\r\n]{3,200})["']""")


def content_digest(content: bytes) -> str:
    """What stands for a file's content."""
    return hashlib.sha256(content).hexdigest()[:16]


class Elsewhere:
    """What is found outside `places`. large: name to digest of files that are too large to be read before every sweep.

    Of those size and time of change stand for the content.
    """

    def __init__(self, spec_dir: Path, root: Path, places: Sequence[Path]) -> None:
        self._root, self._places = root, [*places]
        self._bases = [spec_dir, root, *(place if place.is_dir() else place.parent for place in places)]
        self.large: dict[str, str] = {}

    def given(self, arguments: Sequence[str]) -> Iterator[tuple[str, Path]]:
        """Name and path of every file that an argument names, or that lies in a folder that it names."""
        for text in arguments:
            for path in self._paths(text, self._bases):
                if path.is_file():
                    yield from self._told(path)
                elif path.is_dir() and not self._is_around(path):
                    for inner in _files_in(path):
                        yield from self._told(inner)

    def led_to(self, content: bytes, file: Path) -> Iterator[tuple[str, Path]]:
        """The same of the files whose whole path stands in quotes in `content`, which is that of `file`."""
        bases = [*self._bases, file.parent]
        for literal in sorted(set(_LITERAL.findall(content))):
            if b"." in literal or b"/" in literal:
                for path in self._paths(literal.decode(errors="replace"), bases, inside=False):
                    if path.is_file() and path.suffix != ".log" and not is_own_record(path):
                        yield from self._told(path)

    def _paths(self, text: str, bases: Sequence[Path], *, inside: bool = True) -> Iterator[Path]:
        """What is there under `text`; inside: also where it lies in the code's own folders."""
        if not 0 < len(text) <= _LONGEST_PATH or not text.isprintable():
            return
        for base in dict.fromkeys(bases):
            path = Path(os.path.normpath(base / os.path.expanduser(text)))  # noqa: PTH111 Path's raises for ~nobody
            if not inside and self._is_inside(path):
                continue
            try:
                if path.exists() and not any(path.is_relative_to(place) for place in _NEVER):
                    yield path
            except OSError:  # a name that is too long, a folder that may not be looked into
                continue

    def _told(self, path: Path) -> Iterator[tuple[str, Path]]:
        if not os.access(path, os.R_OK):
            return
        name, told = Path(os.path.relpath(path, self._root)).as_posix(), path.stat()
        if told.st_size <= _LARGE:
            yield name, path
            return
        changed = content_digest(f"{told.st_size} {told.st_mtime_ns}".encode())
        self.large[os.fsencode(name).decode(errors="backslashreplace")] = changed

    def _is_inside(self, path: Path) -> bool:
        return any(path.is_relative_to(place) for place in self._places)

    def _is_around(self, folder: Path) -> bool:
        """Whether the folder holds the code or lies in it: more than the argument means, or looked at already."""
        return self._is_inside(folder) or any(base.is_relative_to(folder) for base in self._bases)


def _files_in(folder: Path) -> list[Path]:
    """The files of a folder of data, without logs and results; none where there are too many or some are not shown."""
    found: list[Path] = []
    refused: list[OSError] = []
    for where, folders, names in os.walk(folder, onerror=refused.append):
        folders[:] = sorted(name for name in folders if not is_passed_over(Path(where) / name))
        paths = [Path(where) / name for name in sorted(names)]
        found += [path for path in paths if path.is_file() and path.suffix != ".log" and not is_own_record(path)]
        if refused or len(found) > _MOST_IN_FOLDER:
            return []
    return found
