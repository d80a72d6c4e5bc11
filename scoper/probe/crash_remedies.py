"""What mends an environment that raised: it depends on whether it was imported, made, reset or stepped."""

from __future__ import annotations

from scoper.domain.text import shown
from scoper.probe.places import outermost_call

CANNOT_BE_MADE = "the environment cannot be made: check the arguments in the spec and what its constructor needs"
_BY_CALL = {
    "<module>": "mend the module: it cannot be imported as it is",
    "__init__": CANNOT_BE_MADE,
    "reset": "mend reset: it raises by itself, no action is to blame",
}


def remedy_of(error: BaseException) -> str:
    """The remedy that fits what the environment was doing; empty where an action may be behind `error`."""
    if isinstance(error, SyntaxError) and error.filename and not error.filename.startswith("<"):
        return "mend the syntax error at that line"
    if isinstance(error, ImportError):
        return _of_import(error)
    return _BY_CALL.get(outermost_call(error), "")


def _of_import(error: ImportError) -> str:
    """A module that is not there, a name that is not in it, or what only the error's own words tell."""
    if isinstance(error, ModuleNotFoundError) and error.name:
        return f"install what it imports, '{shown(error.name, 60)}', where scoper is installed, or mend the import"
    if error.msg and str(error.msg).startswith("cannot import name"):
        return "mend the import, or install the version of the package that has the name"
    return "mend the import, or install what the error says is missing where scoper is installed"
