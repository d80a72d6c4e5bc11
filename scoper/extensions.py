"""Extensions, one file each: what a folder of the package holds under one constant, and what installed packages add.

The kinds of extension (baselines, diagnostics, checks, repairs, trackers) say what their constant is; how it is found,
and that a plug-in which cannot be used is named and never stops the rest, is said here once.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, TypeVar


class Extension(Protocol):
    """What every extension has: an id, which is the name of its file."""

    @property
    def id(self) -> str:
        """The name it is asked for by."""


T = TypeVar("T")
E = TypeVar("E", bound=Extension)


@dataclass(frozen=True)
class Broken:
    """A plug-in that cannot be used, and why."""

    name: str
    reason: str

    def sentence(self, what: str) -> str:
        """For a reader; `what` is the kind of extension, such as `check`."""
        return f"the {what} plug-in '{self.name}' cannot be used: {self.reason}"


def in_folder(package: str, constant: str, kind: type[T]) -> tuple[T, ...]:
    """The constants of a package's modules, in order of their names; modules that start with `_` hold none."""
    infos = pkgutil.iter_modules(import_module(package).__path__)
    names = sorted(info.name for info in infos if not info.name.startswith("_"))
    found = tuple(getattr(import_module(f"{package}.{name}"), constant) for name in names)
    assert all(isinstance(each, kind) for each in found)
    return found


def with_plug_ins(own: tuple[E, ...], group: str, kind: type[E]) -> tuple[tuple[E, ...], tuple[Broken, ...]]:
    """Own extensions, then those of an entry point group in order of their names; and the plug-ins that are broken.

    Broken is what cannot be loaded, is of another type, or has an id that is taken.
    """
    from importlib.metadata import entry_points

    found, broken = list(own), []
    for point in sorted(entry_points(group=group), key=lambda point: point.name):
        try:
            extension = point.load()
            if not isinstance(extension, kind):
                raise TypeError(f"it is a {type(extension).__name__}, not a {kind.__name__}")
            if extension.id in {known.id for known in found}:
                raise ValueError(f"the id '{extension.id}' is taken")
            found.append(extension)
        except Exception as error:
            broken.append(Broken(point.name, f"{type(error).__name__}: {error}"))
    return tuple(found), tuple(broken)
