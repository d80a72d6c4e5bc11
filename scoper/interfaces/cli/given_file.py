"""What to type instead, where a file stands in the place of a command's name."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from scoper.errors import ScoperError


def hint_for(word: str) -> str:
    """A sentence with the command that takes the file `word`, or makes it; empty where nothing tells its kind."""
    from scoper.services.other_files import command_for

    path = Path(word)
    if path.suffix in (".yaml", ".yml") and not path.exists():
        return f" There is no such file either: `scoper ask {shlex.quote(word)}` makes it, a case."
    found = command_for(_text(path), word) if path.is_file() else ""
    return f" It is a file: {found}." if found else ""


def check_hint(word: str) -> str:
    """A sentence with the techniques whose checks take the file `word`, or that there are; never empty."""
    from scoper.services.checking import SHORT

    path = Path(word)
    names = ", ".join(SHORT)
    if not path.is_file():
        return f" A technique comes first: {names}."
    if re.search(r"^scoper(_mdp|_gate)?\s*:", _text(path), re.MULTILINE):
        return hint_for(word)
    takes = " and ".join(f"`scoper check {short} {word}`" for short in SHORT if _takes(SHORT[short], path))
    return f" A technique comes first ({names}): {takes} would take this file." if takes else hint_for(word)


def _takes(technique: str, path: Path) -> bool:
    from scoper.services.check_recognition import fitting

    try:
        return bool(fitting(technique, path, {}).run)
    except ScoperError:
        return False


def _text(path: Path) -> str:
    from scoper.services.strict_yaml import read_text

    try:
        return read_text(path)
    except ScoperError:
        return ""
