"""Keeps pydantic from looking for plug-ins among all installed packages, which costs a short command 10 ms.

Its own switch keeps it from loading any, but not from importing what would find them. A stand-in takes the place of
the module that does; whatever else is asked of that module comes from the real one.
"""

from __future__ import annotations

import importlib
import os
import sys
from types import ModuleType
from typing import Any

SWITCH, LOADER = "PYDANTIC_DISABLE_PLUGINS", "pydantic.plugin._loader"


class _Standing(ModuleType):
    """Answers that there are no plug-ins, and hands every other question on."""

    def get_plugins(self) -> tuple[object, ...]:
        """None of them."""
        return ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        sys.modules.pop(LOADER, None)
        return getattr(importlib.import_module(LOADER), name)


def leave_out() -> None:
    """Leave plug-ins of pydantic out of this process alone, unless its user has said something about them."""
    if os.environ.get(SWITCH, "__all__") == "__all__":
        sys.modules.setdefault(LOADER, _Standing(LOADER))
