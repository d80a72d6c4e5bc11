"""The files that decide what a cell of a spec with code of its own comes to.

They are fewer than those that consent asks about. What Python can import always counts: sources, bytecode, extension
modules. Any other file counts when it may be read: when sources or arguments of the spec name it, its ending or its
folder. Logs, specs and results of scoper never count, nor do notes that no source names.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.machinery import all_suffixes
from pathlib import Path

from scoper.domain.mdp import EnvironmentSpec
from scoper.services.trust import OWN_RECORDS, call_of, is_own_record, is_passed_over, places_of

UNKNOWN = "unknown"
_IMPORTED = (*all_suffixes(), ".pyd", ".pyw")
_MOST_COUNTED = 2000
_MOST_SEEN = 100_000
_MOST_BYTES = 64 * 2**20
_LONGEST_TEXT = 2**20
_PLACEHOLDER = re.compile(rb"%[\d.]*[a-z]")
_WORD = re.compile(rb"[\w.\-]+")
_QUOTED = re.compile(rb"""["'/]([\w.\- ]+)(?=["'/])""")


@dataclass(frozen=True)
class Code:
    """digest: of the call and of all `files`, name to digest; empty without code, `UNKNOWN` where it is not found."""

    digest: str = ""
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _File:
    place: Path
    path: Path
    name: str

    @property
    def is_imported(self) -> bool:
        return self.path.name.endswith(_IMPORTED)


class _TooMuch(Exception):
    """More files or bytes than can be looked at before every sweep."""


def code_of(spec: EnvironmentSpec, spec_dir: Path) -> Code:
    """The code that `spec` names, the same for the same code in another folder."""
    places = places_of(spec, spec_dir)
    if places is None:
        return Code(UNKNOWN)
    try:
        files = _digests(spec, list(_all(places)))
    except (OSError, _TooMuch):
        return Code(UNKNOWN)
    told = call_of(spec) + json.dumps(files, sort_keys=True).encode()
    return Code(hashlib.sha256(told).hexdigest()[:16], files)


def _digests(spec: EnvironmentSpec, found: list[_File]) -> dict[str, str]:
    """Name to digest of the files that count: what is imported, what that names, what is named by those in turn."""
    digests: dict[str, str] = {}
    named, size = _Named(call_of(spec)), 0
    waiting = [file for file in found if not file.is_imported]
    counted = [file for file in found if file.is_imported]
    while counted:
        for file in counted:
            size += file.path.stat().st_size
            if len(digests) >= _MOST_COUNTED or size > _MOST_BYTES:
                raise _TooMuch
            content = file.path.read_bytes()
            digests[file.name] = hashlib.sha256(content).hexdigest()[:16]
            if len(content) <= _LONGEST_TEXT and b"\0" not in content:
                named.learn(content)
        counted = [file for file in waiting if named.has(file) and not _is_result(file)]
        taken = set(counted)
        waiting = [file for file in waiting if file not in taken]
    return digests


class _Named:
    """Words of sources, among them the names, endings and folders of files that they read."""

    def __init__(self, text: bytes) -> None:
        self._words: set[bytes] = set()
        self._quoted: set[bytes] = set()
        self.learn(text)

    def learn(self, text: bytes) -> None:
        text = _PLACEHOLDER.sub(b" ", text)
        self._words.update(_WORD.findall(text))
        self._quoted.update(_QUOTED.findall(text))

    def has(self, file: _File) -> bool:
        name, folders = file.path.name.encode(), file.path.relative_to(file.place).parts[:-1]
        if file.path.suffix == ".log":
            return False
        if name in self._words or name in self._quoted:
            return True
        endings = (b"." + ending for ending in name.split(b".")[1:])
        return any(ending in self._words for ending in endings) or any(f.encode() in self._quoted for f in folders)


def _is_result(file: _File) -> bool:
    """Whether scoper keeps the file, or it lies in a folder below the code's that scoper keeps results in."""
    if is_own_record(file.path):
        return True
    folders = [folder for folder in file.path.parents if folder.is_relative_to(file.place) and folder != file.place]
    return any((folder / record).is_file() for folder in folders for record in OWN_RECORDS)


def _all(places: list[Path]) -> Iterator[_File]:
    """Every file at or under `places`; a link is followed, a folder is looked into once."""
    for number, place in enumerate(places):
        prefix = f"{place.name}#{number}/" if number else ""
        if place.is_file():
            yield _File(place.parent, place, prefix + place.name)
            continue
        seen, count = set[str](), 0
        for folder, folders, names in os.walk(place, onerror=_raise, followlinks=True):
            real = os.path.realpath(folder)
            if real in seen:
                folders.clear()
                continue
            seen.add(real)
            folders[:] = sorted(name for name in folders if not is_passed_over(Path(folder) / name))
            count += len(names)
            if count > _MOST_SEEN:
                raise _TooMuch
            for path in (Path(folder) / name for name in sorted(names)):
                if path.is_file():
                    yield _File(place, path, prefix + path.relative_to(place).as_posix())


def _raise(error: OSError) -> None:
    raise error
