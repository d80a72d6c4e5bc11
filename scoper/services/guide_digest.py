"""Digests of the files that shape a report beside the rules of its verdict: methods, rungs, kinds of work, risks.

The rules digest is of questions and decisions: what a verdict follows from. These are of what is said after it. One
digest a kind, so that a comparison can name the kinds that changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from scoper.services.library import Library
from scoper.services.strict_yaml import read_text

KINDS = ("capabilities", "follow_ups", "ladder", "methods", "risks", "sub_types")


def guide_digests(library: Library) -> dict[str, str]:
    """Kind of file to the digest of all files of that kind; a kind without files is left out.

    Raises InputError or StorageError for a file that cannot be read.
    """
    found = {}
    for kind in KINDS:
        files = _files(library, kind)
        content = hashlib.sha256()
        for name, path in sorted(files.items()):
            content.update(f"{name}\0{read_text(path)}\0".encode())
        if files:
            found[kind] = content.hexdigest()[:16]
    return found


def changed_kinds(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """The kinds that differ; none where one side did not record them."""
    if not before or not after:
        return ()
    return tuple(kind for kind in sorted({*before, *after}) if before.get(kind) != after.get(kind))


def _files(library: Library, kind: str) -> dict[str, Path]:
    """Relative name to path; the file of a later folder of rules wins."""
    return {
        path.relative_to(root).as_posix(): path
        for root, _ in library.roots
        for path in (root / kind).rglob("*.yaml")
        if path.is_file()
    }
