"""Consent to run code that a spec names: asked once per content, remembered in the user's state folder.

What is remembered is a digest of the code and of how the spec calls it, so changed code is asked about again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path

from scoper.domain.mdp import EnvironmentSpec, Spec
from scoper.probe.trust import consent_needed
from scoper.services.files import write_atomic

_FORMAT = 1
_MOST_FILES = 2000


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


def remember(spec: EnvironmentSpec, spec_dir: Path) -> None:
    """Trust this code from now on, until it changes; a folder too large to digest is asked about every time."""
    digest = code_digest(spec, spec_dir)
    if digest is None:
        return
    known = sorted({*_trusted(), digest})
    path = _file()
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, json.dumps({"format": _FORMAT, "trusted": known}, indent=1) + "\n", overwrite=True)


def code_digest(spec: EnvironmentSpec, spec_dir: Path) -> str | None:
    """SHA-256 over the call and the Python files under the spec's path; None when there are too many of them."""
    digest = hashlib.sha256()
    call = {"id": spec.id, "entry_point": spec.entry_point, "path": spec.path, "kwargs": dict(spec.kwargs)}
    digest.update(json.dumps(call, sort_keys=True, default=str).encode())
    root = (spec_dir / (spec.path or ".")).resolve()
    digest.update(str(root).encode())
    files = _python_files(root)
    if len(files) > _MOST_FILES:
        return None
    for file in files:
        with contextlib.suppress(OSError):
            digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _python_files(root: Path) -> list[Path]:
    """Python files under `root` in order, without hidden folders; stops soon after too many."""
    found: list[Path] = []
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "__pycache__")
        found += [Path(folder) / name for name in sorted(names) if name.endswith(".py")]
        if len(found) > _MOST_FILES:
            break
    return found


def _trusted() -> set[str]:
    try:
        known = json.loads(_file().read_text(encoding="utf-8"))
        return {str(entry) for entry in known["trusted"]}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _file() -> Path:
    return state_dir() / "trusted.json"
