"""The files that decide what a cell of a spec with code of its own comes to.

They are fewer than those that consent asks about. What Python can import always counts: sources, bytecode, extension
modules. Any other file counts when it may be read: when sources or arguments of the spec name it, its ending or its
folder. Logs, specs and results of scoper count only when an argument names them, and notes that no source names do not.
What lies elsewhere counts when a path leads to it (see `sweep_elsewhere`).
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
from scoper.probe.trust import texts_of
from scoper.services.sweep_elsewhere import Elsewhere, content_digest
from scoper.services.trust import OWN_RECORDS, call_of, is_own_record, is_passed_over, places_of

UNKNOWN = "unknown"
_IMPORTED = (*all_suffixes(), ".pyd", ".pyw")
_MOST_COUNTED = 2000
_MOST_SEEN = 100_000
_MOST_BYTES = 64 * 2**20
_LONGEST_TEXT = 2**20
_PLACEHOLDER = re.compile(rb"%(?:\(\w+\))?[\d.]*[a-z]")
_WORD = re.compile(rb"[\w.\-\x80-\xff]+")
_QUOTED = re.compile(rb"""["'/]([^"'/\r\n]+)(?=["'/])""")


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
    elsewhere = Elsewhere(spec_dir.resolve(), (spec_dir / (spec.path or ".")).resolve(), places)
    try:
        files = _digests(spec, list(_all(places)), elsewhere)
    except (OSError, _TooMuch):
        return Code(UNKNOWN)
    if not (places or files):
        return Code()
    told = call_of(spec) + json.dumps(files, sort_keys=True).encode()
    return Code(hashlib.sha256(told).hexdigest()[:16], files)


def _digests(spec: EnvironmentSpec, found: list[_File], elsewhere: Elsewhere) -> dict[str, str]:
    """Name to digest of the files that count: what is imported, what that names, what is named by those in turn."""
    arguments = list(texts_of(spec.kwargs))
    named, size = _Named(call_of(spec) + "".join(f'\n"{text}"' for text in arguments).encode(errors="replace")), 0
    results = _result_folders(found)
    waiting = [file for file in found if not file.is_imported]
    counted = [file for file in found if file.is_imported]
    counted += [_File(path.parent, path, name) for name, path in elsewhere.given(arguments)]
    digests: dict[str, str] = {}
    while counted:
        further: list[_File] = []
        for file in counted:
            name = os.fsencode(file.name).decode(errors="backslashreplace")  # a disk may hold names of another coding
            if name in digests:
                continue
            size += file.path.stat().st_size
            if len(digests) >= _MOST_COUNTED or size > _MOST_BYTES:
                raise _TooMuch
            content = file.path.read_bytes()
            digests[name] = content_digest(content)
            if len(content) <= _LONGEST_TEXT and b"\0" not in content:
                named.learn(content)
                further += [_File(path.parent, path, name) for name, path in elsewhere.led_to(content, file.path)]
        counted = [file for file in waiting if named.has(file) and not _is_result(file, results)]
        taken = set(counted)
        waiting = [file for file in waiting if file not in taken]
        counted += further
    return digests | elsewhere.large


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
        name, folders = os.fsencode(file.path.name), file.path.relative_to(file.place).parts[:-1]
        if file.path.suffix == ".log":
            return False
        if name in self._words or name in self._quoted:
            return True
        endings = (b"." + ending for ending in name.split(b".")[1:])
        if any(ending in self._words or ending[1:] in self._quoted for ending in endings):
            return True
        return any(os.fsencode(folder) in self._quoted for folder in folders)


def _result_folders(found: list[_File]) -> set[Path]:
    """Folders below the code's that scoper keeps results in, and nobody code or a spec that the results are of."""
    kept = {file.path.parent for file in found if file.path.name in OWN_RECORDS and file.path.parent != file.place}
    of_owner = {file.path.parent for file in found if file.is_imported or file.path.suffix in (".yaml", ".yml")}
    return kept - of_owner


def _is_result(file: _File, folders: set[Path]) -> bool:
    """Whether scoper keeps the file, or it lies in or below one of these `folders`."""
    return is_own_record(file.path) or not folders.isdisjoint(file.path.parents)


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
