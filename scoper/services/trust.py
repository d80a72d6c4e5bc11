"""Consent to run code that a spec names: asked once per content, remembered in the user's state folder.

What is remembered is a digest of how the spec calls the code and of every file beside it, so that a change of any of
them is asked about again.
"""

from __future__ import annotations

import glob
import hashlib
import importlib.util
import json
import os
from collections.abc import Iterator
from pathlib import Path

from scoper.domain.mdp import EnvironmentSpec, Spec
from scoper.probe.trust import consent_needed, named_code
from scoper.services.files import write_atomic

_FORMAT = 1
_MOST_FILES = 2000
_MOST_BYTES = 64 * 2**20
OWN_RECORDS = frozenset({"result.json", "verdict.json", "dossier.json", "sweep.json", "sweep.md"})
_LARGEST_RECORD = 2**20
_KEPT_BY_TOOLS = frozenset({"__pycache__", ".git", ".hg", ".svn"})


def state_dir() -> Path:
    """Where scoper keeps what it remembers about this user."""
    base = os.environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local" / "state") / "scoper"


def needs_consent(spec: Spec, spec_dir: Path) -> str:
    """The sentence that asks for consent; empty when the spec runs no code or this very code was trusted before."""
    sentence = consent_needed(spec)
    if not sentence or not isinstance(spec, EnvironmentSpec):
        return sentence
    return "" if code_digest(spec, spec_dir) in _trusted() else sentence


def flag(spec: Spec) -> str:
    """What a command is given to run the code that the spec names, after a space; empty where it names none."""
    return " --trust" if consent_needed(spec) else ""


def remember(spec: EnvironmentSpec, spec_dir: Path) -> None:
    """Trust this code from now on, until it changes; what cannot be hashed is asked about every time."""
    digest = code_digest(spec, spec_dir)
    if digest is None:
        return
    known = sorted({*_trusted(), digest})
    path = _file()
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, json.dumps({"format": _FORMAT, "trusted": known}, indent=1) + "\n", overwrite=True)


def code_digest(spec: EnvironmentSpec, spec_dir: Path) -> str | None:
    """SHA-256 over the call and every file it may run or read; None when not all of that can be hashed."""
    places = places_of(spec, spec_dir)
    if places is None:
        return None
    digest = hashlib.sha256(call_of(spec))
    try:
        for place in places:
            digest.update(b"\0" + os.fsencode(place) + b"\0")
            for file, content in _contents(place):
                digest.update(os.fsencode(file) + f"\0{len(content)}\0".encode() + content)
    except (OSError, _Unhashable):
        return None
    return digest.hexdigest()


def call_of(spec: EnvironmentSpec) -> bytes:
    """How the spec calls the code, the same bytes for the same call."""
    call = {"id": spec.id, "entry_point": spec.entry_point, "path": spec.path, "kwargs": dict(spec.kwargs)}
    return json.dumps(call, sort_keys=True, default=str).encode()


def places_of(spec: EnvironmentSpec, spec_dir: Path) -> list[Path] | None:
    """Files and folders that hold the code the spec names, its own folder first; None when not all can be found."""
    root = (spec_dir / (spec.path or ".")).resolve()
    places = [root] if spec.entry_point or spec.path else []
    module = _module_name(spec)
    if module and not (places and _lies_under(root, module)):  # without either, nothing is imported from there
        installed = _installed(module)
        if installed is None:
            return None
        places.append(installed)
    return places + _argument_places(spec, root)


class _Unhashable(Exception):
    """A folder holds too much, or something that is no regular file."""


def _module_name(spec: EnvironmentSpec) -> str:
    """The first part of the module that the call imports; empty for a file, or an id that names no module."""
    return _module_of(spec.entry_point or spec.id or "")


def _module_of(name: str) -> str:
    module = name.rpartition(":")[0]
    return "" if module.endswith(".py") else module.partition(".")[0]


def _argument_places(spec: EnvironmentSpec, root: Path) -> list[Path]:
    """Files and folders of code that arguments name; what is not there cannot be run, and asks again when it comes."""
    found = []
    for name in sorted(set(named_code(spec))):
        file = name.partition(":")[0] if ".py" in name else ""
        place = root / file if file else _installed(_module_of(name))
        if place is not None and place.exists():
            found.append(place)
    return found


def _lies_under(root: Path, module: str) -> bool:
    return (root / module).is_dir() or any(root.glob(f"{glob.escape(module)}.*"))


def _installed(module: str) -> Path | None:
    """The file or folder of a top-level module, found without importing it; None where there is none to hash."""
    try:
        found = importlib.util.find_spec(module)
    except (ImportError, ValueError):
        return None
    if found is None:
        return None
    if found.submodule_search_locations:
        folders = list(found.submodule_search_locations)
        return Path(folders[0]) if len(folders) == 1 else None
    return Path(found.origin) if found.origin and Path(found.origin).is_file() else None


def _contents(place: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file at or under `place` in order, with its content. Raises _Unhashable or OSError."""
    if place.is_file():
        yield Path(place.name), place.read_bytes()
        return
    count, size = 0, 0
    for folder, folders, names in os.walk(place, onerror=_raise):
        folders[:] = sorted(name for name in folders if not is_passed_over(Path(folder) / name))
        if any((Path(folder) / name).is_symlink() for name in folders):
            raise _Unhashable
        for file in (Path(folder) / name for name in sorted(names)):
            if not file.is_file():
                raise _Unhashable
            if is_own_record(file):
                continue
            count, size = count + 1, size + file.stat().st_size
            if count > _MOST_FILES or size > _MOST_BYTES:
                raise _Unhashable
            yield file.relative_to(place), file.read_bytes()


def is_own_record(file: Path) -> bool:
    """Whether scoper itself keeps this file beside the code: a result, a lock, a case, a spec. None of them is run."""
    if file.name in OWN_RECORDS or file.name.endswith(".cell.json"):
        return True
    if file.name.startswith(".") and file.suffix in (".lock", ".tmp"):
        return True
    if file.parent.name == ".scoper" and file.name.endswith(".schema.json"):
        return True
    if file.suffix not in (".yaml", ".yml") or file.stat().st_size > _LARGEST_RECORD:
        return False
    lines = (line.strip() for line in file.read_bytes().splitlines())
    first = next((line for line in lines if line and not line.startswith(b"#")), b"")
    return first.startswith((b"scoper:", b"scoper_mdp:"))


def _raise(error: OSError) -> None:
    raise error


def is_passed_over(folder: Path) -> bool:
    """Whether a folder holds what Python or a version control keeps there, not what the owner wrote."""
    return folder.name in _KEPT_BY_TOOLS or (folder / "pyvenv.cfg").is_file()


def _trusted() -> set[str]:
    try:
        known = json.loads(_file().read_text(encoding="utf-8"))
        return {str(entry) for entry in known["trusted"]}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _file() -> Path:
    return state_dir() / "trusted.json"
