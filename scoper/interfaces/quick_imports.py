"""Keeps two libraries from work at import that costs a short command a tenth of its time and serves it nothing.

pydantic looks for plug-ins among all installed packages; its own switch keeps it from loading any, but not from
importing what would find them. It also compiles the notes for type checkers of some eighty dictionaries, which are
plain ones when it runs. PyYAML compiles a large pattern for a reader written in Python, where libyaml reads.
"""

from __future__ import annotations

import importlib
import os
import re
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.abc import Loader

SWITCH, LOADER = "PYDANTIC_DISABLE_PLUGINS", "pydantic.plugin._loader"


class NoPlugIns(ModuleType):
    """Answers that there are no plug-ins, and hands every other question on."""

    def get_plugins(self) -> tuple[object, ...]:
        """None of them."""
        return ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        sys.modules.pop(LOADER, None)
        return getattr(importlib.import_module(LOADER), name)


class Entries(dict[str, Any]):
    """What a TypedDict is at run time: a dictionary whose notes nobody looks at."""

    def __init_subclass__(cls, **options: object) -> None:
        """Take the options of a TypedDict, which are for type checkers."""


class Pattern:
    """A regular expression that is compiled when it is used first."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self._given = pattern, flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = getattr(re.compile(*self._given), name)
        setattr(self, name, found)  # the next use costs nothing, and re may forget what it compiled
        return found


STAND_INS: dict[str, dict[tuple[str, str], Any]] = {
    "pydantic_core.core_schema": {("typing", "TypedDict"): Entries, ("typing_extensions", "TypedDict"): Entries},
    "yaml.reader": {("re", "compile"): Pattern},
}
"""Which names of which modules something stands in for, while a module is imported."""


class _Quick:
    """Loads a module with its stand-ins, and as it always was where these do not do."""

    def __init__(self, usual: Loader) -> None:
        self.usual = usual

    def __getattr__(self, name: str) -> Any:
        if name == "usual":
            raise AttributeError(name)
        return getattr(self.usual, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """As always."""
        return self.usual.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Run the module, and take all stand-ins away again."""
        module.__loader__ = self.usual
        if module.__spec__ is not None:
            module.__spec__.loader = self.usual
        stand_ins = STAND_INS[module.__name__]
        homes = {
            home: importlib.import_module(home) for home, _ in stand_ins
        }  # none may see what stands in for another
        real = {(home, name): getattr(homes[home], name) for home, name in stand_ins}
        try:
            for (home, name), stand_in in stand_ins.items():
                setattr(homes[home], name, stand_in)
            self.usual.exec_module(module)
            return
        except (
            Exception
        ):  # another way to use the name than the one stood in for; what is wrong besides is raised below
            pass
        finally:
            for (home, name), known in real.items():
                setattr(homes[home], name, known)
        self.usual.exec_module(module)


class _Finder:
    """Finds the modules that something stands in for, and no others."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Where such a module is, None for every other one."""
        if name not in STAND_INS:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Quick(spec.loader)  # type: ignore[assignment]
        return spec


def be_quick() -> None:
    """Have short ways for the imports of this process; plug-ins stay where its user has said something about them."""
    if os.environ.get(SWITCH, "__all__") == "__all__":
        sys.modules.setdefault(LOADER, NoPlugIns(LOADER))
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
