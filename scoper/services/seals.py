"""Whether a drafted file is still as scoper wrote it: a comment line with the digest of all the rest.

Only a file that nobody changed may be replaced. Files that can hold no comment (CSV, JSON lines) count as changed as
soon as they differ from what would be written now.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from scoper.errors import Problem, StorageError

_COMMENTS = {".yaml": ("# ", ""), ".py": ("# ", ""), ".md": ("<!-- ", " -->")}
_SEAL = re.compile(r"^(?:# |<!-- )scoper-draft: ([0-9a-f]{16})\b[^\n]*\n?", re.MULTILINE)


def sealed(name: str, text: str) -> str:
    """`text` with its digest as the last line; an older seal gives way. Line numbers stay as they are."""
    if Path(name).suffix not in _COMMENTS:
        return text
    before, after = _COMMENTS[Path(name).suffix]
    body = unsealed(text)
    body = body if body.endswith("\n") or not body else body + "\n"
    return f"{body}{before}scoper-draft: {_digest(body)} (unchanged, this file may be replaced){after}\n"


def unsealed(text: str) -> str:
    """`text` without a seal."""
    return _SEAL.sub("", text)


def is_edited(path: Path, text: str | None = None) -> bool:
    """Whether the file exists and is neither as scoper wrote it nor equal to `text`, which would be written now.

    Raises StorageError when it cannot be read.
    """
    try:
        raw = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise StorageError(Problem("unreadable", error.strerror or str(error), str(path))) from None
    present = raw.decode("utf-8", "surrogateescape")
    if present == text:
        return False
    found = _SEAL.findall(present)
    return len(found) != 1 or found[0] != _digest(unsealed(present))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]
