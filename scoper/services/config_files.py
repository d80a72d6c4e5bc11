"""Configuration files: which one counts for a folder, and what it says, or every problem with its place.

A project's file may come from a stranger. It can choose among what is harmless and no more: nothing that runs code,
writes, overwrites, sends, or belongs to the person (`scoper.services.settings`); its rules lie in the project.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from scoper.errors import InputError, Problem, StorageError, nearest
from scoper.services.settings import NEVER, SETTINGS, Plain, Setting, checked
from scoper.services.strict_yaml import read_text

PROJECT_FILE, PYPROJECT = "scoper.toml", "pyproject.toml"
Scope = Literal["project", "user", "named"]
_TABLE = re.compile(
    r"""^[ \t]*\[[ \t]*["']?tool["']?[ \t]*(?:\]|\.[ \t]*["']?scoper\b)|^[ \t]*["']?tool\b.*scoper""", re.MULTILINE
)
"""Cheaper than reading the file as TOML, which only follows when there is something like the table."""
_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_COMMANDS = sorted({setting.command for setting in SETTINGS.values() if setting.command})


@dataclass(frozen=True)
class Given:
    """A value that a file gives, and where; a folder is found from the file's own folder."""

    value: Plain
    line: int
    column: int


@dataclass(frozen=True)
class ConfigFile:
    """A file that was read, by the keys of its settings. `scope`: the project's, the user's, or one named outright."""

    path: Path
    scope: Scope
    settings: Mapping[str, Given]


def find_project_file(start: Path, home: Path | None) -> Path | None:
    """The nearest scoper.toml, or pyproject.toml with a table [tool.scoper], from `start` upward; None without one.

    The search ends at the root of a repository, at `home`, and below a folder that everybody may write to, where
    anybody could have put a file. Raises InputError when a pyproject.toml that speaks of scoper is no TOML.
    """
    folder = start.absolute()
    for place in (folder, *folder.parents):
        if place != folder and _is_open_to_all(place):
            return None
        own = place / PROJECT_FILE
        if own.is_file():
            return own
        shared = place / PYPROJECT
        if shared.is_file() and _TABLE.search(_text_of(shared)) and "scoper" in _tools(shared):
            return shared
        if place == home or (place / ".git").exists():
            return None
    return None


def project_root(start: Path, home: Path | None = None) -> Path | None:
    """The folder of the project that `start` lies in, None outside of one or when its file cannot be read."""
    try:
        found = find_project_file(start, home)
    except (InputError, StorageError):
        return None
    return found.parent if found is not None else None


def read_config(path: Path, scope: Scope, shown: str = "") -> ConfigFile:
    """What the file says. Raises InputError with every problem: syntax, unknown keys, values that no setting takes."""
    from scoper.services.toml_places import key_places

    source = shown or str(path)
    text = read_text(path)
    document = _parsed(text, source)
    root: tuple[str, ...] = ("tool", "scoper") if path.name == PYPROJECT else ()
    reader = _Reader(source, scope, path.parent, key_places(text))
    for part in root:
        document = document.get(part, {}) if isinstance(document, dict) else {}
    if isinstance(document, dict):
        reader.table(document, root, "")
    else:
        reader.complain(root, f"[{'.'.join(root)}] must be a table", "")
    if reader.problems:
        raise InputError(sorted(reader.problems, key=lambda problem: (problem.line, problem.column)))
    return ConfigFile(path, scope, reader.found)


def _text_of(path: Path) -> str:
    """The text of a file that others own; what cannot be read holds nothing for scoper."""
    try:
        return read_text(path)
    except (InputError, StorageError):
        return ""


def _is_open_to_all(folder: Path) -> bool:
    if os.name != "posix":
        return False  # the bits say nothing there
    try:
        return bool(folder.stat().st_mode & stat.S_IWOTH)
    except OSError:
        return True


def _tools(path: Path) -> Mapping[str, Any]:
    tools = _parsed(read_text(path), str(path)).get("tool")
    return tools if isinstance(tools, dict) else {}


def _parsed(text: str, source: str) -> dict[str, Any]:
    import tomllib  # only where there is a file

    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except RecursionError:
        raise InputError(Problem("config-syntax", "the file is nested too deeply", source)) from None
    except ValueError as error:  # TOMLDecodeError, and a number too long for Python
        said = str(error)
        match = _TOML_PLACE.search(said)
        message = said[: match.start()] if match else said
        line, column = (text.count("\n") + 1, 1) if match else (0, 0)
        if match and match[1]:
            line, column = int(match[1]), int(match[2])
        message = f"this is not TOML: {message[:1].lower()}{message[1:]}".replace("\n", " ")
        raise InputError(Problem("config-syntax", message, source, line, column)) from None


class _Reader:
    """Walks over one document; `found` are the settings that are right, `problems` the rest."""

    def __init__(
        self, source: str, scope: Scope, folder: Path, places: Mapping[tuple[str, ...], tuple[int, int]]
    ) -> None:
        self.source, self.scope, self.folder, self.places = source, scope, folder, places
        self.found: dict[str, Given] = {}
        self.problems: list[Problem] = []

    def complain(self, path: tuple[str, ...], message: str, remedy: str) -> None:
        line, column = self.places.get(path, (0, 0))
        self.problems.append(Problem("config-key", _plain(message), self.source, line, column, _plain(remedy)))

    def table(self, table: Mapping[str, Any], path: tuple[str, ...], command: str) -> None:
        for written, value in table.items():
            name = written.replace("-", "_")
            key = f"{command}.{name}" if command else name
            here = (*path, written)
            if isinstance(value, dict) and not command and name in _COMMANDS:
                self.table(value, here, name)
            elif key in SETTINGS:
                self.setting(SETTINGS[key], value, here)
            else:
                self.unknown(key, name, here)

    def unknown(self, key: str, name: str, path: tuple[str, ...]) -> None:
        if name in NEVER:
            message = f"'{name}' cannot be set in a file: it is said on the command line each time"
            self.complain(path, message, "remove it")
        elif "." not in key and name in _COMMANDS:
            self.complain(path, f"'{name}' is a table of settings", f"write [{name}] on a line of its own")
        else:
            known = [*SETTINGS, *_COMMANDS] if "." not in key else list(SETTINGS)
            known = [each for each in known if not (self.scope == "project" and _is_personal(each))]
            elsewhere = [each for each in known if each.rpartition(".")[2] == name]
            near, never = nearest(key, known), nearest(name, NEVER)
            remedy = f"did you mean '{near}'?" if near else f"did you mean '{elsewhere[0]}'?" if elsewhere else ""
            if never and not remedy:
                remedy = f"'{never}' is said on the command line each time"
            self.complain(path, f"unknown key '{key}'", remedy or "`scoper config show` lists them all")

    def setting(self, setting: Setting, value: object, path: tuple[str, ...]) -> None:
        if setting.key in self.found:
            self.complain(path, f"'{setting.key}' is given twice, with - and with _", "keep one of them")
            return
        if setting.personal and self.scope == "project":
            message = f"'{setting.key}' cannot be set for a project: it belongs to each person"
            self.complain(path, message, f"set it in your own file, or {setting.variable}")
            return
        read = checked(setting, value)
        if read is None:
            near = nearest(value, setting.choices) if isinstance(value, str) else None
            remedy = f"did you mean '{near}'?" if near else ""
            self.complain(path, f"{setting.key} is {_shown(value)}, but must be {setting.expected()}", remedy)
            return
        if setting.kind == "folder":
            where = self.folder_of(setting, str(read), path)
            if where is None:
                return
            read = where
        line, column = self.places.get(path, (0, 0))
        self.found[setting.key] = Given(read, line, column)

    def folder_of(self, setting: Setting, written: str, path: tuple[str, ...]) -> str | None:
        """The folder seen from the file; a project's has to lie in the project, wherever links lead."""
        try:
            home = Path(written).expanduser() if self.scope != "project" else Path(written)
            place = self.folder / home
            inside = place.resolve().is_relative_to(self.folder.resolve())
        except (OSError, RuntimeError, ValueError):
            self.complain(path, f"{setting.key} is no folder's path", "")
            return None
        if self.scope == "project" and not inside:
            message = f"{setting.key} is {_shown(written)}, which is outside of the project"
            self.complain(path, message, "name a folder in it, or give the option on the command line")
            return None
        return str(place)


def _is_personal(key: str) -> bool:
    return key in SETTINGS and SETTINGS[key].personal


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    text = f"'{value}'" if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _plain(text: str) -> str:
    return text if text.isprintable() else "".join(char if char.isprintable() else "?" for char in text)
