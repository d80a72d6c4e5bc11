"""Which case files lie in a folder, by title; nothing is parsed beyond a glance, so a broken file still shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from scoper.services.library import data_path

_TITLE = re.compile(r"^title:[ \t]*(.+?)[ \t]*$", re.MULTILINE)
_FORMAT = re.compile(r"^scoper:", re.MULTILINE)
_GLANCE = 65_536
_MOST = 200


@dataclass(frozen=True)
class Entry:
    """A case file and the title found at a glance."""

    path: Path
    title: str


def cases_in(folder: Path) -> list[Entry]:
    """The case files of `folder`, newest first; at most 200."""
    paths = [path for pattern in ("*.yaml", "*.yml") for path in folder.glob(pattern) if not path.name.startswith(".")]
    found = [entry for path in paths[:2000] if (entry := _glance(path)) is not None]
    return sorted(found, key=lambda entry: (-_written(entry.path), entry.path.name))[:_MOST]


@cache
def examples() -> tuple[Entry, ...]:
    """The examples that travel with scoper, by title."""
    found = (_glance(path) for path in sorted(data_path("examples").glob("*.yaml")))
    return tuple(entry for entry in found if entry is not None)


def _glance(path: Path) -> Entry | None:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            text = file.read(_GLANCE)
    except OSError:
        return None
    if not _FORMAT.search(text):
        return None
    title = _TITLE.search(text)
    return Entry(path, title.group(1).strip("'\"") if title else path.name)


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
