"""The spec of an environment that somebody has as a Python file: `FILE.py:Class`, or `FILE.py` where one class fits.

The file is read, never imported: a class fits when it defines `reset` and `step` itself.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scoper.errors import InputError, Problem, did_you_mean
from scoper.services.spec_environment import environment_text
from scoper.services.strict_yaml import read_text

_TARGET = re.compile(r"^(?P<file>.+\.py)(?::(?P<name>[A-Za-z_]\w*))?$")
_MEMBERS = frozenset({"reset", "step"})


def python_target(target: str) -> tuple[Path, str | None] | None:
    """File and class that `target` means, the class None where none is named; None when it is no Python file."""
    found = _TARGET.match(target)
    return (Path(found["file"]), found["name"]) if found else None


def python_spec_text(file: Path, name: str | None, kwargs: Mapping[str, Any], discount: float) -> str:
    """The spec of the environment class `name` in `file`, relative to the file's folder.

    Raises InputError when the file cannot be read as Python, holds no such class, or it is not clear which is meant.
    """
    known = _classes(file)
    if name is None:
        fitting = [each for each, members in known.items() if members >= _MEMBERS]
        if len(fitting) != 1:
            said = f"more than one environment: {', '.join(fitting)}" if fitting else "no class with reset and step"
            remedy = f"name the class: {file}:{fitting[0] if fitting else 'Class'}"
            raise InputError(Problem("env-file", f"the file holds {said}", str(file), remedy=remedy))
        name = fitting[0]
    elif name not in known:
        raise InputError(
            Problem("env-file", f"the file has no class '{name}'", str(file), remedy=did_you_mean(name, known))
        )
    if not file.stem.isidentifier():
        message = f"'{file.stem}' cannot be imported: letters, digits and _ only"
        raise InputError(Problem("env-file", message, str(file), remedy="rename the file"))
    return environment_text(name, {"entry_point": f"{file.stem}:{name}", "path": "."}, kwargs, discount)


def _classes(file: Path) -> dict[str, frozenset[str]]:
    """The classes at the top of `file` with the functions that they define themselves."""
    try:
        tree = ast.parse(read_text(file))
    except (SyntaxError, ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None) or 0
        raise InputError(Problem("env-file", "the file is not Python that can be read", str(file), line)) from None
    return {
        node.name: frozenset(inner.name for inner in node.body if isinstance(inner, ast.FunctionDef))
        for node in tree.body
        if isinstance(node, ast.ClassDef)
    }
